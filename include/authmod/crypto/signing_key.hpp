// SPDX-License-Identifier: BSL-1.0
// Layer 1. A key of our own that signs: P-256 with ES256, for DPoP proofs. OpenSSL stays in the body.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st; // OpenSSL's EVP_PKEY

namespace authmod {

inline namespace AUTHMOD_ABI {

/** A private key on the curve P-256.

    Thread safety: const members from any thread. Copies share the key, which never changes and is wiped with the last.
*/
class signing_key {
public:
    /// A fresh key. Errors: `errc::random_failed`.
    [[nodiscard]] static result<signing_key> generate();

    /// The key that @ref private_bytes was asked of. Errors: none for bytes that are not 32, or no private key.
    [[nodiscard]] static std::optional<signing_key> from_private_bytes(std::string_view bytes);

    /// The private number, 32 bytes, big-endian: seal it before it leaves the process.
    [[nodiscard]] secret private_bytes() const;

    /// The public point's coordinates, 32 bytes each, big-endian.
    [[nodiscard]] std::string const& x() const noexcept { return x_; }

    /// The other coordinate of the public point, 32 bytes.
    [[nodiscard]] std::string const& y() const noexcept { return y_; }

    /// The 64 bytes of an ES256 signature (RFC 7518 3.4). Exceptions: `std::bad_alloc`.
    [[nodiscard]] std::string sign(std::string_view message) const;

private:
    explicit signing_key(std::shared_ptr<evp_pkey_st> key);

    std::shared_ptr<evp_pkey_st> key_;
    std::string x_, y_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/crypto/detail/signing_key.ipp"
#endif
