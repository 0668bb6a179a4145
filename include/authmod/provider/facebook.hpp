// SPDX-License-Identifier: BSL-1.0
// Layer 2. Facebook Login: plain OAuth 2.0 with the Graph API. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Facebook Login as an app of the type Consumer sees it.

    The id belongs to this app alone. `verified` is a word about the account and none about the address, which may be
    missing: people with a telephone number have none, and everyone may refuse it.

    @par See also
    https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
*/
struct facebook {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "facebook";
    static constexpr std::string_view label = "Facebook";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<circle cx="9" cy="8" r="3"/><path d="M3 20c0-7 12-7 12 0M15 5.5a3 3 0 0 1 0 5M18 20c0-3-1-4.5-2.5-5.5"/></svg>)";

    static constexpr authmod::endpoints endpoints{
        .authorization_url = "https://www.facebook.com/v26.0/dialog/oauth",
        .token_url = "https://graph.facebook.com/v26.0/oauth/access_token",
        .user_info_url = "https://graph.facebook.com/v26.0/me?fields=id,name,email,picture.type(large)"};

    static constexpr std::string_view scopes = "public_profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::post;
    static constexpr pkce_mode pkce = pkce_mode::automatic;

    static constexpr mapping_paths mapping{.user_id = "id"_path,
                                           .username = "username"_path,
                                           .full_name = "name"_path,
                                           .email = "email"_path,
                                           .avatar = "picture/data/url"_path};

    static constexpr provider_extras extras{.proof = {.method = proof_method::debug_token,
                                                      .url = "https://graph.facebook.com/v26.0/debug_token",
                                                      .client = "data/app_id"_path}};

    static constexpr set_up_step set_up[] = {
        {"Create an app", "In Meta for Developers open My Apps, choose Create App and the use case Authenticate and "
                          "request data from users with Facebook Login."},
        {"Ask for the email", "Under Use cases, Customize, add the permission email beside public_profile."},
        {"Enter the redirect URI",
         "Under Facebook Login, Settings, copy the redirect URI of this module into Valid OAuth "
         "Redirect URIs. Keep Client OAuth login and Web OAuth login on."},
        {"Copy App ID and App secret",
         "From App settings, Basic, copy App ID into Client ID and App secret into Client "
         "secret. Leave Require App Secret off under Advanced."},
        {"Publish the app", "Until the app is published, only people with a role in it can log in."}};
    /// @}
};

static_assert(provider<facebook>);

} // namespace authmod
