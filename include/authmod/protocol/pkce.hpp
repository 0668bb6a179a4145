// SPDX-License-Identifier: BSL-1.0
// Layer 2. Proof key for code exchange (RFC 7636). S256 only: `plain` is never sent (security rule A3).
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/base64.hpp"
#include "authmod/crypto/hash.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace authmod {

/// Whether a text may be a code verifier: 43 to 128 unreserved characters. `new_token` makes good ones (RFC 7636 4.1).
[[nodiscard]] constexpr bool is_code_verifier(std::string_view text) noexcept {
    return text.size() >= 43 && text.size() <= 128 && std::ranges::all_of(text, ascii::is_unreserved);
}

/// The challenge to a verifier by the method S256 (RFC 7636 4.2).
[[nodiscard]] inline std::string s256_challenge(std::string_view code_verifier) {
    return base64url_encode(sha256(code_verifier));
}

} // namespace authmod
