// SPDX-License-Identifier: BSL-1.0
// Layer 4. What has to be remembered between sending a browser to the provider and its coming back.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/text_list.hpp"
#include "authmod/core/time.hpp"
#include "authmod/flow/key_proofs.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace authmod {

/// A login that was begun may be finished within this time (security rule A2).
inline constexpr milliseconds attempt_lifetime = std::chrono::minutes(10);

/** One attempt to log in. It travels sealed in a cookie of the browser that began it, so a start writes nothing to the
    store, a flood of starts costs no storage, and any node can finish it.
*/
struct login_attempt {
    std::string state;         ///< 43 characters of base64url, 256 random bits
    std::string code_verifier; ///< the same; empty without PKCE
    std::string nonce;         ///< the same; empty without OpenID Connect
    std::string module_id;     ///< the module that it was begun with; another one does not finish it
    std::string dpop_key;      ///< private bytes of the key that the tokens will be bound to; empty: none
    std::string fingerprint;   ///< of the settings whose change ends attempts under way
    std::string return_to;     ///< checked path of this site
    time_point expires_at{};   ///< ten minutes after its beginning
    std::string tester;        ///< who tests the module with it; empty: somebody logs in
    bool restarted = false;    ///< the authorization was begun again once already
    bool iss_promised = false; ///< the provider said that its answer will name it (RFC 9207)

    login_attempt() = default;
    friend bool operator==(login_attempt const&, login_attempt const&) = default;

    /// The members as text, for sealing: decimal lengths before texts, so no text can pose as two.
    [[nodiscard]] std::string to_bytes() const {
        std::string bytes;
        bytes.reserve(384);
        bytes = "4"; // version of this layout
        for (auto const* text :
             {&state, &code_verifier, &nonce, &dpop_key, &module_id, &fingerprint, &return_to, &tester})
            append_text(bytes, *text);
        bytes.append(std::to_string(to_milliseconds(expires_at)));
        bytes.push_back(flags[(restarted ? 1 : 0) + (iss_promised ? 2 : 0)]);
        return bytes;
    }

    /// Errors: `errc::seal_broken` for bytes that `to_bytes` did not make.
    [[nodiscard]] static result<login_attempt> from_bytes(std::string_view bytes) {
        login_attempt a;
        if (!bytes.starts_with('4')) return errc::seal_broken;
        bytes.remove_prefix(1);
        for (auto* text :
             {&a.state, &a.code_verifier, &a.nonce, &a.dpop_key, &a.module_id, &a.fingerprint, &a.return_to, &a.tester})
            if (!take_text(bytes, *text)) return errc::seal_broken;
        long long expires = 0;
        auto const [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), expires);
        bytes.remove_prefix(static_cast<std::size_t>(end - bytes.data()));
        auto const which = bytes.size() == 1 ? flags.find(bytes.front()) : flags.npos;
        if (error != std::errc() || which == flags.npos) return errc::seal_broken;
        a.expires_at = from_milliseconds(expires);
        a.restarted = (which & 1) != 0;
        a.iss_promised = (which & 2) != 0;
        return a;
    }

private:
    static constexpr std::string_view flags = "frip"; // a letter for each pair of them
};

/// What the token call needs beside the plan.
struct code_redemption {
    secret client_secret;             ///< empty: a public client
    std::string redirect_uri;         ///< the very bytes of the authorization request (security rule A5)
    secret code;                      ///< as in the callback; good once
    secret code_verifier;             ///< empty without PKCE
    std::string nonce;                ///< of the attempt; empty without OpenID Connect
    time_point now{};                 ///< that the ID token's times are held against
    std::optional<key_proofs> proofs; ///< of the key that the code is bound to; none: bearer tokens

    code_redemption() = default;
};

} // namespace authmod
