// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/oauth2.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(oauth2_provider)

BOOST_AUTO_TEST_CASE(everything_is_asked_for) {
    BOOST_TEST(authmod_test::missing_beside_client<oauth2>() ==
                   (names{"authorization_url", "token_url", "user_info_url", "user_id"}),
               boost::test_tools::per_element());
    BOOST_TEST(info_of<oauth2>().extra_settings.empty());
    BOOST_TEST(info_of<oauth2>().extras.generic);
}

BOOST_AUTO_TEST_CASE(a_module_is_made_of_settings_alone) {
    auto s = default_settings<oauth2>();
    s.client_id = "client";
    s.authorization_url = "https://id.example/authorize";
    s.token_url = "https://id.example/token";
    s.user_info_url = "https://id.example/me";
    s.user_id = "id";
    BOOST_TEST(missing_for_enable(info_of<oauth2>(), s, true).empty());
    BOOST_TEST(!make_plan(info_of<oauth2>(), s).value().is_openid());
    s.issuer = "https://id.example";
    BOOST_TEST(make_plan(info_of<oauth2>(), s).has_error()); // that is what oidc is for
}

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<oauth2>({"redirect URI", "Authorization URL", "User ID path"});
}

BOOST_AUTO_TEST_SUITE_END()
