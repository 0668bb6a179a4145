// SPDX-License-Identifier: BSL-1.0
// Layer 2. What an identity provider is to this library: a struct of constants, checked by the compiler.
#pragma once

#include "authmod/core/fixed_string.hpp"
#include "authmod/mapping/mapping_paths.hpp"
#include "authmod/mapping/url_pattern.hpp"
#include "authmod/provider/scopes.hpp"
#include "authmod/provider/settings.hpp"
#include "authmod/provider/traits.hpp"
#include "authmod/provider/url_template.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

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

template <class P>
[[nodiscard]] constexpr provider_extras extras_of() noexcept {
    if constexpr (requires { P::extras; })
        return P::extras;
    else
        return {};
}

/// The members of `P` as one value: whatever works on it is compiled once and not for every provider.
template <class P>
inline constexpr provider_traits traits_value{.id = P::id,
                                              .label = P::label,
                                              .icon_svg = P::icon_svg,
                                              .endpoints = P::endpoints,
                                              .scopes = P::scopes,
                                              .client_authentication = P::client_authentication,
                                              .pkce = P::pkce,
                                              .mapping = P::mapping,
                                              .set_up = P::set_up,
                                              .accepted_account_types = accepted_account_types<P>(),
                                              .extras = extras_of<P>()};

/// Every URL of a provider that may have places.
[[nodiscard]] constexpr std::array<std::string_view, 12> urls_of(provider_traits const& traits) noexcept {
    endpoints const& e = traits.endpoints;
    provider_extras const& x = traits.extras;
    return {e.authorization_url, e.token_url, e.user_info_url, e.logout_url,     e.email_url, e.avatar_url,
            e.groups_url,        e.issuer,    e.jwks_url,      x.revocation_url, x.limit.url, x.proof.url};
}

[[nodiscard]] constexpr bool uses_setting_anywhere(provider_traits const& traits, std::string_view setting) noexcept {
    auto const urls = urls_of(traits);
    return std::ranges::any_of(urls, [&](auto url) { return uses_setting(url, setting); });
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

/// Settings of which each limits who may log in, in the order of the settings page.
inline constexpr std::string_view limit_settings[] = {"allowed_workspaces", "allowed_organizations", "hosted_domain"};

/// What may fill the URL of a proof.
inline constexpr std::string_view proof_url_settings[] = {"server_url", "realm", "tenant", "okta_domain", "client_id"};

[[nodiscard]] constexpr bool uses_api_url(std::span<std::string_view const> urls) noexcept {
    return std::ranges::any_of(urls, [](auto url) { return url.starts_with("{api_url}"); });
}

/// Neither `none` nor an algorithm with a shared secret: whoever knows the client's secret could sign with those.
[[nodiscard]] constexpr bool is_signature_algorithm(std::string_view name) noexcept {
    return name == "EdDSA" ||
           (name.size() == 5 && (name.starts_with("RS") || name.starts_with("PS") || name.starts_with("ES")));
}

[[nodiscard]] constexpr bool is_good(openid_traits const& openid) noexcept {
    return !openid.algorithms.empty() && std::ranges::all_of(openid.algorithms, is_signature_algorithm) &&
           !openid.subject_claim.empty() && !openid.subject.empty();
}

[[nodiscard]] constexpr bool is_good(membership_limit const& limit) noexcept {
    if (limit.setting.empty()) return limit.url.empty() && limit.path.empty();
    return !limit.path.empty() && std::ranges::find(limit_settings, limit.setting) != std::end(limit_settings);
}

[[nodiscard]] constexpr bool is_good(token_proof const& proof) noexcept {
    switch (proof.method) {
    case proof_method::none:
        return proof.url.empty();
    case proof_method::profile:
        return proof.url.empty() && !proof.client.empty();
    default:
        return !proof.url.empty() && !proof.client.empty();
    }
}

/// Instantiating it says what is wrong with the values of `P`, one line for each.
template <class P>
struct check_provider {
    static constexpr provider_traits const& traits = traits_value<P>;
    static constexpr endpoints const& urls = traits.endpoints;
    static constexpr mapping_paths const& map = traits.mapping;
    static constexpr provider_extras const& extras = traits.extras;
    static constexpr bool openid = extras.openid.has_value();

    static constexpr url_error optional(std::string_view url, std::span<std::string_view const> places) {
        return url.empty() ? url_error{} : check_url_template(url, places);
    }

    // No default argument: Clang does not see one before the class is complete.
    static constexpr url_error optional(std::string_view url) { return optional(url, url_settings); }

    static constexpr url_error required(std::string_view url) {
        return extras.generic ? optional(url) : check_url_template(url, url_settings);
    }

    template <fixed_string Name, url_error Error>
    using url_rule = malformed_url<Name, Error.code, Error.offset>;

    url_rule<"authorization_url", required(urls.authorization_url)> authorization_url;
    url_rule<"token_url", required(urls.token_url)> token_url;
    url_rule<"user_info_url", required(urls.user_info_url)> user_info_url;
    url_rule<"logout_url", optional(urls.logout_url)> logout_url;
    url_rule<"email_url", optional(urls.email_url)> email_url;
    url_rule<"avatar_url", optional(urls.avatar_url)> avatar_url;
    url_rule<"groups_url", optional(urls.groups_url)> groups_url;
    url_rule<"issuer", openid ? required(urls.issuer) : optional(urls.issuer)> issuer;
    url_rule<"jwks_url", openid ? required(urls.jwks_url) : optional(urls.jwks_url)> jwks_url;
    url_rule<"server_url", optional(extras.server_url, {})> server_url;
    url_rule<"revocation_url", optional(extras.revocation_url)> revocation_url;
    url_rule<"limit.url", optional(extras.limit.url)> limit_url;
    url_rule<"proof.url", optional(extras.proof.url, proof_url_settings)> proof_url;

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
    static_assert(extras.generic || !map.user_id.empty(),
                  "provider: mapping.user_id is missing; without it nobody can be recognised");
    static_assert((map.email.empty() && urls.email_url.empty()) || contains_scope(P::scopes, P::email_scope),
                  "provider: scopes lacks email_scope, the scope that opens the email");
    static_assert(urls.email_url.empty() || !map.email.empty(), "provider: email_url needs a path at mapping.email");
    static_assert(map.email_verified.empty() || !map.email.empty(),
                  "provider: mapping.email_verified needs a path at mapping.email");
    static_assert(urls.groups_url.empty() || !map.groups.empty(),
                  "provider: groups_url needs a path at mapping.groups");
    static_assert(map.image_url_pattern.empty() || !map.avatar.empty(),
                  "provider: mapping.image_url_pattern needs a path at mapping.avatar");
    static_assert(map.account_type.empty() == traits.accepted_account_types.empty(),
                  "provider: mapping.account_type and accepted_account_types need each other");
    static_assert(are_complete(P::set_up), "provider: set_up needs steps, each with a title and a text");

    static_assert(openid || (urls.issuer.empty() && urls.jwks_url.empty()),
                  "provider: issuer and jwks_url are for a provider with extras.openid");
    static_assert(!openid || contains_scope(P::scopes, "openid"), "provider: extras.openid needs the scope openid");
    static_assert(!openid || is_good(extras.openid.value_or(openid_traits{})),
                  "provider: extras.openid needs algorithms (never none or HS...) and the subject's claim and path");
    static_assert(uses_setting_anywhere(traits, "server_url") || extras.server_url.empty(),
                  "provider: extras.server_url fills no URL");
    static_assert(!uses_api_url(urls_of(traits)) || extras.api.path.starts_with('/'),
                  "provider: {api_url} needs extras.api with a path for servers of people's own");
    static_assert(is_good(extras.limit),
                  "provider: extras.limit needs a path and one of the settings that name limits");
    static_assert(is_good(extras.proof),
                  "provider: extras.proof needs url and client, or says in warning why it is none");
};

template <class P>
concept provider_values = sizeof(check_provider<P>) != 0;

} // namespace detail

