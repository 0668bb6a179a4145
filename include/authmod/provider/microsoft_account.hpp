// SPDX-License-Identifier: BSL-1.0
// Layer 2. Microsoft accounts of private people (outlook.com, Xbox, Skype), by OpenID Connect. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Personal Microsoft accounts: the tenant of all consumers.

    `sub` differs from one client to the next and stays the same for one client. Microsoft does not say whether it has
    verified the address.

    @par See also
    https://learn.microsoft.com/entra/identity-platform/userinfo
*/
struct microsoft_account {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "microsoft_account";
    static constexpr std::string_view label = "Microsoft account";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<rect x="3" y="4" width="18" height="16" rx="2"/><circle cx="12" cy="10" r="2.5"/><path d="M7.5 17c1-3 8-3 9 0"/></svg>)";

    static constexpr authmod::endpoints endpoints{
        .authorization_url = "https://login.microsoftonline.com/consumers/oauth2/v2.0/authorize",
        .token_url = "https://login.microsoftonline.com/consumers/oauth2/v2.0/token",
        .user_info_url = "https://graph.microsoft.com/oidc/userinfo",
        .logout_url = "https://login.microsoftonline.com/consumers/oauth2/v2.0/logout",
        .issuer = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", // of all consumers
        .jwks_url = "https://login.microsoftonline.com/consumers/discovery/v2.0/keys"};

    static constexpr std::string_view scopes = "openid profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::post;
    static constexpr pkce_mode pkce = pkce_mode::automatic; // works there, but the metadata does not tell

    static constexpr mapping_paths mapping{
        .user_id = "sub"_path, .username = "preferred_username"_path, .full_name = "name"_path, .email = "email"_path};

    static constexpr provider_extras extras{
        .openid = openid_traits{},
        .proof = {.warning =
                      "Tokens of Microsoft accounts cannot be traced to the application they were issued to: any "
                      "application that people have signed in to can log in here as them."}};

    static constexpr set_up_step set_up[] = {
        {"Register an application",
         "In the Microsoft Entra admin center open App registrations, choose New registration "
         "and the account type Personal Microsoft accounts only."},
        {"Enter the Redirect URI", "Choose the platform Web and copy the redirect URI of this module there."},
        {"Copy the client ID", "From Overview copy Application (client) ID into Client ID."},
        {"Add a client secret", "Under Certificates & secrets choose New client secret and copy its Value into Client "
                                "secret."}};
    /// @}
};

static_assert(provider<microsoft_account>);

} // namespace authmod
