// SPDX-License-Identifier: BSL-1.0
// Layer 2. Microsoft Entra ID: work and school accounts, by OpenID Connect with the profile of Microsoft Graph. Data
// only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Microsoft Entra ID as an app registration sees it.

    People are told apart by their object id, which is `id` in Microsoft Graph and `oid` in ID tokens. `tenant` is the
    number or a domain of one organisation, or `organizations` for all of them; then the issuer of an ID token names the
    tenant of the person. Nobody has verified the addresses in `mail` and `userPrincipalName` for us: administrators of
    any tenant may write what they like there, so they never link accounts.

    @par See also
    https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
*/
struct microsoft_entra {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "microsoft_entra";
    static constexpr std::string_view label = "Microsoft Entra ID";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<path d="M4 21V5l8-2v18M12 9h8v12M3 21h18M8 8v.01M8 12v.01M8 16v.01M16 13v.01M16 17v.01"/></svg>)";

    static constexpr authmod::endpoints endpoints{
        .authorization_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        .token_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        .user_info_url = "https://graph.microsoft.com/v1.0/me",
        .logout_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/logout",
        .avatar_url = "https://graph.microsoft.com/v1.0/me/photos/240x240/$value",
        .issuer = "https://login.microsoftonline.com/{tenant}/v2.0",
        .jwks_url = "https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys"};

    static constexpr std::string_view scopes = "openid profile email User.Read";
    static constexpr std::string_view email_scope = "User.Read";
    static constexpr client_auth client_authentication = client_auth::post;
    static constexpr pkce_mode pkce = pkce_mode::automatic; // works there, but the metadata does not tell

    static constexpr mapping_paths mapping{.user_id = "id"_path,
                                           .username = "userPrincipalName"_path,
                                           .full_name = "displayName"_path,
                                           .email = "mail"_path,
                                           .groups = "groups?:value/*/id"_path};

    static constexpr provider_extras extras{
        .openid = openid_traits{.subject_claim = "oid",
                                .subject = "id"_path,
                                .tenant_issuer = "https://login.microsoftonline.com/{tid}/v2.0"},
        .proof = {.warning = "Tokens for Microsoft Graph cannot be traced to the application they were issued to: any "
                             "application that people have signed in to can log in here as them."}};

    static constexpr set_up_step set_up[] = {
        {"Register an application", "In the Microsoft Entra admin center open App registrations and choose New "
                                    "registration. Single tenant lets only your own organization in."},
        {"Enter the Redirect URI", "Choose the platform Web and copy the redirect URI of this module there."},
        {"Copy the ids",
         "From Overview copy Application (client) ID into Client ID and Directory (tenant) ID into Tenant. "
         "For a multitenant application the tenant is organizations."},
        {"Add a client secret", "Under Certificates & secrets choose New client secret. Copy its Value, not its Secret "
                                "ID, into Client secret, "
                                "and note when it expires."},
        {"Add groups if you need them",
         "Groups come as object ids. Set Groups URL to "
         "https://graph.microsoft.com/v1.0/me/transitiveMemberOf?$top=999, "
         "add the scope GroupMember.Read.All and let an administrator grant consent for it."}};
    /// @}
};

static_assert(provider<microsoft_entra>);

} // namespace authmod