/** An identity provider: data only, static constexpr members, no functions and no base class.

    A model promises that it has the members which `detail::provider_members` lists, and that
    1. `id` stays the same for ever: it is kept in databases and in redirect URIs;
    2. `endpoints` are https URLs; `authorization_url`, `token_url` and `user_info_url` are there, unless
   `extras.generic`;
    3. `mapping.user_id` finds what the provider never changes and never gives to somebody else;
    4. `mapping.email_verified` finds the provider's word on the very address that `mapping.email` finds;
    5. `scopes` contains `email_scope`, the scope that opens the email, if the email is mapped;
    6. `accepted_account_types` (only together with `mapping.account_type`) lists the kinds of account that people log
       in with; an answer that names no kind is accepted;
    7. `extras`, if there, says truly what the provider has: see @ref provider_extras;
    8. `icon_svg` is a drawing that may be shown without asking anybody, 24 by 24 units, without scripts.

    A missing member fails the concept; a bad value is a compile error with a sentence of its own.

    @par Models
    @ref bitbucket_cloud
*/
template <class P>
concept provider = detail::provider_members<P> && detail::provider_values<P>;

/// The traits of a provider as one value.
template <provider P>
inline constexpr provider_traits const& traits_of = detail::traits_value<P>;

/// A copy of traits as text to edit.
[[nodiscard]] inline settings default_settings(provider_traits const& traits) {
    settings s;
    s.scopes = traits.scopes;
    s.authorization_url = traits.endpoints.authorization_url;
    s.token_url = traits.endpoints.token_url;
    s.user_info_url = traits.endpoints.user_info_url;
    s.logout_url = traits.endpoints.logout_url;
    s.email_url = traits.endpoints.email_url;
    s.avatar_url = traits.endpoints.avatar_url;
    s.groups_url = traits.endpoints.groups_url;
    s.issuer = traits.endpoints.issuer;
    s.jwks_url = traits.endpoints.jwks_url;
    s.server_url = traits.extras.server_url;
    s.user_id = traits.mapping.user_id.text;
    s.username = traits.mapping.username.text;
    s.full_name = traits.mapping.full_name.text;
    s.email = traits.mapping.email.text;
    s.email_verified = traits.mapping.email_verified.text;
    s.avatar = traits.mapping.avatar.text;
    s.groups = traits.mapping.groups.text;
    s.image_url_pattern = traits.mapping.image_url_pattern;
    for (custom_path const& attribute : traits.mapping.custom_attributes)
        s.custom_attributes.emplace_back(attribute.name, attribute.path.text);
    s.client_authentication = traits.client_authentication;
    s.pkce = traits.pkce;
    return s;
}

template <provider P>
[[nodiscard]] settings default_settings() {
    return default_settings(traits_of<P>);
}

} // namespace authmod
