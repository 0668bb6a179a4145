// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/amazon.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;

BOOST_AUTO_TEST_SUITE(amazon_provider)

BOOST_AUTO_TEST_CASE(the_traits_are_those_of_amazon) {
    auto const& plan = preset_plan<amazon>();
    BOOST_TEST(plan.text.authorization_url == "https://www.amazon.com/ap/oa");
    BOOST_TEST(plan.proof_url == "https://api.amazon.com/auth/o2/tokeninfo");
    BOOST_TEST(!plan.is_openid());
    BOOST_TEST(info_of<amazon>().extra_settings.empty());
    BOOST_TEST(authmod_test::missing_beside_client<amazon>().empty());
}

BOOST_AUTO_TEST_CASE(a_person_is_mapped) {
    auto const person = map_own<amazon>("profile.json");
    BOOST_TEST(person.user_id.value() == "amzn1.account.AFAKEFAKEFAKEFAKE");
    BOOST_TEST(person.full_name.value() == "Pia Lund");
    BOOST_TEST(person.email.value() == "pia@lund.example");
    BOOST_TEST(!person.email_verified);
    BOOST_TEST(!person.username);
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) { authmod_test::check_samples<amazon>("amazon", 3); }

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<amazon>({"Security Profile", "Allowed Return URLs", "Client ID", "Client Secret"});
}

BOOST_AUTO_TEST_SUITE_END()
