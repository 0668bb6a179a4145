// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/char_set.hpp"

#include "authmod/core/ascii.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
