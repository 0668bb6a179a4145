// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/time.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(time_)

BOOST_AUTO_TEST_CASE(points_in_time_are_milliseconds_since_1970) {
    using namespace std::chrono;
    static_assert(to_milliseconds(sys_days(year(1970) / January / 2)) == 86'400'000);
    for (long long ms : {0ll, -1ll, 1'795'000'000'123ll}) BOOST_TEST(to_milliseconds(from_milliseconds(ms)) == ms);
}

BOOST_AUTO_TEST_SUITE_END()
