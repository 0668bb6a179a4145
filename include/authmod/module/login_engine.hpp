// SPDX-License-Identifier: BSL-1.0
// Layer 6. Logs people in: drives the flows with a transport and a store. Not a template; auth_module.hpp and the
// server stand on it.
#pragma once

#include "authmod/account/login_decision.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/model/module_record.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/provider/module_plan.hpp"
#include "authmod/provider/provider_info.hpp"
#include "authmod/provider/settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

/// What the whole service is set to.
struct service_options {
    std::string base_url;                  ///< `https://host[:port]` without a slash at the end; redirect URIs start with it
    bool allow_loopback_http = false;      ///< accept http endpoints on 127.0.0.0/8, ::1 and localhost
    session_limits sessions;
    milliseconds login_deadline{15'000};   ///< callback to answer

    service_options() = default;
    explicit service_options(std::string in_base_url) : base_url(std::move(in_base_url)) {}
};

/// A module ready to run. Immutable: an edit makes a new one and swaps one shared pointer.
struct running_module {
    module_record record;
    settings text;                         ///< as administrators see them
    std::optional<module_plan> plan;       ///< empty: the settings fail their rules, so the module cannot serve
    secret client_secret;
    std::string redirect_uri;
    std::string fingerprint;               ///< of the settings whose change ends logins under way
    provider_info const* provider = nullptr; ///< label, icon, set-up steps

    running_module() = default;
    /// Whether people can log in through it now.
    [[nodiscard]] bool serves() const noexcept { return record.enabled && plan.has_value(); }
};

/// All modules of the service at one moment, in the order of the login page.
struct module_list {
    std::vector<std::shared_ptr<running_module const>> all;

    module_list() = default;
    /// The module with this id, or null.
    [[nodiscard]] running_module const* find(std::string_view id) const noexcept {
        for (auto const& module : all)
            if (module->record.id == id) return module.get();
        return nullptr;
    }
    /// The default module if it serves, or null.
    [[nodiscard]] running_module const* default_module() const noexcept {
        for (auto const& module : all)
            if (module->record.is_default && module->serves()) return module.get();
        return nullptr;
    }
};

/// Who changes settings, for the audit.
struct change_author {
    std::string name = "system"; ///< account id, `admin-token` or `system`
    std::string address;         ///< IP address, empty for none

    change_author() = default;
    change_author(std::string in_name, std::string in_address)
        : name(std::move(in_name)), address(std::move(in_address)) {}
};

/// Why a change of a module was refused: `setting_refused` comes with the fields at fault, other codes alone.
struct settings_refusal {
    error_code code;
    std::vector<setting_error> errors;

    settings_refusal() = default;
    settings_refusal(errc in_code) : code(in_code) {}
    settings_refusal(error_code in_code) : code(in_code) {}
    settings_refusal(std::vector<setting_error> in_errors) : code(errc::setting_refused), errors(std::move(in_errors)) {}
};

/// Lets `result<T, settings_refusal>::value()` throw `boost::system::system_error` naming the first field at fault.
[[noreturn]] inline void throw_exception_from_error(settings_refusal const& why, boost::source_location const&) {
    std::string what;
    if (!why.errors.empty()) what = why.errors.front().field + ": " + why.errors.front().message;
    throw boost::system::system_error(why.code, what);
}

/// Where the browser must go next, and the sealed attempt that must come back with it.
struct login_start {
    std::string location; ///< authorization URL
    std::string attempt;  ///< sealed; keep it in a cookie of this browser (or this process), for ten minutes

    login_start() = default;
    login_start(std::string in_location, std::string in_attempt)
        : location(std::move(in_location)), attempt(std::move(in_attempt)) {}
};

/// What came back from the provider through the browser.
struct login_callback {
    std::string query;                 ///< raw query of the redirect URI, or the whole callback URL
    std::vector<std::string> attempts; ///< every sealed attempt that the browser still holds
    std::string session;               ///< session id that the browser holds, empty for none
    std::string address;               ///< the client's IP address, for the audit

    login_callback() = default;
    login_callback(std::string in_query, std::string attempt) : query(std::move(in_query)), attempts{std::move(attempt)} {}
};

/// A finished login, or (when `restart` is there) the order to begin again.
struct login_finish {
    account user;
    std::vector<std::string> groups;
    user_profile profile;
    secret session_id;                 ///< 43 characters of base64url; goes into the session cookie and nowhere else
    std::string return_to;             ///< path of this site
    std::optional<login_start> restart; ///< the provider dropped the code: send the browser to the provider once more

