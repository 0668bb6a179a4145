// SPDX-License-Identifier: BSL-1.0
// Layer 4. The first half of a login: makes the attempt and the address to send the browser to. Performs nothing.
#pragma once

#include "authmod/flow/login_attempt.hpp"
#include "authmod/protocol/authorization_request.hpp"
#include "authmod/protocol/pkce.hpp"
#include "authmod/provider/module_plan.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// Fresh random texts for one attempt, each 43 characters of base64url (256 bits).
struct login_entropy {
    std::string state;
    std::string code_verifier;
    std::string nonce; ///< used with OpenID Connect only

    login_entropy() = default;
};

/** Makes the attempt that must come back with the browser.

    Preconditions: `return_to` passed `safe_return_to`; the texts of `entropy` were used for nothing else.
*/
[[nodiscard]] inline login_attempt begin_login_attempt(module_plan const& plan, std::string_view module_id,
                                                       std::string_view fingerprint, login_entropy entropy,
                                                       std::string return_to, time_point now) {
    login_attempt attempt;
    attempt.state = std::move(entropy.state);
    if (plan.text.pkce != pkce_mode::off) attempt.code_verifier = std::move(entropy.code_verifier);
    if (plan.is_openid()) attempt.nonce = std::move(entropy.nonce);
    attempt.module_id = module_id;
    attempt.fingerprint = fingerprint;
    attempt.return_to = std::move(return_to);
    attempt.expires_at = now + attempt_lifetime;
    return attempt;
}

/// The authorization URL of an attempt (RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1).
[[nodiscard]] inline std::string authorization_location(module_plan const& plan, login_attempt const& attempt,
                                                        std::string_view redirect_uri) {
    authorization_request request;
    request.authorization_url = plan.text.authorization_url;
    request.client_id = plan.text.client_id;
    request.redirect_uri = redirect_uri;
    request.scope = plan.text.scopes;
    request.state = attempt.state;
    if (!attempt.code_verifier.empty()) request.code_challenge = s256_challenge(attempt.code_verifier);
    request.nonce = attempt.nonce;
    return request.to_url();
}

} // namespace authmod
