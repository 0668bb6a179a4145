// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/keycloak.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(keycloak_provider)

BOOST_AUTO_TEST_CASE(server_and_realm_are_asked_for_and_fill_all_endpoints) {
    BOOST_TEST(authmod_test::missing_beside_client<keycloak>() == (names{"server_url", "realm"}),
               boost::test_tools::per_element());
    auto s = default_settings<keycloak>();
    s.server_url = "https://sso.example/auth/";
    s.realm = "night shift";
    auto const plan = make_plan(info_of<keycloak>(), s).value();
    std::string const realm = "https://sso.example/auth/realms/night%20shift";
    BOOST_TEST(plan.text.issuer == realm);
    BOOST_TEST(plan.text.token_url == realm + "/protocol/openid-connect/token");
    BOOST_TEST(plan.text.logout_url == realm + "/protocol/openid-connect/logout");
    BOOST_TEST(plan.revocation_url == realm + "/protocol/openid-connect/revoke");
    BOOST_TEST(plan.proof_url == realm + "/protocol/openid-connect/token/introspect");
}

BOOST_AUTO_TEST_CASE(a_whole_person_is_mapped) {
    auto const person = map_own<keycloak>("userinfo.json");
    BOOST_TEST(person.user_id.value() == "7f6c1c1e-4f5b-4a32-9d5e-0d1f6a2b3c4d");
    BOOST_TEST(person.username.value() == "obrandt");
    BOOST_TEST(person.full_name.value() == "Olga Brandt");
    BOOST_TEST(person.email.value() == "olga@brandt.example");
    BOOST_TEST(!person.email_verified.value());
    BOOST_TEST(person.groups.value() == (names{"/staff", "/staff/night shift"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(roles_of_the_realm_stand_in_for_groups) {
    auto const person = map_own<keycloak>("userinfo_roles.json");
    BOOST_TEST(person.groups.value() == (names{"offline_access", "guest"}), boost::test_tools::per_element());
    BOOST_TEST(!person.full_name);
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) {
    authmod_test::check_samples<keycloak>("keycloak", 4);
}

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<keycloak>(
        {"Client authentication", "Valid redirect URIs", "Client ID", "Realm", "Credentials"});
}

BOOST_AUTO_TEST_SUITE_END()
