// Keys of all kinds that sign in tests, straight on OpenSSL: what the library itself must not be able to do, and an
// oracle for what it verifies.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/crypto/signature_algorithm.hpp"

#include <algorithm>
#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace authmod_test {

inline void openssl_must(bool good) {
    if (!good) throw std::runtime_error("OpenSSL failed");
}

/// A private key with its JWK.
class jose_signer {
public:
    static jose_signer rsa(unsigned bits = 2048) {
        return {authmod::key_type::rsa, EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits))};
    }

    static jose_signer ec(authmod::key_type curve) {
        return {curve, EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", name_of(curve))};
    }

    static jose_signer ed25519() {
        return {authmod::key_type::ed25519, EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
    }

    [[nodiscard]] authmod::key_type type() const { return type_; }

    /// A number of the key, `n` or `qx` for example, big-endian; at least `size` bytes.
    [[nodiscard]] std::string number(char const* name, int size = 0) const {
        BIGNUM* raw = nullptr;
        openssl_must(EVP_PKEY_get_bn_param(key_.get(), name, &raw) == 1);
        std::unique_ptr<BIGNUM, decltype(&BN_free)> const value(raw, BN_free);
        std::string bytes(static_cast<std::size_t>(std::max(size, BN_num_bytes(raw))), '\0');
        BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
        return bytes;
    }

    [[nodiscard]] std::string x() const {
        if (type_ != authmod::key_type::ed25519) return number(OSSL_PKEY_PARAM_EC_PUB_X, field_size());
        std::string bytes(32, '\0');
        std::size_t size = bytes.size();
        openssl_must(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) ==
                     1);
        return bytes;
    }

    [[nodiscard]] std::string y() const { return number(OSSL_PKEY_PARAM_EC_PUB_Y, field_size()); }

    /// The public JWK; `more` goes in as it is, `"kid":"a"` for example.
    [[nodiscard]] std::string jwk(std::string_view more = "") const {
        using authmod::base64url_encode;
        std::string text = "{";
        if (type_ == authmod::key_type::rsa)
            text += R"("kty":"RSA","n":")" + base64url_encode(number(OSSL_PKEY_PARAM_RSA_N)) + R"(","e":")" +
                    base64url_encode(number(OSSL_PKEY_PARAM_RSA_E)) + '"';
        else if (type_ == authmod::key_type::ed25519)
            text += R"("kty":"OKP","crv":"Ed25519","x":")" + base64url_encode(x()) + '"';
        else
            text += std::string(R"("kty":"EC","crv":")") + name_of(type_) + R"(","x":")" + base64url_encode(x()) +
                    R"(","y":")" + base64url_encode(y()) + '"';
        if (!more.empty()) text.append(",").append(more);
        return text + "}";
    }

    /// The signature as JSON Web Signature has it. `salt` is the PSS salt's length, -1 for the digest's.
    [[nodiscard]] std::string sign(authmod::signature_algorithm algorithm, std::string_view message,
                                   int salt = -1) const {
        std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        EVP_PKEY_CTX* settings = nullptr;
        auto const word = authmod::to_word(algorithm);
        EVP_MD const* digest = word == "EdDSA"         ? nullptr
                               : word.ends_with("256") ? EVP_sha256()
                               : word.ends_with("384") ? EVP_sha384()
                                                       : EVP_sha512();
        openssl_must(EVP_DigestSignInit(context.get(), &settings, digest, nullptr, key_.get()) == 1);
        if (word.starts_with("PS"))
            openssl_must(EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
                         EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, salt) == 1);
        std::string signature(1024, '\0');
        std::size_t size = signature.size();
        openssl_must(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                    reinterpret_cast<unsigned char const*>(message.data()), message.size()) == 1);
        signature.resize(size);
        return word.starts_with("ES") ? joined(signature) : signature;
    }

    /// A compact JWS over any header and payload.
    [[nodiscard]] std::string jws(authmod::signature_algorithm algorithm, std::string_view header,
                                  std::string_view payload) const {
        auto const input = authmod::base64url_encode(header) + '.' + authmod::base64url_encode(payload);
        return input + '.' + authmod::base64url_encode(sign(algorithm, input));
    }

    /// The algorithm that every key of this kind can do.
    [[nodiscard]] authmod::signature_algorithm algorithm() const {
        using enum authmod::signature_algorithm;
        constexpr authmod::signature_algorithm usual[] = {rs256, es256, es384, es512, eddsa};
        return usual[static_cast<std::size_t>(type_)];
    }

private:
    jose_signer(authmod::key_type type, EVP_PKEY* key) : type_(type), key_(key, EVP_PKEY_free) { openssl_must(key); }

    [[nodiscard]] static char const* name_of(authmod::key_type curve) {
        return curve == authmod::key_type::ec_p256 ? "P-256" : curve == authmod::key_type::ec_p384 ? "P-384" : "P-521";
    }

    [[nodiscard]] int field_size() const {
        return type_ == authmod::key_type::ec_p256 ? 32 : type_ == authmod::key_type::ec_p384 ? 48 : 66;
    }

    [[nodiscard]] std::string joined(std::string const& der) const {
        auto const* in = reinterpret_cast<unsigned char const*>(der.data());
        std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> const pair(
            d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), ECDSA_SIG_free);
        std::string bytes(static_cast<std::size_t>(2 * field_size()), '\0');
        auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
        openssl_must(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, field_size()) == field_size() &&
                     BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + field_size(), field_size()) == field_size());
        return bytes;
    }

    authmod::key_type type_;
    std::shared_ptr<EVP_PKEY> key_;
};

/// A token authenticated with a shared key: what an attacker makes of a public key.
inline std::string hmac_jws(std::string_view header, std::string_view payload, std::string_view key) {
    auto const input = authmod::base64url_encode(header) + '.' + authmod::base64url_encode(payload);
    unsigned char code[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(input.data()),
         input.size(), code, &size);
    return input + '.' + authmod::base64url_encode({reinterpret_cast<char const*>(code), size});
}

} // namespace authmod_test
