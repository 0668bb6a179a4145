// SPDX-License-Identifier: BSL-1.0
// Layer 6. The provider's tokens as they rest in the store: sealed for one session and for no other.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/protocol/kept_tokens.hpp"

#include <string>
#include <string_view>

namespace authmod::detail {

/// `digest` is that of the session.
[[nodiscard]] inline std::string token_purpose(std::string_view digest) {
    return "kept-tokens " + base64url_encode(digest);
}

[[nodiscard]] inline result<std::string> seal_tokens(sealer_port const& sealer, std::string_view digest,
                                                     kept_tokens const& tokens) {
    return sealer.seal(token_purpose(digest), tokens.to_bytes().expose());
}

[[nodiscard]] inline result<kept_tokens> open_tokens(sealer_port const& sealer, std::string_view digest,
                                                     std::string_view sealed) {
    auto bytes = sealer.open(token_purpose(digest), sealed);
    if (!bytes) return bytes.error();
    return kept_tokens::from_bytes(bytes->expose());
}

} // namespace authmod::detail
