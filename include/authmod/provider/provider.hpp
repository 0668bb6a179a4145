// SPDX-License-Identifier: BSL-1.0
// Layer 2. What an identity provider is to this library: a struct of constants, checked by the compiler.
#pragma once

#include "authmod/core/fixed_string.hpp"
#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/mapping/url_pattern.hpp"
#include "authmod/model/endpoint_url.hpp"
#include "authmod/provider/scopes.hpp"
#include "authmod/provider/settings.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

/// The provider's URLs, named as the settings. All https; those after `user_info_url` may be left out.
struct endpoints {
    std::string_view authorization_url{};
    std::string_view token_url{};
    std::string_view user_info_url{};
    std::string_view logout_url{};
    std::string_view email_url{};
    std::string_view avatar_url{};
    std::string_view groups_url{};
};

/// One thing to do at the provider before people can log in, in the provider's own words.
struct set_up_step {
    std::string_view title;
    std::string_view text;
};

namespace detail {

template <class P>
concept provider_members = requires {
    { P::id } -> std::convertible_to<std::string_view>;
    { P::label } -> std::convertible_to<std::string_view>;
    { P::icon_svg } -> std::convertible_to<std::string_view>;
    { P::endpoints } -> std::convertible_to<endpoints>;
    { P::scopes } -> std::convertible_to<std::string_view>;
    { P::email_scope } -> std::convertible_to<std::string_view>;
    { P::client_authentication } -> std::convertible_to<client_auth>;
    { P::pkce } -> std::convertible_to<pkce_mode>;
    { P::mapping } -> std::convertible_to<mapping_paths>;
    { P::set_up } -> std::convertible_to<std::span<set_up_step const>>;
};

template <class P>
[[nodiscard]] constexpr std::span<std::string_view const> accepted_account_types() noexcept {
    if constexpr (requires { P::accepted_account_types; })
        return P::accepted_account_types;
    else
        return {};
}

/// A compiler that refuses a URL of a provider names this type with its arguments.
template <fixed_string Name, url_errc Reason, std::size_t Offset>
struct malformed_url {
    static_assert(Reason == url_errc::ok, "malformed URL of a provider: its name, the reason and the offset of the "
                                          "offending byte are the arguments of malformed_url<>");
};

/// The same for `mapping.image_url_pattern`.
template <pattern_errc Reason, std::size_t Offset>
struct malformed_image_url_pattern {
    static_assert(Reason == pattern_errc::ok,
                  "malformed image URL pattern of a provider: the reason and the offset of the offending byte are the "
                  "arguments of malformed_image_url_pattern<>");
};

[[nodiscard]] constexpr bool is_provider_id(std::string_view id) noexcept {
    for (char c : id)
        if (!(c >= 'a' && c <= 'z') && !ascii::is_digit(c) && c != '_') return false;
    return !id.empty() && id.size() <= 64 && id[0] >= 'a';
}

[[nodiscard]] constexpr bool are_complete(std::span<set_up_step const> steps) noexcept {
    for (auto const& step : steps)
        if (step.title.empty() || step.text.empty()) return false;
    return !steps.empty();
}

/// Instantiating it says what is wrong with the values of `P`, one line for each.
template <class P>
struct check_provider {
    static constexpr endpoints const& urls = P::endpoints;
    static constexpr mapping_paths const& map = P::mapping;

    static constexpr url_error required(std::string_view url) { return check_endpoint_url(url); }

    static constexpr url_error optional(std::string_view url) { return url.empty() ? url_error{} : required(url); }

    template <fixed_string Name, url_error Error>
    using url_rule = malformed_url<Name, Error.code, Error.offset>;

    url_rule<"authorization_url", required(urls.authorization_url)> authorization_url;
    url_rule<"token_url", required(urls.token_url)> token_url;
    url_rule<"user_info_url", required(urls.user_info_url)> user_info_url;
    url_rule<"logout_url", optional(urls.logout_url)> logout_url;
    url_rule<"email_url", optional(urls.email_url)> email_url;
    url_rule<"avatar_url", optional(urls.avatar_url)> avatar_url;
    url_rule<"groups_url", optional(urls.groups_url)> groups_url;

