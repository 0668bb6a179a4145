// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/issued_token.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(issued_token_)

constexpr time_point start = from_milliseconds(1'795'000'000'000);
constexpr time_point end = start + 1h;

BOOST_AUTO_TEST_CASE(L5_a_token_is_over_at_its_end) {
    BOOST_TEST(!is_over(start, end, end - 1ms));
    BOOST_TEST(is_over(start, end, end));
}

BOOST_AUTO_TEST_CASE(L5_a_clock_set_back_does_not_prolong_a_token) {
    BOOST_TEST(!is_over(start, end, start - 1min)); // nodes may differ by that much
    BOOST_TEST(is_over(start, end, start - 1min - 1ms));
}

BOOST_AUTO_TEST_SUITE_END()
