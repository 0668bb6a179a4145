// SPDX-License-Identifier: BSL-1.0
// Layer 2. Settings that passed every rule, ready to run. Decides what administrators may save; performs nothing.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/version.hpp"
#include "authmod/crypto/signature_algorithm.hpp"
#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/model/endpoint_url.hpp"
#include "authmod/provider/login_limit.hpp"
#include "authmod/provider/provider_info.hpp"
#include "authmod/provider/settings.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

/// 8-4-4-4-12 hexadecimal digits.
[[nodiscard]] constexpr bool is_uuid(std::string_view text) noexcept {
    for (std::size_t i = 0; i != text.size(); ++i) {
        bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : ascii::hex_value(text[i]) < 0) return false;
    }
    return text.size() == 36;
}

} // namespace detail

/** The settings of a module as flows use them. `make_plan` is the one maker; nobody changes a plan afterwards.

    Whole in itself: it refers to nothing but what the program's own provider traits hold. A plan may lack fields that
    `missing_for_enable` names; it is run only when that list is empty.
*/
struct module_plan {
    /// As checked, with two differences: URLs have their places filled (those that lack a value are empty), and scopes
    /// stand with single spaces between them, the limit's among them.
    settings text;
    mapping_plan mapping; ///< all paths, ready to read with
    provider_info const* provider; ///< the traits that are no settings; lives as long as the program
    std::optional<login_limit> limit;    ///< none: everybody may log in
    std::optional<mapping_plan> subject; ///< its user id is what `subject_claim` of the ID token must equal
    bool must_name_issuer = false;       ///< metadata promises `iss` in authorization responses (RFC 9207)
    std::vector<std::string> found_hosts; ///< named by metadata alone and not the issuer's own: see `vouches_for`
    std::string revocation_url;          ///< RFC 7009; empty: the provider has none
    std::string proof_url;               ///< of `provider->extras.proof`
    algorithm_set token_algorithms;      ///< of ID and logout tokens: the provider's traits', of those the metadata lists
    std::string pushed_request_url;      ///< named by metadata (RFC 9126); empty: requests travel with the browser
    bool binds_tokens = false;           ///< metadata says that tokens can be bound to a key of ours (RFC 9449)

    module_plan(settings in_text, mapping_plan in_mapping, provider_info const& in_provider)
        : text(std::move(in_text)), mapping(std::move(in_mapping)), provider(&in_provider) {}

    /// Whether an administrator stands for the host of `url`; others may only be public addresses (security rule J2).
    [[nodiscard]] bool vouches_for(std::string_view url) const {
        endpoint_url parts;
        return parse_endpoint_url(url, true, parts).code == url_errc::ok &&
               std::ranges::none_of(found_hosts, [&](auto const& host) { return ascii::equal_ignoring_case(host, parts.host); });
    }

    /// Whether logins bring an ID token.
    [[nodiscard]] bool is_openid() const noexcept { return provider->extras.openid.has_value(); }

    /// Whether endpoints are to be taken from the issuer's metadata, as settings leave them open.
    [[nodiscard]] bool needs_discovery() const noexcept {
        return is_openid() && (text.authorization_url.empty() || text.token_url.empty() || text.user_info_url.empty() ||
                               text.jwks_url.empty());
    }

    /** Whether there is metadata to read: the issuer's address is that of one document. Where one service signs for many
        tenants, what it publishes names another issuer than the setting.
    */
    [[nodiscard]] bool reads_metadata() const noexcept {
        return needs_discovery() || (is_openid() && !text.issuer.empty() && token_issuer() == text.issuer);
    }

    /// Whether a login can be begun: where to send browsers and where to exchange the code is known.
    [[nodiscard]] bool has_endpoints() const noexcept {
        return !text.authorization_url.empty() && !text.token_url.empty();
    }

    /** Whether an ID token of this issuer is the provider's (security rule D1). `tid` is the token's claim of that
        name: where one service signs for many tenants, the issuer names the tenant and a tenant is named by its number.
    */
    [[nodiscard]] bool accepts_issuer(std::string_view iss, std::string_view tid = {}) const {
        if (iss.empty() || !is_openid()) return false;
        if (iss == text.issuer) return true;
        std::string_view const by_tenant = provider->extras.openid->tenant_issuer;
        if (by_tenant.empty() || detail::is_uuid(text.tenant) || !detail::is_uuid(tid)) return false;
        auto const place = by_tenant.find("{tid}");
        return iss == std::string(by_tenant.substr(0, place)).append(tid).append(by_tenant.substr(place + 5));
    }

    /// The issuer of ID tokens; `{tid}` in it stands for the token's claim of that name, see `accepts_issuer`.
    [[nodiscard]] std::string_view token_issuer() const noexcept {
        if (!is_openid()) return {};
        std::string_view const by_tenant = provider->extras.openid->tenant_issuer;
        return by_tenant.empty() || detail::is_uuid(text.tenant) ? std::string_view(text.issuer) : by_tenant;
    }

    /// Whether people with this kind of account may log in. An answer that names no kind is not asked about.
    [[nodiscard]] bool accepts_account_type(std::string_view type) const noexcept {
        return provider->account_type.empty() ||
               std::ranges::find(provider->accepted_account_types, type) != provider->accepted_account_types.end();
    }
};

namespace detail {

/// All settings that are URLs with places, in the order of the settings page.
inline constexpr std::pair<std::string_view, std::string settings::*> url_fields[] = {
    {"authorization_url", &settings::authorization_url},
    {"token_url", &settings::token_url},
    {"user_info_url", &settings::user_info_url},
    {"logout_url", &settings::logout_url},
    {"email_url", &settings::email_url},
    {"avatar_url", &settings::avatar_url},
    {"groups_url", &settings::groups_url},
    {"issuer", &settings::issuer},
    {"jwks_url", &settings::jwks_url}};

} // namespace detail

inline namespace AUTHMOD_ABI {

/** Makes a plan of settings.

    Effects: none beside the answer; the same settings give the same plan at any time.
    Errors: every field that fails its rule, in the order of the settings page. Empty fields fail none: see
    @ref missing_for_enable.
    Lifetimes: `provider` lives as long as the plan; `info_of` gives such ones.
*/
[[nodiscard]] result<module_plan, std::vector<setting_error>>
make_plan(provider_info const& provider, settings text, plan_options options = plan_options());

/** Names of the fields that must be filled in before a module can be enabled; empty when it is complete.

    With an issuer, endpoints may be left out: they are then taken from its metadata.
*/
[[nodiscard]] std::vector<std::string> missing_for_enable(provider_info const& provider, settings const& text,
                                                                 bool has_secret);

/** The settings whose change ends logins under way, as one text to hash together with the client secret.

    Lengths stand before texts, so no two different settings give the same text.
*/
[[nodiscard]] std::string fingerprint_text(settings const& text);

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/provider/detail/module_plan.ipp"
#endif
