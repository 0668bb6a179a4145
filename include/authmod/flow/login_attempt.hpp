// SPDX-License-Identifier: BSL-1.0
// Layer 4. What has to be remembered between sending a browser to the provider and its coming back.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/time.hpp"

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
    std::string nonce;         ///< OpenID Connect only, else empty
    std::string module_id;
    std::string fingerprint;   ///< of the settings whose change ends attempts under way
    std::string return_to;     ///< checked path of this site
    time_point expires_at{};
    bool restarted = false;    ///< the authorization was begun again once already

    login_attempt() = default;
    friend bool operator==(login_attempt const&, login_attempt const&) = default;

    /// The members as bytes, for sealing.
    [[nodiscard]] std::string to_bytes() const;
    /// Errors: `errc::seal_broken` for bytes that `to_bytes` did not make.
    [[nodiscard]] static result<login_attempt> from_bytes(std::string_view bytes);
};

} // namespace authmod
