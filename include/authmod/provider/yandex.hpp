// SPDX-License-Identifier: BSL-1.0
// Layer 2. Yandex ID: plain OAuth 2.0. Data only.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

#include <string_view>

namespace authmod {

/** Yandex ID as an app for user authorization sees it.

    The id is text. The picture comes as an id from which its address is made. Yandex does not say whether the address
   is verified; it may be one of another service.

    @par See also
    https://yandex.com/dev/id/doc/en/
*/
struct yandex {
    /// @{
    /// Named and meant as in @ref provider_traits.
    static constexpr std::string_view id = "yandex";
    static constexpr std::string_view label = "Yandex";
    static constexpr std::string_view icon_svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" )"
        R"(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">)"
        R"(<circle cx="12" cy="12" r="9"/><path d="M15 9l-2 4-4 2 2-4z"/></svg>)";

    static constexpr authmod::endpoints endpoints{.authorization_url = "https://oauth.yandex.com/authorize",
                                                  .token_url = "https://oauth.yandex.com/token",
                                                  .user_info_url = "https://login.yandex.ru/info?format=json"};

    static constexpr std::string_view scopes = "login:info login:email login:avatar";
    static constexpr std::string_view email_scope = "login:email";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::automatic;

    static constexpr mapping_paths mapping{.user_id = "id"_path,
                                           .username = "login"_path,
                                           .full_name = "real_name?:display_name"_path,
                                           .email = "default_email?:emails/0"_path,
                                           .avatar = "default_avatar_id"_path,
                                           .image_url_pattern =
                                               "https://avatars.yandex.net/get-yapic/<picture-id>/islands-200"};

    static constexpr provider_extras extras{.proof = {.method = proof_method::profile, .client = "client_id"_path}};

    static constexpr set_up_step set_up[] = {
        {"Create an app",
         "At oauth.yandex.com choose Create app, For user authorization, with the platform Web services."},
        {"Enter the Redirect URI", "Copy the redirect URI of this module into Redirect URI."},
        {"Tick the permissions",
         "Under Yandex ID API tick access to username, first name and surname, gender; to email "
         "address; and to user profile picture."},
        {"Copy ClientID and Client secret", "Copy both from the app's page."}};
    /// @}
};

static_assert(provider<yandex>);

} // namespace authmod
