// SPDX-License-Identifier: BSL-1.0
// Layer 6. What a whole service is set to, as opposed to one of its modules. Values.
#pragma once

#include "authmod/core/time.hpp"
#include "authmod/model/session.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace authmod {

/// How long sessions and tokens may be repeated without asking the store.
struct cache_options {
    /// What another node ends is over here after so long, at the latest: less than the second that is promised
    /// (security rule G3), since the answer has to be written too. 0: the store is asked every time.
    milliseconds age{900};
    std::size_t sessions = 4096; ///< copies at most, about 1 KiB each
    std::size_t tokens = 1024;   ///< copies at most, likewise

    cache_options() = default;
};

/// What the whole service is set to.
struct service_options {
    std::string base_url;             ///< `https://host[:port]` without a slash at the end; redirect URIs start with it
    bool allow_loopback_http = false; ///< accept http endpoints on 127.0.0.0/8, ::1 and localhost
    session_limits sessions; ///< how long people stay signed in
    cache_options cache; ///< how long checks of sessions do without the store
    milliseconds login_deadline{15'000}; ///< callback to answer
    bool keep_tokens = false; ///< keep the provider's tokens, sealed, with the session: see token_keeper.hpp

    service_options() = default;

    explicit service_options(std::string in_base_url) : base_url(std::move(in_base_url)) {}
};

} // namespace authmod
