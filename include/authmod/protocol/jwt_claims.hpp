// SPDX-License-Identifier: BSL-1.0
// Layer 2. What holds for every signed token of a provider: signature, issuer, audience and times. ID tokens and logout
// tokens add their own rules.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/core/time.hpp"
#include "authmod/protocol/json_web_signature.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace authmod {

/// How far clocks may differ (security rule D5).
inline constexpr milliseconds default_clock_skew = std::chrono::seconds(60);
/// The most that a setting may allow; beyond it times would mean nothing.
inline constexpr milliseconds max_clock_skew = std::chrono::seconds(300);
inline constexpr std::size_t max_subject_bytes = 255; ///< of `sub`, OpenID Connect Core 2

/** Whom a module believes what. Refers to texts that outlive the call.

    `issuer` is compared byte for byte. In the one of Microsoft's common endpoints `{tid}` stands for the tenant
    that the token names itself.
*/
struct jwt_rules {
    std::string_view issuer;                              ///< demanded in `iss`
    std::string_view client_id;                           ///< demanded in `aud`, and in `azp` where that is
    std::span<std::string const> other_audiences;         ///< may stand beside us in `aud`
    algorithm_set algorithms{signature_algorithm::rs256}; ///< others are refused, whatever the key set has
    milliseconds clock_skew = default_clock_skew;         ///< taken as 300 s where it is more
};

namespace detail {

/// A verified token, as far as this header looked at it.
struct jwt {
    parsed_jws jws;
    json_node claims;
};

[[nodiscard]] inline failure refused_jwt(errc code, std::string_view step, std::string_view claim = {}) {
    failure why(code, diagnostics(std::string(step)));
    why.details.field = claim;
    return why;
}

/// A NumericDate (RFC 7519 2): a JSON number. None for everything else; what is out of the range of years 1970 to 5138
/// is moved to its edge, while still a double (security rule C5).
[[nodiscard]] inline std::optional<time_point> date_of(json_node const& node) noexcept {
    if (node.is != json_node::kind::integer && node.is != json_node::kind::real) return std::nullopt;
    double seconds = 0;
    auto const* const end = node.text.data() + node.text.size();
    auto const read = std::from_chars(node.text.data(), end, seconds);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return from_milliseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, 1e11) * 1000));
}

/// `iss` as expected, or the tenant's own where the expectation has `{tid}`.
[[nodiscard]] inline bool is_issuer(std::string_view iss, std::string_view expected, json_node const& claims) {
    constexpr std::string_view place = "{tid}";
    auto const at = expected.find(place);
    if (at == expected.npos) return iss == expected;
    auto const* tenant = claims.find_text("tid");
    auto const in_guid = [](char c) { return ascii::hex_value(c) >= 0 || c == '-'; };
    if (!tenant || tenant->size() != 36 || !std::ranges::all_of(*tenant, in_guid)) return false;
    std::string own(expected);
    return iss == own.replace(at, place.size(), *tenant);
}

/// `aud` names us and nobody who is not listed; `azp` is us, and is there where there are several (Core 3.1.3.7).
[[nodiscard]] inline bool is_for_us(json_node const& claims, jwt_rules const& rules) {
    auto const* aud = claims.find("aud");
    if (!aud) return false;
    auto names = aud->is == json_node::kind::text ? std::vector{aud->text} : aud->texts();
    if (!names || std::ranges::find(*names, rules.client_id) == names->end()) return false;
    bool alone = true;
    for (auto const& name : *names) {
        if (name == rules.client_id) continue;
        alone = false;
        if (std::ranges::find(rules.other_audiences, name) == rules.other_audiences.end()) return false;
    }
    if (!claims.find("azp")) return alone;
    auto const* azp = claims.find_text("azp");
    return azp && *azp == rules.client_id;
}

/// The first claim about time that does not hold, empty if all do. `exp` and `iat` must be there.
[[nodiscard]] inline std::pair<errc, std::string_view> judge_times(json_node const& claims, milliseconds skew,
                                                                   time_point now) {
    skew = std::clamp(skew, milliseconds(0), max_clock_skew);
    for (std::string_view const name : {"exp", "iat", "nbf"}) {
        auto const* claim = claims.find(name);
        if (!claim && name == "nbf") break;
        auto const date = claim ? date_of(*claim) : std::nullopt;
        if (!date) return {errc::jwt_claim_refused, name};
        bool const holds = name == "exp" ? now - skew < *date : *date <= now + skew;
        if (!enforced("D5", holds)) return {errc::jwt_expired, name};
    }
    return {};
}

/// Checks everything but what the kind of token adds.
[[nodiscard]] inline result<jwt, failure> read_jwt(std::string_view text, key_set const& keys, jwt_rules const& rules,
                                                   time_point now, std::string_view step) {
    auto jws = verify_compact_jws(text, keys, rules.algorithms);
    if (!jws) return failure(jws.error(), diagnostics(std::string(step)));
    jwt out{std::move(*jws), {}};
    if (!read_json_object(out.jws.payload, out.claims).empty()) return refused_jwt(errc::jwt_malformed, step);

    auto const* iss = out.claims.find_text("iss");
    if (!iss || rules.issuer.empty() || !enforced("D1b", is_issuer(*iss, rules.issuer, out.claims)))
        return refused_jwt(errc::issuer_mismatch, step, "iss");
    if (!enforced("D1", is_for_us(out.claims, rules))) return refused_jwt(errc::jwt_audience_refused, step, "aud");
    if (auto const [code, claim] = judge_times(out.claims, rules.clock_skew, now); code != errc())
        return refused_jwt(code, step, claim);
    return out;
}

/// A `sub` that can be a key: 1 to 255 bytes (security rule D5).
[[nodiscard]] inline bool is_subject(std::string const* sub) noexcept {
    return sub && !sub->empty() && sub->size() <= max_subject_bytes;
}

} // namespace detail

} // namespace authmod
