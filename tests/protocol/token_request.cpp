// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/token_request.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(token_request)

constexpr std::string_view url = "https://bitbucket.org/site/oauth2/access_token";

client_credentials client(client_auth method = client_auth::basic) {
    return {"key", secret(std::string("s3cret")), method};
}

secret text(std::string_view t) { return secret(std::string(t)); }

BOOST_AUTO_TEST_CASE(C1_a_code_is_exchanged_by_a_form_post) {
    auto const request =
        token_request_for_code(client(), url, text("c o+d/e"), "https://s.example/callback/1", text("verifier"));
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.url == url);
    BOOST_TEST(request.body ==
               "grant_type=authorization_code&code=c+o%2Bd%2Fe&redirect_uri=https%3A%2F%2Fs.example%2Fcallback%2F1"
               "&code_verifier=verifier");
    BOOST_TEST(request.headers.size() == 3u);
    BOOST_TEST((request.headers[0] == http_header("Accept", "application/json")));
    BOOST_TEST((request.headers[1] == http_header("Content-Type", "application/x-www-form-urlencoded")));
    BOOST_TEST((request.headers[2] == http_header("Authorization", "Basic " + base64_encode("key:s3cret"))));
}

BOOST_AUTO_TEST_CASE(C2_a_code_and_a_refresh_token_are_sent_at_most_once) {
    BOOST_TEST(token_request_for_code(client(), url, text("c"), "r", {}).single_use);
    BOOST_TEST(token_request_for_refresh(client(), url, text("r")).single_use);
}

BOOST_AUTO_TEST_CASE(A3_without_pkce_no_verifier_is_sent) {
    BOOST_TEST(token_request_for_code(client(), url, text("c"), "r", {}).body.find("code_verifier") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(A5_the_redirect_uri_arrives_byte_for_byte) {
    std::string_view const redirect = "http://127.0.0.1:8080/callback/01h?x=%20&y";
    auto const request = token_request_for_code(client(), url, text("c"), redirect, {});
    BOOST_TEST(read_form(request.body).value()[2].value == redirect);
}

BOOST_AUTO_TEST_CASE(B6_any_printable_code_survives_to_the_body) {
    std::string all;
    for (char c = ' '; c <= '~'; ++c) all += c;
    auto const request = token_request_for_code(client(), url, secret(std::string(all)), "r", {});
    BOOST_TEST(read_form(request.body).value()[1].value == all);
}

BOOST_AUTO_TEST_CASE(C1_post_authentication_goes_into_the_body) {
    auto const request = token_request_for_refresh(client(client_auth::post), url, text("rt=1"));
    BOOST_TEST(request.body == "grant_type=refresh_token&refresh_token=rt%3D1&client_id=key&client_secret=s3cret");
    BOOST_TEST(request.headers.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
