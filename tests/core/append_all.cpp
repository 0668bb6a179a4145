// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/append_all.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(append_all_)

BOOST_AUTO_TEST_CASE(parts_of_every_kind_follow_each_other) {
    std::string text = "a";
    std::string const b = "b";
    append_all(text, b, std::string_view("cd", 1), "def", std::string_view(), std::string(300, 'g'), "");
    BOOST_TEST(text == "abcdef" + std::string(300, 'g'));
    append_all(text, "");
    BOOST_TEST(text.size() == 306u);
}

BOOST_AUTO_TEST_CASE(bytes_of_zero_are_bytes) {
    std::string text;
    append_all(text, std::string_view("\0x\0", 3), "y");
    BOOST_TEST(text == std::string_view("\0x\0y", 4));
}

BOOST_AUTO_TEST_CASE(what_was_reserved_is_used) {
    std::string text;
    text.reserve(100);
    char const* const bytes = text.data();
    append_all(text, std::string(60, 'x'), std::string(40, 'y'));
    BOOST_TEST(text.data() == bytes); // no copy of a secret is left behind
}

BOOST_AUTO_TEST_SUITE_END()
