// SPDX-License-Identifier: BSL-1.0
#include <authmod/protocol/grant_request.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

std::string error_of(std::string_view body) {
    auto const request = read_grant_request(body);
    return request ? "" : std::string(request.error().error);
}

constexpr std::string_view exchange =
    "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&audience=m1&subject_token=at"
    "&subject_token_type=urn:ietf:params:oauth:token-type:access_token";

} // namespace

BOOST_AUTO_TEST_SUITE(grant_request_suite)

BOOST_AUTO_TEST_CASE(an_extension_grant_brings_a_token_and_perhaps_a_scope) {
    auto const request = read_grant_request("grant_type=urn%3Aexample&token=at%2F1%3D&scope=account+email").value();
    BOOST_TEST(request.grant_type == "urn:example");
    BOOST_TEST(request.token.expose() == "at/1=");
    BOOST_TEST(request.scope == "account email");
    BOOST_TEST(!request.is_exchange());
}

BOOST_AUTO_TEST_CASE(l1_malformed_requests_are_invalid_requests) {
    for (std::string_view body : {"", "token=at", "grant_type=x", "grant_type=x&token=", "grant_type=x&token=a&token=b", "grant_type=x&grant_type=y&token=a",
                                  "grant_type=x&token=%zz", "grant_type=x&token=a%20b", "grant_type=x&token=a%22b", "grant_type=x&token=a%00",
                                  "grant_type=x&token=a&client_secret=s", "grant_type=x&token=a&client_assertion=s"})
        BOOST_TEST_CONTEXT(body) BOOST_TEST(error_of(body) == "invalid_request");
    BOOST_TEST(error_of("grant_type=x&token=" + std::string(17 * 1024, 'a')) == "invalid_request");
}

BOOST_AUTO_TEST_CASE(l3_a_token_exchange_follows_rfc_8693) {
    auto const request = read_grant_request(exchange).value();
    BOOST_TEST(request.is_exchange());
    BOOST_TEST(request.audience == "m1");
    BOOST_TEST(request.token.expose() == "at");
    auto const with = [](std::string_view more) { return error_of(std::string(exchange).append(more)); };
    BOOST_TEST(with("&requested_token_type=urn:ietf:params:oauth:token-type:access_token") == "");
    BOOST_TEST(with("&requested_token_type=urn:ietf:params:oauth:token-type:refresh_token") == "invalid_request");
    BOOST_TEST(with("&actor_token=x&actor_token_type=y") == "invalid_request");
    BOOST_TEST(with("&resource=https%3A%2F%2Fx.example") == "invalid_target");
    BOOST_TEST(with("&audience=m2") == "invalid_target");
    std::string const without_audience = std::string(exchange).replace(exchange.find("audience=m1&"), 12, "");
    BOOST_TEST(error_of(without_audience) == "invalid_request");
}

BOOST_AUTO_TEST_CASE(l4_assertions_are_taken_neither_as_grants_nor_as_subjects) {
    std::string const jwt = std::string(exchange).replace(exchange.rfind("access_token"), 12, "jwt");
    BOOST_TEST(error_of(jwt) == "invalid_request");
    std::string const id_token = std::string(exchange).replace(exchange.rfind("access_token"), 12, "id_token");
    BOOST_TEST(error_of(id_token) == "invalid_request");
    BOOST_TEST(error_of("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c") == "invalid_request");
}

BOOST_AUTO_TEST_CASE(services_show_themselves_by_basic_form_encoded) {
    auto const who = read_basic_authorization("Basic czElM0F4OnAlMkYx"); // s1%3Ax:p%2F1
    BOOST_REQUIRE(who.has_value());
    BOOST_TEST(who->id == "s1:x");
    BOOST_TEST(who->password.expose() == "p/1");
    BOOST_TEST(read_basic_authorization("basic czE6cA==").has_value());
    for (std::string_view bad : {"", "Bearer czE6cA==", "Basic", "Basic ?", "Basic czE=", "Basic czElOnA="})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!read_basic_authorization(bad).has_value());
}

BOOST_AUTO_TEST_CASE(a_revocation_names_a_token) {
    BOOST_TEST(read_revocation_request("token=abc&token_type_hint=access_token").value().expose() == "abc");
    BOOST_TEST(read_revocation_request("token_type_hint=x").error().error == "invalid_request");
    BOOST_TEST(read_revocation_request("token=a&token=b").error().error == "invalid_request");
}

BOOST_AUTO_TEST_SUITE_END()
