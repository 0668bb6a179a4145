// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/logout_token.hpp"

#include "support/oidc_provider.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using namespace authmod_test;

BOOST_AUTO_TEST_SUITE(logout_token_)

std::string check(json_members const& claims, std::string_view header = R"({"alg":"RS256","kid":"k1"})") {
    return verdict(read_logout_token(signed_with_k1(claims, header), usual_keys(), usual_rules(), oidc_now));
}

std::string with(std::string_view name, std::string_view value) {
    return check(good_logout_claims().with(name, value));
}

BOOST_AUTO_TEST_CASE(a_good_token_says_whose_sessions_end) {
    auto const token =
        read_logout_token(signed_with_k1(good_logout_claims(), R"({"alg":"RS256","kid":"k1","typ":"logout+jwt"})"),
                          usual_keys(), usual_rules(), oidc_now)
            .value();
    BOOST_TEST(token.subject == "person-1");
    BOOST_TEST(token.session_id == "session-1");
    BOOST_TEST(token.token_id == "token-1");
    BOOST_TEST((token.expires_at == oidc_now + std::chrono::seconds(120)));
}

BOOST_AUTO_TEST_CASE(one_of_subject_and_session_will_do) {
    BOOST_TEST(check(good_logout_claims().without("sid")) == "ok");
    BOOST_TEST(check(good_logout_claims().without("sub")) == "ok");
    BOOST_TEST(check(good_logout_claims().without("sub").without("sid")) == "logout_token_refused:sub");
    for (auto name : {"sub", "sid"})
        for (std::string const& bad :
             {quoted(""), std::string("null"), std::string("1"), quoted(std::string(256, 'a'))})
            BOOST_TEST(with(name, bad) == std::string("logout_token_refused:") + name);
}

BOOST_AUTO_TEST_CASE(the_event_is_this_one_and_an_object) {
    for (auto events : {"null", "[]", "{}", "1", R"("http://schemas.openid.net/event/backchannel-logout")",
                        R"(["http://schemas.openid.net/event/backchannel-logout"])",
                        R"({"http://schemas.openid.net/event/backchannel-logout":null})",
                        R"({"http://schemas.openid.net/event/backchannel-logout":true})",
                        R"({"http://schemas.openid.net/event/backchannel-logout":[]})",
                        R"({"http://schemas.openid.net/event/frontchannel-logout":{}})",
                        R"({"https://schemas.openid.net/event/backchannel-logout":{}})"})
        BOOST_TEST(with("events", events) == "logout_token_refused:events", events);
    BOOST_TEST(check(good_logout_claims().without("events")) == "logout_token_refused:events");
    BOOST_TEST(with("events", R"({"http://schemas.openid.net/event/backchannel-logout":{"more":1},"other":{}})") ==
               "ok");
}

BOOST_AUTO_TEST_CASE(a_token_with_a_nonce_is_none) {
    for (auto nonce : {R"("n")", "null", "1", "\"\""}) BOOST_TEST(with("nonce", nonce) == "logout_token_refused:nonce");
    BOOST_TEST(check(good_id_claims()) == "logout_token_refused:nonce"); // an ID token
    BOOST_TEST(check(good_id_claims().without("nonce")) == "logout_token_refused:events");
}

BOOST_AUTO_TEST_CASE(it_can_be_taken_once_by_its_id) {
    for (std::string const& bad : {quoted(""), std::string("null"), std::string("1"), quoted(std::string(256, 'a'))})
        BOOST_TEST(with("jti", bad) == "logout_token_refused:jti");
    BOOST_TEST(check(good_logout_claims().without("jti")) == "logout_token_refused:jti");
}

BOOST_AUTO_TEST_CASE(its_type_is_its_own_or_the_general_one) {
    auto const typed = [](std::string_view type) {
        return check(good_logout_claims(), R"({"alg":"RS256","kid":"k1","typ":")" + std::string(type) + R"("})");
    };
    for (auto type : {"logout+jwt", "LOGOUT+JWT", "application/logout+jwt", "JWT", "jwt", ""})
        BOOST_TEST(typed(type) == "ok", type);
    for (auto type : {"at+jwt", "dpop+jwt", "logout", "secevent+jwt"})
        BOOST_TEST(typed(type) == "logout_token_refused:typ", type);
}

BOOST_AUTO_TEST_CASE(what_holds_for_every_token_holds) {
    BOOST_TEST(with("iss", quoted("https://other.example")) == "issuer_mismatch:iss");
    BOOST_TEST(with("aud", quoted("client-2")) == "jwt_audience_refused:aud");
    BOOST_TEST(with("exp", std::to_string(oidc_seconds - 60)) == "jwt_expired:exp");
    BOOST_TEST(check(good_logout_claims().without("exp")) == "jwt_claim_refused:exp");
    BOOST_TEST(check(good_logout_claims(), R"({"alg":"none"})") == "jwt_algorithm_refused");
    BOOST_TEST(check(good_logout_claims(), R"({"alg":"RS256","kid":"k2"})") == "jwt_key_unknown");
}

BOOST_AUTO_TEST_SUITE_END()
