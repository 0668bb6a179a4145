// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/okta.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(okta_provider)

BOOST_AUTO_TEST_CASE(the_domain_is_asked_for_and_is_the_whole_host) {
    BOOST_TEST(authmod_test::missing_beside_client<okta>() == names{"okta_domain"}, boost::test_tools::per_element());
    auto s = default_settings<okta>();
    s.okta_domain = "dev-12345.okta.com";
    auto const plan = make_plan(info_of<okta>(), s).value();
    BOOST_TEST(plan.text.issuer == "https://dev-12345.okta.com");
    BOOST_TEST(plan.text.token_url == "https://dev-12345.okta.com/oauth2/v1/token");
    BOOST_TEST(plan.proof_url == "https://dev-12345.okta.com/oauth2/v1/introspect");
    for (std::string_view bad : {"https://dev-12345.okta.com", "evil.example/.okta.com", "a@b.example"}) {
        s.okta_domain = bad;
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(make_plan(info_of<okta>(), s).has_error());
    }
}

BOOST_AUTO_TEST_CASE(a_whole_person_is_mapped) {
    auto const person = map_own<okta>("userinfo.json");
    BOOST_TEST(person.user_id.value() == "00u1ab2cd3EFGHIJK4x7");
    BOOST_TEST(person.username.value() == "noor@haddad.example");
    BOOST_TEST(person.full_name.value() == "Noor Haddad");
    BOOST_TEST(person.email.value() == "noor@haddad.example");
    BOOST_TEST(person.email_verified.value());
    BOOST_TEST(person.groups.value() == (names{"Everyone", "Deck Hands"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) { authmod_test::check_samples<okta>("okta", 2); }

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<okta>({"Sign-in redirect URIs", "Client ID", "Group claim", "Okta domain"});
}

BOOST_AUTO_TEST_SUITE_END()
