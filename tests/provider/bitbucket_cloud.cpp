// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/bitbucket_cloud.hpp"

#include "support/samples.hpp"
#include "test_paths.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;

namespace {

module_plan const& plan() { return authmod_test::preset_plan<bitbucket_cloud>(); }

user_profile map(std::string const& user, std::string const& emails = {}, std::string const& groups = {}) {
    return authmod_test::map_files(plan().mapping.view(), AUTHMOD_TEST_DATA "/bitbucket", user, emails, groups);
}

} // namespace

BOOST_AUTO_TEST_SUITE(bitbucket_cloud_provider)

BOOST_AUTO_TEST_CASE(the_traits_are_those_of_bitbucket) {
    auto const s = default_settings<bitbucket_cloud>();
    BOOST_TEST(s.authorization_url == "https://bitbucket.org/site/oauth2/authorize");
    BOOST_TEST(s.token_url == "https://bitbucket.org/site/oauth2/access_token");
    BOOST_TEST(s.user_info_url == "https://api.bitbucket.org/2.0/user");
    BOOST_TEST(s.email_url == "https://api.bitbucket.org/2.0/user/emails");
    BOOST_TEST(s.groups_url == "https://api.bitbucket.org/2.0/user/workspaces");
    BOOST_TEST(s.avatar_url == "");
    BOOST_TEST(s.logout_url == "");
    BOOST_TEST(s.scopes == "account email");
    BOOST_TEST(s.user_id == "uuid");
    BOOST_TEST(s.username == "username?:nickname");
    BOOST_TEST(s.full_name == "display_name?:nickname");
    BOOST_TEST(s.email == "values[is_primary]/email");
    BOOST_TEST(s.email_verified == "values[is_primary]/is_confirmed");
    BOOST_TEST(s.avatar == "links/avatar/href");
    BOOST_TEST(s.groups == "values/*/workspace/slug");
    BOOST_TEST((s.client_authentication == client_auth::basic));
    BOOST_TEST((s.pkce == pkce_mode::automatic));
    BOOST_TEST((s.linking == account_linking::verified_email));
    BOOST_TEST(!s.public_client);
}

BOOST_AUTO_TEST_CASE(a_whole_person_is_mapped) {
    auto const person = map("user.json", "emails_primary_last.json", "workspaces.json");
    BOOST_TEST(person.user_id.value() == "{5b1f6a0e-93c4-4f0d-8f57-20c1d4b7e6aa}");
    BOOST_TEST(person.username.value() == "tvlk");
    BOOST_TEST(person.full_name.value() == "Tom\xc3\xa1\xc5\xa1 Vlk <b>");
    BOOST_TEST(person.email.value() == "tomas@vlk.example");
    BOOST_TEST(person.email_verified.value());
    BOOST_TEST(person.avatar.value() ==
               "https://avatars.example/initials/TV-3.png?d=https%3A%2F%2Fpictures.example%2FTV");
    BOOST_TEST(person.groups.value() == (std::vector<std::string>{"vlk-labs", "harbour_crew"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_person_without_names_has_their_nickname) {
    auto const person = map("user_bare.json", "emails_none.json", "workspaces_none.json");
    BOOST_TEST(person.username.value() == "lena k");
    BOOST_TEST(person.full_name.value() == "lena k");
    BOOST_TEST(!person.email);
    BOOST_TEST(!person.email_verified);
    BOOST_TEST(!person.avatar);
    BOOST_TEST(person.groups.value().empty());
    BOOST_TEST(!person.account_type);
}

BOOST_AUTO_TEST_CASE(E7_only_the_primary_address_counts_with_its_own_state) {
    auto const unconfirmed = map("user.json", "emails_unconfirmed_primary.json");
    BOOST_TEST(unconfirmed.email.value() == "tomas@new.example");
    BOOST_TEST(!unconfirmed.email_verified.value());

    auto const unknown = map("user.json", "emails_without_state.json");
    BOOST_TEST(unknown.email.value() == "tomas@vlk.example");
    BOOST_TEST(!unknown.email_verified); // not the state of the other address

    BOOST_TEST(!map("user.json", "emails_without_primary.json").email);
}

BOOST_AUTO_TEST_CASE(without_the_groups_call_groups_are_missing_and_not_empty) {
    BOOST_TEST(!map("user.json").groups);
    BOOST_TEST(map("user.json", "", "workspaces_none.json").groups.value().empty());
}

BOOST_AUTO_TEST_CASE(allowed_workspaces_let_in_by_slug) {
    auto s = default_settings<bitbucket_cloud>();
    s.allowed_workspaces = {"harbour_crew"};
    auto const limited = make_plan(info_of<bitbucket_cloud>(), s).value();
    BOOST_TEST_REQUIRE(limited.limit.has_value());
    BOOST_TEST(limited.limit->url == "https://api.bitbucket.org/2.0/user/workspaces");
    BOOST_TEST(limited.text.scopes == "account email"); // account opens the workspaces
    s.groups_url = "https://proxy.example/2.0/user/workspaces";
    BOOST_TEST(make_plan(info_of<bitbucket_cloud>(), s).value().limit->url == s.groups_url);
    s.groups_url.clear();
    BOOST_TEST(make_plan(info_of<bitbucket_cloud>(), s).value().limit->url == limited.limit->url);
    auto const names = [&](std::string const& workspaces) {
        return authmod_test::map_files(limited.limit->names.view(), AUTHMOD_TEST_DATA "/bitbucket", "user.json", {},
                                       workspaces)
            .groups;
    };
    BOOST_TEST(limited.limit->admits(names("workspaces.json")));
    BOOST_TEST(!limited.limit->admits(names("workspaces_none.json")));
    BOOST_TEST(!limited.limit->admits(names("")));
    BOOST_TEST(info_of<bitbucket_cloud>().extra_settings == (std::vector<std::string_view>{"allowed_workspaces"}),
               boost::test_tools::per_element());
    BOOST_TEST(!info_of<bitbucket_cloud>().extras.proof.warning.empty());
}

BOOST_AUTO_TEST_CASE(only_people_log_in) {
    BOOST_TEST(plan().accepts_account_type(map("user.json").account_type.value()));
    BOOST_TEST(!plan().accepts_account_type(map("user_app.json").account_type.value()));
    BOOST_TEST(!plan().accepts_account_type("team"));
    BOOST_TEST(!plan().accepts_account_type(""));
}

BOOST_AUTO_TEST_CASE(a_profile_without_an_id_is_no_error_of_the_mapping) {
    BOOST_TEST(!map("user_without_id.json").user_id);
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) {
    authmod_test::check_samples<bitbucket_cloud>("bitbucket", 10);
}

BOOST_AUTO_TEST_CASE(the_steps_say_what_to_do_in_bitbucket_words) {
    authmod_test::check_presentation<bitbucket_cloud>(
        {"OAuth consumer", "Callback URL", "Email", "Read", "Key", "Secret"});
}

BOOST_AUTO_TEST_SUITE_END()