    login_finish() = default;
};

inline namespace AUTHMOD_ABI {

/** Thread safety: every function may be called from any thread; awaiting coroutines resume on their own executor.
    Lifetimes: the ports outlive the engine; string_view parameters are copied before the first suspension.
    Cancellation: terminal only, once the code has been sent.
*/
class login_engine {
public:
    login_engine(ports in_ports, provider_list providers, service_options options);

    /// Reads all modules from the store; call it once before anything else. Edits through this engine keep it current.
    asio::awaitable<result<void>> reload();
    /** Adds or replaces an enabled module that the program itself sets up; its id is the provider's, the store is not
        asked. Errors: `not_found` for an unknown provider, `setting_refused` naming field and reason; then the module
        that served before goes on.
    */
    result<void, failure> install(std::string_view provider_id, settings text, secret const& client_secret, std::string redirect_uri);
    /// The modules as they serve now.
    [[nodiscard]] std::shared_ptr<module_list const> modules() const;
    [[nodiscard]] provider_list const& providers() const noexcept { return providers_; }
    [[nodiscard]] service_options const& options() const noexcept { return options_; }
    /// `<base URL>/callback/<id>`: never taken from a request (security rule A5).
    [[nodiscard]] std::string redirect_uri(std::string_view module_id) const;

    /** Begins a login: makes state, nonce and PKCE verifier. Nothing is sent, nothing is stored.

        Errors: `not_found`, `module_disabled`, `return_to_refused`, `random_failed`.
    */
    [[nodiscard]] result<login_start, failure> begin_login(std::string_view module_id, std::string_view return_to);

    /** Finishes a login: checks the callback, takes the state, redeems the code, reads the profile, decides about the
        account and makes a session. Ends within `login_deadline`. Every outcome is in the audit.
    */
    asio::awaitable<result<login_finish, failure>> finish_login(std::string module_id, login_callback callback);

    /// The account behind a session id. Errors: `not_signed_in`, `store_unavailable`.
    asio::awaitable<result<session_view>> check_session(std::string session_id);
    /// Ends a session; no error when there is none.
    asio::awaitable<result<void>> end_session(std::string session_id, std::string address);

    /** Creates a disabled module with the provider's defaults and `changes` laid over them; `type` and `name` must be among the changes.

        Gives its id. Errors: `setting_refused` with the fields, `name_taken`, store errors. Nothing is kept on error.
    */
    asio::awaitable<result<std::string, settings_refusal>> create_module(boost::json::object changes, change_author by);
    /** Lays a JSON merge patch (RFC 7396) over a module's settings; it carries the `revision` that was read.

        Errors: as above and `not_found`, `revision_missing`, `revision_stale`; what served before goes on.
    */
    asio::awaitable<result<void, settings_refusal>> update_module(std::string id, boost::json::object changes, change_author by);
    /** Enables a disabled module or disables an enabled one.

        Errors: `setting_refused` naming the fields that are missing, `last_way_in` unless `force`, `store_conflict` when
        it is so already.
    */
    asio::awaitable<result<void, settings_refusal>> enable_module(std::string id, bool enabled, bool force, change_author by);

    /// A module as REST shows it, all settings in one flat object; of the secret only `client_secret_set`.
    [[nodiscard]] static boost::json::object module_json(running_module const& module);

    [[nodiscard]] ports const& parts() const noexcept { return ports_; }

private:
    struct running_login;
    asio::awaitable<result<login_finish, failure>> run_login(running_login& login);
    [[nodiscard]] std::shared_ptr<running_module> make_running(module_record record) const;
    asio::awaitable<result<void, settings_refusal>> write_module(running_module const& before, module_record changed, audit_row row);
    [[nodiscard]] result<std::string> fresh_token();
    [[nodiscard]] result<login_start, failure> start(running_module const& module, std::string return_to, bool restarted);
    void swap_in(std::shared_ptr<running_module const> module);
    asio::awaitable<result<void>> put_into_force(std::shared_ptr<running_module const> module, bool new_default);

    ports ports_;
    provider_list providers_;
    service_options options_;
    mutable std::mutex mutex_; // of modules_
    std::shared_ptr<module_list const> modules_;
};

} // inline namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/login_engine.ipp"
#include "authmod/module/detail/login_engine_admin.ipp"
#endif
