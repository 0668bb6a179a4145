// SPDX-License-Identifier: BSL-1.0
#include "authmod/policy/clock.hpp"

#include <boost/test/unit_test.hpp>

#include "authmod/testing/fixed_clock.hpp"

using namespace authmod;

namespace {

struct smallest {
    time_point now() const noexcept;
};
struct may_throw {
    time_point now() const;
};
struct changes {
    time_point now() noexcept;
};
struct coarse { // seconds would be converted without a word
    std::chrono::sys_seconds now() const noexcept;
};
struct steady {
    std::chrono::steady_clock::time_point now() const noexcept;
};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_clock)

BOOST_AUTO_TEST_CASE(models_are_accepted) {
    BOOST_TEST(authmod::clock<smallest>);
    BOOST_TEST(authmod::clock<system_clock>);
    BOOST_TEST(authmod::clock<fixed_clock>);
}

BOOST_AUTO_TEST_CASE(everything_else_is_rejected) {
    BOOST_TEST(!authmod::clock<may_throw>);
    BOOST_TEST(!authmod::clock<changes>);
    BOOST_TEST(!authmod::clock<coarse>);
    BOOST_TEST(!authmod::clock<steady>);
    BOOST_TEST(!authmod::clock<std::chrono::system_clock>);
    BOOST_TEST(!authmod::clock<int>);
}

BOOST_AUTO_TEST_CASE(the_machines_clock_tells_the_machines_time) {
    auto const before = std::chrono::system_clock::now() - milliseconds(1);
    auto const now = system_clock().now();
    BOOST_TEST((before <= now));
    BOOST_TEST((now <= std::chrono::system_clock::now()));
}

BOOST_AUTO_TEST_SUITE_END()
