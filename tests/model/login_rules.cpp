// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/login_rules.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(login_rules)

BOOST_AUTO_TEST_CASE(the_zero_values_are_the_documented_defaults) {
    BOOST_TEST((client_auth{} == client_auth::basic));
    BOOST_TEST((account_linking{} == account_linking::verified_email));
    BOOST_TEST((scim_match{} == scim_match::user_name));
}

BOOST_AUTO_TEST_CASE(mappings_are_compared_exactly) {
    BOOST_TEST((group_mapping("Devs", "g1") != group_mapping("devs", "g1")));
    BOOST_TEST((group_mapping("devs", "g1") == group_mapping("devs", "g1")));
}

BOOST_AUTO_TEST_SUITE_END()
