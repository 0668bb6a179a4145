// SPDX-License-Identifier: BSL-1.0
// Layer 1. The signature algorithms of JSON Web Signature that this library knows, and sets of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace authmod {

/** Signatures that only the holder of a private key makes (RFC 7518 3.1, RFC 8037 3.1). Neither `none` nor HMAC can be
    spelled with this type: no setting lets them in (security rule D2).
*/
enum class signature_algorithm : std::uint8_t {
    rs256, ///< RSASSA-PKCS1-v1_5 with SHA-256, RFC 7518 3.3
    rs384, ///< the same with SHA-384
    rs512, ///< the same with SHA-512
    ps256, ///< RSASSA-PSS with SHA-256, RFC 7518 3.5
    ps384, ///< the same with SHA-384
    ps512, ///< the same with SHA-512
    es256, ///< ECDSA on P-256 with SHA-256, RFC 7518 3.4
    es384, ///< ECDSA on P-384 with SHA-384
    es512, ///< ECDSA on P-521 with SHA-512
    eddsa  ///< with Ed25519; RFC 9864 calls it `Ed25519`
};

/// The kinds of public keys. A kind of key goes with its algorithms only.
enum class key_type : std::uint8_t {
    rsa,     ///< 2048 bits or more: RS and PS
    ec_p256, ///< NIST P-256: ES256 alone
    ec_p384, ///< NIST P-384: ES384 alone
    ec_p521, ///< NIST P-521: ES512 alone
    ed25519  ///< Edwards curve 25519: EdDSA alone
};

namespace detail {

inline constexpr std::array<std::string_view, 10> algorithm_words = {"RS256", "RS384", "RS512", "PS256", "PS384",
                                                                     "PS512", "ES256", "ES384", "ES512", "EdDSA"};

} // namespace detail

/// The name in an `alg` header.
[[nodiscard]] constexpr std::string_view to_word(signature_algorithm algorithm) noexcept {
    return detail::algorithm_words[static_cast<std::size_t>(algorithm)];
}

/// The algorithm an `alg` header names, in exactly this case; none for every other text.
[[nodiscard]] constexpr std::optional<signature_algorithm> find_signature_algorithm(std::string_view word) noexcept {
    if (word == "Ed25519") return signature_algorithm::eddsa;
    for (std::size_t i = 0; i != detail::algorithm_words.size(); ++i)
        if (detail::algorithm_words[i] == word) return static_cast<signature_algorithm>(i);
    return std::nullopt;
}

/// Whether a key of this type can make and check such signatures.
[[nodiscard]] constexpr bool fits(key_type type, signature_algorithm algorithm) noexcept {
    switch (algorithm) {
    case signature_algorithm::es256:
        return type == key_type::ec_p256;
    case signature_algorithm::es384:
        return type == key_type::ec_p384;
    case signature_algorithm::es512:
        return type == key_type::ec_p521;
    case signature_algorithm::eddsa:
        return type == key_type::ed25519;
    default:
        return type == key_type::rsa;
    }
}

/// A set of algorithms: the allow-list of a module, or what a provider says it uses.
class algorithm_set {
public:
    constexpr algorithm_set() = default;

    constexpr algorithm_set(std::initializer_list<signature_algorithm> algorithms) noexcept {
        for (auto const algorithm : algorithms) insert(algorithm);
    }

    /// Every algorithm that this library can check.
    [[nodiscard]] static constexpr algorithm_set all() noexcept {
        algorithm_set set;
        set.bits_ = (1u << detail::algorithm_words.size()) - 1;
        return set;
    }

    /// Adds one; there already, nothing happens.
    constexpr void insert(signature_algorithm algorithm) noexcept { bits_ |= bit(algorithm); }

    /// Whether it was put in.
    [[nodiscard]] constexpr bool contains(signature_algorithm algorithm) const noexcept {
        return (bits_ & bit(algorithm)) != 0;
    }

    /// Whether none is in it.
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }

    friend constexpr bool operator==(algorithm_set, algorithm_set) = default;

    /// Those in both.
    [[nodiscard]] friend constexpr algorithm_set operator&(algorithm_set a, algorithm_set b) noexcept {
        a.bits_ &= b.bits_;
        return a;
    }

private:
    [[nodiscard]] static constexpr unsigned bit(signature_algorithm algorithm) noexcept {
        return 1u << static_cast<unsigned>(algorithm);
    }

    unsigned bits_ = 0;
};

} // namespace authmod
