// SPDX-License-Identifier: BSL-1.0
// Layer 2. Bitbucket Cloud: plain OAuth 2.0 at bitbucket.org, nothing of OpenID Connect. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Bitbucket Cloud as an OAuth consumer of a workspace sees it.

    The email list holds confirmed and unconfirmed addresses in any order; only the primary one counts, with its own
    state. Groups are the slugs of the person's workspaces: their names can be copied by anyone. PKCE is undocumented
    there; it is sent beside the secret and never instead of it.

    @par See also
    https://developer.atlassian.com/cloud/bitbucket/oauth-2/
*/
struct bitbucket_cloud {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "bitbucket_cloud";
    static constexpr std::string_view label = "Bitbucket Cloud";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<path d="M4.5 8.5 6.5 21h11l2-12.5"/><ellipse cx="12" cy="8.5" rx="7.5" ry="2"/>)"
        R"(<path d="M4.5 8.5C4.5 .8 19.5 .8 19.5 8.5"/></svg>)";

    static constexpr authmod::endpoints endpoints{.authorization_url = "https://bitbucket.org/site/oauth2/authorize",
                                                  .token_url = "https://bitbucket.org/site/oauth2/access_token",
                                                  .user_info_url = "https://api.bitbucket.org/2.0/user",
                                                  .email_url = "https://api.bitbucket.org/2.0/user/emails",
                                                  .groups_url = "https://api.bitbucket.org/2.0/user/workspaces"};

    static constexpr std::string_view scopes = "account email";
    static constexpr std::string_view email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::automatic;

    static constexpr mapping_paths mapping{.user_id = "uuid"_path,
                                           .username = "username?:nickname"_path,
                                           .full_name = "display_name?:nickname"_path,
                                           .email = "values[is_primary]/email"_path,
                                           .email_verified = "values[is_primary]/is_confirmed"_path,
                                           .avatar = "links/avatar/href"_path,
                                           .groups = "values/*/workspace/slug"_path,
                                           .account_type = "type"_path};

    /// Tokens of apps and workspaces show as `app_user` and `team`.
    static constexpr std::string_view accepted_account_types[] = {"user"};

    static constexpr provider_extras extras{
        .limit = {.setting = "allowed_workspaces",
                  .url = "https://api.bitbucket.org/2.0/user/workspaces",
                  .path = "values/*/workspace/slug"_path},
        .proof = {.warning = "Bitbucket Cloud cannot tell for whom it issued a token: any application that people have "
                             "given access to their Bitbucket account can log in here as them."}};

    static constexpr set_up_step set_up[] = {
        {"Open the OAuth consumers", "In Bitbucket, open Workspace settings, then OAuth consumers, and choose Add "
                                     "consumer. The consumer belongs to "
                                     "the workspace, but any bitbucket.org account can log in through it."},
        {"Enter name and Callback URL",
         "Give it a Name that people will recognise. Copy the redirect URI of this module into Callback URL; without a "
         "Callback URL Bitbucket refuses every login."},
        {"Tick the permissions", "Under Permissions, Account, tick Email and Read. No other permission is needed."},
        {"Copy Key and Secret",
         "Save the consumer and open it in the list. Copy its Key into Client ID and its Secret into Client secret."}};
    /// @}
};

static_assert(provider<bitbucket_cloud>);

} // namespace authmod
