// SPDX-License-Identifier: BSL-1.0
// Layer 1. Bodies of public_key.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/crypto/detail/openssl_keys.hpp"
#include "authmod/crypto/public_key.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <openssl/rsa.h>
#include <string>

namespace authmod {

namespace detail {

/** Whether a modulus is of the form that a widely sold chip made and that can be factored: modulo small primes it is
    always a power of 65537 (Nemec et al., "The Return of Coppersmith's Attack", 2017). No other modulus is by chance.
*/
[[nodiscard]] inline bool is_roca_modulus(std::string_view n) noexcept {
    constexpr unsigned primes[] = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                   47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                   107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
    return std::ranges::all_of(primes, [&](unsigned prime) {
        unsigned rest = 0;
        for (char c : n) rest = (rest << 8 | static_cast<unsigned char>(c)) % prime;
        unsigned power = 1;
        do {
            if (power == rest) return true;
            power = power * (65537 % prime) % prime;
        } while (power != 1);
        return false;
    });
}

/// Encodings of the points of order 1, 2, 4 and 8, the sign bit aside; the last two are over the prime.
[[nodiscard]] inline bool is_small_order_point(std::string_view x) {
    auto const same = [&](unsigned char first, unsigned char middle, unsigned char last) {
        std::string point(32, static_cast<char>(middle));
        point.front() = static_cast<char>(first);
        point.back() = static_cast<char>(last);
        return point;
    };
    constexpr unsigned char order_8[2][32] = {
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
         0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
         0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a}};
    std::string unsigned_x(x);
    unsigned_x.back() = static_cast<char>(unsigned_x.back() & 0x7f);
    for (auto const& point : order_8)
        if (std::ranges::equal(unsigned_x, point, {}, [](char c) { return static_cast<unsigned char>(c); }))
            return true;
    return unsigned_x == same(0, 0, 0) || unsigned_x == same(1, 0, 0) || unsigned_x == same(0xec, 0xff, 0x7f) ||
           unsigned_x == same(0xed, 0xff, 0x7f) || unsigned_x == same(0xee, 0xff, 0x7f);
}

[[nodiscard]] inline EVP_MD const* digest_for(signature_algorithm algorithm) noexcept {
    switch (algorithm) {
    case signature_algorithm::rs256:
    case signature_algorithm::ps256:
    case signature_algorithm::es256:
        return EVP_sha256();
    case signature_algorithm::rs384:
    case signature_algorithm::ps384:
    case signature_algorithm::es384:
        return EVP_sha384();
    case signature_algorithm::rs512:
    case signature_algorithm::ps512:
    case signature_algorithm::es512:
        return EVP_sha512();
    case signature_algorithm::eddsa:
        break; // hashes by itself
    }
    return nullptr;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL std::optional<public_key> public_key::from_rsa(std::string_view n, std::string_view e) {
    // RFC 7518 2 wants no zero bytes in front, but some libraries write one; it changes nothing.
    n.remove_prefix(std::min(n.find_first_not_of('\0'), n.size()));
    e.remove_prefix(std::min(e.find_first_not_of('\0'), e.size()));
    if (n.size() > max_rsa_bits / 8 || e.empty() || e.size() > 8) return std::nullopt;
    auto const modulus = detail::number_from(n);
    auto const exponent = detail::number_from(e);
    if (!enforced("D4b", BN_num_bits(modulus.get()) >= min_rsa_bits) || !BN_is_odd(modulus.get())) return std::nullopt;
    if (BN_is_one(exponent.get()) || !BN_is_odd(exponent.get()) || detail::is_roca_modulus(n)) return std::nullopt;

    detail::param_builder const builder(OSSL_PARAM_BLD_new());
    detail::require_openssl(builder &&
                            OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
                            OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1);
    auto key = detail::key_from(*builder, "RSA", EVP_PKEY_PUBLIC_KEY);
    if (!key) return std::nullopt;
    return public_key(key_type::rsa, std::move(key));
}

AUTHMOD_DECL std::optional<public_key> public_key::from_ec(key_type curve, std::string_view x, std::string_view y) {
    auto const size = detail::field_size(curve);
    if (x.size() != size || y.size() != size) return std::nullopt;
    auto const point = std::string(1, '\x04').append(x).append(y);
    detail::param_builder const builder(OSSL_PARAM_BLD_new());
    detail::require_openssl(
        builder &&
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, detail::curve_name(curve), 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
    auto key = detail::key_from(*builder, "EC", EVP_PKEY_PUBLIC_KEY);
    if (!key || !detail::is_valid_public(*key)) return std::nullopt;
    return public_key(curve, std::move(key));
}

AUTHMOD_DECL std::optional<public_key> public_key::from_ed25519(std::string_view x) {
    if (x.size() != 32 || detail::is_small_order_point(x)) return std::nullopt;
    auto key =
        detail::shared_key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, detail::bytes_of(x), x.size()));
    if (!key) return std::nullopt;
    return public_key(key_type::ed25519, std::move(key));
}

AUTHMOD_DECL bool public_key::verify(signature_algorithm algorithm, std::string_view message,
                                     std::string_view signature) const {
    if (!fits(type_, algorithm)) return false;
    // RFC 8017 8.1.2: as long as the modulus; OpenSSL takes a PSS signature without its leading zeros.
    if (type_ == key_type::rsa && signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())))
        return false;
    std::string der;
    if (type_ != key_type::rsa && type_ != key_type::ed25519) {
        auto const size = detail::field_size(type_);
        if (signature.size() != 2 * size) return false;
        der = detail::der_signature(signature.substr(0, size), signature.substr(size));
        signature = der;
    }
    detail::md_context const context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr; // belongs to context
    auto const* digest = detail::digest_for(algorithm);
    detail::require_openssl(context &&
                            EVP_DigestVerifyInit(context.get(), &settings, digest, nullptr, key_.get()) == 1);
    if (algorithm >= signature_algorithm::ps256 && algorithm <= signature_algorithm::ps512) {
        // RFC 7518 3.5: the salt is as long as the digest; OpenSSL would take any length.
        detail::require_openssl(EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
                                EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1 &&
                                EVP_PKEY_CTX_set_rsa_mgf1_md(settings, digest) == 1);
    }
    bool const good = EVP_DigestVerify(context.get(), detail::bytes_of(signature), signature.size(),
                                       detail::bytes_of(message), message.size()) == 1;
    if (!good) ERR_clear_error(); // a refusal is an answer here and nothing for the next caller of OpenSSL to find
    return good;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
