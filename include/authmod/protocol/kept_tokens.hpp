// SPDX-License-Identifier: BSL-1.0
// Layer 2. The provider's tokens where a service keeps them, and what an answer to a refresh does to them.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/time.hpp"
#include "authmod/protocol/token_response.hpp"

#include <optional>
#include <string>
#include <utility>

namespace authmod {

/// Tokens of one login. To be sealed wherever they rest.
struct kept_tokens {
    secret access_token;
    secret refresh_token;                 ///< empty: the login cannot be prolonged
    secret id_token;                      ///< the latest; the hint of a logout at the provider
    std::string scope;                    ///< as granted
    std::optional<time_point> expires_at; ///< of the access token, if the provider says

    kept_tokens() = default;
};

/// The tokens of a login. `scope` is what was asked for: an answer without one means the same (RFC 6749 5.1).
[[nodiscard]] inline kept_tokens keep_tokens(token_response fresh, std::string scope, time_point now) {
    kept_tokens kept;
    kept.access_token = std::move(fresh.access_token);
    kept.refresh_token = std::move(fresh.refresh_token);
    kept.id_token = std::move(fresh.id_token);
    kept.scope = fresh.scope ? std::move(*fresh.scope) : std::move(scope);
    if (fresh.expires_in) kept.expires_at = now + *fresh.expires_in;
    return kept;
}

/** What is kept after a refresh. An answer without a refresh token means: keep the old one; likewise the ID token and
   the scope.

    The old refresh token may be dead already, so the result replaces the old one in one atomic step that fails if
    somebody else refreshed in the meantime; whoever loses takes what the winner stored (security rule C7).
    Preconditions: an ID token in `fresh` passed `read_id_token` with the subject of the login.
*/
[[nodiscard]] inline kept_tokens after_refresh(kept_tokens old, token_response fresh, time_point now) {
    auto kept = keep_tokens(std::move(fresh), std::move(old.scope), now);
    if (kept.refresh_token.empty()) kept.refresh_token = std::move(old.refresh_token);
    if (kept.id_token.empty()) kept.id_token = std::move(old.id_token);
    return kept;
}

/// Whether the access token should be refreshed before it is used: it ends within a minute.
[[nodiscard]] inline bool refresh_is_due(kept_tokens const& kept, time_point now) noexcept {
    return !kept.refresh_token.empty() && kept.expires_at && now + std::chrono::minutes(1) >= *kept.expires_at;
}

/** Whether a refused refresh means that the refresh token is worthless. Everything else keeps it: timeouts, 408, 429,
   5xx and an unexpected 401 pass.
*/
[[nodiscard]] inline bool ends_refresh_token(failure const& why) noexcept {
    if (why.code == errc::code_refused) return true; // invalid_grant
    // Bitbucket says this of a token that is unknown, expired or rotated.
    return why.code == errc::token_exchange_refused && why.details.status == 400 &&
           why.details.provider_said == "invalid_request: Invalid refresh_token";
}

} // namespace authmod
