// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(session_)

constexpr time_point start = from_milliseconds(1'795'000'000'000);
constexpr session_limits limits{}; // idle 8 h, absolute 7 days

BOOST_AUTO_TEST_CASE(G2_a_session_ends_by_being_idle) {
    BOOST_TEST(!is_over(start, start, start + 8h - 1ms, limits));
    BOOST_TEST(is_over(start, start, start + 8h, limits));
    BOOST_TEST(!is_over(start, start + 7h, start + 8h, limits));
}

BOOST_AUTO_TEST_CASE(G2_a_session_ends_by_its_age_however_busy) {
    auto const end = start + std::chrono::days(7);
    BOOST_TEST(!is_over(start, end - 1ms, end - 1ms, limits));
    BOOST_TEST(is_over(start, end, end, limits));
}

BOOST_AUTO_TEST_CASE(G2_a_clock_set_back_does_not_prolong_a_session) {
    BOOST_TEST(!is_over(start, start, start - 1min, limits)); // nodes may differ by that much
    BOOST_TEST(is_over(start, start, start - 1min - 1ms, limits));
}

BOOST_AUTO_TEST_CASE(G2_own_limits_are_obeyed) {
    constexpr session_limits strict{1s, 2s};
    BOOST_TEST(!is_over(start, start, start + 999ms, strict));
    BOOST_TEST(is_over(start, start, start + 1s, strict));
    BOOST_TEST(is_over(start, start + 1900ms, start + 2s, strict));
}

BOOST_AUTO_TEST_SUITE_END()
