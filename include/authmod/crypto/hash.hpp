// SPDX-License-Identifier: BSL-1.0
// Layer 1. SHA-256 and what is built on it: HMAC and HKDF. OpenSSL EVP only.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string>
#include <string_view>

namespace authmod {

inline constexpr std::size_t sha256_size = 32; ///< bytes

namespace detail {

/// OpenSSL's calls below fail when memory is exhausted or the library is broken; neither leaves anything to go on with.
inline void require_openssl(bool success) {
    if (!success) throw std::bad_alloc();
}

template <auto Free>
struct openssl_free {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(p);
    }
};

using md_context = std::unique_ptr<EVP_MD_CTX, openssl_free<EVP_MD_CTX_free>>;
using mac_context = std::unique_ptr<EVP_MAC_CTX, openssl_free<EVP_MAC_CTX_free>>;
using kdf_context = std::unique_ptr<EVP_KDF_CTX, openssl_free<EVP_KDF_CTX_free>>;

/// OpenSSL takes texts it does not write as pointers to non-const.
[[nodiscard]] inline OSSL_PARAM octets_param(char const* name, std::string_view bytes) noexcept {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

[[nodiscard]] inline OSSL_PARAM sha256_param() noexcept {
    return OSSL_PARAM_construct_utf8_string(OSSL_ALG_PARAM_DIGEST, const_cast<char*>("SHA256"), 0);
}

} // namespace detail

/** The 32 bytes of SHA-256.

    @par Exceptions
    `std::bad_alloc`, as everything in this header.
*/
[[nodiscard]] inline std::string sha256(std::string_view bytes) {
    // Looking the algorithm up takes longer than hashing a token, hence once; a context per thread saves an allocation.
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local detail::md_context const context(EVP_MD_CTX_new());
    std::string digest(sha256_size, '\0');
    detail::require_openssl(
        algorithm && context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
        EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
    return digest;
}

/** HMAC-SHA-256 under one key. Setting the key up costs more than a short message, so the object keeps that state.

    Thread safety: `operator()` from any thread.
    See also: RFC 2104
*/
class hmac_sha256 {
public:
    explicit hmac_sha256(std::string_view key) {
        static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        keyed_.reset(algorithm ? EVP_MAC_CTX_new(algorithm) : nullptr);
        OSSL_PARAM const params[] = {detail::sha256_param(), OSSL_PARAM_construct_end()};
        // An empty key must still be a pointer, or OpenSSL takes it for "keep the old key".
        auto const* bytes = reinterpret_cast<unsigned char const*>(key.empty() ? "" : key.data());
        detail::require_openssl(keyed_ && EVP_MAC_init(keyed_.get(), bytes, key.size(), params) == 1);
    }

    /// The 32 bytes of the code of `message`.
    [[nodiscard]] std::string operator()(std::string_view message) const {
        detail::mac_context const context(EVP_MAC_CTX_dup(keyed_.get()));
        std::string code(sha256_size, '\0');
        std::size_t size = 0;
        detail::require_openssl(
            context &&
            EVP_MAC_update(context.get(), reinterpret_cast<unsigned char const*>(message.data()), message.size()) ==
                1 &&
            EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(code.data()), &size, code.size()) == 1);
        return code;
    }

private:
    detail::mac_context keyed_;
};

/** `size` bytes of key material from `key`, different for each `info` (RFC 5869 with SHA-256).

    Preconditions: `key` is not empty; `size` is 1 to 8,160.
*/
[[nodiscard]] inline std::string hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info,
                                             std::size_t size) {
    static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    detail::kdf_context const context(algorithm ? EVP_KDF_CTX_new(algorithm) : nullptr);
    OSSL_PARAM const params[] = {detail::sha256_param(), detail::octets_param(OSSL_KDF_PARAM_KEY, key),
                                 detail::octets_param(OSSL_KDF_PARAM_SALT, salt.empty() ? std::string_view("") : salt),
                                 detail::octets_param(OSSL_KDF_PARAM_INFO, info.empty() ? std::string_view("") : info),
                                 OSSL_PARAM_construct_end()};
    std::string out(size, '\0');
    detail::require_openssl(context && EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(out.data()),
                                                      out.size(), params) == 1);
    return out;
}

} // namespace authmod
