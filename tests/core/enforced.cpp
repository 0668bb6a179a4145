// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/enforced.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(enforced_rules)

BOOST_AUTO_TEST_CASE(a_condition_that_holds_is_enforced_whatever_is_broken) {
    static_assert(enforced("A1", true) && !enforced("A1", false));
    BOOST_TEST(enforced("A1", true));
}

BOOST_AUTO_TEST_CASE(a_rule_is_broken_in_the_build_for_that_alone_and_by_its_full_name) {
    ::setenv("AUTHMOD_BREAK", "X1", 1);
#ifdef AUTHMOD_MUTANTS
    BOOST_TEST(broken("X1"));
    BOOST_TEST(enforced("X1", false));
#else
    BOOST_TEST(!broken("X1"));
    BOOST_TEST(!enforced("X1", false));
#endif
    BOOST_TEST(!broken("X"));
    BOOST_TEST(!enforced("X1b", false));
    ::unsetenv("AUTHMOD_BREAK");
    BOOST_TEST(!broken("X1"));
}

BOOST_AUTO_TEST_SUITE_END()
