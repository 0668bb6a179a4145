// SPDX-License-Identifier: BSL-1.0
// Layer 2. Proofs that we hold the key a token is bound to (RFC 9449): a stolen token is then worth nothing.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/time.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/signing_key.hpp"
#include "authmod/protocol/detail/json_tree.hpp"
#include "authmod/protocol/http_message.hpp"
#include "authmod/protocol/json_web_signature.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace authmod {

inline constexpr std::size_t max_dpop_nonce_bytes = 1024; ///< of a provider; a longer one is refused

namespace detail {

/// The public JWK with its members in the order that RFC 7638 hashes.
[[nodiscard]] inline std::string public_jwk(signing_key const& key) {
    return R"({"crv":"P-256","kty":"EC","x":")" + base64url_encode(key.x()) + R"(","y":")" + base64url_encode(key.y()) +
           R"("})";
}

/// nonce-syntax of RFC 9449 8.1: goes into JSON without an escape.
[[nodiscard]] inline bool is_dpop_nonce(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_dpop_nonce_bytes &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

} // namespace detail

/// The thumbprint by which a provider knows the key (RFC 7638), for `dpop_jkt`.
[[nodiscard]] inline std::string dpop_thumbprint(signing_key const& key) {
    return base64url_encode(sha256(detail::public_jwk(key)));
}

/// What a proof says besides the request it goes with. Refers to texts that outlive the call.
struct dpop_claims {
    std::string_view jti;          ///< fresh for every proof: `new_token`
    time_point now{};              ///< of the proof; providers allow some seconds
    std::string_view nonce;        ///< the provider's latest; empty: none was given
    std::string_view access_token; ///< empty at the token and the pushed request endpoint
};

/** The proof for one request (RFC 9449 4.2).

    Preconditions: `url` passed `check_endpoint_url`; `jti` is base64url; `nonce` is empty or came from
    @ref dpop_nonce_of.
*/
[[nodiscard]] inline std::string dpop_proof(signing_key const& key, std::string_view method, std::string_view url,
                                            dpop_claims const& claims) {
    std::string payload = R"({"jti":")";
    payload.append(claims.jti).append(R"(","htm":")").append(method);
    payload.append(R"(","htu":")").append(url.substr(0, url.find_first_of("?#")));
    payload.append(R"(","iat":)").append(std::to_string(to_milliseconds(claims.now) / 1000));
    if (!claims.access_token.empty())
        payload.append(R"(,"ath":")").append(base64url_encode(sha256(claims.access_token))).append("\"");
    if (!claims.nonce.empty()) payload.append(R"(,"nonce":")").append(claims.nonce).append("\"");
    return sign_compact_jws(key, R"({"typ":"dpop+jwt","alg":"ES256","jwk":)" + detail::public_jwk(key) + "}",
                            payload + "}");
}

/// Adds the proof to a request that is otherwise complete. With `claims.access_token` the Authorization header becomes
/// `DPoP` instead of `Bearer` (RFC 9449 7.1).
inline void add_dpop_proof(http_request& request, signing_key const& key, dpop_claims const& claims) {
    std::erase_if(request.headers, [&](http_header const& h) {
        return equal_ignoring_case(h.name, "DPoP") ||
               (!claims.access_token.empty() && equal_ignoring_case(h.name, "Authorization"));
    });
    if (!claims.access_token.empty()) request.set("Authorization", std::string("DPoP ").append(claims.access_token));
    request.set("DPoP", dpop_proof(key, request.method, request.url, claims));
}

/// The nonce that the next proof for this server has to hold, given with any answer; empty: none, or one that is
/// malformed.
[[nodiscard]] inline std::string_view dpop_nonce_of(http_response const& response) noexcept {
    auto const nonce = response.header("DPoP-Nonce");
    return detail::is_dpop_nonce(nonce) ? nonce : std::string_view();
}

/** Whether the server refused a request only because its proof lacked this server's nonce, and gave it: then the same
    request is sent once more with it (RFC 9449 8, 9). The one case in which a code is sent a second time: the server
    says that it did not look at it.
*/
[[nodiscard]] inline bool wants_dpop_nonce(http_response const& response) {
    constexpr std::string_view word = "use_dpop_nonce";
    if ((response.status != 400 && response.status != 401) || dpop_nonce_of(response).empty()) return false;
    if (response.header("WWW-Authenticate").find(word) != std::string_view::npos) return true;
    detail::json_node root;
    if (!detail::read_json_object(response.body, root).empty()) return false;
    auto const* error = root.find_text("error");
    return error && *error == word;
}

} // namespace authmod
