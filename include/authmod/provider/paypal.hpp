// SPDX-License-Identifier: BSL-1.0
// Layer 2. PayPal: Log in with PayPal, OAuth 2.0 with an answer of its own making. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Log in with PayPal as a REST app sees it.

    The profile follows PayPal's schema and not OpenID Connect, although the scope `openid` opens it. The user id is a
   URL that belongs to this app. `verified_account` is a word about the account and none about the addresses.

    @par See also
    https://developer.paypal.com/docs/api/identity/v1/
*/
struct paypal {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "paypal";
    static constexpr std::string_view label = "PayPal";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<rect x="3" y="6" width="18" height="13" rx="2"/><path d="M3 10h18M15 15h3"/></svg>)";

    static constexpr authmod::endpoints endpoints{
        .authorization_url = "https://www.paypal.com/signin/authorize",
        .token_url = "https://api-m.paypal.com/v1/oauth2/token",
        .user_info_url = "https://api-m.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1"};

    static constexpr std::string_view scopes = "openid profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::automatic;

    static constexpr mapping_paths mapping{.user_id = "user_id"_path,
                                           .full_name = "name"_path,
                                           .email = "emails[primary]/value?:email"_path,
                                           .avatar = "picture"_path};

    static constexpr provider_extras extras{
        .proof = {.warning =
                      "PayPal cannot tell for whom it issued a token: any application that people have logged in to "
                      "with PayPal can log in here as them."}};

    static constexpr set_up_step set_up[] = {
        {"Create an app", "In the PayPal Developer Dashboard switch to Live, open Apps & Credentials and choose Create "
                          "App."},
        {"Turn on Log in with PayPal", "On the app's page tick Log in with PayPal and open Advanced Settings."},
        {"Enter the Return URL", "Copy the redirect URI of this module into Return URL, and tick Full name and Email. "
                                 "Privacy policy URL and User agreement URL are required."},
        {"Copy Client ID and Secret",
         "Copy both from the top of the app's page. PayPal reviews the app before people can "
         "log in."}};
    /// @}
};

static_assert(provider<paypal>);

} // namespace authmod
