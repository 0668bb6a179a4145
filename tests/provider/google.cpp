// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/google.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;

BOOST_AUTO_TEST_SUITE(google_provider)

BOOST_AUTO_TEST_CASE(the_traits_are_those_of_google) {
    auto const& plan = preset_plan<google>();
    BOOST_TEST(plan.text.issuer == "https://accounts.google.com");
    BOOST_TEST(plan.accepts_issuer("https://accounts.google.com"));
    BOOST_TEST(!plan.accepts_issuer("accounts.google.com"));
    BOOST_TEST(plan.revocation_url == "https://oauth2.googleapis.com/revoke");
    BOOST_TEST(info_of<google>().extra_settings ==
                   (std::vector<std::string_view>{"issuer", "jwks_url", "hosted_domain"}),
               boost::test_tools::per_element());
    BOOST_TEST(authmod_test::missing_beside_client<google>().empty());
}

BOOST_AUTO_TEST_CASE(a_whole_person_is_mapped) {
    auto const person = map_own<google>("userinfo.json");
    BOOST_TEST(person.user_id.value() == "113000000000000000001");
    BOOST_TEST(!person.username);
    BOOST_TEST(person.full_name.value() == "Ida Storm");
    BOOST_TEST(person.email.value() == "ida@storm.example");
    BOOST_TEST(person.email_verified.value());
    BOOST_TEST(person.avatar.value() == "https://lh3.googleusercontent.com/a/x=s96-c");
}

BOOST_AUTO_TEST_CASE(a_hosted_domain_lets_in_accounts_of_it_and_never_by_address) {
    auto s = default_settings<google>();
    s.hosted_domain = "other.example, STORM.example";
    auto const plan = make_plan(info_of<google>(), s).value();
    BOOST_TEST_REQUIRE(plan.limit.has_value());
    BOOST_TEST(plan.limit->url == "");
    auto const domain = [&](std::string const& body) {
        return authmod_test::map_files(plan.limit->names.view(), AUTHMOD_TEST_DATA "/google", body).groups;
    };
    BOOST_TEST(plan.limit->admits(domain("userinfo.json")));
    BOOST_TEST(
        !plan.limit->admits(domain("userinfo_consumer.json"))); // the same address, but not of the domain's Workspace
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) { authmod_test::check_samples<google>("google", 3); }

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<google>(
        {"Authorized redirect URIs", "Client ID", "Client secret", "Web application"});
}

BOOST_AUTO_TEST_SUITE_END()
