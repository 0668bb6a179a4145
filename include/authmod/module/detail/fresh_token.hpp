// SPDX-License-Identifier: BSL-1.0
// Layer 6. A token that nobody has had before.
#pragma once

#include "authmod/crypto/token.hpp"
#include "authmod/module/ports.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace authmod::detail {

/// Errors: those of the random source.
[[nodiscard]] inline result<std::string> fresh_token(random_port& random) {
    std::array<std::byte, token_random_bytes> bytes;
    if (auto filled = random.fill(bytes); !filled) return filled.error();
    return new_token(bytes);
}

} // namespace authmod::detail
