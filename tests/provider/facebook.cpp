// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/facebook.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;

BOOST_AUTO_TEST_SUITE(facebook_provider)

BOOST_AUTO_TEST_CASE(the_traits_are_those_of_one_version_of_the_graph_api) {
    auto const& plan = preset_plan<facebook>();
    for (std::string_view url :
         {plan.text.authorization_url, plan.text.token_url, plan.text.user_info_url, plan.proof_url})
        BOOST_TEST_CONTEXT(url) BOOST_TEST((url.find(".com/v26.0/") != url.npos));
    BOOST_TEST(authmod_test::missing_beside_client<facebook>().empty());
}

BOOST_AUTO_TEST_CASE(a_person_is_mapped) {
    auto const person = map_own<facebook>("me.json");
    BOOST_TEST(person.user_id.value() == "10200000000000001");
    BOOST_TEST(person.full_name.value() == "Sam Ode");
    BOOST_TEST(person.email.value() == "sam@ode.example");
    BOOST_TEST(!person.email_verified); // "verified" is a word about the account
    BOOST_TEST(person.avatar.value() == "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=1&hash=x");
}

BOOST_AUTO_TEST_CASE(a_person_without_an_address_is_one_too) {
    auto const person = map_own<facebook>("me_without_email.json");
    BOOST_TEST(person.user_id.value() == "10200000000000002");
    BOOST_TEST(!person.email);
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) {
    authmod_test::check_samples<facebook>("facebook", 4);
}

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<facebook>({"Valid OAuth Redirect URIs", "App ID", "App secret", "email"});
}

BOOST_AUTO_TEST_SUITE_END()
