// SPDX-License-Identifier: BSL-1.0
// What holds for every provider that comes with the library.
#include "authmod/provider/all.hpp"

#include "authmod/mapping/attribute_path.hpp"
#include "authmod/provider/module_plan.hpp"
#include "authmod/provider/settings_json.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using namespace authmod;

namespace {

/// The same steps from the literal, which the compiler read, and from its text, which the program reads.
void check_same_path(path_view literal, std::string_view text) {
    BOOST_TEST(literal.text == text);
    if (text.empty()) return;
    auto const typed = attribute_path::parse(text).value();
    BOOST_TEST(std::ranges::equal(literal.steps, typed.view().steps));
}

template <provider P>
void check_parity() {
    BOOST_TEST_CONTEXT(P::id) {
        settings const s = default_settings<P>();
        check_same_path(P::mapping.user_id, s.user_id);
        check_same_path(P::mapping.username, s.username);
        check_same_path(P::mapping.full_name, s.full_name);
        check_same_path(P::mapping.email, s.email);
        check_same_path(P::mapping.email_verified, s.email_verified);
        check_same_path(P::mapping.avatar, s.avatar);
        check_same_path(P::mapping.groups, s.groups);
        check_same_path(info_of<P>().account_type, P::mapping.account_type.text);
        BOOST_TEST(s.image_url_pattern == P::mapping.image_url_pattern);
        BOOST_TEST(make_plan(info_of<P>(), s).has_value());
        auto const object = to_json(s); // what is stored is what was meant
        BOOST_TEST((merge_settings(settings(), object).value() == s));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(all_shipped_providers)

BOOST_AUTO_TEST_CASE(there_are_fourteen_in_the_documented_order) {
    std::string ids;
    for (auto const* info : all_providers()) ids.append(info->id).append(" ");
    BOOST_TEST(ids == "bitbucket_cloud github gitlab google microsoft_entra microsoft_account keycloak okta amazon "
                      "facebook paypal yandex oauth2 oidc ");
}

BOOST_AUTO_TEST_CASE(literals_and_text_give_every_provider_the_same_plan) {
    all_providers::for_each([]<provider P>() { check_parity<P>(); });
}

BOOST_AUTO_TEST_CASE(every_provider_can_prove_a_token_or_says_that_it_cannot) {
    for (auto const* info : all_providers()) BOOST_TEST_CONTEXT(info->id) {
            auto const& proof = info->extras.proof;
            BOOST_TEST((proof.method != proof_method::none || proof.warning.ends_with(".")));
        }
}

BOOST_AUTO_TEST_CASE(D2_no_provider_accepts_a_token_signed_with_a_shared_secret) {
    for (auto const* info : all_providers())
        if (info->extras.openid)
            for (auto name : info->extras.openid->algorithms)
                BOOST_TEST_CONTEXT(info->id) BOOST_TEST((name != "none" && !name.starts_with("HS")));
}

BOOST_AUTO_TEST_CASE(only_settings_that_a_provider_has_are_shown_for_it) {
    for (auto const* info : all_providers()) BOOST_TEST_CONTEXT(info->id) {
            BOOST_TEST(info->has_setting("issuer") == info->extras.openid.has_value());
            BOOST_TEST(info->has_setting("realm") == (info->id == "keycloak"));
            BOOST_TEST(info->has_setting("tenant") == (info->id == "microsoft_entra"));
            BOOST_TEST(info->has_setting("okta_domain") == (info->id == "okta"));
            BOOST_TEST(info->has_setting("server_url") ==
                       (info->id == "github" || info->id == "gitlab" || info->id == "keycloak"));
            BOOST_TEST(info->has_setting("hosted_domain") == (info->id == "google"));
            BOOST_TEST(info->has_setting("allowed_workspaces") == (info->id == "bitbucket_cloud"));
            BOOST_TEST(info->has_setting("allowed_organizations") == (info->id == "github"));
        }
}

BOOST_AUTO_TEST_SUITE_END()
