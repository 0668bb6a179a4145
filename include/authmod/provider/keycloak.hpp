// SPDX-License-Identifier: BSL-1.0
// Layer 2. Keycloak: a realm of one's own server, by OpenID Connect. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Keycloak 17 and later; before, the server URL ends with `/auth`.

    Groups need a mapper of the type Group Membership in the client or one of its scopes; roles of the realm are taken
    where there are no groups but a mapper adds them.

    @par See also
    https://www.keycloak.org/securing-apps/oidc-layers
*/
struct keycloak {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "keycloak";
    static constexpr std::string_view label = "Keycloak";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<path d="M8 4h8l5 8-5 8H8l-5-8z"/><circle cx="10" cy="12" r="2"/><path d="M12 12h5v2"/></svg>)";

    static constexpr authmod::endpoints endpoints{
        .authorization_url = "{server_url}/realms/{realm}/protocol/openid-connect/auth",
        .token_url = "{server_url}/realms/{realm}/protocol/openid-connect/token",
        .user_info_url = "{server_url}/realms/{realm}/protocol/openid-connect/userinfo",
        .logout_url = "{server_url}/realms/{realm}/protocol/openid-connect/logout",
        .issuer = "{server_url}/realms/{realm}",
        .jwks_url = "{server_url}/realms/{realm}/protocol/openid-connect/certs"};

    static constexpr std::string_view scopes = "openid profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::required;

    static constexpr mapping_paths mapping{.user_id = "sub"_path,
                                           .username = "preferred_username?:nickname"_path,
                                           .full_name = "name"_path,
                                           .email = "email"_path,
                                           .email_verified = "email_verified"_path,
                                           .avatar = "picture"_path,
                                           .groups = "groups?:roles?:realm_access/roles"_path};

    static constexpr std::string_view algorithms[] = {"RS256", "PS256", "ES256", "EdDSA"}; // as set in the realm

    static constexpr provider_extras extras{
        .openid = openid_traits{.algorithms = algorithms},
        .revocation_url = "{server_url}/realms/{realm}/protocol/openid-connect/revoke",
        .proof = {.method = proof_method::introspection,
                  .url = "{server_url}/realms/{realm}/protocol/openid-connect/token/introspect",
                  .client = "client_id?:azp"_path}};

    static constexpr set_up_step set_up[] = {
        {"Create a client", "In the admin console choose the realm, then Clients, Create client, with the type OpenID "
                            "Connect and a Client ID of your choice."},
        {"Set the capabilities", "Turn Client authentication on and leave only Standard flow ticked."},
        {"Enter the redirect URI", "Copy the redirect URI of this module into Valid redirect URIs."},
        {"Copy Client ID and secret", "The Client secret stands on the tab Credentials."},
        {"Set Server URL and Realm", "Server URL is the address of Keycloak without /realms; Realm is the name of the "
                                     "realm as it stands in its addresses."},
        {"Add groups if you need them",
         "On the tab Client scopes open the dedicated scope and add a mapper of the type "
         "Group Membership with the claim name groups, added to userinfo."}};
    /// @}
};

static_assert(provider<keycloak>);

} // namespace authmod
