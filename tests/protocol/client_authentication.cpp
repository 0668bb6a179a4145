// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/client_authentication.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(client_authentication)

http_request authenticated(client_auth method, std::string id, std::string text) {
    http_request request("POST", "https://provider.example/token");
    request.body = "grant_type=x";
    authenticate_client(request, client_credentials(std::move(id), secret(std::move(text)), method));
    return request;
}

std::string_view authorization(http_request const& request) {
    for (auto const& h : request.headers)
        if (h.name == "Authorization") return h.value;
    return {};
}

BOOST_AUTO_TEST_CASE(C1_basic_puts_id_and_secret_into_the_header_only) {
    auto const request = authenticated(client_auth::basic, "s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw"); // RFC 6749 2.3.1
    BOOST_TEST(authorization(request) == "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
    BOOST_TEST(request.body == "grant_type=x");
    BOOST_TEST(request.headers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(C1_basic_encodes_id_and_secret_first) {
    auto const request = authenticated(client_auth::basic, "a:b c", "p%w:+\xc3\xa9");
    BOOST_TEST(authorization(request) == "Basic " + base64_encode("a%3Ab+c:p%25w%3A%2B%C3%A9"));
}

BOOST_AUTO_TEST_CASE(C1_post_puts_them_into_the_body_only) {
    auto const request = authenticated(client_auth::post, "a&b", "c=d+e");
    BOOST_TEST(request.body == "grant_type=x&client_id=a%26b&client_secret=c%3Dd%2Be");
    BOOST_TEST(request.headers.empty());
}

BOOST_AUTO_TEST_CASE(C1_a_public_client_sends_its_id_and_nothing_that_looks_like_a_secret) {
    for (auto method : {client_auth::basic, client_auth::post}) {
        auto const request = authenticated(method, "app", "");
        BOOST_TEST(request.body == "grant_type=x&client_id=app");
        BOOST_TEST(request.headers.empty());
    }
}

BOOST_AUTO_TEST_CASE(C1_the_url_never_changes) {
    for (auto method : {client_auth::basic, client_auth::post})
        BOOST_TEST(authenticated(method, "id", "secret").url == "https://provider.example/token");
}

BOOST_AUTO_TEST_SUITE_END()
