// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/ascii.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(ascii_characters)

BOOST_AUTO_TEST_CASE(every_byte_falls_into_its_classes) {
    std::string unreserved, controls, printable, letters, digits, hex;
    for (int i = 0; i != 256; ++i) {
        char const c = static_cast<char>(i);
        if (ascii::is_unreserved(c)) unreserved += c;
        if (ascii::is_control(c)) controls += c;
        if (ascii::is_printable(c)) printable += c;
        if (ascii::is_letter(c)) letters += c;
        if (ascii::is_digit(c)) digits += c;
        if (ascii::hex_value(c) >= 0) hex += c;
    }
    BOOST_TEST(unreserved == "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
    BOOST_TEST(controls.size() == 33u);
    BOOST_TEST(controls.back() == '\x7f');
    BOOST_TEST(printable.size() == 95u);
    BOOST_TEST(printable.front() == ' ');
    BOOST_TEST(letters.size() == 52u);
    BOOST_TEST(digits == "0123456789");
    BOOST_TEST(hex == "0123456789ABCDEFabcdef");
}

BOOST_AUTO_TEST_CASE(hexadecimal_digits_have_their_values) {
    static_assert(ascii::hex_value('0') == 0 && ascii::hex_value('9') == 9 && ascii::hex_value('a') == 10);
    BOOST_TEST(ascii::hex_value('F') == 15);
    BOOST_TEST(ascii::hex_value('g') == -1);
    BOOST_TEST(ascii::hex_value('@') == -1);
}

BOOST_AUTO_TEST_CASE(only_the_case_of_letters_is_ignored) {
    BOOST_TEST(ascii::equal_ignoring_case("Bearer", "bEARER"));
    BOOST_TEST(!ascii::equal_ignoring_case("[", "{"));
    BOOST_TEST(!ascii::equal_ignoring_case("a", "ab"));
    BOOST_TEST(!ascii::equal_ignoring_case("\xc3\x84", "\xc3\xa4")); // no letters of other alphabets
}

BOOST_AUTO_TEST_SUITE_END()
