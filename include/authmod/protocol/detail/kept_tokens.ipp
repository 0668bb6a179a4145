// SPDX-License-Identifier: BSL-1.0
// Layer 2. Bodies of kept_tokens.
#pragma once

#include "authmod/core/text_list.hpp"
#include "authmod/protocol/kept_tokens.hpp"

#include <charconv>
#include <chrono>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL secret kept_tokens::to_bytes() const {
    std::string bytes = "1"; // version of this layout
    for (auto const* one : {&access_token, &refresh_token, &id_token, &dpop_key}) append_text(bytes, one->expose());
    for (auto const* one : {&scope, &subject, &fingerprint}) append_text(bytes, *one);
    append_text(bytes, expires_at ? std::to_string(to_milliseconds(*expires_at)) : std::string());
    return secret(std::move(bytes));
}

AUTHMOD_DECL result<kept_tokens> kept_tokens::from_bytes(std::string_view bytes) {
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

AUTHMOD_DECL kept_tokens keep_tokens(token_response fresh, std::string scope, time_point now) {
    kept_tokens kept;
    kept.access_token = std::move(fresh.access_token);
    kept.refresh_token = std::move(fresh.refresh_token);
    kept.id_token = std::move(fresh.id_token);
    kept.scope = fresh.scope ? std::move(*fresh.scope) : std::move(scope);
    if (fresh.expires_in) kept.expires_at = now + *fresh.expires_in;
    return kept;
}

AUTHMOD_DECL kept_tokens after_refresh(kept_tokens old, token_response fresh, time_point now) {
    auto kept = keep_tokens(std::move(fresh), std::move(old.scope), now);
    if (kept.refresh_token.empty()) kept.refresh_token = std::move(old.refresh_token);
    if (kept.id_token.empty()) kept.id_token = std::move(old.id_token);
    kept.dpop_key = std::move(old.dpop_key);
    kept.subject = std::move(old.subject);
    kept.fingerprint = std::move(old.fingerprint);
    return kept;
}

AUTHMOD_DECL bool refresh_is_due(kept_tokens const& kept, time_point now) noexcept {
    return !kept.refresh_token.empty() && kept.expires_at && now + std::chrono::minutes(1) >= *kept.expires_at;
}

AUTHMOD_DECL bool ends_refresh_token(failure const& why) noexcept {
    if (why.code == errc::code_refused) return true; // invalid_grant
    // Bitbucket says this of a token that is unknown, expired or rotated.
    return why.code == errc::token_exchange_refused && why.details.status == 400 &&
           why.details.provider_said == "invalid_request: Invalid refresh_token";
}

} // namespace AUTHMOD_ABI

} // namespace authmod
