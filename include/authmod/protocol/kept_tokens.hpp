// SPDX-License-Identifier: BSL-1.0
// Layer 2. The provider's tokens where a service keeps them, and what an answer to a refresh does to them.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/time.hpp"
#include "authmod/core/version.hpp"
#include "authmod/protocol/token_response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace authmod {

inline namespace AUTHMOD_ABI {

/// Tokens of one login. To be sealed wherever they rest.
struct kept_tokens {
    secret access_token;                  ///< for calls in the name of the person
    secret refresh_token;                 ///< empty: the login cannot be prolonged
    secret id_token;                      ///< the latest; the hint of a logout at the provider
    std::string scope;                    ///< as granted
    std::optional<time_point> expires_at; ///< of the access token, if the provider says
    secret dpop_key;                      ///< private bytes of the key the tokens are bound to; empty: bearer tokens
    std::string subject;                  ///< `sub` of the login; empty with plain OAuth 2.0
    std::string fingerprint;              ///< of the settings they were given under

    kept_tokens() = default;

    /// The members as text, for sealing.
    [[nodiscard]] secret to_bytes() const;

    /// Errors: `errc::seal_broken` for bytes that `to_bytes` did not make.
    [[nodiscard]] static result<kept_tokens> from_bytes(std::string_view bytes);
};

/// The tokens of a login. `scope` is what was asked for: an answer without one means the same (RFC 6749 5.1).
[[nodiscard]] kept_tokens keep_tokens(token_response fresh, std::string scope, time_point now);

/** What is kept after a refresh. An answer without a refresh token means: keep the old one; likewise the ID token and
   the scope.

    The old refresh token may be dead already, so the result replaces the old one in one atomic step that fails if
    somebody else refreshed in the meantime; whoever loses takes what the winner stored (security rule C7).
    Preconditions: an ID token in `fresh` passed `read_id_token` with the subject of the login.
*/
[[nodiscard]] kept_tokens after_refresh(kept_tokens old, token_response fresh, time_point now);

/// Whether the access token should be refreshed before it is used: it ends within a minute.
[[nodiscard]] bool refresh_is_due(kept_tokens const& kept, time_point now) noexcept;

/** Whether a refused refresh means that the refresh token is worthless. Everything else keeps it: timeouts, 408, 429,
   5xx and an unexpected 401 pass.
*/
[[nodiscard]] bool ends_refresh_token(failure const& why) noexcept;

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/protocol/detail/kept_tokens.ipp"
#endif
