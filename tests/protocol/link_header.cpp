// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/link_header.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(link_header)

std::string next_of(std::string_view value) {
    http_response response(200, "[]");
    response.headers.emplace_back("link", value);
    return std::string(next_link(response));
}

BOOST_AUTO_TEST_CASE(the_next_page_is_found_as_github_writes_it) {
    BOOST_TEST(
        next_of(
            R"(<https://api.github.com/user/orgs?page=2>; rel="next", <https://api.github.com/user/orgs?page=5>; rel="last")") ==
        "https://api.github.com/user/orgs?page=2");
    BOOST_TEST(next_of(R"(<https://x.example/1>; rel="prev", <https://x.example/3>; rel="next")") ==
               "https://x.example/3");
}

BOOST_AUTO_TEST_CASE(the_last_page_has_none) {
    BOOST_TEST(next_of(R"(<https://x.example/1>; rel="first", <https://x.example/4>; rel="prev")") == "");
    BOOST_TEST(next_link(http_response(200, "")) == "");
}

BOOST_AUTO_TEST_CASE(rel_is_one_word_or_several_in_any_case_with_or_without_quotes) {
    for (std::string_view rel :
         {"rel=next", "REL=\"NEXT\"", "rel = \"last next\"", "title=\"a;b\"; rel=next", "rel=\"next\";title=\"x\""})
        BOOST_TEST(next_of("<https://x.example/2> ; " + std::string(rel)) == "https://x.example/2", rel);
    for (std::string_view rel : {"rel=\"nextish\"", "rev=next", "rel=last; rel=next", "rel", "title=\"rel=next\"", ""})
        BOOST_TEST(next_of("<https://x.example/2>; " + std::string(rel)) == "", rel);
}

BOOST_AUTO_TEST_CASE(commas_and_semicolons_in_urls_and_quotes_part_nothing) {
    BOOST_TEST(next_of(R"(<https://x.example/?a=1,2;3>; rel="next")") == "https://x.example/?a=1,2;3");
    BOOST_TEST(
        next_of(
            R"(<https://x.example/1>; title="a\", <https://evil.example/>; rel=next", <https://x.example/2>; rel=next)") ==
        "https://x.example/2");
}

BOOST_AUTO_TEST_CASE(several_fields_are_one_list) {
    http_response response(200, "[]");
    response.headers.emplace_back("Link", R"(<https://x.example/1>; rel="first")");
    response.headers.emplace_back("Link", R"(<https://x.example/2>; rel="next")");
    BOOST_TEST(next_link(response) == "https://x.example/2");
}

BOOST_AUTO_TEST_CASE(nonsense_leads_nowhere) {
    for (std::string_view value : {"", "next", "<", "<>", "https://x.example/2; rel=next", "<https://x.example/2",
                                   ",,;;", "\"", "<https://x.example/2> rel=next"})
        BOOST_TEST(next_of(value) == "", value);
}

BOOST_AUTO_TEST_SUITE_END()
