// SPDX-License-Identifier: BSL-1.0
// Layer 6. Logs people in: drives the flows with a transport and a store. Not a template; auth_module.hpp and the
// server stand on it.
#pragma once

#include "authmod/account/login_decision.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/module/cached_store.hpp"
#include "authmod/module/issuer_documents.hpp"
#include "authmod/module/login_steps.hpp"
#include "authmod/module/module_catalog.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

struct authorization_request; // protocol/authorization_request.hpp
struct code_redemption;       // flow/login_flow.hpp
struct login_attempt;         // flow/login_attempt.hpp
struct test_report;           // flow/test_report.hpp

inline namespace AUTHMOD_ABI {

class signing_key; // crypto/signing_key.hpp

/** Thread safety: every function may be called from any thread; awaiting coroutines resume on their own executor.
    Lifetimes: the ports outlive the engine; string_view parameters are copied before the first suspension.
    Cancellation: terminal only, once the code has been sent.
*/
class login_engine {
public:
    login_engine(ports in_ports, provider_list providers, service_options options);

    /// The modules and what administrators do with them; `catalog().reload()` comes before anything else.
    [[nodiscard]] module_catalog& catalog() noexcept { return catalog_; }

    [[nodiscard]] module_catalog const& catalog() const noexcept { return catalog_; }

    /// The modules as they serve now.
    [[nodiscard]] std::shared_ptr<module_list const> modules() const { return catalog_.modules(); }

    /// As the engine was made with. Lifetimes: the engine's.
    [[nodiscard]] service_options const& options() const noexcept { return catalog_.options(); }

    /// The policies behind it. Lifetimes: the engine's.
    [[nodiscard]] ports const& parts() const noexcept { return catalog_.parts(); }

    /// The store as the engine uses it; `parts().data` is the same object.
    [[nodiscard]] cached_store& data() noexcept { return data_; }

    /// Metadata and keys of OpenID providers.
    [[nodiscard]] issuer_documents& documents() noexcept { return documents_; }

    /** Begins a login: makes state, nonce and PKCE verifier. Nothing is stored; nothing is sent unless the provider's
        metadata is to be read or it takes pushed requests.

        Errors: `not_found`, `module_disabled`, `return_to_refused`, `random_failed`, and those of discovery and of
        @ref read_pushed_authorization.
    */
    asio::awaitable<result<login_start, failure>> begin_login(std::string module_id, std::string return_to);

    /** Finishes a login: checks the callback, takes the state, redeems the code, reads the profile, decides about the
        account and makes a session. Ends within `login_deadline`. Every outcome is in the audit.
    */
    asio::awaitable<result<login_finish, failure>> finish_login(std::string module_id, login_callback callback);

    /** Begins a test login with the module's present settings, enabled or not. It comes back through `finish_login`
       like every login, but creates, changes, links and signs in nothing: it gives a report. `tester` is who asked for
       it.

        Errors: `not_found`, `module_incomplete`, `random_failed`.
    */
    asio::awaitable<result<login_start, failure>> begin_test_login(std::string module_id, std::string tester);
    /// What the last test login through a module found: the JSON of its report with `at` and `author`. Errors:
    /// `not_found`.
    asio::awaitable<result<boost::json::object>> test_result(std::string module_id);

    /** The account behind a session id. The store is asked once in `service_options::cache.age` at the most, and at once
        after a write of this process; both limits of the session are exact all the same (security rule G2).

        Effects: moves `seen_at` forward, once a minute (more often if `session_limits::idle` is below four minutes).
        Errors: `not_signed_in`, `store_unavailable`.
    */
    asio::awaitable<result<known_session>> check_session(std::string session_id);
    /// The same where a copy may be used and nothing is to be written: no store, no coroutine. Null: `check_session`
    /// has to tell.
    [[nodiscard]] known_session recent_session(std::string_view session_id);
    /// Ends a session; no error when there is none.
    asio::awaitable<result<void>> end_session(std::string session_id, std::string address);
    /// The same for a session that was looked up. Lifetimes: `who` outlives the awaited call.
    asio::awaitable<result<void>> end_session(session const& who, std::string address);

private:
    struct running_login;
    asio::awaitable<result<void, failure>> come_back(running_login& login);
    asio::awaitable<result<known_session>> look_up(std::string const& session_id);
    [[nodiscard]] bool is_good(session_view const& view, time_point now) const noexcept;
    [[nodiscard]] bool is_due(session_view const& view, time_point now) const noexcept;
    asio::awaitable<result<void, failure>> accept_callback(running_login& login);
    [[nodiscard]] result<code_redemption> redemption_of(running_login& login);
    asio::awaitable<result<void, failure>> run_login(running_login& login);
    asio::awaitable<result<void, failure>> run_test(running_login& login);
    asio::awaitable<result<void>> keep_report(running_login& login, test_report const& report);
    [[nodiscard]] result<std::string> fresh_token();
    [[nodiscard]] result<std::string> fresh_id(time_point now);
    [[nodiscard]] result<signing_key> fresh_key();
    [[nodiscard]] result<login_attempt> new_attempt(running_module const& module, module_plan const& plan,
                                                    std::string return_to);
    asio::awaitable<result<login_start, failure>> start(running_module const& module, module_plan const& plan,
                                                        login_attempt attempt, detail::steady_deadline deadline);
    asio::awaitable<result<std::string, failure>> push(running_module const& module, module_plan const& plan,
                                                       authorization_request const& authorization,
                                                       detail::steady_deadline deadline);

    cached_store data_;
    ports ports_; // with data_ in front of the store
    module_catalog catalog_;
    issuer_documents documents_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/login_engine.ipp"
#endif
