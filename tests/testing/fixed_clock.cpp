// SPDX-License-Identifier: BSL-1.0
#include "authmod/testing/fixed_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(testing_fixed_clock)

BOOST_AUTO_TEST_CASE(it_starts_at_a_date_that_never_changes) {
    using namespace std::chrono;
    BOOST_TEST((fixed_clock().now() == sys_days(year(2026) / January / 1)));
}

BOOST_AUTO_TEST_CASE(it_stands_still_until_it_is_moved) {
    fixed_clock clock(from_milliseconds(1000));
    BOOST_TEST(to_milliseconds(clock.now()) == 1000);
    BOOST_TEST(to_milliseconds(clock.now()) == 1000);
    clock.advance(milliseconds(5));
    BOOST_TEST(to_milliseconds(clock.now()) == 1005);
    clock.advance(milliseconds(-10));
    BOOST_TEST(to_milliseconds(clock.now()) == 995);
    clock.set(from_milliseconds(7));
    BOOST_TEST(to_milliseconds(clock.now()) == 7);
}

BOOST_AUTO_TEST_CASE(a_copy_goes_on_by_itself) {
    fixed_clock one(from_milliseconds(1));
    fixed_clock two = one;
    two.advance(milliseconds(1));
    BOOST_TEST(to_milliseconds(one.now()) == 1);
    BOOST_TEST(to_milliseconds(two.now()) == 2);
    one = two;
    BOOST_TEST(to_milliseconds(one.now()) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
