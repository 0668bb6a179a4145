// SPDX-License-Identifier: BSL-1.0
// Layer 2. Login with Amazon: plain OAuth 2.0. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Login with Amazon as a security profile sees it.

    Amazon tells neither a user name nor whether the address is verified. The paths fit the wrapped form of older
    profiles as well.

    @par See also
    https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
*/
struct amazon {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "amazon";
    static constexpr std::string_view label = "Amazon";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<path d="M12 3l8 4v10l-8 4-8-4V7z"/><path d="M4 7l8 4 8-4M12 11v10"/></svg>)";

    static constexpr authmod::endpoints endpoints{.authorization_url = "https://www.amazon.com/ap/oa",
                                                  .token_url = "https://api.amazon.com/auth/o2/token",
                                                  .user_info_url = "https://api.amazon.com/user/profile"};

    static constexpr std::string_view scopes = "profile";
    static constexpr std::string_view email_scope = "profile";
    static constexpr client_auth client_authentication = client_auth::post;
    static constexpr pkce_mode pkce = pkce_mode::automatic;

    static constexpr mapping_paths mapping{.user_id = "user_id?:Profile/CustomerId"_path,
                                           .full_name = "name?:Profile/Name"_path,
                                           .email = "email?:Profile/PrimaryEmail"_path};

    static constexpr provider_extras extras{.proof = {.method = proof_method::token_query,
                                                      .url = "https://api.amazon.com/auth/o2/tokeninfo",
                                                      .client = "aud"_path}};

    static constexpr set_up_step set_up[] = {
        {"Create a security profile", "In the Amazon Developer Console open Login with Amazon and choose Create a New "
                                      "Security Profile. It needs a Consent Privacy Notice URL."},
        {"Enter the return URL",
         "Open Web Settings of the profile, choose Edit and copy the redirect URI of this module "
         "into Allowed Return URLs."},
        {"Copy Client ID and Client Secret", "Both stand in Web Settings; Show Secret reveals the second."}};
    /// @}
};

static_assert(provider<amazon>);

} // namespace authmod
