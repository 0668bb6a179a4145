// SPDX-License-Identifier: BSL-1.0
// Layer 1. What public_key and signing_key share of OpenSSL.
#pragma once

#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/signature_algorithm.hpp"

#include <cstddef>
#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string>
#include <string_view>

namespace authmod::detail {

using big_number = std::unique_ptr<BIGNUM, openssl_free<BN_clear_free>>;
using param_builder = std::unique_ptr<OSSL_PARAM_BLD, openssl_free<OSSL_PARAM_BLD_free>>;
using param_list = std::unique_ptr<OSSL_PARAM, openssl_free<OSSL_PARAM_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, openssl_free<EVP_PKEY_CTX_free>>;
using ecdsa_signature = std::unique_ptr<ECDSA_SIG, openssl_free<ECDSA_SIG_free>>;

[[nodiscard]] inline unsigned char const* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<unsigned char const*>(text.data());
}

/// Big-endian. Preconditions: shorter than 2 GiB.
[[nodiscard]] inline big_number number_from(std::string_view bytes) {
    big_number number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
    require_openssl(number != nullptr);
    return number;
}

/// Owns `key`; empty for null.
[[nodiscard]] inline std::shared_ptr<EVP_PKEY> shared_key(EVP_PKEY* key) {
    if (!key) {
        ERR_clear_error();
        return {};
    }
    return {key, EVP_PKEY_free};
}

/// Empty when OpenSSL does not take these numbers for a key.
[[nodiscard]] inline std::shared_ptr<EVP_PKEY> key_from(OSSL_PARAM_BLD& numbers, char const* algorithm, int selection) {
    param_list const params(OSSL_PARAM_BLD_to_param(&numbers));
    key_context const context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
    require_openssl(params && context && EVP_PKEY_fromdata_init(context.get()) == 1);
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) key = nullptr;
    return shared_key(key);
}

[[nodiscard]] inline bool is_valid_public(EVP_PKEY& key) {
    key_context const context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr));
    require_openssl(context != nullptr);
    bool const valid = EVP_PKEY_public_check(context.get()) == 1;
    if (!valid) ERR_clear_error();
    return valid;
}

/// Bytes of a coordinate (RFC 7518 6.2.1.2). Preconditions: `curve` is a curve.
[[nodiscard]] constexpr std::size_t field_size(key_type curve) noexcept {
    return curve == key_type::ec_p256 ? 32 : curve == key_type::ec_p384 ? 48 : 66;
}

[[nodiscard]] constexpr char const* curve_name(key_type curve) noexcept {
    return curve == key_type::ec_p256 ? "P-256" : curve == key_type::ec_p384 ? "P-384" : "P-521";
}

/// JSON Web Signature writes the two numbers of an ECDSA signature one after the other, OpenSSL wants them in DER.
[[nodiscard]] inline std::string der_signature(std::string_view r, std::string_view s) {
    ecdsa_signature const pair(ECDSA_SIG_new());
    require_openssl(pair && ECDSA_SIG_set0(pair.get(), number_from(r).release(), number_from(s).release()) == 1);
    std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)), '\0');
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    i2d_ECDSA_SIG(pair.get(), &out);
    return der;
}

} // namespace authmod::detail
