// SPDX-License-Identifier: BSL-1.0
// Layer 1. Bodies of signing_key.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/crypto/detail/openssl_keys.hpp"
#include "authmod/crypto/signing_key.hpp"

#include <cstddef>

namespace authmod {

namespace detail {

using ec_group = std::unique_ptr<EC_GROUP, openssl_free<EC_GROUP_free>>;
using ec_point = std::unique_ptr<EC_POINT, openssl_free<EC_POINT_free>>;

/// The number `name` of a key as 32 big-endian bytes.
[[nodiscard]] inline std::string number_of(EVP_PKEY const& key, char const* name) {
    BIGNUM* raw = nullptr;
    require_openssl(EVP_PKEY_get_bn_param(&key, name, &raw) == 1);
    big_number const number(raw);
    std::string bytes(32, '\0');
    require_openssl(BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(bytes.data()), 32) == 32);
    return bytes;
}

/// The uncompressed public point of a private number; the caller has checked its range.
[[nodiscard]] inline std::string public_point(EC_GROUP const& group, BIGNUM const& number) {
    ec_point const point(EC_POINT_new(&group));
    std::string bytes(65, '\0');
    require_openssl(point && EC_POINT_mul(&group, point.get(), &number, nullptr, nullptr, nullptr) == 1 &&
                    EC_POINT_point2oct(&group, point.get(), POINT_CONVERSION_UNCOMPRESSED,
                                       reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                                       nullptr) == bytes.size());
    return bytes;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL signing_key::signing_key(std::shared_ptr<evp_pkey_st> key)
    : key_(std::move(key)), x_(detail::number_of(*key_, OSSL_PKEY_PARAM_EC_PUB_X)),
      y_(detail::number_of(*key_, OSSL_PKEY_PARAM_EC_PUB_Y)) {}

AUTHMOD_DECL result<signing_key> signing_key::generate() {
    auto key = detail::shared_key(EVP_EC_gen("P-256"));
    if (!key) return errc::random_failed;
    return signing_key(std::move(key));
}

AUTHMOD_DECL std::optional<signing_key> signing_key::from_private_bytes(std::string_view bytes) {
    if (bytes.size() != 32) return std::nullopt;
    auto const number = detail::number_from(bytes);
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    detail::ec_group const group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    detail::require_openssl(group != nullptr);
    if (BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) >= 0) return std::nullopt;

    auto const point = detail::public_point(*group, *number);
    detail::param_builder const builder(OSSL_PARAM_BLD_new());
    detail::require_openssl(
        builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()) == 1);
    auto key = detail::key_from(*builder, "EC", EVP_PKEY_KEYPAIR);
    detail::require_openssl(key != nullptr);
    return signing_key(std::move(key));
}

AUTHMOD_DECL secret signing_key::private_bytes() const {
    return secret(detail::number_of(*key_, OSSL_PKEY_PARAM_PRIV_KEY));
}

AUTHMOD_DECL std::string signing_key::sign(std::string_view message) const {
    detail::md_context const context(EVP_MD_CTX_new());
    std::string der(80, '\0'); // 72 at the most
    auto size = der.size();
    detail::require_openssl(context &&
                            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
                            EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()), &size,
                                           detail::bytes_of(message), message.size()) == 1);
    auto const* in = detail::bytes_of(der);
    detail::ecdsa_signature const pair(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(size)));
    std::string signature(64, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(signature.data());
    detail::require_openssl(pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, 32) == 32 &&
                            BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + 32, 32) == 32);
    return signature;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
