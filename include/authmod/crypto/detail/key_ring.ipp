// SPDX-License-Identifier: BSL-1.0
// Layer 1. Bodies of key_ring.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/base64.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/key_ring.hpp"
#include "authmod/crypto/os_random.hpp"

#include <algorithm>
#include <climits>
#include <memory>
#include <mutex>
#include <openssl/evp.h>
#include <optional>
#include <utility>

namespace authmod {

namespace detail {

/// OpenSSL counts in int; nobody seals 2 GiB.
[[nodiscard]] inline int openssl_size(std::string_view text) {
    require_openssl(text.size() <= INT_MAX);
    return static_cast<int>(text.size());
}

/// An OpenSSL context for one direction with a key in it: making one anew costs three times what sealing a login
/// attempt does.
class keyed_cipher {
public:
    keyed_cipher(secret const& key, int encrypts) : context_(EVP_CIPHER_CTX_new()) {
        static EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
        auto const* const bytes = reinterpret_cast<unsigned char const*>(key.expose().data());
        require_openssl(algorithm && context_ &&
                        EVP_CipherInit_ex2(context_.get(), algorithm, bytes, nullptr, encrypts, nullptr) == 1);
    }

    /// Begins another value.
    [[nodiscard]] EVP_CIPHER_CTX* start(char const* nonce, std::string_view purpose) const {
        int n = 0;
        require_openssl(EVP_CipherInit_ex2(context_.get(), nullptr, nullptr,
                                           reinterpret_cast<unsigned char const*>(nonce), -1, nullptr) == 1 &&
                        EVP_CipherUpdate(context_.get(), nullptr, &n,
                                         reinterpret_cast<unsigned char const*>(purpose.data()),
                                         openssl_size(purpose)) == 1);
        return context_.get();
    }

private:
    std::unique_ptr<EVP_CIPHER_CTX, openssl_free<EVP_CIPHER_CTX_free>> context_;
};

[[nodiscard]] inline std::optional<std::string> key_from_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        int const high = ascii::hex_value(text[i]);
        int const low = ascii::hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

/// Used by one thread at a time, for half a microsecond.
struct key_ring::ring_key {
    static constexpr int tag_size = 16;
    static constexpr std::size_t id_size = 4;
    static constexpr std::size_t nonce_size = 12;
    static constexpr std::size_t overhead = id_size + nonce_size + tag_size;

    std::string id;
    mutable std::mutex mutex; // of what follows
    detail::keyed_cipher sealing, opening;

    ring_key(std::string in_id, secret const& key) : id(std::move(in_id)), sealing(key, 1), opening(key, 0) {}
};

AUTHMOD_DECL result<key_ring> key_ring::from_keys(std::span<secret const> newest_first) {
    if (newest_first.empty() || newest_first.size() > max_keys) return errc::setting_refused;
    std::vector<std::shared_ptr<ring_key const>> keys;
    for (secret const& master : newest_first) {
        if (master.expose().size() != key_size) return errc::setting_refused;
        secret const derived(hkdf_sha256(master.expose(), {}, "authmod seal key v1", key_size));
        auto id = hkdf_sha256(master.expose(), {}, "authmod seal id v1", ring_key::id_size);
        for (auto const& other : keys)
            if (other->id == id) return errc::setting_refused;
        keys.push_back(std::make_shared<ring_key const>(std::move(id), derived));
    }
    key_ring ring;
    ring.keys_ = std::move(keys);
    return ring;
}

AUTHMOD_DECL result<key_ring> key_ring::from_text(std::string_view text) {
    std::vector<secret> keys;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
        while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
        while (line.ends_with(' ') || line.ends_with('\t') || line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        auto bytes = line.size() == 2 * key_size ? detail::key_from_hex(line) : base64_decode(line);
        if (!bytes || keys.size() == max_keys) return errc::setting_refused;
        keys.emplace_back(std::move(*bytes));
    }
    return from_keys(keys);
}

AUTHMOD_DECL result<key_ring> key_ring::with_fresh_key() {
    std::string bytes(key_size, '\0');
    if (auto r = os_random().fill(std::as_writable_bytes(std::span(bytes))); !r) return r.error();
    secret const key(std::move(bytes));
    return from_keys({&key, 1});
}

AUTHMOD_DECL result<std::string> key_ring::seal(std::string_view purpose, std::string_view plain) const {
    ring_key const& key = *keys_.front();
    std::string sealed = key.id;
    sealed.resize(ring_key::overhead + plain.size());
    std::span const nonce(sealed.data() + ring_key::id_size, ring_key::nonce_size);
    if (auto r = os_random().fill(std::as_writable_bytes(nonce)); !r) return r.error();

    std::lock_guard const lock(key.mutex);
    auto* const context = key.sealing.start(nonce.data(), purpose);
    auto* const out = reinterpret_cast<unsigned char*>(nonce.data() + ring_key::nonce_size);
    int n = 0;
    detail::require_openssl(EVP_CipherUpdate(context, out, &n, reinterpret_cast<unsigned char const*>(plain.data()),
                                             detail::openssl_size(plain)) == 1 &&
                            EVP_CipherFinal_ex(context, out + plain.size(), &n) == 1 &&
                            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, ring_key::tag_size, out + plain.size()) == 1);
    return base64url_encode(sealed);
}

AUTHMOD_DECL result<secret> key_ring::open(std::string_view purpose, std::string_view sealed) const {
    auto bytes = base64url_decode(sealed);
    if (!bytes || bytes->size() < ring_key::overhead) return errc::seal_broken;
    auto const found = std::ranges::find_if(keys_, [&](auto const& k) { return bytes->starts_with(k->id); });
    if (found == keys_.end()) return errc::seal_broken;
    ring_key const& key = **found;

    std::lock_guard const lock(key.mutex);
    auto* const context = key.opening.start(bytes->data() + ring_key::id_size, purpose);
    auto* const in = reinterpret_cast<unsigned char*>(bytes->data() + ring_key::id_size + ring_key::nonce_size);
    std::string plain(bytes->size() - ring_key::overhead, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(plain.data());
    int n = 0;
    bool const whole = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, ring_key::tag_size, in + plain.size()) == 1 &&
                       EVP_CipherUpdate(context, out, &n, in, detail::openssl_size(plain)) == 1 &&
                       EVP_CipherFinal_ex(context, out + plain.size(), &n) == 1;
    secret opened(std::move(plain)); // wiped again when the tag does not fit
    if (!whole) return errc::seal_broken;
    return opened;
}

AUTHMOD_DECL bool key_ring::is_current(std::string_view sealed) const {
    auto const bytes = base64url_decode(sealed);
    return bytes && bytes->starts_with(keys_.front()->id);
}

} // namespace AUTHMOD_ABI

} // namespace authmod
