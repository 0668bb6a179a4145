// SPDX-License-Identifier: BSL-1.0
#include <authmod/protocol/http_message.hpp>

#include <boost/test/unit_test.hpp>
#include <type_traits>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(http_message_suite)

BOOST_AUTO_TEST_CASE(a_header_is_found_without_case_and_the_first_one_counts) {
    http_response response(200, "body");
    response.headers.emplace_back("Content-Type", "application/json");
    response.headers.emplace_back("content-type", "text/html");
    BOOST_TEST(response.header("CONTENT-TYPE") == "application/json");
    BOOST_TEST(response.header("Content") == "");
    BOOST_TEST(response.header("Location") == "");
}

BOOST_AUTO_TEST_CASE(a_request_is_a_plain_get_that_may_be_repeated_unless_it_says_otherwise) {
    http_request const request;
    BOOST_TEST(request.method == "GET");
    BOOST_TEST(!request.single_use);
    BOOST_TEST((request.origin == url_origin::administrator));
    BOOST_TEST(request.max_body == 1024u * 1024u); // K2
}

BOOST_AUTO_TEST_CASE(names_compare_without_ascii_case_only) {
    BOOST_TEST(equal_ignoring_case("Set-Cookie", "sEt-cOOKIE"));
    BOOST_TEST(!equal_ignoring_case("a", "ab"));
    BOOST_TEST(!equal_ignoring_case("[", "{"));
    BOOST_TEST(!equal_ignoring_case("\xC3\x84", "\xC3\xA4"));
}

BOOST_AUTO_TEST_CASE(limits_are_five_seconds_each_by_default) {
    timeouts const limit;
    BOOST_TEST((limit.connect == milliseconds(5000) && limit.read == milliseconds(5000)));
    BOOST_TEST(std::is_trivially_destructible_v<timeouts>);
}

BOOST_AUTO_TEST_SUITE_END()
