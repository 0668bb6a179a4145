// SPDX-License-Identifier: BSL-1.0
// Layer 6. The provider's tokens of a signed-in person, for a service that calls the provider in their name.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/protocol/kept_tokens.hpp"

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Gives the tokens that `service_options::keep_tokens` keeps, and refreshes them in time.

    Of all that ask at once, in all processes, one refreshes and the others wait for what it stores: a provider that
    rotates refresh tokens takes the second use of one for theft and ends them all. Who dies while refreshing is waited
    for `refresh_lease`.

    Thread safety: every function may be called from any thread; awaiting coroutines resume on their own executor.
    Lifetimes: the engine outlives it.
*/
class token_keeper {
public:
    explicit token_keeper(login_engine& engine) noexcept : engine_(&engine) {}

    /** The tokens kept with a session; the access token ends no sooner than in a minute if the provider says so and can
        be asked. A token with a `dpop_key` is shown with a proof (`add_dpop_proof`).

        Errors: `not_signed_in`; `not_found` when none are kept; `settings_changed` when they are another client's by
        now; when the access token has ended, why there is no other: `code_refused` means that the person must log in
        again; those of the store.
    */
    asio::awaitable<result<kept_tokens, failure>> tokens_of(std::string session_id);

private:
    struct ticket;
    asio::awaitable<result<kept_tokens, failure>> refresh(ticket& held);

    login_engine* engine_;
};

} // namespace AUTHMOD_ABI

/// How long the right to refresh is held at the most; a refresh ends within `service_options::login_deadline`.
inline constexpr std::chrono::seconds refresh_lease{30};

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/token_keeper.ipp"
#endif
