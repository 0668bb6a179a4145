// SPDX-License-Identifier: BSL-1.0
#include "authmod/testing/counting_random.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <set>
#include <vector>

using namespace authmod;

namespace {

std::vector<std::byte> take(counting_random& source, std::size_t size) {
    std::vector<std::byte> bytes(size);
    BOOST_REQUIRE(source.fill(bytes));
    return bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(testing_counting_random)

BOOST_AUTO_TEST_CASE(every_run_gives_the_same_bytes) {
    counting_random one, two;
    BOOST_TEST((take(one, 32) == take(two, 32)));
    BOOST_TEST((take(one, 7) == take(two, 7)));
}

BOOST_AUTO_TEST_CASE(no_two_fills_are_alike) {
    counting_random source;
    std::set<std::vector<std::byte>> seen;
    for (int i = 0; i != 10'000; ++i) seen.insert(take(source, 16));
    BOOST_TEST(seen.size() == 10'000u);
}

BOOST_AUTO_TEST_CASE(seeds_differ) {
    counting_random one(1), two(2);
    BOOST_TEST((take(one, 16) != take(two, 16)));
}

BOOST_AUTO_TEST_CASE(every_byte_of_an_odd_span_is_filled) {
    counting_random source;
    std::array<std::byte, 13> any{};
    for (int i = 0; i != 64; ++i) {
        std::array<std::byte, 13> bytes{};
        BOOST_REQUIRE(source.fill(bytes));
        for (std::size_t k = 0; k != bytes.size(); ++k) any[k] |= bytes[k];
    }
    for (std::byte b : any) BOOST_TEST((b == std::byte{0xff}));
}

BOOST_AUTO_TEST_CASE(a_broken_source_says_so) {
    counting_random source;
    source.set_broken(true);
    std::array<std::byte, 4> bytes{};
    BOOST_TEST((source.fill(bytes).error() == errc::random_failed));
    source.set_broken(false);
    BOOST_TEST(source.fill(bytes).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
