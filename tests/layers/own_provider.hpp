// The provider that the README shows: compiled here, compared with the README in readme.cpp.
#pragma once

// [README
#include <authmod/mapping/static_path.hpp>
#include <authmod/provider/provider.hpp>

struct company_id {
    static constexpr std::string_view id = "company_id"; // kept in databases and redirect URIs: never changes
    static constexpr std::string_view label = "Company ID";
    static constexpr std::string_view icon_svg = R"(<svg viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/></svg>)";

    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example.com/authorize",
                                                  .token_url = "https://id.example.com/token",
                                                  .user_info_url = "https://id.example.com/me"};
    static constexpr std::string_view scopes = "profile email";
    static constexpr std::string_view email_scope = "email";
    static constexpr auto client_authentication = authmod::client_auth::basic;
    static constexpr auto pkce = authmod::pkce_mode::required;

    static constexpr authmod::mapping_paths mapping = [] {
        using authmod::operator""_path;
        return authmod::mapping_paths{.user_id = "id"_path,
                                      .username = "login ?: id"_path,
                                      .full_name = "name"_path,
                                      .email = "emails[primary]/address"_path,
                                      .email_verified = "emails[primary]/confirmed"_path,
                                      .groups = "teams/*/slug"_path};
    }();

    static constexpr authmod::set_up_step set_up[] = {
        {"Register a client", "In the developer console choose New client and enter the redirect URI of this module."}};
};

static_assert(authmod::provider<company_id>); // a wrong value is one line of the compiler that names it
// README]
