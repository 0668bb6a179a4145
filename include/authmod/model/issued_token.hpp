// SPDX-License-Identifier: BSL-1.0
// Layer 1. An access token of ours, made by the extension grant or by token exchange.
#pragma once

#include "authmod/core/time.hpp"

#include <string>

namespace authmod {

/** One token as the store keeps it.

    The token itself is 256 random bits; only its SHA-256 is kept (security rule L5).
*/
struct issued_token {
    std::string digest;      ///< SHA-256 of the token, 32 bytes
    std::string account_id;  ///< whose token it is
    std::string module_id;   ///< the module whose provider vouched for the person
    std::string service_id;  ///< the service client that asked for it
    std::string scope;       ///< space-separated, never more than the module has
    time_point created_at{}; ///< when it was given out
    time_point expires_at{}; ///< good until then, not at it

    issued_token() = default;
    friend bool operator==(issued_token const&, issued_token const&) = default;
};

/// Whether the token is over at `now`. One from the future is over too: the clock was set back.
[[nodiscard]] constexpr bool is_over(time_point created_at, time_point expires_at, time_point now) noexcept {
    return now >= expires_at || created_at - now > std::chrono::minutes(1);
}

} // namespace authmod
