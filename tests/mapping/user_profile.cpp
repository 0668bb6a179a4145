#include "authmod/mapping/user_profile.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

using namespace authmod;

static_assert(!std::is_aggregate_v<user_profile>); // a temporary one is safe beside co_await

BOOST_AUTO_TEST_SUITE(user_profile_)

BOOST_AUTO_TEST_CASE(an_empty_profile_says_nothing) {
    user_profile const p;
    BOOST_TEST(!p.user_id);
    BOOST_TEST(!p.username);
    BOOST_TEST(!p.full_name);
    BOOST_TEST(!p.email);
    BOOST_TEST(!p.email_verified);
    BOOST_TEST(!p.avatar);
    BOOST_TEST(!p.groups);
    BOOST_TEST(!p.account_type);
    BOOST_TEST(p.custom_attributes.empty());
}

BOOST_AUTO_TEST_CASE(missing_groups_differ_from_an_empty_list) {
    user_profile p;
    auto const missing = p.groups;
    p.groups.emplace();
    BOOST_TEST(!missing);
    BOOST_TEST(p.groups->empty());
    BOOST_TEST((p.groups != missing));
}

BOOST_AUTO_TEST_CASE(an_unsaid_verification_differs_from_a_denied_one) {
    user_profile p;
    auto const unsaid = p.email_verified;
    p.email_verified = false;
    BOOST_TEST((p.email_verified != unsaid));
}

BOOST_AUTO_TEST_SUITE_END()
