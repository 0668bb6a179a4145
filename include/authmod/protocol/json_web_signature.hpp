// SPDX-License-Identifier: BSL-1.0
// Layer 2. JSON Web Signature in its compact form (RFC 7515 7.1): a strict reader, a check against a provider's keys,
// and the writer for proofs of our own.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/crypto/signing_key.hpp"
#include "authmod/protocol/json_web_key.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline constexpr std::size_t max_jws_bytes = 16 * 1024; ///< of one token; a longer one is refused unread

/// The members of a header that count here. Keys and addresses of keys (`jwk`, `jku`, `x5u`, `x5c`) are not read: a
/// token does not say by which key it is to be trusted (security rule D3).
struct jws_header {
    signature_algorithm algorithm = signature_algorithm::rs256; ///< `alg`; one that is not known here is refused
    std::string key_id;                                         ///< `kid`; empty: none
    std::string type;                                           ///< `typ`; empty: none

    jws_header() = default;
};

/// A signature taken apart and not checked yet. Refers to the text it was read from.
struct parsed_jws {
    jws_header header;            ///< what it says of itself, which proves nothing
    std::string_view signed_text; ///< header and payload as sent, with the dot between them
    std::string payload;          ///< decoded: for a token the JSON object of its claims
    std::string signature;        ///< decoded, checked by nobody yet

    parsed_jws() = default;
};

namespace detail {

/// Reads a header's JSON; an error code of its own for an algorithm that is not one of ours.
[[nodiscard]] inline result<jws_header> read_jws_header(std::string_view json) {
    json_node node;
    if (!read_json_object(json, node).empty()) return errc::jwt_malformed;
    // Whatever `crit` lists, this reader has not heard of it, `b64` (RFC 7797) included (security rule D3).
    if ((node.find("crit") || node.find("b64")) && !broken("D3")) return errc::jwt_malformed;
    jws_header header;
    for (auto [member, target] : {std::pair("kid", &header.key_id), std::pair("typ", &header.type)}) {
        if (!node.find(member)) continue;
        auto const* text = node.find_text(member);
        if (!text) return errc::jwt_malformed;
        *target = *text;
    }
    auto const* algorithm = node.find_text("alg");
    if (!algorithm) return errc::jwt_malformed;
    auto const known = find_signature_algorithm(*algorithm);
    if (!known) return errc::jwt_algorithm_refused;
    header.algorithm = *known;
    return header;
}

} // namespace detail

/** Takes a compact signature apart.

    Errors: `jwt_malformed` for more than 16 KiB, other than three parts, base64url with padding, foreign characters or
    stray bits, a header that is no JSON object or repeats a name, `crit` and `b64`; `jwt_algorithm_refused` for an
    `alg` that is not in @ref signature_algorithm, so for `none` and HMAC.
    Lifetimes: the result refers to `text`.
*/
[[nodiscard]] inline result<parsed_jws> parse_compact_jws(std::string_view text) {
    if (text.size() > max_jws_bytes || std::ranges::count(text, '.') != 2) return errc::jwt_malformed;
    auto const first = text.find('.'), second = text.rfind('.');
    auto const header_json = base64url_decode(text.substr(0, first));
    auto payload = base64url_decode(text.substr(first + 1, second - first - 1));
    auto signature = base64url_decode(text.substr(second + 1));
    if (!header_json || !payload || !signature) return errc::jwt_malformed;
    auto header = detail::read_jws_header(*header_json);
    if (!header) return header.error();
    parsed_jws jws;
    jws.header = std::move(*header);
    jws.signed_text = text.substr(0, second);
    jws.payload = std::move(*payload);
    jws.signature = std::move(*signature);
    return jws;
}

/** Takes a compact signature apart and checks it.

    The algorithm must be in `allowed` and be one of the key's own (security rule D2); the key is the one of `keys` that
    the header's `kid` and `alg` name (D4).

    Errors: those of @ref parse_compact_jws; `jwt_algorithm_refused`; `jwt_key_unknown` when no key, or more than one,
    fits; `jwt_signature_bad`. After the last two, `fresh_keys_may_help`.
*/
[[nodiscard]] inline result<parsed_jws> verify_compact_jws(std::string_view text, key_set const& keys,
                                                           algorithm_set allowed) {
    auto jws = parse_compact_jws(text);
    if (!jws) return jws.error();
    if (!enforced("D2", allowed.contains(jws->header.algorithm))) return errc::jwt_algorithm_refused;
    auto const* key = keys.find(jws->header.key_id, jws->header.algorithm);
    if (!key) return errc::jwt_key_unknown;
    if (!enforced("D2b", key->key.verify(jws->header.algorithm, jws->signed_text, jws->signature)))
        return errc::jwt_signature_bad;
    return jws;
}

/// Whether a token that failed so may pass with the provider's present keys: it names a new one, or a key was replaced
/// under its old name.
[[nodiscard]] inline bool fresh_keys_may_help(error_code const& code) noexcept {
    return code == errc::jwt_key_unknown || code == errc::jwt_signature_bad;
}

/// Signs with ES256. Preconditions: `header` is a JSON object that says so; `payload` is what the reader expects.
[[nodiscard]] inline std::string sign_compact_jws(signing_key const& key, std::string_view header,
                                                  std::string_view payload) {
    auto text = base64url_encode(header) + '.' + base64url_encode(payload);
    auto const signature = base64url_encode(key.sign(text));
    return text.append(".").append(signature);
}

} // namespace authmod
