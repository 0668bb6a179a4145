// SPDX-License-Identifier: BSL-1.0
#include "authmod/policy/random_source.hpp"

#include <boost/test/unit_test.hpp>

#include "authmod/testing/counting_random.hpp"

using namespace authmod;

namespace {

struct smallest {
    result<void> fill(std::span<std::byte>);
};
struct no_error {
    void fill(std::span<std::byte>);
};
struct says_whether {
    bool fill(std::span<std::byte>);
};
struct engine { // a generator of the standard library is not a source of secrets
    using result_type = unsigned;
    unsigned operator()();
};
struct other_bytes {
    result<void> fill(std::span<unsigned char>);
};
struct fixed_size {
    result<void> fill(std::span<std::byte, 32>);
};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_random_source)

BOOST_AUTO_TEST_CASE(models_are_accepted) {
    BOOST_TEST(random_source<smallest>);
    BOOST_TEST(random_source<counting_random>);
}

BOOST_AUTO_TEST_CASE(everything_else_is_rejected) {
    BOOST_TEST(!random_source<no_error>);
    BOOST_TEST(!random_source<says_whether>);
    BOOST_TEST(!random_source<engine>);
    BOOST_TEST(!random_source<other_bytes>);
    BOOST_TEST(!random_source<fixed_size>);
    BOOST_TEST(!random_source<int>);
}

BOOST_AUTO_TEST_SUITE_END()
