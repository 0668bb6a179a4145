// SPDX-License-Identifier: BSL-1.0
// Layer 1. What ties a session of ours to the provider's: its names there, the tokens kept with it, and its end by the
// provider.
#pragma once

#include "authmod/core/time.hpp"

#include <string>

namespace authmod {

/// Which sessions a provider ends behind the browser's back (OpenID Connect Back-Channel Logout 1.0), and the token that
/// says so. One of `subject` and `provider_session` is set; with both, only sessions that fit both end.
struct provider_logout {
    std::string module_id;        ///< the module of that provider
    std::string subject;          ///< empty: anybody
    std::string provider_session; ///< empty: all sessions of `subject`
    std::string token_digest;     ///< SHA-256 that stands for the logout token; taken once, like a state
    time_point remember_until{};  ///< how long the digest keeps a second use away

    provider_logout() = default;
};

/// The provider's tokens that are kept with a session, as the store has them.
struct sealed_tokens {
    std::string sealed;     ///< by the master key; says nothing to the store
    long long revision = 1; ///< grows by one with each change

    sealed_tokens() = default;
    friend bool operator==(sealed_tokens const&, sealed_tokens const&) = default;
};

/// The tokens that are kept with one session.
struct session_tokens {
    std::string session_digest; ///< whose they are
    sealed_tokens tokens;       ///< as stored

    session_tokens() = default;
    friend bool operator==(session_tokens const&, session_tokens const&) = default;
};

} // namespace authmod
