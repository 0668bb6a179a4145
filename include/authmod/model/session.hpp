// SPDX-License-Identifier: BSL-1.0
// Layer 1. A signed-in browser.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/time.hpp"

#include <string>

namespace authmod {

/** One session as the store keeps it.

    The id that the browser holds is 256 random bits; only its SHA-256 is kept (security rule G1).
*/
struct session {
    std::string digest;           ///< SHA-256 of the id, 32 bytes
    std::string account_id;       ///< whose it is
    std::string module_id;        ///< the module it came through
    std::string csrf;             ///< token that state-changing requests must repeat
    std::string subject;          ///< `sub` of the provider's ID token; empty with plain OAuth 2.0
    std::string provider_session; ///< `sid` there, the provider's name of its session; empty: it gave none
    time_point created_at{};      ///< the absolute limit counts from here
    time_point seen_at{};         ///< moved forward at most once a minute

    session() = default;
    friend bool operator==(session const&, session const&) = default;
};

/// How long sessions live; both limits are checked on the server (security rule G2).
struct session_limits {
    milliseconds idle = std::chrono::hours(8);    ///< since `seen_at`
    milliseconds absolute = std::chrono::days(7); ///< since `created_at`
};

/// Whether a session is over at `now`. A clock that was set back ends it too when `created_at` lies over a minute
/// ahead.
[[nodiscard]] constexpr bool is_over(time_point created_at, time_point seen_at, time_point now,
                                     session_limits limits) noexcept {
    return (now - created_at >= limits.absolute && !broken("G2")) || (now - seen_at >= limits.idle && !broken("G2b")) ||
           created_at - now > std::chrono::minutes(1);
}

} // namespace authmod
