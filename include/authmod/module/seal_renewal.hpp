// SPDX-License-Identifier: BSL-1.0
// Layer 6. Seals anew what rests in the store under an older key, so that this key can go without anybody's typing.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"

#include <string>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Goes through everything that is sealed in the store - client secrets, and the provider's tokens kept with sessions -
    and seals with the newest key what an older one has sealed. A program runs it after its start, beside its work:

    @code
    authmod::seal_renewal renewal(engine);
    while (!renewal.done()) (co_await renewal.step()).value();
    if (renewal.counts().busy == 0) // nothing is left that needs an older key
    @endcode

    A key is rotated in three steps, each on every node: known (last in the key file), sealing (first), dropped. Nodes
    may renew at the same time, and while others seal with the older key still: the renewal of the last node that was
    restarted finds what they left. Nothing is taken from a refresh under way: it seals what it brings. Left alone are
    cookies of logins under way (ten minutes) and the result of the last test login, which without its key is as if
    there were none.

    Thread safety: one coroutine at a time; it resumes on its own executor. Lifetimes: the engine outlives it.
*/
class seal_renewal {
public:
    explicit seal_renewal(login_engine& engine) noexcept : engine_(&engine) {}

    /// Looks at the client secrets, then at the tokens of some hundred sessions with each call. Errors: those of the
    /// store; the next call takes the same step again.
    asio::awaitable<result<void>> step();

    /// Whether everything was looked at.
    [[nodiscard]] bool done() const noexcept { return done_; }

    /// What was done so far. Lifetimes: this object's.
    [[nodiscard]] seal_counts const& counts() const noexcept { return counts_; }

private:
    asio::awaitable<result<void>> renew(session_tokens const& held);

    login_engine* engine_;
    seal_counts counts_;
    bool modules_done_ = false, done_ = false;
    std::string after_; ///< the last session that was looked at
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/seal_renewal.ipp"
#endif
