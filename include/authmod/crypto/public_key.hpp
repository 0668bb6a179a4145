// SPDX-License-Identifier: BSL-1.0
// Layer 1. Public keys that checked out, and the signatures they verify. OpenSSL stays in the body.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/crypto/signature_algorithm.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

struct evp_pkey_st; // OpenSSL's EVP_PKEY

namespace authmod {

inline constexpr int min_rsa_bits = 2048; ///< RFC 7518 3.3
inline constexpr int max_rsa_bits = 8192; ///< bounds the work that a key of a stranger makes

inline namespace AUTHMOD_ABI {

/** A public key whose numbers were looked at before anything trusts it (security rule D4).

    Thread safety: const members from any thread. Copies share the key, which never changes.
*/
class public_key {
public:
    /** From modulus and public exponent, big-endian.

        Errors: none for a modulus that is even, under 2048 or over 8192 bits, or of the family that ROCA breaks
        (CVE-2017-15361), and for an exponent that is even, 1, or over 64 bits.
    */
    [[nodiscard]] static std::optional<public_key> from_rsa(std::string_view n, std::string_view e);

    /** From the coordinates of a point, each exactly as long as the curve's field, big-endian.

        Preconditions: `curve` is one of the three curves. Errors: none for a point that is not on it.
    */
    [[nodiscard]] static std::optional<public_key> from_ec(key_type curve, std::string_view x, std::string_view y);

    /// From the 32 bytes of RFC 8032 5.1.5. Errors: none for another size or a point of small order, under which
    /// anybody can sign.
    [[nodiscard]] static std::optional<public_key> from_ed25519(std::string_view x);

    /// The kind of key: it allows certain algorithms only.
    [[nodiscard]] key_type type() const noexcept { return type_; }

    /** Whether `signature`, in the form of RFC 7518 3 and RFC 8037 3.1, is one of `message` under this key.

        False too for an algorithm that is not one of this type of key.
        @par Exceptions
        `std::bad_alloc`.
    */
    [[nodiscard]] bool verify(signature_algorithm algorithm, std::string_view message,
                              std::string_view signature) const;

private:
    public_key(key_type type, std::shared_ptr<evp_pkey_st> key) noexcept : type_(type), key_(std::move(key)) {}

    key_type type_;
    std::shared_ptr<evp_pkey_st> key_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/crypto/detail/public_key.ipp"
#endif
