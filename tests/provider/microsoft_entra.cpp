// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/microsoft_entra.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(microsoft_entra_provider)

BOOST_AUTO_TEST_CASE(the_tenant_is_asked_for_and_fills_all_endpoints) {
    BOOST_TEST(authmod_test::missing_beside_client<microsoft_entra>() == names{"tenant"},
               boost::test_tools::per_element());
    auto s = default_settings<microsoft_entra>();
    s.tenant = "harbour.example";
    auto const plan = make_plan(info_of<microsoft_entra>(), s).value();
    BOOST_TEST(plan.text.authorization_url ==
               "https://login.microsoftonline.com/harbour.example/oauth2/v2.0/authorize");
    BOOST_TEST(plan.text.jwks_url == "https://login.microsoftonline.com/harbour.example/discovery/v2.0/keys");
    BOOST_TEST(plan.text.user_info_url == "https://graph.microsoft.com/v1.0/me");
}

BOOST_AUTO_TEST_CASE(D1_the_issuer_names_the_tenant_of_the_person) {
    constexpr std::string_view ours = "72f988bf-86f1-41af-91ab-2d7cd011db47",
                               other = "9188040d-6c67-4c5b-b112-36a304b66dad";
    auto const issuer = [](std::string_view tid) {
        return "https://login.microsoftonline.com/" + std::string(tid) + "/v2.0";
    };
    auto s = default_settings<microsoft_entra>();
    s.tenant = ours;
    auto const one = make_plan(info_of<microsoft_entra>(), s).value();
    BOOST_TEST(one.accepts_issuer(issuer(ours), ours));
    BOOST_TEST(!one.accepts_issuer(issuer(other), other));
    s.tenant = "organizations";
    auto const many = make_plan(info_of<microsoft_entra>(), s).value();
    BOOST_TEST(many.accepts_issuer(issuer(other), other));
    BOOST_TEST(!many.accepts_issuer(issuer(other), ours));
}

BOOST_AUTO_TEST_CASE(a_guest_is_mapped_and_no_address_is_believed) {
    auto const person = map_own<microsoft_entra>("me.json", {}, "member_of.json");
    BOOST_TEST(person.user_id.value() == "0a1b2c3d-0000-4000-8000-00000000f00d");
    BOOST_TEST(person.username.value() == "ruben.falk_partner.example#EXT#@harbour.onmicrosoft.com");
    BOOST_TEST(person.full_name.value() == "Ruben Falk");
    BOOST_TEST(!person.email);
    BOOST_TEST(!person.email_verified);
    BOOST_TEST(person.groups.value() ==
                   (names{"11111111-2222-4333-8444-555555555555", "66666666-7777-4888-8999-aaaaaaaaaaaa"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(E1_the_object_id_stands_in_the_profile_and_in_the_id_token) {
    auto const& plan = preset_plan<microsoft_entra>();
    BOOST_TEST(plan.provider->extras.openid->subject_claim == "oid");
    auto const subject =
        authmod_test::map_files(plan.subject.value().view(), AUTHMOD_TEST_DATA "/microsoft_entra", "me.json");
    BOOST_TEST(subject.user_id.value() == "0a1b2c3d-0000-4000-8000-00000000f00d");
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) {
    authmod_test::check_samples<microsoft_entra>("microsoft", 3);
}

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<microsoft_entra>(
        {"App registrations", "Redirect URI", "Application (client) ID", "Directory (tenant) ID", "Client secret"});
}

BOOST_AUTO_TEST_SUITE_END()
