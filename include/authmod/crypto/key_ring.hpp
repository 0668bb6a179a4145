// SPDX-License-Identifier: BSL-1.0
// Layer 1. Seals values that leave the process under a key that never does (AES-256-GCM).
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** The usual `secret_sealer`: several keys, newest first. The first seals, all open, so a key is rotated by putting a
    new one in front and dropping the old one when nothing sealed with it is left (security rule N1): `is_current` tells
    what is, `seal_renewal` seals it anew.

    Sealed: base64url of key id (4 bytes), nonce (12, random), ciphertext, tag (16). `purpose` is
    authenticated with it. The keys handed in only feed HKDF; what encrypts, and the id, are derived from them. With
    random nonces one key may seal 2^32 values (NIST SP 800-38D 8.3): 136 years at one a second.

    Thread safety: const members from any thread, copies included.
*/
class key_ring {
public:
    static constexpr std::size_t key_size = 32; ///< bytes
    static constexpr std::size_t max_keys = 16; ///< more keys in one file are refused

    /// Keys of 32 bytes each, newest first. Errors: `errc::setting_refused` for none, more than 16, a wrong size or
    /// twice the same.
    [[nodiscard]] static result<key_ring> from_keys(std::span<secret const> newest_first);

    /** Reads the content of a key file: one key a line, newest first, in standard base64 (`openssl rand -base64 32`) or
        hexadecimal (`openssl rand -hex 32`); blank lines and lines that start with `#` are skipped.

        Errors: `errc::setting_refused`, as @ref from_keys, or for a line that is no key.
    */
    [[nodiscard]] static result<key_ring> from_text(std::string_view text);

    /// One fresh key that dies with the process: for services that keep nothing across restarts, and for tests.
    /// Errors: `errc::random_failed`.
    [[nodiscard]] static result<key_ring> with_fresh_key();

    /// Errors: `errc::random_failed`.
    [[nodiscard]] result<std::string> seal(std::string_view purpose, std::string_view plain) const;

    /// Errors: `errc::seal_broken` for everything that @ref seal did not make with the same purpose and a key that is
    /// still here.
    [[nodiscard]] result<secret> open(std::string_view purpose, std::string_view sealed) const;

    /// Whether `sealed` names the newest key as the one that it was sealed with.
    [[nodiscard]] bool is_current(std::string_view sealed) const;

private:
    struct ring_key; // in key_ring.ipp: only there does OpenSSL show up

    key_ring() = default;

    std::vector<std::shared_ptr<ring_key const>> keys_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/crypto/detail/key_ring.ipp"
#endif
