// SPDX-License-Identifier: BSL-1.0
#include "authmod/policy/secret_sealer.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

struct smallest {
    result<std::string> seal(std::string_view purpose, std::string_view plain) const;
    result<secret> open(std::string_view purpose, std::string_view sealed) const;
    bool is_current(std::string_view sealed) const;
};
struct opens_to_text { // nothing would wipe it
    result<std::string> seal(std::string_view, std::string_view) const;
    result<std::string> open(std::string_view, std::string_view) const;
    bool is_current(std::string_view) const;
};
struct no_purpose {
    result<std::string> seal(std::string_view) const;
    result<secret> open(std::string_view) const;
    bool is_current(std::string_view) const;
};
struct seals_only {
    result<std::string> seal(std::string_view, std::string_view) const;
    bool is_current(std::string_view) const;
};
struct never_fails {
    std::string seal(std::string_view, std::string_view) const;
    secret open(std::string_view, std::string_view) const;
    bool is_current(std::string_view) const;
};
struct never_renewed { // its older keys would have to stay for ever
    result<std::string> seal(std::string_view, std::string_view) const;
    result<secret> open(std::string_view, std::string_view) const;
};
struct changes {
    result<std::string> seal(std::string_view, std::string_view);
    result<secret> open(std::string_view, std::string_view);
    bool is_current(std::string_view);
};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_secret_sealer)

BOOST_AUTO_TEST_CASE(models_are_accepted) { BOOST_TEST(secret_sealer<smallest>); }

BOOST_AUTO_TEST_CASE(everything_else_is_rejected) {
    BOOST_TEST(!secret_sealer<opens_to_text>);
    BOOST_TEST(!secret_sealer<no_purpose>);
    BOOST_TEST(!secret_sealer<seals_only>);
    BOOST_TEST(!secret_sealer<never_fails>);
    BOOST_TEST(!secret_sealer<changes>);
    BOOST_TEST(!secret_sealer<never_renewed>);
    BOOST_TEST(!secret_sealer<int>);
}

BOOST_AUTO_TEST_SUITE_END()
