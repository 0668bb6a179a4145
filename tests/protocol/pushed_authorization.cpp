// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/pushed_authorization.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(pushed_authorization_)

authorization_request everything() {
    authorization_request request;
    request.authorization_url = "https://op.example/authorize";
    request.client_id = "id 1";
    request.redirect_uri = "https://app.example/callback/m";
    request.scope = "openid email";
    request.state = "st";
    request.code_challenge = "ch";
    request.nonce = "no";
    request.dpop_jkt = "jk";
    return request;
}

constexpr std::string_view all_but_client =
    "response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback%2Fm"
    "&scope=openid+email&state=st&code_challenge=ch&code_challenge_method=S256&nonce=no"
    "&dpop_jkt=jk";

BOOST_AUTO_TEST_CASE(the_whole_request_goes_into_the_body) {
    auto const request =
        pushed_authorization_request({"id 1", secret("pw"), client_auth::post}, "https://op.example/par", everything());
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.url == "https://op.example/par");
    BOOST_TEST(request.body == std::string(all_but_client) + "&client_id=id+1&client_secret=pw");
    BOOST_TEST((request.headers == std::vector{http_header("Accept", "application/json"),
                                               http_header("Content-Type", "application/x-www-form-urlencoded")}));
}

BOOST_AUTO_TEST_CASE(the_client_id_is_there_once_however_the_client_proves_itself) {
    auto const times = [](std::string_view body) {
        int n = 0;
        for (auto at = body.find("client_id="); at != body.npos; at = body.find("client_id=", at + 1)) ++n;
        return n;
    };
    auto const basic = pushed_authorization_request({"id 1", secret("pw")}, "https://op.example/par", everything());
    BOOST_TEST(times(basic.body) == 1);
    BOOST_TEST(basic.body.find("pw") == std::string::npos);
    BOOST_TEST((basic.headers.back() == http_header("Authorization", "Basic aWQrMTpwdw==")));
    BOOST_TEST(times(pushed_authorization_request({"id 1", secret()}, "https://op.example/par", everything()).body) ==
               1);
}

std::string word(int status, std::string body) {
    auto const r = read_pushed_authorization(http_response(status, std::move(body)));
    return r ? "ok" : std::string(to_word(r.error().code));
}

constexpr auto good =
    R"({"request_uri":"urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c","expires_in":60})";

BOOST_AUTO_TEST_CASE(a_good_answer_is_read) {
    auto const pushed = read_pushed_authorization(http_response(201, good)).value();
    BOOST_TEST(pushed.request_uri == "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c");
    BOOST_TEST(pushed.expires_in.count() == 60);
    BOOST_TEST(word(200, good) == "ok");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_reference_is_refused) {
    for (auto body :
         {"", "{}", "[]", "null", "<html>", R"({"request_uri":"u"})", R"({"request_uri":"u","expires_in":0})",
          R"({"request_uri":"u","expires_in":-5})", R"({"request_uri":"u","expires_in":"60"})",
          R"({"request_uri":"u","expires_in":1e9})", R"({"request_uri":"u","expires_in":99999999999999})",
          R"({"request_uri":"","expires_in":60})", R"({"request_uri":"a b","expires_in":60})",
          R"({"request_uri":"a\nb","expires_in":60})", R"({"request_uri":1,"expires_in":60})", R"({"expires_in":60})",
          R"({"request_uri":"u","expires_in":60,"expires_in":60})",
          R"({"request_uri":"u","expires_in":60,"error":"x"})"})
        BOOST_TEST(word(201, body) == "pushed_request_refused", body);
    BOOST_TEST(word(201, R"({"request_uri":")" + std::string(1025, 'u') + R"(","expires_in":60})") ==
               "pushed_request_refused");
}

BOOST_AUTO_TEST_CASE(n2_a_reference_is_never_quoted) {
    auto const r = read_pushed_authorization(http_response(201, R"({"request_uri":"urn:canary","expires_in":0})"));
    BOOST_TEST(r.error().details.provider_said.empty());
}

BOOST_AUTO_TEST_CASE(refusals_say_what_the_provider_said) {
    BOOST_TEST(word(400, R"({"error":"invalid_request"})") == "pushed_request_refused");
    BOOST_TEST(word(400, R"({"error":"invalid_client"})") == "client_refused");
    BOOST_TEST(word(401, "") == "client_refused");
    BOOST_TEST(word(302, "") == "redirect_refused");
    BOOST_TEST(word(404, good) == "pushed_request_refused");
    BOOST_TEST(word(429, "") == "provider_rate_limited");
    BOOST_TEST(word(500, "") == "provider_failed");
    auto const r =
        read_pushed_authorization(http_response(400, R"({"error":"invalid_scope","error_description":"no such"})"));
    BOOST_TEST(r.error().details.provider_said == "invalid_scope: no such");
    BOOST_TEST(r.error().details.step == "authorization");
    BOOST_TEST(r.error().details.status == 400);
}

BOOST_AUTO_TEST_CASE(the_browser_carries_client_and_reference_only) {
    pushed_authorization pushed;
    pushed.request_uri = "urn:a:b";
    BOOST_TEST(pushed_authorization_location("https://op.example/authorize", "id 1", pushed) ==
               "https://op.example/authorize?client_id=id%201&request_uri=urn%3Aa%3Ab");
    BOOST_TEST(pushed_authorization_location("https://op.example/x?p=1", "c", pushed) ==
               "https://op.example/x?p=1&client_id=c&request_uri=urn%3Aa%3Ab");
    BOOST_TEST(pushed_authorization_location("https://op.example/x?", "c", pushed) ==
               "https://op.example/x?client_id=c&request_uri=urn%3Aa%3Ab");
}

BOOST_AUTO_TEST_SUITE_END()
