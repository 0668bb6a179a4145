// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/char_set.hpp"

#include "authmod/core/ascii.hpp"

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(char_sets)

BOOST_AUTO_TEST_CASE(a_set_holds_what_it_was_made_of) {
    constexpr ascii::char_set digits(ascii::is_digit);
    static_assert(digits.has('0') && !digits.has('a') && !digits.has('\xff'));
    BOOST_TEST(digits.has_all("0123456789"));
    BOOST_TEST(digits.has_all(""));
    BOOST_TEST(!digits.has_all("12x"));
    constexpr ascii::char_set high([](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    BOOST_TEST(high.has_all("\x80\xff"));
    BOOST_TEST(!high.has('\x7f'));
}

BOOST_AUTO_TEST_CASE(one_stranger_is_seen_wherever_it_stands) {
    constexpr ascii::char_set digits(ascii::is_digit);
    for (std::size_t size = 0; size != 18; ++size) {
        std::string text(size, '7');
        BOOST_TEST(digits.has_all(text));
        for (char& c : text) {
            c = 'x';
            BOOST_TEST(!digits.has_all(text));
            c = '7';
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
