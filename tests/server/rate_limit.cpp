// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/rate_limit.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

namespace {

constexpr rate three_a_second{3, milliseconds(1000)};
constexpr milliseconds none(0);

time_point at(long long ms) { return from_milliseconds(1'790'000'000'000 + ms); }

} // namespace

BOOST_AUTO_TEST_SUITE(limits_by_address)

BOOST_AUTO_TEST_CASE(a_burst_is_let_through_and_then_one_each_interval) {
    rate_limiter limiter(three_a_second);
    for (int i = 0; i != 3; ++i) BOOST_TEST((limiter.take("192.0.2.1", at(0)) == none));
    BOOST_TEST((limiter.take("192.0.2.1", at(0)) == milliseconds(1000)));
    BOOST_TEST((limiter.take("192.0.2.1", at(999)) == milliseconds(1))); // what was refused has not counted
    BOOST_TEST((limiter.take("192.0.2.1", at(1000)) == none));
    BOOST_TEST((limiter.take("192.0.2.1", at(1000)) == milliseconds(1000)));
    for (int i = 0; i != 3; ++i) BOOST_TEST((limiter.take("192.0.2.1", at(10'000)) == none)); // whole again
    BOOST_TEST((limiter.take("192.0.2.1", at(10'000)) == milliseconds(1000)));
}

BOOST_AUTO_TEST_CASE(asking_how_long_counts_nothing) {
    rate_limiter limiter(three_a_second);
    for (int i = 0; i != 10; ++i) BOOST_TEST((limiter.wait("192.0.2.1", at(0)) == none));
    for (int i = 0; i != 3; ++i) BOOST_TEST((limiter.take("192.0.2.1", at(0)) == none));
    BOOST_TEST((limiter.wait("192.0.2.1", at(400)) == milliseconds(600)));
}

BOOST_AUTO_TEST_CASE(addresses_are_counted_alone_and_ipv6_by_its_network) {
    rate_limiter limiter({1, milliseconds(1000)});
    BOOST_TEST((limiter.take("192.0.2.1", at(0)) == none));
    BOOST_TEST((limiter.take("192.0.2.2", at(0)) == none));
    BOOST_TEST((limiter.take("::ffff:192.0.2.1", at(0)) != none)); // the same one
    BOOST_TEST((limiter.take("2001:db8:1:2::1", at(0)) == none));
    BOOST_TEST((limiter.take("2001:db8:1:2:ffff:1:2:3", at(0)) != none));
    BOOST_TEST((limiter.take("2001:db8:1:3::1", at(0)) == none));
}

BOOST_AUTO_TEST_CASE(loopback_and_what_is_no_address_are_not_counted) {
    rate_limiter limiter({1, milliseconds(1000)});
    for (std::string_view address : {"127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1", "", "unknown"})
        for (int i = 0; i != 5; ++i) BOOST_TEST((limiter.take(address, at(0)) == none), address);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_locks_nobody_out) {
    rate_limiter limiter({1, milliseconds(1000)});
    BOOST_TEST((limiter.take("192.0.2.1", at(0)) == none));
    BOOST_TEST((limiter.take("192.0.2.1", at(-3'600'000)) == none));
    BOOST_TEST((limiter.take("192.0.2.1", at(-3'600'000)) == milliseconds(1000)));
}

BOOST_AUTO_TEST_CASE(a_flood_from_many_addresses_forgets_the_least_and_makes_nobody_wait) {
    rate_limiter limiter({2, milliseconds(60'000)}, rate_limiter::places); // one bucket, so that all of them meet
    for (int i = 0; i != 2; ++i) BOOST_TEST((limiter.take("192.0.2.1", at(0)) == none));
    BOOST_TEST((limiter.take("192.0.2.1", at(0)) != none));
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST((limiter.take("198.51.100." + std::to_string(i % 250), at(1 + i)) == none));
    BOOST_TEST((limiter.take("192.0.2.1", at(2000)) != none)); // it has used up more than each of the flood
}

BOOST_AUTO_TEST_CASE(retry_after_is_in_whole_seconds_and_never_zero) {
    BOOST_TEST(retry_after(milliseconds(1)) == "1");
    BOOST_TEST(retry_after(milliseconds(1000)) == "1");
    BOOST_TEST(retry_after(milliseconds(1001)) == "2");
}

BOOST_AUTO_TEST_SUITE_END()
