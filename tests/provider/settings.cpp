// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/settings.hpp"

#include <boost/test/unit_test.hpp>
#include <type_traits>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(settings_)

BOOST_AUTO_TEST_CASE(a_module_without_a_preset_starts_careful) {
    settings const s;
    BOOST_TEST(!s.public_client);
    BOOST_TEST((s.client_authentication == client_auth::basic));
    BOOST_TEST((s.pkce == pkce_mode::automatic));
    BOOST_TEST((s.linking == account_linking::verified_email));
    BOOST_TEST(!s.email_auto_verification);
    BOOST_TEST(s.user_creation);
    BOOST_TEST(s.connection_timeout_ms == 5000);
    BOOST_TEST(s.read_timeout_ms == 5000);
    BOOST_TEST(s.scopes.empty());
    BOOST_TEST(s.custom_attributes.empty());
    BOOST_TEST(s.extension_grant_type.empty());
    BOOST_TEST(s.allowed_workspaces.empty());
    BOOST_TEST((s.scim_match_attribute == scim_match::user_name));
}

BOOST_AUTO_TEST_CASE(settings_may_be_passed_to_coroutines) {
    BOOST_TEST(!std::is_aggregate_v<settings>);
    BOOST_TEST(!std::is_aggregate_v<setting_error>);
}

BOOST_AUTO_TEST_SUITE_END()
