// SPDX-License-Identifier: BSL-1.0
// Layer 2. Google: accounts of Google and of Workspace domains, by OpenID Connect. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Google as an OAuth client of a Cloud project sees it.

    There is no user name; people are told apart by `sub`, which is never given to somebody else, while addresses can
   be. `hd` names the Workspace domain of an account; consumer accounts have none, whatever their address.

    @par See also
    https://developers.google.com/identity/openid-connect/openid-connect
*/
struct google {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "google";
    static constexpr std::string_view label = "Google";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<circle cx="10" cy="10" r="6"/><path d="M14.5 14.5 21 21"/></svg>)";

    static constexpr authmod::endpoints endpoints{.authorization_url = "https://accounts.google.com/o/oauth2/v2/auth",
                                                  .token_url = "https://oauth2.googleapis.com/token",
                                                  .user_info_url = "https://openidconnect.googleapis.com/v1/userinfo",
                                                  .issuer = "https://accounts.google.com",
                                                  .jwks_url = "https://www.googleapis.com/oauth2/v3/certs"};

    static constexpr std::string_view scopes = "openid profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::post;
    static constexpr pkce_mode pkce = pkce_mode::required;

    static constexpr mapping_paths mapping{.user_id = "sub"_path,
                                           .full_name = "name"_path,
                                           .email = "email"_path,
                                           .email_verified = "email_verified"_path,
                                           .avatar = "picture"_path};

    static constexpr provider_extras extras{
        .openid = openid_traits{},
        .limit = {.setting = "hosted_domain", .path = "hd"_path, .ignores_case = true},
        .revocation_url = "https://oauth2.googleapis.com/revoke",
        .proof = {.method = proof_method::token_info,
                  .url = "https://oauth2.googleapis.com/tokeninfo",
                  .client = "aud"_path}};

    static constexpr set_up_step set_up[] = {
        {"Open Google Auth Platform",
         "In the Google Cloud console choose or create a project, open Google Auth Platform "
         "and fill in Branding and Audience. Internal lets only your organization in."},
        {"Create an OAuth client", "Under Clients choose Create client and the application type Web application."},
        {"Enter the redirect URI", "Copy the redirect URI of this module into Authorized redirect URIs. Authorized "
                                   "JavaScript origins stay empty."},
        {"Copy Client ID and Client secret", "Copy both before you close the dialog; the secret is shown only once."}};
    /// @}
};

static_assert(provider<google>);

} // namespace authmod
