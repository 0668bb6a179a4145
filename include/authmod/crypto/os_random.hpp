// SPDX-License-Identifier: BSL-1.0
// Layer 1. Unguessable bytes from OpenSSL's generator, which the operating system seeds.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"

#include <algorithm>
#include <cstddef>
#include <openssl/rand.h>
#include <span>

namespace authmod {

/** The usual `random_source`.

    Thread safety: everything from any thread; OpenSSL keeps a generator per thread and reseeds after fork.
*/
class os_random {
public:
    /// Errors: `errc::random_failed`; the bytes are then unspecified and must not be used.
    [[nodiscard]] result<void> fill(std::span<std::byte> bytes) const noexcept {
        while (!bytes.empty()) {
            auto const part = bytes.first(std::min<std::size_t>(bytes.size(), 1 << 20)); // RAND_bytes counts in int
            if (RAND_bytes(reinterpret_cast<unsigned char*>(part.data()), static_cast<int>(part.size())) != 1)
                return errc::random_failed;
            bytes = bytes.subspan(part.size());
        }
        return boost::system::in_place_value;
    }
};

} // namespace authmod
