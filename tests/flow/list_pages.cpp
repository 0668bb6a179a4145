// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/list_pages.hpp>

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(list_pages_suite)

http_response page(std::string_view link = {}) {
    http_response response(200, "[]");
    if (!link.empty()) response.headers.emplace_back("Link", "<" + std::string(link) + ">; rel=\"next\"");
    return response;
}

BOOST_AUTO_TEST_CASE(a_list_without_a_next_page_is_complete) {
    list_pages list("https://api.example/orgs");
    BOOST_TEST(list.after(page(), {}) == "");
    BOOST_TEST(list.complete());
}

BOOST_AUTO_TEST_CASE(the_next_page_is_named_by_the_body_or_else_by_the_header) {
    list_pages list("https://api.example/orgs");
    BOOST_TEST(list.after(page("https://api.example/orgs?page=2"), {}) == "https://api.example/orgs?page=2");
    BOOST_TEST(list.after(page("https://api.example/orgs?page=9"), "https://api.example/orgs?page=3") ==
               "https://api.example/orgs?page=3");
    BOOST_TEST(!list.complete());
    BOOST_TEST(list.after(page(), {}) == "");
    BOOST_TEST(list.complete());
}

BOOST_AUTO_TEST_CASE(e7_another_origin_and_the_same_page_again_are_not_asked) {
    for (std::string next : {"https://evil.example/orgs", "http://api.example/orgs", "https://api.example:444/orgs",
                             "https://api.example/orgs", "/orgs?page=2"}) {
        list_pages list("https://api.example/orgs");
        BOOST_TEST(list.after(page(next), {}) == "", next);
        BOOST_TEST(!list.complete());
    }
}

BOOST_AUTO_TEST_CASE(after_twenty_pages_the_list_is_cut) {
    list_pages list("https://api.example/orgs");
    int read = 1;
    for (int i = 2; !list.after(page("https://api.example/orgs?page=" + std::to_string(i)), {}).empty(); ++i) ++read;
    BOOST_TEST(read == max_list_pages);
    BOOST_TEST(!list.complete());
}

BOOST_AUTO_TEST_SUITE_END()
