// SPDX-License-Identifier: BSL-1.0
#include "authmod/mapping/url_pattern.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

namespace {

constexpr std::string_view yandex = "https://avatars.yandex.net/get-yapic/<picture-id>/islands-200";

struct row {
    std::string_view text;
    pattern_error expected;
};

constexpr row rows[] = {
    {yandex, {}},
    {"https://a.example/?id=<picture-id>&s=%20", {}},
    {"https://a.example:8443/x<picture-id>", {}},
    {"https://[::1]/<picture-id>", {}},

    {"", {pattern_errc::not_https, 0}},
    {"http://a.example/<picture-id>", {pattern_errc::not_https, 0}},
    {"HTTPS://a.example/<picture-id>", {pattern_errc::not_https, 0}},
    {"//a.example/<picture-id>", {pattern_errc::not_https, 0}},
    {"https:///<picture-id>", {pattern_errc::bad_host, 8}},
    {"https://<picture-id>/a", {pattern_errc::bad_host, 8}},
    {"https://a.<picture-id>", {pattern_errc::bad_host, 10}},
    {"https://me@a.example/<picture-id>", {pattern_errc::bad_host, 10}},
    {"https://a.example?<picture-id>", {pattern_errc::bad_host, 17}},
    {"https://a.example\\<picture-id>", {pattern_errc::bad_host, 17}},
    {"https://a.example/", {pattern_errc::no_picture_id, 18}},
    {"https://a.example/<Picture-id>", {pattern_errc::bad_character, 18}},
    {"https://a.example/<picture-id>/<picture-id>", {pattern_errc::second_picture_id, 31}},
    {"https://a.example/<picture-id>/b c", {pattern_errc::bad_character, 32}},
    {"https://a.example/<picture-id>#x", {pattern_errc::bad_character, 30}},
    {"https://a.example/%2<picture-id>", {pattern_errc::bad_character, 18}},
    {"https://a.example/<picture-id>\n", {pattern_errc::bad_character, 30}},
    {"https://a.example/\xc3\xa9<picture-id>", {pattern_errc::bad_character, 18}},
};

static_assert(std::ranges::all_of(rows, [](row const& r) { return check_url_pattern(r.text) == r.expected; }));

} // namespace

BOOST_AUTO_TEST_SUITE(url_pattern)

BOOST_AUTO_TEST_CASE(every_pattern_has_its_reason_and_offset) {
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.text) {
            auto const error = check_url_pattern(r.text);
            BOOST_TEST(to_word(error.code) == to_word(r.expected.code));
            BOOST_TEST(error.offset == r.expected.offset);
            BOOST_TEST(!message(error.code).empty());
        }
}

BOOST_AUTO_TEST_CASE(a_long_pattern_is_refused_at_its_first_byte_too_many) {
    std::string const pattern = "https://a.example/<picture-id>" + std::string(2048, 'a');
    BOOST_TEST((check_url_pattern(pattern) == pattern_error{pattern_errc::too_long, 2048}));
}

BOOST_AUTO_TEST_CASE(a_value_takes_the_place_of_the_picture_id) {
    BOOST_TEST(image_url(yandex, "0/0-0").value() == "https://avatars.yandex.net/get-yapic/0/0-0/islands-200");
    BOOST_TEST(image_url("https://a.example/?id=<picture-id>&s=1", "AZaz09-._~").value() ==
               "https://a.example/?id=AZaz09-._~&s=1");
}

BOOST_AUTO_TEST_CASE(every_byte_but_unreserved_ones_and_the_slash_is_percent_encoded) {
    for (int byte = 0; byte != 256; ++byte) {
        char const c = static_cast<char>(byte);
        std::string const value{'a', c, 'b'};
        std::string const url = image_url("https://a.example/<picture-id>", value).value();
        BOOST_TEST_CONTEXT(byte) {
            bool const kept = ascii::is_unreserved(c) || c == '/';
            BOOST_TEST(url.size() == 20u + (kept ? 1u : 3u));
            BOOST_TEST((url[19] == (kept ? c : '%')));
        }
    }
    BOOST_TEST(image_url(yandex, "a b?\xc3\xa9").value() ==
               "https://avatars.yandex.net/get-yapic/a%20b%3F%C3%A9/islands-200");
}

BOOST_AUTO_TEST_CASE(a_value_that_climbs_or_is_blank_gives_no_url) {
    for (std::string_view value : {"", " ", "\t", ".", "..", "../x", "a/../b", "a/..", "./a", "a/./b", "/.."})
        BOOST_TEST_CONTEXT(value) BOOST_TEST(!image_url(yandex, value));
    for (std::string_view value : {"...", "a..", ".a", "a/.b", "%2e%2e"})
        BOOST_TEST_CONTEXT(value) BOOST_TEST(image_url(yandex, value).has_value());
}

BOOST_AUTO_TEST_CASE(a_url_is_kept_as_sent) {
    for (std::string_view pattern : {std::string_view(), yandex})
        for (std::string_view value : {"https://a.example/x?y=%2F../z", "http://i.example/a b.jpg"})
            BOOST_TEST(image_url(pattern, value).value() == value);
}

BOOST_AUTO_TEST_CASE(neither_url_nor_pattern_gives_nothing) {
    BOOST_TEST(!image_url("", "0/0-0"));
    BOOST_TEST(!image_url("", "HTTPS://a.example/"));
    BOOST_TEST(!image_url("", "ftp://a.example/"));
}

BOOST_AUTO_TEST_SUITE_END()
