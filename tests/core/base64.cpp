// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/base64.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(base64)

struct row {
    std::string_view bytes, standard, url;
};

// RFC 4648 10, and bytes for which the alphabets differ.
constexpr row rows[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/", "-_-_"},
};

BOOST_AUTO_TEST_CASE(both_alphabets_follow_the_rfc_and_go_back) {
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.standard) {
            BOOST_TEST(base64_encode(r.bytes) == r.standard);
            BOOST_TEST(base64url_encode(r.bytes) == r.url);
            BOOST_TEST(base64_decode(r.standard).value() == r.bytes);
            BOOST_TEST(base64url_decode(r.url).value() == r.bytes);
        }
}

BOOST_AUTO_TEST_CASE(every_length_of_every_byte_goes_back) {
    std::string bytes;
    for (int i = 0; i != 259; ++i) {
        bytes += static_cast<char>(i);
        BOOST_REQUIRE(base64url_decode(base64url_encode(bytes)) == bytes);
        BOOST_REQUIRE(base64_decode(base64_encode(bytes)) == bytes);
    }
}

BOOST_AUTO_TEST_CASE(one_foreign_character_is_seen_wherever_it_stands) {
    for (std::size_t size : {2u, 3u, 4u, 6u, 7u, 8u}) {
        std::string text(size, 'A');
        BOOST_REQUIRE(base64url_decode(text));
        for (char& c : text) {
            for (char foreign : {'=', '+', '\xff', '\0'}) {
                c = foreign;
                BOOST_TEST(!base64url_decode(text));
            }
            c = 'A';
        }
    }
}

BOOST_AUTO_TEST_CASE(one_value_has_one_spelling) {
    for (std::string_view text :
         {"Z", "Zg==", "Zh", "Zm9", "Zm9vY", "Zm 8", "Zm8\n", "+/+/", "Zm8.", "Zm\xc3\xa9", "=", "===="})
        BOOST_TEST(!base64url_decode(text), "accepted: " << text);
    for (std::string_view text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "-_-_", "Zm8=\n"})
        BOOST_TEST(!base64_decode(text), "accepted: " << text);
    BOOST_TEST(!base64url_decode(std::string_view("Zm\0v", 4)));
}

BOOST_AUTO_TEST_SUITE_END()
