// SPDX-License-Identifier: BSL-1.0
// Layer 1. Comparison that tells nothing by its duration.
#pragma once

#include <openssl/crypto.h>
#include <string_view>

namespace authmod {

/// Equal bytes? The time taken depends on the lengths only, which are never secret here (security rule B2).
[[nodiscard]] inline bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace authmod
