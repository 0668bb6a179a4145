// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/paypal.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;

BOOST_AUTO_TEST_SUITE(paypal_provider)

BOOST_AUTO_TEST_CASE(the_traits_are_those_of_paypal) {
    auto const& plan = preset_plan<paypal>();
    BOOST_TEST(plan.text.user_info_url == "https://api-m.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1");
    BOOST_TEST(!plan.is_openid()); // the profile is none of OpenID Connect
    BOOST_TEST(!plan.provider->extras.proof.warning.empty());
    BOOST_TEST(authmod_test::missing_beside_client<paypal>().empty());
}

BOOST_AUTO_TEST_CASE(a_person_is_mapped) {
    auto const person = map_own<paypal>("userinfo.json");
    BOOST_TEST(person.user_id.value() == "https://www.paypal.com/webapps/auth/identity/user/AbC-1_x");
    BOOST_TEST(person.full_name.value() == "Ute Wolf");
    BOOST_TEST(person.email.value() == "ute@wolf.example");
    BOOST_TEST(!person.email_verified);
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) { authmod_test::check_samples<paypal>("paypal", 2); }

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<paypal>({"Log in with PayPal", "Return URL", "Client ID", "Secret"});
}

BOOST_AUTO_TEST_SUITE_END()
