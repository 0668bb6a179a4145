// SPDX-License-Identifier: BSL-1.0
#include <authmod/core/text_list.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(text_list)

BOOST_AUTO_TEST_CASE(texts_come_back_in_order_whatever_stands_in_them) {
    std::string const texts[] = {"", "3:abc", std::string("\0\xff", 2), ":", "12"};
    std::string bytes;
    for (auto const& text : texts) append_text(bytes, text);
    std::string_view rest = bytes;
    for (auto const& text : texts) {
        std::string taken = "before";
        BOOST_TEST(take_text(rest, taken));
        BOOST_TEST(taken == text);
    }
    BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_nobody_made_are_refused) {
    for (std::string_view bytes : {"", ":", "3", "3:", "3:ab", "-1:", "x:abc", "99999999999999999999999:", " 1:a"}) {
        std::string taken;
        BOOST_TEST(!take_text(bytes, taken), bytes);
    }
}

BOOST_AUTO_TEST_SUITE_END()
