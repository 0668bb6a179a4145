// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/os_random.hpp"

#include "authmod/policy/random_source.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <set>
#include <vector>

#ifdef __unix__
#include <sys/wait.h>
#include <unistd.h>
#endif

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

BOOST_AUTO_TEST_CASE(A2_no_byte_of_the_stock_is_handed_out_twice) {
    // Draws of all sizes, so that they meet the ends of the stock everywhere: every 8 bytes in a row are new.
    std::set<std::array<std::byte, 8>> seen;
    std::size_t drawn = 0;
    for (std::size_t size = 8; size <= 160; ++size) {
        std::vector<std::byte> bytes(size);
        BOOST_REQUIRE(os_random().fill(bytes).has_value());
        for (std::size_t i = 0; i + 8 <= size; i += 8, ++drawn) {
            std::array<std::byte, 8> part;
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i), part.size(), part.begin());
            seen.insert(part);
        }
    }
    BOOST_TEST(seen.size() == drawn);
}

#ifdef __unix__
BOOST_AUTO_TEST_CASE(A2_a_child_of_fork_draws_other_bytes) {
    std::array<std::byte, 16> ours{}, theirs{};
    BOOST_REQUIRE(os_random().fill(ours).has_value()); // from now on there is a stock to share
    int ends[2];
    BOOST_REQUIRE(pipe(ends) == 0);
    pid_t const child = fork();
    if (child == 0) {
        std::array<std::byte, 16> bytes{};
        bool const drawn = os_random().fill(bytes).has_value();
        _exit(drawn && write(ends[1], bytes.data(), bytes.size()) == 16 ? 0 : 1);
    }
    BOOST_REQUIRE(child > 0);
    int status = -1;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_REQUIRE(status == 0);
    BOOST_REQUIRE(read(ends[0], theirs.data(), theirs.size()) == 16);
    close(ends[0]);
    close(ends[1]);
    BOOST_REQUIRE(os_random().fill(ours).has_value());
    BOOST_TEST((ours != theirs));
}
#endif

BOOST_AUTO_TEST_SUITE_END()
