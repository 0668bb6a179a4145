// SPDX-License-Identifier: BSL-1.0
// Layer 2. The provider's tokens where a service keeps them, and what an answer to a refresh does to them.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/text_list.hpp"
#include "authmod/core/time.hpp"
#include "authmod/protocol/token_response.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

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
    [[nodiscard]] secret to_bytes() const {
        std::string bytes = "1"; // version of this layout
        for (auto const* one : {&access_token, &refresh_token, &id_token, &dpop_key}) append_text(bytes, one->expose());
        for (auto const* one : {&scope, &subject, &fingerprint}) append_text(bytes, *one);
        append_text(bytes, expires_at ? std::to_string(to_milliseconds(*expires_at)) : std::string());
        return secret(std::move(bytes));
    }

    /// Errors: `errc::seal_broken` for bytes that `to_bytes` did not make.
    [[nodiscard]] static result<kept_tokens> from_bytes(std::string_view bytes) {
        kept_tokens kept;
        if (!bytes.starts_with('1')) return errc::seal_broken;
        bytes.remove_prefix(1);
        std::string text;
        for (auto* one : {&kept.access_token, &kept.refresh_token, &kept.id_token, &kept.dpop_key}) {
            if (!take_text(bytes, text)) return errc::seal_broken;
            *one = secret(std::move(text));
        }
        for (auto* one : {&kept.scope, &kept.subject, &kept.fingerprint, &text})
            if (!take_text(bytes, *one)) return errc::seal_broken;
        if (!text.empty()) {
            long long expires = 0;
            auto const* const end = text.data() + text.size();
            if (std::from_chars(text.data(), end, expires).ptr != end) return errc::seal_broken;
            kept.expires_at = from_milliseconds(expires);
        }
        if (!bytes.empty()) return errc::seal_broken;
        return kept;
    }
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
    kept.dpop_key = std::move(old.dpop_key);
    kept.subject = std::move(old.subject);
    kept.fingerprint = std::move(old.fingerprint);
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
