// SPDX-License-Identifier: BSL-1.0
// Layer 2. The logout token with which a provider ends sessions behind the browser's back.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/protocol/jwt_claims.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// The member of `events`, Back-Channel Logout 2.4.
inline constexpr std::string_view backchannel_logout_event = "http://schemas.openid.net/event/backchannel-logout";

/// A logout token that passed: whose sessions end. At least one of `subject` and `session_id` is set; with both, only
/// sessions that fit both.
struct logout_token {
    std::string subject;     ///< `sub`
    std::string session_id;  ///< `sid`
    std::string token_id;    ///< `jti`: to be taken once until `expires_at`
    time_point expires_at{}; ///< `exp`; without one, as long as a replay has to be remembered

    logout_token() = default;
};

/** Validates a logout token (OpenID Connect Back-Channel Logout 2.6).

    Errors, with the claim in `details.field`: as @ref read_id_token for signature, issuer, audience and times;
    `logout_token_refused` without exactly this event, with a `nonce`, without `jti`, without both `sub` and `sid`, and
    for a `typ` other than `logout+jwt` and `JWT`. Whether its `jti` was seen before is for the caller to ask a store.
*/
[[nodiscard]] inline result<logout_token, failure> read_logout_token(std::string_view text, key_set const& keys,
                                                                     jwt_rules const& rules, time_point now) {
    constexpr std::string_view step = "logout";
    auto token = detail::read_jwt(text, keys, rules, now, step);
    if (!token) return token.error();
    auto const& claims = token->claims;
    auto const refused = [&](std::string_view claim) {
        return detail::refused_jwt(errc::logout_token_refused, step, claim);
    };

    std::string_view type = token->jws.header.type;
    if (type.starts_with("application/")) type.remove_prefix(12);
    if (!type.empty() && !ascii::equal_ignoring_case(type, "logout+jwt") && !ascii::equal_ignoring_case(type, "JWT"))
        return refused("typ");
    if (claims.find("nonce")) return refused("nonce"); // or an ID token could pass for one
    auto const* events = claims.find("events");
    auto const* event = events ? events->find(backchannel_logout_event) : nullptr;
    if (!event || event->is != detail::json_node::kind::object) return refused("events");
    auto const* jti = claims.find_text("jti");
    if (!jti || jti->empty() || jti->size() > 255) return refused("jti");

    logout_token out;
    for (auto [claim, target] : {std::pair("sub", &out.subject), std::pair("sid", &out.session_id)}) {
        if (!claims.find(claim)) continue;
        auto const* value = claims.find_text(claim);
        if (!detail::is_subject(value)) return refused(claim);
        *target = *value;
    }
    if (out.subject.empty() && out.session_id.empty()) return refused("sub");
    out.token_id = *jti;
    out.expires_at = *detail::date_of(*claims.find("exp"));
    return out;
}

} // namespace authmod
