// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/percent.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(percent)

BOOST_AUTO_TEST_CASE(everything_but_unreserved_is_encoded) {
    BOOST_TEST(percent_encode("AZaz09-._~") == "AZaz09-._~");
    BOOST_TEST(percent_encode("a b+c/d?e=f&g%h\n\xc3\xa9") == "a%20b%2Bc%2Fd%3Fe%3Df%26g%25h%0A%C3%A9");
    BOOST_TEST(form_encode("a b+c") == "a+b%2Bc");
}

BOOST_AUTO_TEST_CASE(every_byte_comes_back) {
    std::string bytes;
    for (int i = 0; i != 256; ++i) bytes += static_cast<char>(i);
    BOOST_TEST(percent_decode(percent_encode(bytes)).value() == bytes);
    BOOST_TEST(form_decode(form_encode(bytes)).value() == bytes);
    BOOST_TEST(percent_encode(bytes).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                                       "0123456789-._~%") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(decoding_is_strict_about_percent_signs) {
    for (std::string_view text : {"%", "%4", "a%", "%4g", "%g4", "%%41", "% 41", "%-1", "%0x"}) {
        BOOST_TEST(!percent_decode(text), "accepted: " << text);
        BOOST_TEST(!form_decode(text), "accepted: " << text);
    }
    BOOST_TEST(percent_decode("%4a+%4A").value() == "J+J");
    BOOST_TEST(form_decode("%4a+%2B").value() == "J +");
}

BOOST_AUTO_TEST_CASE(a_form_gives_its_pairs_in_order) {
    std::string body;
    append_form_field(body, "grant_type", "authorization_code");
    append_form_field(body, "a&b", "c=d e");
    BOOST_TEST(body == "grant_type=authorization_code&a%26b=c%3Dd+e");
    auto const fields = read_form(body).value();
    BOOST_TEST(fields.size() == 2u);
    BOOST_TEST((fields[1] == form_field("a&b", "c=d e")));

    auto const odd = read_form("&&a&=b&a=1=2&&a=&").value();
    BOOST_TEST(odd.size() == 4u);
    BOOST_TEST((odd[0] == form_field("a", "")));
    BOOST_TEST((odd[1] == form_field("", "b")));
    BOOST_TEST((odd[2] == form_field("a", "1=2")));
    BOOST_TEST((odd[3] == form_field("a", "")));
    BOOST_TEST(read_form("").value().empty());
}

BOOST_AUTO_TEST_CASE(a_form_over_its_limits_is_refused) {
    BOOST_TEST(read_form("a=1&b=2", {7, 2}).has_value());
    BOOST_TEST(!read_form("a=1&b=2", {6, 2}).has_value());
    BOOST_TEST(!read_form("a=1&b=2", {7, 1}).has_value());
    BOOST_TEST(!read_form("a=1&b=%zz").has_value());
    BOOST_TEST(!read_form("a%=1").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
