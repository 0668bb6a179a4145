// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/revocation_request.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(revocation_request_)

BOOST_AUTO_TEST_CASE(the_token_goes_into_the_body_and_the_client_proves_itself) {
    auto const basic = revocation_request({"id", secret("pw")}, "https://op.example/revoke", secret("t/1"),
                                          revoked_token::refresh_token);
    BOOST_TEST(basic.method == "POST");
    BOOST_TEST(basic.url == "https://op.example/revoke");
    BOOST_TEST(basic.body == "token=t%2F1&token_type_hint=refresh_token");
    BOOST_TEST((basic.headers.back() == http_header("Authorization", "Basic aWQ6cHc=")));
    auto const post = revocation_request({"id", secret("pw"), client_auth::post}, "https://op.example/revoke",
                                         secret("t"), revoked_token::access_token);
    BOOST_TEST(post.body == "token=t&token_type_hint=access_token&client_id=id&client_secret=pw");
}

BOOST_AUTO_TEST_CASE(the_status_says_whether_it_is_gone) {
    auto const word = [](int status) {
        auto const r = judge_revocation_answer(http_response(status, R"({"token":"t-secret"})"));
        if (r) return std::string("ok");
        BOOST_TEST(r.error().details.provider_said.empty()); // N2
        BOOST_TEST(r.error().details.status == status);
        BOOST_TEST(r.error().details.step == "revocation");
        return std::string(to_word(r.error().code));
    };
    BOOST_TEST(word(200) == "ok");
    BOOST_TEST(word(204) == "ok");
    BOOST_TEST(word(302) == "redirect_refused");
    BOOST_TEST(word(400) == "token_exchange_refused");
    BOOST_TEST(word(401) == "client_refused");
    BOOST_TEST(word(408) == "provider_failed");
    BOOST_TEST(word(429) == "provider_rate_limited");
    BOOST_TEST(word(503) == "provider_failed");
    BOOST_TEST(word(0) == "token_exchange_refused");
}

BOOST_AUTO_TEST_SUITE_END()
