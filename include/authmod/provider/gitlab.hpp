// SPDX-License-Identifier: BSL-1.0
// Layer 2. GitLab: gitlab.com or a server of one's own, by OpenID Connect. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** GitLab as an application of a user, a group or an instance sees it.

    The profile is that of OpenID Connect, where groups are full paths; the paths fit the answer of `/api/v4/user` as
    well, whose `confirmed_at` tells that the address was confirmed.

    @par See also
    https://docs.gitlab.com/integration/openid_connect_provider/
*/
struct gitlab {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "gitlab";
    static constexpr std::string_view label = "GitLab";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<circle cx="6" cy="6" r="2"/><circle cx="18" cy="6" r="2"/><circle cx="12" cy="19" r="2"/><path d="M6 8v2l6 4 6-4V8M12 14v3"/></svg>)";

    static constexpr authmod::endpoints endpoints{.authorization_url = "{server_url}/oauth/authorize",
                                                  .token_url = "{server_url}/oauth/token",
                                                  .user_info_url = "{server_url}/oauth/userinfo",
                                                  .issuer = "{server_url}",
                                                  .jwks_url = "{server_url}/oauth/discovery/keys"};

    static constexpr std::string_view scopes = "openid profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::required;

    static constexpr mapping_paths mapping{.user_id = "sub?:id"_path,
                                           .username = "preferred_username?:nickname?:username"_path,
                                           .full_name = "name"_path,
                                           .email = "email"_path,
                                           .email_verified = "email_verified?:confirmed_at"_path,
                                           .avatar = "picture?:avatar_url"_path,
                                           .groups = "groups"_path};

    static constexpr provider_extras extras{.openid = openid_traits{},
                                            .server_url = "https://gitlab.com",
                                            .revocation_url = "{server_url}/oauth/revoke",
                                            .proof = {.method = proof_method::bearer,
                                                      .url = "{server_url}/oauth/token/info",
                                                      .client = "application/uid"_path}};

    static constexpr set_up_step set_up[] = {
        {"Add an application", "In GitLab, open Applications: in your user settings, in Settings of a group, or in the "
                               "Admin area for the whole instance. Choose Add new application."},
        {"Enter Name and Redirect URI",
         "Copy the redirect URI of this module into Redirect URI. Keep Confidential ticked."},
        {"Tick the scopes", "Tick openid, profile and email. No other scope is needed."},
        {"Copy Application ID and Secret",
         "Save the application. Copy its Application ID into Client ID and its Secret into Client secret."},
        {"Set Server URL if yours is not gitlab.com", "For GitLab Self-Managed or Dedicated enter its address."}};
    /// @}
};

static_assert(provider<gitlab>);

} // namespace authmod
