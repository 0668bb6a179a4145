// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/gitlab.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(gitlab_provider)

BOOST_AUTO_TEST_CASE(endpoints_follow_the_server) {
    auto s = default_settings<gitlab>();
    BOOST_TEST(preset_plan<gitlab>().text.issuer == "https://gitlab.com");
    s.server_url = "https://git.corp.example/gitlab/";
    auto const own = make_plan(info_of<gitlab>(), s).value();
    BOOST_TEST(own.text.authorization_url == "https://git.corp.example/gitlab/oauth/authorize");
    BOOST_TEST(own.text.jwks_url == "https://git.corp.example/gitlab/oauth/discovery/keys");
    BOOST_TEST(own.text.issuer == "https://git.corp.example/gitlab");
    BOOST_TEST(own.revocation_url == "https://git.corp.example/gitlab/oauth/revoke");
    BOOST_TEST(own.proof_url == "https://git.corp.example/gitlab/oauth/token/info");
    BOOST_TEST(own.is_openid());
    BOOST_TEST(!own.needs_discovery());
    BOOST_TEST(authmod_test::missing_beside_client<gitlab>().empty());
}

BOOST_AUTO_TEST_CASE(a_whole_person_is_mapped) {
    auto const person = map_own<gitlab>("userinfo.json");
    BOOST_TEST(person.user_id.value() == "4711");
    BOOST_TEST(person.username.value() == "lkern");
    BOOST_TEST(person.full_name.value() == "Lena Kern");
    BOOST_TEST(person.email.value() == "lena@kern.example");
    BOOST_TEST(!person.email_verified.value());
    BOOST_TEST(person.groups.value() == (names{"kern", "kern/tools", "crew/deck"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_answer_of_the_api_is_mapped_as_well) {
    auto const person = map_own<gitlab>("user.json");
    BOOST_TEST(person.user_id.value() == "4711");
    BOOST_TEST(person.username.value() == "lkern");
    BOOST_TEST(!person.email_verified); // never confirmed: it does not say
    BOOST_TEST(!person.avatar);
    BOOST_TEST(!person.groups);
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) { authmod_test::check_samples<gitlab>("gitlab", 3); }

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<gitlab>({"Redirect URI", "Application ID", "Secret", "openid"});
}

BOOST_AUTO_TEST_SUITE_END()
