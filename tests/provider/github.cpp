// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/github.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(github_provider)

BOOST_AUTO_TEST_CASE(endpoints_follow_the_server) {
    auto const& text = preset_plan<github>().text;
    BOOST_TEST(text.authorization_url == "https://github.com/login/oauth/authorize");
    BOOST_TEST(text.token_url == "https://github.com/login/oauth/access_token");
    BOOST_TEST(text.user_info_url == "https://api.github.com/user");
    BOOST_TEST(text.email_url == "https://api.github.com/user/emails?per_page=100");
    auto s = default_settings<github>();
    s.server_url = "https://octocorp.ghe.com/";
    BOOST_TEST(make_plan(info_of<github>(), s).value().text.user_info_url == "https://api.octocorp.ghe.com/user");
    s.server_url = "https://git.corp.example";
    auto const own = make_plan(info_of<github>(), s).value();
    BOOST_TEST(own.text.token_url == "https://git.corp.example/login/oauth/access_token");
    BOOST_TEST(own.text.groups_url == "https://git.corp.example/api/v3/user/orgs?per_page=100");
    BOOST_TEST(own.proof_url == ""); // no client yet
    BOOST_TEST(authmod_test::missing_beside_client<github>().empty());
}

BOOST_AUTO_TEST_CASE(a_whole_person_is_mapped) {
    auto const person = map_own<github>("user.json", "emails.json", "orgs.json");
    BOOST_TEST(person.user_id.value() == "9007199254740993");
    BOOST_TEST(person.username.value() == "tvlk");
    BOOST_TEST(person.full_name.value() == "Tom\xc3\xa1\xc5\xa1 Vlk");
    BOOST_TEST(person.email.value() == "tomas@vlk.example");
    BOOST_TEST(!person.email_verified.value()); // E7: its own state, not that of another address
    BOOST_TEST(person.avatar.value() == "https://avatars.githubusercontent.com/u/77?v=4");
    BOOST_TEST(person.groups.value() == (names{"vlk-labs", "Harbour"}), boost::test_tools::per_element());
    BOOST_TEST(preset_plan<github>().accepts_account_type(person.account_type.value()));
}

BOOST_AUTO_TEST_CASE(without_the_list_the_public_address_is_of_unknown_state) {
    auto const person = map_own<github>("user.json");
    BOOST_TEST(person.email.value() == "public@vlk.example");
    BOOST_TEST(!person.email_verified);
    BOOST_TEST(!person.groups);
}

BOOST_AUTO_TEST_CASE(bots_do_not_log_in) {
    BOOST_TEST(!preset_plan<github>().accepts_account_type(map_own<github>("user_bot.json").account_type.value()));
}

BOOST_AUTO_TEST_CASE(allowed_organizations_let_in_by_login_in_any_case) {
    auto s = default_settings<github>();
    s.allowed_organizations = {"HARBOUR"};
    s.scopes = "read:user user:email";
    s.client_id = "Iv1.abc";
    auto const plan = make_plan(info_of<github>(), s).value();
    BOOST_TEST(plan.text.scopes == "read:user user:email read:org");
    BOOST_TEST(plan.proof_url == "https://api.github.com/applications/Iv1.abc/token");
    BOOST_TEST_REQUIRE(plan.limit.has_value());
    BOOST_TEST(plan.limit->url == "https://api.github.com/user/orgs?per_page=100");
    auto const orgs = [&](std::string const& body) {
        return authmod_test::map_files(plan.limit->names.view(), AUTHMOD_TEST_DATA "/github", "user.json", {}, body)
            .groups;
    };
    BOOST_TEST(plan.limit->admits(orgs("orgs.json")));
    BOOST_TEST(!plan.limit->admits(orgs("")));
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) { authmod_test::check_samples<github>("github", 5); }

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<github>({"OAuth app", "Authorization callback URL", "Client ID", "client secret"});
}

BOOST_AUTO_TEST_SUITE_END()
