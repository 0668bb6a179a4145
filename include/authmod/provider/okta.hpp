// SPDX-License-Identifier: BSL-1.0
// Layer 2. Okta: the org authorization server of a domain, by OpenID Connect. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Okta's org authorization server, which every Okta plan has. Custom ones are reached by the `oidc` preset.

    @par See also
    https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/OrgAS/
*/
struct okta {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "okta";
    static constexpr std::string_view label = "Okta";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<path d="M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6z"/><path d="M9 12l2 2 4-4"/></svg>)";

    static constexpr authmod::endpoints endpoints{.authorization_url = "https://{okta_domain}/oauth2/v1/authorize",
                                                  .token_url = "https://{okta_domain}/oauth2/v1/token",
                                                  .user_info_url = "https://{okta_domain}/oauth2/v1/userinfo",
                                                  .logout_url = "https://{okta_domain}/oauth2/v1/logout",
                                                  .issuer = "https://{okta_domain}",
                                                  .jwks_url = "https://{okta_domain}/oauth2/v1/keys"};

    static constexpr std::string_view scopes = "openid profile email groups";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::required;

    static constexpr mapping_paths mapping{.user_id = "sub"_path,
                                           .username = "preferred_username?:nickname"_path,
                                           .full_name = "name"_path,
                                           .email = "email"_path,
                                           .email_verified = "email_verified"_path,
                                           .avatar = "picture"_path,
                                           .groups = "groups"_path};

    static constexpr provider_extras extras{.openid = openid_traits{},
                                            .revocation_url = "https://{okta_domain}/oauth2/v1/revoke",
                                            .proof = {.method = proof_method::introspection,
                                                      .url = "https://{okta_domain}/oauth2/v1/introspect",
                                                      .client = "client_id"_path}};

    static constexpr set_up_step set_up[] = {
        {"Create an app integration",
         "In the Admin Console open Applications, choose Create App Integration, then OIDC - "
         "OpenID Connect and Web Application."},
        {"Enter the redirect URI",
         "Leave the grant type Authorization Code and copy the redirect URI of this module into "
         "Sign-in redirect URIs. Choose who may use it under Assignments."},
        {"Copy Client ID and secret", "Copy Client ID and the secret under CLIENT SECRETS."},
        {"Set Okta domain", "Enter the host of your organization alone, such as dev-12345.okta.com, without https."},
        {"Send groups", "On the tab Sign On edit OpenID Connect ID Token and set Group claim filter to groups, Matches "
                        "regex, .* or a narrower one."}};
    /// @}
};

static_assert(provider<okta>);

} // namespace authmod
