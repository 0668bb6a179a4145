// SPDX-License-Identifier: BSL-1.0
// Layer 2. The ID token of OpenID Connect: who logged in, said by the issuer, to us, now, in this login.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/crypto/constant_time.hpp"
#include "authmod/crypto/token_hash.hpp"
#include "authmod/protocol/jwt_claims.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/** What an ID token must say beside the module's rules. Refers to texts that outlive the call.

    For a login `nonce` is that of its attempt. For a refreshed token it is empty and `subject` is that of the login
    (security rule C7).
*/
struct id_token_expectation {
    std::string_view nonce;        ///< empty: not looked at
    std::string_view subject;      ///< empty: anybody
    std::string_view access_token; ///< what came with it; `at_hash` is held against it
};

/// An ID token that passed.
struct id_token {
    std::string subject;     ///< `sub`
    std::string session_id;  ///< `sid` for back-channel logout; empty: none
    time_point issued_at{};  ///< `iat`
    time_point expires_at{}; ///< `exp`
    std::string claims;      ///< all of them, as the JSON object that was signed

    id_token() = default;
};

/** Validates an ID token (OpenID Connect Core 3.1.3.7; security rules D1-D5).

    Errors, with the claim in `details.field`: `jwt_malformed`, `jwt_algorithm_refused`, `jwt_key_unknown`,
    `jwt_signature_bad` (see `fresh_keys_may_help`), `issuer_mismatch`, `jwt_audience_refused`, `jwt_expired`,
    `nonce_mismatch`, `subject_mismatch`, and `jwt_claim_refused` for a missing or bad `exp`, `iat`, `nbf` or `sub`, a
    wrong `at_hash`, and a token that was made for another purpose: one with a `typ` such as `at+jwt` or with `events`.
*/
[[nodiscard]] inline result<id_token, failure> read_id_token(std::string_view text, key_set const& keys,
                                                             jwt_rules const& rules,
                                                             id_token_expectation const& expected, time_point now) {
    constexpr std::string_view step = "id_token";
    auto token = detail::read_jwt(text, keys, rules, now, step);
    if (!token) return token.error();
    auto const& claims = token->claims;
    auto const refused = [&](errc code, std::string_view claim) { return detail::refused_jwt(code, step, claim); };

    // RFC 8725 3.11, 3.12: tokens of other kinds come from the same issuer under the same keys.
    if (token->jws.header.type.ends_with("+jwt")) return refused(errc::jwt_claim_refused, "typ");
    if (claims.find("events")) return refused(errc::jwt_claim_refused, "events");

    auto const* nonce = claims.find_text("nonce");
    if (!enforced("D5b", expected.nonce.empty() || (nonce && constant_time_equal(*nonce, expected.nonce))))
        return refused(errc::nonce_mismatch, "nonce");
    auto const* sub = claims.find_text("sub");
    if (!detail::is_subject(sub)) return refused(errc::jwt_claim_refused, "sub");
    if (!enforced("C7", expected.subject.empty() || *sub == expected.subject))
        return refused(errc::subject_mismatch, "sub");
    if (claims.find("at_hash") && !broken("D5c")) {
        auto const* at_hash = claims.find_text("at_hash");
        if (!at_hash || *at_hash != token_hash(token->jws.header.algorithm, expected.access_token))
            return refused(errc::jwt_claim_refused, "at_hash");
    }

    id_token out;
    out.subject = *sub;
    if (auto const* sid = claims.find_text("sid"); detail::is_subject(sid)) out.session_id = *sid;
    out.issued_at = *detail::date_of(*claims.find("iat"));
    out.expires_at = *detail::date_of(*claims.find("exp"));
    out.claims = std::move(token->jws.payload);
    return out;
}

/// A claim that is a text; none if it is missing, empty or something else.
[[nodiscard]] inline std::optional<std::string> claim_of(id_token const& token, std::string_view name) {
    detail::json_node claims;
    if (!detail::read_json_object(token.claims, claims).empty()) return std::nullopt;
    auto const* text = claims.find_text(name);
    return text && !text->empty() ? std::optional(*text) : std::nullopt;
}

/** Whether a UserInfo answer speaks of the person of the ID token (OpenID Connect Core 5.3.4; security rule E1). If
   not, nothing of it may be used.

    Errors: `profile_malformed` for what is no JSON object, `subject_mismatch` for another `sub` or none.
*/
[[nodiscard]] inline result<void, failure> check_user_info_subject(std::string_view body, std::string_view subject) {
    detail::json_node claims;
    if (auto const reason = detail::read_json_object(body, claims); !reason.empty()) {
        failure why(errc::profile_malformed, diagnostics("profile"));
        why.details.quote(reason);
        return why;
    }
    auto const* sub = claims.find_text("sub");
    if (!sub || *sub != subject) return detail::refused_jwt(errc::subject_mismatch, "profile", "sub");
    return {};
}

} // namespace authmod
