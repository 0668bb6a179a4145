// SPDX-License-Identifier: BSL-1.0
// A provider with nothing wrong, to be made wrong in one place. `unnamed_provider` lacks the label.
#pragma once

#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/provider.hpp"

using namespace authmod::literals;

struct unnamed_provider {
    static constexpr std::string_view id = "valid";
    static constexpr std::string_view icon_svg = "<svg></svg>";
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me"};
    static constexpr std::string_view scopes = "profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr authmod::client_auth client_authentication = authmod::client_auth::basic;
    static constexpr authmod::pkce_mode pkce = authmod::pkce_mode::required;
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path, .email = "email"_path};
    static constexpr authmod::set_up_step set_up[] = {{"Register", "Register a client."}};
};

struct valid_provider : unnamed_provider {
    static constexpr std::string_view label = "Valid";
};
