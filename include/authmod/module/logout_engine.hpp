// SPDX-License-Identifier: BSL-1.0
// Layer 6. Ends sessions: for whoever logs out, at the provider too, and for a provider that says so behind the
// browser's back.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/protocol/kept_tokens.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Thread safety: every function may be called from any thread; awaiting coroutines resume on their own executor.
    Lifetimes: the engine outlives it.
*/
class logout_engine {
public:
    explicit logout_engine(login_engine& engine) noexcept : engine_(&engine) {}

    /** Ends a session; no error when there is none. Tokens kept with it are given back to a provider that takes them
        (RFC 7009): whatever comes of that, the session is over, and the audit tells when it failed.

        Gives where to send the browser so that it logs out at the provider too; empty: nowhere. With OpenID Connect
       this is an RP-initiated logout: the address names our client, the ID token if it was kept, else the provider's
       own name of the session. It goes to the browser only and into no log.
    */
    asio::awaitable<result<std::string>> log_out(std::string session_id, std::string address);

    /// The module's log-out address as set or discovered, without what a logout adds; empty: none, or the provider does
    /// not say within two seconds.
    asio::awaitable<std::string> logout_url(std::string module_id);

    /** Ends the sessions that a logout token of a module's provider means, of enabled and of disabled modules
        (OpenID Connect Back-Channel Logout 1.0, 2.6). A token is good once. No error when there are no such sessions.

        Errors: `not_found` for a module without OpenID Connect, `module_incomplete`, those of discovery and of
        @ref read_logout_token, `state_used`, and those of the store. They are in the audit.
    */
    asio::awaitable<result<void, failure>> end_by_provider(std::string module_id, std::string logout_token,
                                                           std::string address);

private:
    asio::awaitable<std::shared_ptr<module_plan const>> plan_for(running_module const& module);
    asio::awaitable<result<void>> give_back(running_module const& module, module_plan const& plan,
                                            kept_tokens const& kept);
    asio::awaitable<result<void, failure>> take_logout_token(running_module const& module, std::string const& token,
                                                             std::string const& address);

    login_engine* engine_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/logout_engine.ipp"
#endif
