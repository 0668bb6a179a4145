// SPDX-License-Identifier: BSL-1.0
// Layer 1. Opaque tokens: session ids, states, code verifiers, CSRF tokens.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/crypto/hash.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

/// Random bytes of tokens, states and session ids: 256 bits (security rules A2, G1).
inline constexpr std::size_t token_random_bytes = 32;
inline constexpr std::size_t token_length = 43; ///< characters

/// 43 characters of base64url from 256 random bits; also a code verifier by RFC 7636 4.1.
[[nodiscard]] inline std::string new_token(std::span<std::byte const, token_random_bytes> random) {
    return base64url_encode({reinterpret_cast<char const*>(random.data()), random.size()});
}

/// What stores keep instead of the token: its SHA-256, 32 bytes. Tokens are random, so no salt is needed.
[[nodiscard]] inline std::string digest_of(std::string_view token) { return sha256(token); }

} // namespace authmod
