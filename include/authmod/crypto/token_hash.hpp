// SPDX-License-Identifier: BSL-1.0
// Layer 1. The hash by which an ID token names the access token it came with.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/signature_algorithm.hpp"

#include <openssl/evp.h>
#include <string>
#include <string_view>

namespace authmod {

/** `at_hash` of an access token in an ID token that is signed by `algorithm`: the left half of the digest that the
    algorithm uses, in base64url. EdDSA with Ed25519 uses SHA-512.

    See also: OpenID Connect Core 3.1.3.6
*/
[[nodiscard]] inline std::string token_hash(signature_algorithm algorithm, std::string_view token) {
    auto const word = to_word(algorithm);
    EVP_MD const* const digest = word.ends_with("256")   ? EVP_sha256()
                                 : word.ends_with("384") ? EVP_sha384()
                                                         : EVP_sha512();
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    detail::require_openssl(EVP_Digest(token.data(), token.size(), bytes, &size, digest, nullptr) == 1);
    return base64url_encode({reinterpret_cast<char const*>(bytes), size / 2});
}

} // namespace authmod
