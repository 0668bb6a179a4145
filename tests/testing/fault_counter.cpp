// SPDX-License-Identifier: BSL-1.0
#include "authmod/testing/fault_counter.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(testing_fault_counter)

BOOST_AUTO_TEST_CASE(nothing_fails_until_it_is_told_to) {
    fault_counter faults;
    for (int i = 0; i != 10; ++i) BOOST_TEST(!faults.strikes());
    BOOST_TEST(faults.count() == 10);
    BOOST_TEST(!faults.has_struck());
}

BOOST_AUTO_TEST_CASE(the_nth_operation_fails_and_no_other) {
    fault_counter faults;
    BOOST_TEST(!faults.strikes());
    faults.fail_at(3, errc::response_cut, fault_moment::after);
    BOOST_TEST(!faults.strikes());
    BOOST_TEST(!faults.strikes());
    BOOST_TEST(!faults.has_struck());
    BOOST_TEST(faults.strikes());
    BOOST_TEST(faults.has_struck());
    BOOST_TEST(!faults.strikes());
    BOOST_TEST((faults.why() == errc::response_cut));
    BOOST_TEST((faults.when() == fault_moment::after));
}

BOOST_AUTO_TEST_CASE(copies_share_the_count) {
    fault_counter faults;
    fault_counter other = faults;
    other.fail_at(2, errc::timed_out);
    BOOST_TEST(!faults.strikes());
    BOOST_TEST(other.strikes());
    BOOST_TEST(faults.has_struck());
}

BOOST_AUTO_TEST_SUITE_END()
