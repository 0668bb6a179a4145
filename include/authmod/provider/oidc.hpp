// SPDX-License-Identifier: BSL-1.0
// Layer 2. Any provider of OpenID Connect: everything about it is set at run time, most of it by discovery. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** The standard claims, and no endpoints: the issuer's metadata names those that are left empty.

    @par See also
    OpenID Connect Core 1.0, 5.1; OpenID Connect Discovery 1.0
*/
struct oidc {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "oidc";
    static constexpr std::string_view label = "OpenID Connect";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<circle cx="8" cy="8" r="4"/><path d="M11 11l9 9M16 16l3-3"/></svg>)";

    static constexpr authmod::endpoints endpoints{};
    static constexpr std::string_view scopes = "openid profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::automatic;

    static constexpr mapping_paths mapping{.user_id = "sub"_path,
                                           .username = "preferred_username?:nickname"_path,
                                           .full_name = "name"_path,
                                           .email = "email"_path,
                                           .email_verified = "email_verified"_path,
                                           .avatar = "picture"_path,
                                           .groups = "groups"_path};

    static constexpr std::string_view algorithms[] = {"RS256", "PS256", "ES256", "EdDSA"};

    static constexpr provider_extras extras{
        .generic = true,
        .openid = openid_traits{.algorithms = algorithms},
        .proof = {.warning = "Whether this provider can tell for whom a token was issued is not known: any application "
                             "that people have logged in to with it may be able to log in here as them."}};

    static constexpr set_up_step set_up[] = {
        {"Register a client",
         "At your provider register a confidential client for the authorization code flow, with the "
         "redirect URI of this module."},
        {"Enter the issuer", "Copy the issuer exactly as its metadata at /.well-known/openid-configuration spells it. "
                             "Endpoints that you leave empty are taken from there."},
        {"Copy the client's id and secret", "Enter them as Client ID and Client secret."},
        {"Register where logouts are told",
         "If your provider tells its clients about logouts (back-channel logout), register the redirect URI of this "
         "module with /backchannel-logout/ in place of /callback/."}};
    /// @}
};

static_assert(provider<oidc>);

} // namespace authmod
