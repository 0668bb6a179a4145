// SPDX-License-Identifier: BSL-1.0
// Layer 4. The first half of a login: makes the attempt and what it asks the provider for. Performs nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/crypto/signing_key.hpp"
#include "authmod/flow/login_attempt.hpp"
#include "authmod/protocol/authorization_request.hpp"
#include "authmod/protocol/dpop.hpp"
#include "authmod/protocol/pkce.hpp"
#include "authmod/provider/module_plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// Fresh random texts for one attempt, each 43 characters of base64url (256 bits).
struct login_entropy {
    std::string state;                   ///< goes to the provider and back
    std::string code_verifier;           ///< stays in the sealed attempt; RFC 7636 4.1
    std::string nonce;                   ///< used with OpenID Connect only
    std::optional<signing_key> dpop_key; ///< used with a provider that binds tokens only

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
    if (plan.is_openid() && !broken("A4")) attempt.nonce = std::move(entropy.nonce);
    if (plan.binds_tokens && entropy.dpop_key) attempt.dpop_key = entropy.dpop_key->private_bytes().expose();
    attempt.module_id = module_id;
    attempt.fingerprint = fingerprint;
    attempt.return_to = std::move(return_to);
    attempt.iss_promised = plan.must_name_issuer;
    attempt.expires_at = now + attempt_lifetime;
    return attempt;
}

/** What an attempt asks the provider for (RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1, RFC 9449 10).

    It goes to the browser as `to_url()`. Where metadata names an endpoint for pushed requests it goes there instead and
    the browser carries a reference (`pushed_authorization_request`): nobody on the browser's side can then change it,
    and whether a provider demands this of our client is not in its metadata. A provider that cannot take it begins no
    login. Where metadata lists ES256 for DPoP, code and tokens are bound to a key of this one attempt: a code or token
    that leaks is worth nothing then. A provider that gives plain bearer tokens all the same is believed.
*/
[[nodiscard]] inline authorization_request authorization_of(module_plan const& plan, login_attempt const& attempt,
                                                            std::string_view redirect_uri) {
    authorization_request request;
    request.authorization_url = plan.text.authorization_url;
    request.client_id = plan.text.client_id;
    request.redirect_uri = redirect_uri;
    request.scope = plan.text.scopes;
    request.state = attempt.state;
    if (!attempt.code_verifier.empty())
        request.code_challenge = broken("A3") ? attempt.code_verifier : s256_challenge(attempt.code_verifier);
    request.nonce = attempt.nonce;
    if (auto const key = signing_key::from_private_bytes(attempt.dpop_key)) request.dpop_jkt = dpop_thumbprint(*key);
    return request;
}

} // namespace authmod
