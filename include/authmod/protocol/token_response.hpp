// SPDX-License-Identifier: BSL-1.0
// Layer 2. Answers of the token endpoint: strict about what is used, deaf to what is not.
// Bodies in detail/token_response.ipp: only there does Boost.JSON show up.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/protocol/http_message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace authmod {

/// What the provider was asked with. An answer to a refresh may leave `token_type` out, as Bitbucket's has done.
enum class token_grant : std::uint8_t {
    authorization_code, ///< at the end of a login, RFC 6749 4.1.3
    refresh_token       ///< without the person, RFC 6749 6
};

/// How the access token will be shown: by itself, or with a proof of the key it is bound to (RFC 9449 5).
enum class token_scheme : std::uint8_t {
    bearer, ///< whoever has it may use it, RFC 6750
    dpop    ///< good with proofs of its key alone
};

/// A token response (RFC 6749 5.1).
struct token_response {
    secret access_token;                            ///< 1 byte to 16 KiB, printable, no blanks
    secret refresh_token;                           ///< empty: none, or keep the old one
    secret id_token;                                ///< not checked here; empty: none
    std::optional<std::string> scope;               ///< as sent; empty: the one asked for
    std::optional<std::chrono::seconds> expires_in; ///< 0 to ten years; empty: the provider does not say

    token_response() = default;
};

inline constexpr std::size_t max_token_bytes = 16 * 1024; ///< of any token; a longer one is refused
/// `expires_in` above it is refused
inline constexpr std::chrono::seconds max_token_lifetime = std::chrono::days(3650);

inline namespace AUTHMOD_ABI {

/** Judges an answer of the token endpoint.

    Errors, with what the provider said in `details`:
    `code_refused` (`invalid_grant`), `client_refused` (`invalid_client`, `unauthorized_client`, 401),
    `provider_rate_limited` (429), `provider_failed` (408, 5xx, `server_error`, `temporarily_unavailable`),
    `redirect_refused` (3xx, security rule C3), `token_exchange_refused` (every other refusal, also with status 200),
    `token_type_refused` (not the scheme that was asked for, in any case, C4), `token_malformed` (200, but no usable
    token response).
    An answer that may hold a token is never quoted (N2).
*/
[[nodiscard]] result<token_response, failure>
read_token_response(http_response const& response, token_grant grant = token_grant::authorization_code,
                    token_scheme scheme = token_scheme::bearer);

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/protocol/detail/token_response.ipp"
#endif
