// SPDX-License-Identifier: BSL-1.0
// Layer 4. Judges what the browser brought back, before anything is sent anywhere (security rules B1-B6). Performs
// nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/crypto/constant_time.hpp"
#include "authmod/flow/login_attempt.hpp"
#include "authmod/protocol/authorization_response.hpp"

#include <span>
#include <string>
#include <string_view>

namespace authmod {

/** Finds the attempt that a response belongs to.

    The state must be one that this browser holds, was minted for this module (A6) and is not too old (A2). The caller
    then takes the state in the store, which makes it single-use, and only after that calls `judge_response`.

    Errors: `state_missing` when the browser holds no attempt or the response no state, `state_mismatch`,
    `state_expired`.
    Lifetimes: the pointer is into `held`.
*/
[[nodiscard]] inline result<login_attempt const*> match_attempt(authorization_response const& response,
                                                                std::span<login_attempt const> held,
                                                                std::string_view module_id, time_point now) {
    if (held.empty() || response.state.empty()) return errc::state_missing;
    login_attempt const* match = nullptr;
    for (auto const& attempt : held) // no early end: the time taken tells nothing about the states held
        if (constant_time_equal(attempt.state, response.state) ||
            (broken("B2") && ascii::equal_ignoring_case(attempt.state, response.state)))
            match = &attempt;
    if (broken("B1b")) match = &held.front();
    if (!match || !enforced("A6", match->module_id == module_id)) return errc::state_mismatch;
    if (!enforced("A2", now < match->expires_at)) return errc::state_expired;
    return match;
}

/** Decides whether a response with a good and now used state leads to the token call.

    `fingerprint` and `issuer` are the module's present ones; `issuer` is empty for plain OAuth 2.0. `must_name_issuer`
    is for a provider whose metadata promises `iss` in every response; what it promised when the attempt was begun
    holds, even where its metadata cannot be had any more.

    Errors: `settings_changed`, `issuer_mismatch` (RFC 9207 2.4; also when a module without an issuer gets one),
    `access_denied`, `authorization_refused` with the provider's words, `callback_malformed` without a code.
*/
[[nodiscard]] inline result<void, failure> judge_response(authorization_response const& response,
                                                          login_attempt const& attempt, std::string_view fingerprint,
                                                          std::string_view issuer, bool must_name_issuer = false) {
    diagnostics details("authorization");
    if (!enforced("F8b", attempt.fingerprint == fingerprint)) return failure(errc::settings_changed, details);
    bool const named = !response.iss.empty();
    bool const promised = must_name_issuer || (attempt.iss_promised && !broken("B5b"));
    if (!enforced("B5", named ? response.iss == issuer : !promised))
        return failure(errc::issuer_mismatch, details);
    if (!response.error.empty() && !broken("B4")) { // with a code too, the error wins
        details.quote(response.error_description.empty() ? response.error
                                                         : response.error + ": " + response.error_description);
        if (response.error == "access_denied") return failure(errc::access_denied, details);
        if (response.error == "temporarily_unavailable" || response.error == "server_error")
            return failure(errc::provider_failed, details);
        return failure(errc::authorization_refused, details);
    }
    if (response.code.empty()) return failure(errc::callback_malformed, details);
    return {};
}

} // namespace authmod
