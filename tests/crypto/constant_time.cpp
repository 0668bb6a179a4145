// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/constant_time.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(constant_time)

BOOST_AUTO_TEST_CASE(B2_texts_are_equal_when_every_byte_is) {
    std::string const text = "0123456789abcdef0123456789abcdef0123456789a";
    BOOST_TEST(constant_time_equal(text, text));
    for (std::size_t i = 0; i != text.size(); ++i)
        for (int bit = 0; bit != 8; ++bit) {
            std::string other = text;
            other[i] = static_cast<char>(other[i] ^ (1 << bit));
            BOOST_REQUIRE(!constant_time_equal(text, other));
        }
    BOOST_TEST(!constant_time_equal(text, text.substr(1)));
    BOOST_TEST(!constant_time_equal(text, text + '\0'));
    BOOST_TEST(!constant_time_equal("State", "state"));
    BOOST_TEST(constant_time_equal("", {}));
}

BOOST_AUTO_TEST_CASE(B2_an_early_difference_takes_as_long_as_a_late_one) {
    // 1 MiB, so that an early end would be thousands of times quicker; medians, so that the machine may hiccup.
    std::string const text(1 << 20, 'x');
    std::string early = text, late = text;
    early.front() = 'y';
    late.back() = 'y';
    auto median = [&](std::string const& other) {
        std::vector<std::chrono::nanoseconds> times;
        for (int i = 0; i != 15; ++i) {
            auto const start = std::chrono::steady_clock::now();
            BOOST_REQUIRE(!constant_time_equal(text, other));
            times.push_back(std::chrono::steady_clock::now() - start);
        }
        std::ranges::sort(times);
        return times[7];
    };
    BOOST_TEST(median(early).count() * 10 > median(late).count());
}

BOOST_AUTO_TEST_SUITE_END()
