// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/account.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(account_)

BOOST_AUTO_TEST_CASE(accounts_are_compared_by_every_member) {
    account a, b;
    BOOST_TEST((a == b));
    b.custom_attributes.emplace_back("team", "core");
    BOOST_TEST((a != b));
    b = a;
    b.email_verified = true;
    BOOST_TEST((a != b));
}

BOOST_AUTO_TEST_CASE(a_new_account_is_at_revision_one) {
    account const a;
    BOOST_TEST(a.revision == 1);
    account b = a;
    ++b.revision;
    BOOST_TEST((a != b));
}

BOOST_AUTO_TEST_CASE(only_the_two_built_in_groups_are_built_in) {
    BOOST_TEST(is_built_in_group(all_users_id));
    BOOST_TEST(is_built_in_group(admins_id));
    BOOST_TEST(!is_built_in_group(all_users)); // the name is not the id
    BOOST_TEST(!is_built_in_group(""));
}

BOOST_AUTO_TEST_SUITE_END()
