// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/new_id.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(new_id_)

using entropy = std::array<std::byte, id_random_bytes>;

entropy all(int value) {
    entropy bytes{};
    bytes.fill(static_cast<std::byte>(value));
    return bytes;
}

BOOST_AUTO_TEST_CASE(an_id_is_time_then_randomness_in_base32) {
    BOOST_TEST(new_id(from_milliseconds(0), all(0)) == "00000000000000000000000000");
    BOOST_TEST(new_id(from_milliseconds((1ll << 48) - 1), all(0xff)) == "7zzzzzzzzzzzzzzzzzzzzzzzzz");
    BOOST_TEST(new_id(from_milliseconds(33), all(0)).substr(0, 10) == "0000000011");
    BOOST_TEST(new_id(from_milliseconds(1469918176385), all(0)).substr(0, 10) == "01aryz6s41"); // ULID 01ARYZ6S41...
    entropy last{};
    last[9] = std::byte(1);
    BOOST_TEST(new_id(from_milliseconds(0), last) == "00000000000000000000000001");
}

BOOST_AUTO_TEST_CASE(every_random_bit_counts) {
    auto const now = from_milliseconds(1'795'000'000'000);
    for (std::size_t bit = 0; bit != 80; ++bit) {
        entropy bytes{};
        bytes[bit / 8] = std::byte(1) << (bit % 8);
        BOOST_REQUIRE(new_id(now, bytes) != new_id(now, all(0)));
    }
}

BOOST_AUTO_TEST_CASE(later_ids_sort_later) {
    std::string before;
    for (long long ms : {0ll, 1ll, 31ll, 32ll, 1'795'000'000'000ll, 1'795'000'000'001ll}) {
        auto const id = new_id(from_milliseconds(ms), all(ms % 2 == 0 ? 0xff : 0));
        BOOST_TEST(before < id);
        before = id;
    }
}

BOOST_AUTO_TEST_SUITE_END()
