// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/os_random.hpp"

#include "authmod/policy/random_source.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <set>
#include <vector>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(os_random_)

static_assert(random_source<os_random>);

BOOST_AUTO_TEST_CASE(the_whole_span_is_filled_and_nothing_else) {
    std::vector<std::byte> bytes((1 << 20) + 34, std::byte(0)); // more than one call to OpenSSL
    BOOST_TEST(os_random().fill(std::span(bytes).subspan(1, bytes.size() - 2)).has_value());
    BOOST_TEST((bytes.front() == std::byte(0) && bytes.back() == std::byte(0)));
    // 32 zeros in a row in random bytes: chance 2^-236 here.
    auto const zeros = std::ranges::search_n(std::span(bytes).subspan(1, bytes.size() - 2), 32, std::byte(0));
    BOOST_TEST(zeros.empty());
    BOOST_TEST(os_random().fill({}).has_value());
}

BOOST_AUTO_TEST_CASE(A2_a_thousand_draws_are_distinct) {
    std::set<std::array<std::byte, 16>> seen;
    for (int i = 0; i != 1000; ++i) {
        std::array<std::byte, 16> bytes{};
        BOOST_REQUIRE(os_random().fill(bytes).has_value());
        seen.insert(bytes);
    }
    BOOST_TEST(seen.size() == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
