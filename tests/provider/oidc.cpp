// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/oidc.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(oidc_provider)

BOOST_AUTO_TEST_CASE(the_issuer_is_asked_for_and_tells_the_rest) {
    BOOST_TEST(authmod_test::missing_beside_client<oidc>() ==
                   (names{"authorization_url", "token_url", "user_info_url", "issuer"}),
               boost::test_tools::per_element());
    auto s = default_settings<oidc>();
    s.client_id = "client";
    s.issuer = "https://id.example/tenant";
    BOOST_TEST(missing_for_enable(info_of<oidc>(), s, true).empty());
    auto const plan = make_plan(info_of<oidc>(), s).value();
    BOOST_TEST(plan.needs_discovery());
    BOOST_TEST(plan.accepts_issuer("https://id.example/tenant"));
    BOOST_TEST(!plan.accepts_issuer("https://id.example/tenant/"));
}

BOOST_AUTO_TEST_CASE(the_standard_claims_are_mapped) {
    auto const person = map_own<oidc>("userinfo.json");
    BOOST_TEST(person.user_id.value() == "a");
    BOOST_TEST(person.username.value() == "ada");
    BOOST_TEST(person.full_name.value() == "Ada B");
    BOOST_TEST(person.email.value() == "ada@b.example");
    BOOST_TEST(person.email_verified.value());
    BOOST_TEST(person.avatar.value() == "https://id.example/ada.png");
    BOOST_TEST(person.groups.value() == (names{"solo"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<oidc>({"issuer", ".well-known/openid-configuration", "redirect URI"});
}

BOOST_AUTO_TEST_SUITE_END()
