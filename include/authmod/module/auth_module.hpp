// SPDX-License-Identifier: BSL-1.0
// Layer 6. "Log in with <provider>" for a program that knows its provider: the facade over the engine. Templates end here.
#pragma once

#include "authmod/module/detail/installed_module.hpp"
#include "authmod/module/environment.hpp"
#include "authmod/module/policies.hpp"
#include "authmod/provider/provider.hpp"
#include "authmod/provider/registry.hpp"

#include <string>
#include <utility>

namespace authmod {

/// What the provider gave when the client was registered there, and where it sends browsers back to.
struct credentials {
    std::string client_id;    ///< as registered at the provider
    secret client_secret;     ///< empty: a public client
    std::string redirect_uri; ///< registered at the provider, byte for byte; https, or http on a loopback host

    credentials(std::string in_client_id, std::string in_client_secret, std::string in_redirect_uri)
        : client_id(std::move(in_client_id)), client_secret(std::move(in_client_secret)),
          redirect_uri(std::move(in_redirect_uri)) {}

    /// What the environment gives. Exceptions: `std::invalid_argument` naming a variable that is not set.
    explicit credentials(environment const& from)
        : client_id(from.client_id()), client_secret(from.client_secret()), redirect_uri(from.redirect_uri()) {}
};

/** One way to log in, set up by the program itself.

    The module's id is the provider's id. Accounts and sessions live in the store of `Policies`. For modules that
    administrators create and edit while the service runs, use @ref login_engine.

    Thread safety: every function may be called from any thread. Resumes on the awaiting coroutine's executor.
    Lifetimes: `Policies` outlives the module; parameters are taken by value.

    @par Example
    @code
    auto start = co_await bitbucket.begin_login("/");            // send the browser to start->location,
                                                                 // keep start->attempt in a cookie
    auto login = co_await bitbucket.finish_login(url, attempt);  // login->user, login->session_id
    @endcode
*/
template <provider Provider, class Policies>
class auth_module {
public:
    /** Uses the provider's traits as they are.

        Exceptions: `boost::system::system_error` (`errc::setting_refused`, naming the field) for credentials that fail
        their rule: a program's own settings are wrong once, not at a login.
    */
    auth_module(Policies& with, credentials who, service_options options = service_options())
        : auth_module(with, std::move(who), default_settings<Provider>(), std::move(options)) {}

    /// Uses the provider's traits with what the environment gives in their place. Exceptions: also those of `credentials`.
    auth_module(Policies& with, environment const& from, service_options options = service_options())
        : auth_module(with, credentials(from), from.over(default_settings<Provider>()), std::move(options)) {}

    /// Uses `changed`: start from `default_settings<Provider>()`.
    auth_module(Policies& with, credentials who, settings changed, service_options options = service_options())
        : module_(with.as_ports(), info_of<Provider>(), std::move(options), std::move(who.client_secret),
                  std::move(who.redirect_uri)) {
        changed.client_id = std::move(who.client_id);
        change(std::move(changed)).value();
    }

    /** Puts other settings into force, for the very next login.

        Effects: none on error; what served before goes on. Logins under way are refused (`settings_changed`) only if
        the client, an endpoint they need or the client authentication changed.
    */
    result<void, failure> change(settings changed) {
        return module_.change(std::move(changed));
    }

    /// The settings in force, to edit and give to `change`.
    [[nodiscard]] settings current() const { return module_.current(); }

    /// Begins a login: gives the address for the browser and the sealed attempt that `finish_login` wants back.
    /// Errors: `return_to_refused`, `random_failed`.
    asio::awaitable<result<login_start, failure>> begin_login(std::string return_to = std::string("/")) {
        return module_.begin_login(std::move(return_to));
    }

    /** Finishes a login with the URL (or its query) that the browser was sent back to.

        `attempt` is `login_start::attempt` as kept in the same browser: it is what makes the login that browser's own.
        Errors: see `errc`; compare with a `condition` to decide what to tell the person.
    */
    asio::awaitable<result<login_finish, failure>> finish_login(std::string callback, std::string attempt) {
        return module_.finish_login(std::move(callback), std::move(attempt));
    }

    /// The account behind a session id. Errors: `not_signed_in`.
    asio::awaitable<result<known_session>> check_session(std::string session_id) {
        return module_.check_session(std::move(session_id));
    }

    /** The provider's tokens of a session, where `options.keep_tokens` was set: fresh ones if they end within a minute.
        Errors: see @ref token_keeper.
    */
    asio::awaitable<result<kept_tokens, failure>> provider_tokens(std::string session_id) {
        return module_.provider_tokens(std::move(session_id));
    }

    /** Logs out, here and at the provider as far as it can be: kept tokens are given back, and the browser has to be
        sent to the address that is given, if there is one. Errors: those of the store.
    */
    asio::awaitable<result<std::string>> log_out(std::string session_id) {
        return module_.log_out(std::move(session_id));
    }

    /// Logs out here alone; no error when the session is over already.
    asio::awaitable<result<void>> end_session(std::string session_id) {
        return module_.end_session(std::move(session_id));
    }

    /// What works behind it, for handlers and for what this facade does not offer: include `module/login_engine.hpp`.
    /// Lifetimes: this module's.
    [[nodiscard]] login_engine& engine() noexcept { return module_.engine(); }

private:
    detail::installed_module module_;
};

} // namespace authmod
