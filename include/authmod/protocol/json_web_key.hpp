// SPDX-License-Identifier: BSL-1.0
// Layer 2. JSON Web Keys and sets of them (RFC 7517): only public keys that may check signatures come out.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/crypto/public_key.hpp"
#include "authmod/protocol/detail/json_tree.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

inline constexpr std::size_t max_keys_in_set = 100; ///< of one set; more of them are refused

/// A public key as a provider publishes it.
struct json_web_key {
    std::string id;                               ///< `kid`; empty: none
    std::optional<signature_algorithm> algorithm; ///< `alg`: the only one it is used with; empty: every fitting one
    public_key key;                               ///< usable: its kind and size are allowed

    json_web_key(std::string in_id, std::optional<signature_algorithm> in_algorithm, public_key in_key)
        : id(std::move(in_id)), algorithm(in_algorithm), key(std::move(in_key)) {}

    /// Whether it may check a signature by `wanted`.
    [[nodiscard]] bool serves(signature_algorithm wanted) const noexcept {
        return fits(key.type(), wanted) && (!algorithm || *algorithm == wanted);
    }
};

namespace detail {

/// The bytes of a member in base64url; none when it is missing or spelled otherwise.
[[nodiscard]] inline std::optional<std::string> bytes_at(json_node const& jwk, std::string_view member) {
    auto const* text = jwk.find_text(member);
    return text ? base64url_decode(*text) : std::nullopt;
}

[[nodiscard]] inline std::optional<public_key> public_key_of(json_node const& jwk) {
    auto const* kty = jwk.find_text("kty");
    if (!kty) return std::nullopt;
    if (*kty == "RSA") {
        auto const n = bytes_at(jwk, "n"), e = bytes_at(jwk, "e");
        return n && e ? public_key::from_rsa(*n, *e) : std::nullopt;
    }
    auto const* crv = jwk.find_text("crv");
    auto const x = bytes_at(jwk, "x");
    if (!crv || !x) return std::nullopt;
    if (*kty == "OKP") return *crv == "Ed25519" ? public_key::from_ed25519(*x) : std::nullopt;
    auto const y = bytes_at(jwk, "y");
    if (*kty != "EC" || !y) return std::nullopt;
    if (*crv == "P-256") return public_key::from_ec(key_type::ec_p256, *x, *y);
    if (*crv == "P-384") return public_key::from_ec(key_type::ec_p384, *x, *y);
    if (*crv == "P-521") return public_key::from_ec(key_type::ec_p521, *x, *y);
    return std::nullopt;
}

/// RFC 7517 4.2, 4.3: what the key says it is for includes checking signatures.
[[nodiscard]] inline bool is_for_verification(json_node const& jwk) {
    if (jwk.find("use")) {
        auto const* use = jwk.find_text("use");
        if (!use || *use != "sig") return false;
    }
    auto const* operations = jwk.find("key_ops");
    if (!operations) return true;
    auto texts = operations->texts();
    if (!texts) return false;
    std::ranges::sort(*texts);
    return std::ranges::adjacent_find(*texts) == texts->end() && std::ranges::binary_search(*texts, "verify");
}

/// None for a key that must not check signatures, whatever the reason.
[[nodiscard]] inline std::optional<json_web_key> usable_key(json_node const& jwk) {
    // A private key that is published is everybody's key.
    for (auto const* secret_member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
        if (jwk.find(secret_member)) return std::nullopt;
    if (!enforced("D6", is_for_verification(jwk))) return std::nullopt;

    std::string id;
    if (jwk.find("kid")) {
        auto const* text = jwk.find_text("kid");
        if (!text) return std::nullopt;
        id = *text;
    }
    std::optional<signature_algorithm> algorithm;
    if (jwk.find("alg")) {
        auto const* text = jwk.find_text("alg");
        if (text) algorithm = find_signature_algorithm(*text);
        if (!algorithm) return std::nullopt;
    }
    auto key = public_key_of(jwk);
    if (!key || (algorithm && !fits(key->type(), *algorithm))) return std::nullopt;
    return json_web_key(std::move(id), algorithm, std::move(*key));
}

} // namespace detail

/** Reads one public key.

    Errors: `errc::keys_malformed` for what is no JSON object of the project's strict rules, for every key that
    `key_set` would leave out.
*/
[[nodiscard]] inline result<json_web_key> parse_json_web_key(std::string_view text) {
    detail::json_node jwk;
    if (!detail::read_json_object(text, jwk).empty()) return errc::keys_malformed;
    auto key = detail::usable_key(jwk);
    if (!key) return errc::keys_malformed;
    return std::move(*key);
}

/** The keys of a provider that may check signatures.

    Thread safety: const members from any thread.
    See also: RFC 7517 5
*/
class key_set {
public:
    /** Reads a JWK Set.

        As RFC 7517 5 has it, a key that cannot be used is left out and does not spoil the others: an unknown type,
        curve or algorithm, a missing member, a weak key (see @ref public_key), another use than `sig`, `key_ops`
        without `verify`, a symmetric or private key.

        Errors: `errc::keys_malformed` for what is no object with an array `keys` of objects, a repeated member name
        (security rule C6), more than 100 keys, and when no key is left: a provider that lost its keys must not make
        us forget them.
    */
    [[nodiscard]] static result<key_set> parse(std::string_view text) {
        detail::json_node root;
        if (!detail::read_json_object(text, root).empty()) return errc::keys_malformed;
        auto const* list = root.find("keys");
        if (!list || list->is != detail::json_node::kind::array || list->items.size() > max_keys_in_set)
            return errc::keys_malformed;
        key_set set;
        for (auto const& item : list->items) {
            if (item.is != detail::json_node::kind::object) return errc::keys_malformed;
            if (auto key = detail::usable_key(item)) set.keys_.push_back(std::move(*key));
        }
        if (set.keys_.empty()) return errc::keys_malformed;
        return set;
    }

    /// In the order of the document; keys that cannot be used here are not among them.
    [[nodiscard]] std::span<json_web_key const> keys() const noexcept { return keys_; }

    /** The one key that a signature names: of this id, or of any if `id` is empty, and serving this algorithm.

        Two keys that fit are none: OpenID Connect Core 10.1 wants a `kid` where there are several keys, and nobody
        could say whose signature it was.
        Lifetimes: the pointer is into this set.
    */
    [[nodiscard]] json_web_key const* find(std::string_view id, signature_algorithm algorithm) const noexcept {
        json_web_key const* found = nullptr;
        for (auto const& key : keys_) {
            if ((!id.empty() && key.id != id) || !key.serves(algorithm)) continue;
            if (found) return nullptr;
            found = &key;
        }
        return found;
    }

private:
    key_set() = default;

    std::vector<json_web_key> keys_;
};

} // namespace authmod
