// SPDX-License-Identifier: BSL-1.0
// Layer 4. Shows to a provider that binds tokens to keys that one flow holds its key (RFC 9449). Decides; performs
// nothing.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/time.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/signing_key.hpp"
#include "authmod/protocol/dpop.hpp"
#include "authmod/protocol/http_message.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/** The proofs of one flow: a fresh one with each request, and one more where the server refused the first only for want
    of its nonce.

    Each name of a proof is made of `seed`, 256 random bits that serve nothing else: a flow replays bit for bit but for
    the signatures.
    No thread safety.
*/
class key_proofs {
public:
    key_proofs(signing_key key, secret seed, time_point now)
        : key_(std::move(key)), seed_(std::move(seed)), now_(now) {}

    /// The key that the tokens are bound to. Lifetimes: this object's.
    [[nodiscard]] signing_key const& key() const noexcept { return key_; }

    /// `request`, which is number `number` of its flow, with a proof. An access token goes along as `DPoP` instead of
    /// `Bearer`; it is empty where the request is for one.
    [[nodiscard]] http_request first(unsigned number, http_request request, secret const& access_token) {
        entry& e = of(number);
        e.request = std::move(request);
        e.repeated = false;
        return proven(e, access_token);
    }

    /// The same request with the nonce that this answer demands; none when it demands none, or did so before.
    [[nodiscard]] std::optional<http_request> again(unsigned number, http_response const& answer,
                                                    secret const& access_token) {
        entry& e = of(number);
        if (auto const nonce = dpop_nonce_of(answer); !nonce.empty()) e.nonce = nonce;
        if (e.repeated || !wants_dpop_nonce(answer)) {
            e.request = {}; // it may hold a code
            return std::nullopt;
        }
        e.repeated = true;
        return proven(e, access_token);
    }

private:
    struct entry {
        unsigned number = 0;
        http_request request; // without its proof
        std::string nonce;    // the latest of this server
        bool repeated = false;
    };

    [[nodiscard]] entry& of(unsigned number) {
        auto const at = std::ranges::find(entries_, number, &entry::number);
        if (at != entries_.end()) return *at;
        entries_.emplace_back().number = number;
        return entries_.back();
    }

    [[nodiscard]] http_request proven(entry const& e, secret const& access_token) {
        std::string const jti =
            base64url_encode(sha256(std::string(seed_.expose()) + ':' + std::to_string(proofs_made_++)));
        http_request request = e.request;
        add_dpop_proof(request, key_, {jti, now_, e.nonce, access_token.expose()});
        return request;
    }

    signing_key key_;
    secret seed_;
    time_point now_;
    unsigned proofs_made_ = 0;
    std::vector<entry> entries_;
};

} // namespace authmod
