// SPDX-License-Identifier: BSL-1.0
// Layer 2. GitHub: github.com, a tenant of GHE.com or an Enterprise Server; plain OAuth 2.0. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** GitHub as an OAuth app sees it.

    The user id is the number; logins may be renamed and taken by somebody else. The email list holds every address with
    its state, and only the primary one counts. Groups are the logins of the person's organisations, of which GitHub
   lists those that have approved the app. Tokens of bots and organisations name another type than `User`.

    @par See also
    https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
*/
struct github {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "github";
    static constexpr std::string_view label = "GitHub";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<circle cx="7" cy="5" r="2"/><circle cx="7" cy="19" r="2"/><circle cx="17" cy="8" r="2"/><path d="M7 7v10M17 10c0 4-10 2-10 6"/></svg>)";

    static constexpr authmod::endpoints endpoints{.authorization_url = "{server_url}/login/oauth/authorize",
                                                  .token_url = "{server_url}/login/oauth/access_token",
                                                  .user_info_url = "{api_url}/user",
                                                  .email_url = "{api_url}/user/emails?per_page=100",
                                                  .groups_url = "{api_url}/user/orgs?per_page=100"};

    static constexpr std::string_view scopes = "read:user user:email read:org";
    static constexpr std::string_view email_scope = "user:email";
    static constexpr client_auth client_authentication = client_auth::post;
    static constexpr pkce_mode pkce = pkce_mode::automatic;

    static constexpr mapping_paths mapping{.user_id = "id"_path,
                                           .username = "login"_path,
                                           .full_name = "name"_path,
                                           .email = "*[primary]/email?:email"_path,
                                           .email_verified = "*[primary]/verified"_path,
                                           .avatar = "avatar_url"_path,
                                           .groups = "*/login"_path,
                                           .account_type = "type"_path};

    static constexpr std::string_view accepted_account_types[] = {"User"};

    static constexpr provider_extras extras{
        .server_url = "https://github.com",
        .api = {.hosted = "github.com", .hosted_below = "ghe.com", .path = "/api/v3"},
        .limit = {.setting = "allowed_organizations",
                  .url = "{api_url}/user/orgs?per_page=100",
                  .path = "*/login"_path,
                  .scope = "read:org",
                  .ignores_case = true},
        .proof = {.method = proof_method::github_token,
                  .url = "{api_url}/applications/{client_id}/token",
                  .client = "app/client_id"_path}};

    static constexpr set_up_step set_up[] = {
        {"Register an OAuth app", "In GitHub, open Settings of your account or organization, then Developer settings, "
                                  "OAuth Apps, and choose New OAuth app (Register a new application)."},
        {"Enter the Authorization callback URL", "Fill in Application name and Homepage URL, and copy the redirect URI "
                                                 "of this module into Authorization callback "
                                                 "URL. Leave Enable Device Flow unticked."},
        {"Copy Client ID and Client secret",
         "On the app's page copy the Client ID, choose Generate a new client secret "
         "and copy the secret before you leave the page."},
        {"Set Server URL if yours is not github.com",
         "For GitHub Enterprise Server or a tenant of GHE.com enter its address, such as https://octocorp.ghe.com."},
        {"Let organizations approve the app", "An organization with third-party access restrictions shows up in groups "
                                              "and limits only after an owner has approved the app there."}};
    /// @}
};

static_assert(provider<github>);

} // namespace authmod