    static constexpr pattern_error pattern =
        map.image_url_pattern.empty() ? pattern_error{} : check_url_pattern(map.image_url_pattern);
    malformed_image_url_pattern<pattern.code, pattern.offset> image_url_pattern;

    static_assert(is_provider_id(P::id), "provider: id must be 1 to 64 of a-z, 0-9 and _, a letter first");
    static_assert(!std::string_view(P::label).empty(), "provider: label is empty; people see it on the login button");
    static_assert(std::string_view(P::icon_svg).starts_with("<svg") &&
                      std::string_view(P::icon_svg).ends_with("</svg>"),
                  "provider: icon_svg must be one inline <svg> element");
    static_assert(find_bad_scope_character(P::scopes) == std::string_view::npos,
                  "provider: scopes must be printable ASCII without quotes and backslashes, separated by spaces");
    static_assert(!map.user_id.empty(), "provider: mapping.user_id is missing; without it nobody can be recognised");
    static_assert((map.email.empty() && urls.email_url.empty()) || contains_scope(P::scopes, P::email_scope),
                  "provider: scopes lacks email_scope, the scope that opens the email");
    static_assert(urls.email_url.empty() || !map.email.empty(), "provider: email_url needs a path at mapping.email");
    static_assert(map.email_verified.empty() || !map.email.empty(),
                  "provider: mapping.email_verified needs a path at mapping.email");
    static_assert(urls.groups_url.empty() || !map.groups.empty(),
                  "provider: groups_url needs a path at mapping.groups");
    static_assert(map.image_url_pattern.empty() || !map.avatar.empty(),
                  "provider: mapping.image_url_pattern needs a path at mapping.avatar");
    static_assert(map.account_type.empty() == accepted_account_types<P>().empty(),
                  "provider: mapping.account_type and accepted_account_types need each other");
    static_assert(are_complete(P::set_up), "provider: set_up needs steps, each with a title and a text");
};

template <class P>
concept provider_values = sizeof(check_provider<P>) != 0;

} // namespace detail

/** An identity provider: data only, static constexpr members, no functions and no base class.

    A model has the members that `detail::provider_members` lists, and
    1. `id` stays the same for ever: it is kept in databases and in redirect URIs;
    2. `endpoints` are https URLs; `authorization_url`, `token_url` and `user_info_url` are there;
    3. `mapping.user_id` finds what the provider never changes and never gives to somebody else;
    4. `mapping.email_verified` finds the provider's word on the very address that `mapping.email` finds;
    5. `scopes` contains `email_scope`, the scope that opens the email, if the email is mapped;
    6. `accepted_account_types` (only together with `mapping.account_type`) lists the kinds of account that people log
       in with; an answer that names no kind is accepted;
    7. `icon_svg` is a drawing that may be shown without asking anybody, 24 by 24 units, without scripts.

    A missing member fails the concept; a bad value is a compile error with a sentence of its own.

    @par Models
    @ref bitbucket_cloud
*/
template <class P>
concept provider = detail::provider_members<P> && detail::provider_values<P>;

/// A copy of the provider's traits as text to edit.
template <provider P>
[[nodiscard]] settings default_settings() {
    settings s;
    s.scopes = P::scopes;
    s.authorization_url = P::endpoints.authorization_url;
    s.token_url = P::endpoints.token_url;
    s.user_info_url = P::endpoints.user_info_url;
    s.logout_url = P::endpoints.logout_url;
    s.email_url = P::endpoints.email_url;
    s.avatar_url = P::endpoints.avatar_url;
    s.groups_url = P::endpoints.groups_url;
    s.user_id = P::mapping.user_id.text;
    s.username = P::mapping.username.text;
    s.full_name = P::mapping.full_name.text;
    s.email = P::mapping.email.text;
    s.email_verified = P::mapping.email_verified.text;
    s.avatar = P::mapping.avatar.text;
    s.groups = P::mapping.groups.text;
    s.image_url_pattern = P::mapping.image_url_pattern;
    for (custom_path const& attribute : P::mapping.custom_attributes)
        s.custom_attributes.emplace_back(attribute.name, attribute.path.text);
    s.client_authentication = P::client_authentication;
    s.pkce = P::pkce;
    return s;
}

} // namespace authmod
