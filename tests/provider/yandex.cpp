// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/yandex.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;

BOOST_AUTO_TEST_SUITE(yandex_provider)

BOOST_AUTO_TEST_CASE(the_traits_are_those_of_yandex) {
    auto const& plan = preset_plan<yandex>();
    BOOST_TEST(plan.text.token_url == "https://oauth.yandex.com/token");
    BOOST_TEST((plan.provider->extras.proof.method == proof_method::profile));
    BOOST_TEST(authmod_test::missing_beside_client<yandex>().empty());
}

BOOST_AUTO_TEST_CASE(a_person_is_mapped) {
    auto const person = map_own<yandex>("info.json");
    BOOST_TEST(person.user_id.value() == "1130000000000001");
    BOOST_TEST(person.username.value() == "vera.m");
    BOOST_TEST(person.full_name.value() == "\xd0\x92\xd0\xb5\xd1\x80\xd0\xb0 \xd0\x9c.");
    BOOST_TEST(person.email.value() == "vera@mir.example");
    BOOST_TEST(!person.email_verified);
    BOOST_TEST(person.avatar.value() == "https://avatars.yandex.net/get-yapic/131652443/a%20b/islands-200");
}

BOOST_AUTO_TEST_CASE(the_collected_samples_come_out_as_expected) { authmod_test::check_samples<yandex>("yandex", 3); }

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<yandex>({"Redirect URI", "ClientID", "Client secret", "email address"});
}

BOOST_AUTO_TEST_SUITE_END()
