// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/token.hpp"

#include "authmod/crypto/os_random.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(token)

BOOST_AUTO_TEST_CASE(G1_a_token_holds_all_256_bits_and_stores_get_only_its_digest) {
    std::array<std::byte, token_random_bytes> bytes{};
    BOOST_TEST(new_token(bytes) == std::string(43, 'A'));
    for (std::size_t bit = 0; bit != 256; ++bit) {
        auto changed = bytes;
        changed[bit / 8] = std::byte(1) << (bit % 8);
        BOOST_REQUIRE(new_token(changed) != new_token(bytes));
        BOOST_REQUIRE(new_token(changed).size() == token_length);
    }
    BOOST_TEST(digest_of("abc") == sha256("abc"));
    BOOST_TEST(digest_of("abc").size() == 32u);
}

BOOST_AUTO_TEST_CASE(A2_a_thousand_states_are_distinct) {
    std::set<std::string> states;
    for (int i = 0; i != 1000; ++i) {
        std::array<std::byte, token_random_bytes> bytes{};
        BOOST_REQUIRE(os_random().fill(bytes).has_value());
        states.insert(new_token(bytes));
    }
    BOOST_TEST(states.size() == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
