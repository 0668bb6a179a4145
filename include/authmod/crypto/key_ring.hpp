// SPDX-License-Identifier: BSL-1.0
// Layer 1. Seals values that leave the process under a key that never does (AES-256-GCM).
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/base64.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/os_random.hpp"

#include <algorithm>
#include <climits>
#include <cstddef>
#include <memory>
#include <mutex>
#include <openssl/evp.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

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
    [[nodiscard]] static result<key_ring> from_keys(std::span<secret const> newest_first) {
        if (newest_first.empty() || newest_first.size() > max_keys) return errc::setting_refused;
        key_ring ring;
        for (secret const& master : newest_first) {
            if (master.expose().size() != key_size) return errc::setting_refused;
            secret const derived(hkdf_sha256(master.expose(), {}, "authmod seal key v1", key_size));
            ring_key next{hkdf_sha256(master.expose(), {}, "authmod seal id v1", id_size),
                          std::make_shared<keyed>(derived)};
            for (ring_key const& other : ring.keys_)
                if (other.id == next.id) return errc::setting_refused;
            ring.keys_.push_back(std::move(next));
        }
        return ring;
    }

    /** Reads the content of a key file: one key a line, newest first, in standard base64 (`openssl rand -base64 32`) or
        hexadecimal (`openssl rand -hex 32`); blank lines and lines that start with `#` are skipped.

        Errors: `errc::setting_refused`, as @ref from_keys, or for a line that is no key.
    */
    [[nodiscard]] static result<key_ring> from_text(std::string_view text) {
        std::vector<secret> keys;
        while (!text.empty()) {
            auto line = text.substr(0, text.find('\n'));
            text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
            while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
            while (line.ends_with(' ') || line.ends_with('\t') || line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty() || line.starts_with('#')) continue;
            auto bytes = line.size() == 2 * key_size ? from_hex(line) : base64_decode(line);
            if (!bytes || keys.size() == max_keys) return errc::setting_refused;
            keys.emplace_back(std::move(*bytes));
        }
        return from_keys(keys);
    }

    /// One fresh key that dies with the process: for services that keep nothing across restarts, and for tests.
    /// Errors: `errc::random_failed`.
    [[nodiscard]] static result<key_ring> with_fresh_key() {
        std::string bytes(key_size, '\0');
        if (auto r = os_random().fill(std::as_writable_bytes(std::span(bytes))); !r) return r.error();
        secret const key(std::move(bytes));
        return from_keys({&key, 1});
    }

    /// Errors: `errc::random_failed`.
    [[nodiscard]] result<std::string> seal(std::string_view purpose, std::string_view plain) const {
        ring_key const& key = keys_.front();
        std::string sealed = key.id;
        sealed.resize(overhead + plain.size());
        std::span const nonce(sealed.data() + id_size, nonce_size);
        if (auto r = os_random().fill(std::as_writable_bytes(nonce)); !r) return r.error();

        std::lock_guard const lock(key.with->mutex);
        auto* const context = start(key.with->sealing, nonce.data(), purpose);
        auto* const out = reinterpret_cast<unsigned char*>(nonce.data() + nonce_size);
        int n = 0;
        detail::require_openssl(EVP_CipherUpdate(context, out, &n, reinterpret_cast<unsigned char const*>(plain.data()),
                                                 openssl_size(plain)) == 1 &&
                                EVP_CipherFinal_ex(context, out + plain.size(), &n) == 1 &&
                                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size, out + plain.size()) == 1);
        return base64url_encode(sealed);
    }

    /// Errors: `errc::seal_broken` for everything that @ref seal did not make with the same purpose and a key that is
    /// still here.
    [[nodiscard]] result<secret> open(std::string_view purpose, std::string_view sealed) const {
        auto bytes = base64url_decode(sealed);
        if (!bytes || bytes->size() < overhead) return errc::seal_broken;
        auto const key = std::ranges::find_if(keys_, [&](ring_key const& k) { return bytes->starts_with(k.id); });
        if (key == keys_.end()) return errc::seal_broken;

        std::lock_guard const lock(key->with->mutex);
        auto* const context = start(key->with->opening, bytes->data() + id_size, purpose);
        auto* const in = reinterpret_cast<unsigned char*>(bytes->data() + id_size + nonce_size);
        std::string plain(bytes->size() - overhead, '\0');
        auto* const out = reinterpret_cast<unsigned char*>(plain.data());
        int n = 0;
        bool const whole = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, in + plain.size()) == 1 &&
                           EVP_CipherUpdate(context, out, &n, in, openssl_size(plain)) == 1 &&
                           EVP_CipherFinal_ex(context, out + plain.size(), &n) == 1;
        secret opened(std::move(plain)); // wiped again when the tag does not fit
        if (!whole) return errc::seal_broken;
        return opened;
    }

    /// Whether `sealed` names the newest key as the one that it was sealed with.
    [[nodiscard]] bool is_current(std::string_view sealed) const {
        auto const bytes = base64url_decode(sealed);
        return bytes && bytes->starts_with(keys_.front().id);
    }

private:
    using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, detail::openssl_free<EVP_CIPHER_CTX_free>>;

    /// OpenSSL's contexts with a key in them: making one anew costs three times what sealing a login attempt does. They
    /// are used by one thread at a time, for half a microsecond.
    struct keyed {
        std::mutex mutex;
        cipher_context sealing, opening;

        explicit keyed(secret const& key) : sealing(make_context(key, 1)), opening(make_context(key, 0)) {}
    };

    struct ring_key {
        std::string id;
        std::shared_ptr<keyed> with;
    };

    static constexpr int tag_size = 16;
    static constexpr std::size_t id_size = 4;
    static constexpr std::size_t nonce_size = 12;
    static constexpr std::size_t overhead = id_size + nonce_size + tag_size;

    key_ring() = default;

    /// OpenSSL counts in int; nobody seals 2 GiB.
    [[nodiscard]] static int openssl_size(std::string_view text) {
        detail::require_openssl(text.size() <= INT_MAX);
        return static_cast<int>(text.size());
    }

    [[nodiscard]] static cipher_context make_context(secret const& key, int encrypts) {
        static EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
        cipher_context context(EVP_CIPHER_CTX_new());
        auto const* const bytes = reinterpret_cast<unsigned char const*>(key.expose().data());
        detail::require_openssl(algorithm && context &&
                                EVP_CipherInit_ex2(context.get(), algorithm, bytes, nullptr, encrypts, nullptr) == 1);
        return context;
    }

    /// Begins another value under the key that is in `context`.
    [[nodiscard]] static EVP_CIPHER_CTX* start(cipher_context const& context, char const* nonce,
                                               std::string_view purpose) {
        int n = 0;
        detail::require_openssl(EVP_CipherInit_ex2(context.get(), nullptr, nullptr,
                                                   reinterpret_cast<unsigned char const*>(nonce), -1, nullptr) == 1 &&
                                EVP_CipherUpdate(context.get(), nullptr, &n,
                                                 reinterpret_cast<unsigned char const*>(purpose.data()),
                                                 openssl_size(purpose)) == 1);
        return context.get();
    }

    [[nodiscard]] static std::optional<std::string> from_hex(std::string_view text) {
        std::string bytes;
        for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
            int const high = ascii::hex_value(text[i]);
            int const low = ascii::hex_value(text[i + 1]);
            if (high < 0 || low < 0) return std::nullopt;
            bytes += static_cast<char>(high * 16 + low);
        }
        return bytes;
    }

    std::vector<ring_key> keys_;
};

} // namespace authmod
