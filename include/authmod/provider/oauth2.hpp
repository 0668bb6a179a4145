// SPDX-License-Identifier: BSL-1.0
// Layer 2. Any service of OAuth 2.0: everything about it is set at run time. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** A frame without contents: endpoints, scopes and attribute paths are the administrator's business. A module of it can
    be enabled once the endpoints and the User ID path are filled in.

    @par See also
    RFC 6749
*/
struct oauth2 {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "oauth2";
    static constexpr std::string_view label = "OAuth 2.0";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/></svg>)";

    static constexpr authmod::endpoints endpoints{};
    static constexpr std::string_view scopes = "";
    static constexpr std::string_view email_scope = "";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::automatic;
    static constexpr mapping_paths mapping{};

    static constexpr provider_extras extras{
        .generic = true,
        .proof = {.warning =
                      "Plain OAuth 2.0 cannot tell for whom a token was issued: any application that people have "
                      "given access to their account can log in here as them."}};

    static constexpr set_up_step set_up[] = {
        {"Register a client",
         "At your provider register a confidential client for the authorization code grant, with the "
         "redirect URI of this module."},
        {"Enter the endpoints",
         "Fill in Authorization URL, Token URL and User data URL as the provider documents them, "
         "and the scopes that open the user's data."},
        {"Map the attributes", "Enter the User ID path, of a value that never changes and is never given to somebody "
                               "else, and paths for whatever else the provider tells. Then make a test login."},
        {"Copy the client's id and secret", "Enter them as Client ID and Client secret."}};
    /// @}
};

static_assert(provider<oauth2>);

} // namespace authmod
