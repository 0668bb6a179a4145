// SPDX-License-Identifier: BSL-1.0
// Layer 6. The modules of a service: which ones serve, and how administrators change them while they do.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/version.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/module/running_module.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace authmod {

/// What became of values that an older key has sealed.
struct seal_counts {
    long long renewed = 0; ///< sealed with the newest key now
    long long busy = 0;    ///< somebody else is changing them: look again later
    long long lost = 0;    ///< opened by no key that is here

    seal_counts() = default;
};

inline namespace AUTHMOD_ABI {

/** Keeps the modules as they serve and takes every change of them: checked, written to the store with its audit, and
    only then put into force, for all threads at once. A change that is refused leaves everything as it was.

    Who reads `modules()` holds a list that nobody changes any more; the next reading gives the next one.

    Errors of every change: `setting_refused` with the fields at fault, `not_found`, `name_taken`, `revision_stale` when
    somebody else's change came first, and those of the store.

    Thread safety: every function may be called from any thread; awaiting coroutines resume on their own executor.
    Lifetimes: the ports outlive the catalog. Not movable.
*/
class module_catalog {
public:
    using refusable = asio::awaitable<result<void, settings_refusal>>; ///< A change that may be refused field by field.

    module_catalog(ports in_ports, provider_list providers, service_options options);

    /// Reads all modules from the store; call it once before anything else. Changes through this catalog keep it
    /// current.
    asio::awaitable<result<void>> reload();

    /** Where the store is shared, waits for what others change, at most `limit`: modules are put into force, and of
        sessions, tokens and accounts that others ended or changed no copy is used any more. Gives the version to hand
        in the next time. Call it again and again, with 0 at first.
    */
    asio::awaitable<result<long long>> follow(long long seen, milliseconds limit);

    /** Adds or replaces an enabled module that the program itself sets up; its id is the provider's, the store is not
        asked. Errors: `not_found` for an unknown provider, `setting_refused` naming field and reason; then the module
        that served before goes on.
    */
    result<void, failure> install(std::string_view provider_id, settings text, secret const& client_secret,
                                  std::string redirect_uri);

    /// The modules as they serve now.
    [[nodiscard]] std::shared_ptr<module_list const> modules() const;

    /// @{
    /// What the catalog was made with. Lifetimes: its own.
    [[nodiscard]] provider_list const& providers() const noexcept { return providers_; }

    [[nodiscard]] service_options const& options() const noexcept { return options_; }

    [[nodiscard]] ports const& parts() const noexcept { return ports_; }
    /// @}

    /// `<base URL>/callback/<id>`: never taken from a request (security rule A5).
    [[nodiscard]] std::string redirect_uri(std::string_view module_id) const;

    /** Creates a disabled module with the provider's defaults and `changes` laid over them; `type` and `name` must be
        among the changes. Gives its id.
    */
    asio::awaitable<result<std::string, settings_refusal>> create(boost::json::object changes, change_author by);
    /** Lays a JSON merge patch (RFC 7396) over a module's settings, all of it or nothing. It carries the `revision`
       that was read. Errors: also `revision_missing`.
    */
    refusable update(std::string id, boost::json::object changes, change_author by);

    /// Enables a disabled module; the fields that are missing are refused by name. `store_conflict`: it is enabled.
    refusable enable(std::string id, change_author by);
    /// Disables an enabled module. `store_conflict`: it is disabled. `last_way_in`: no other one serves, unless
    /// `force`.
    refusable disable(std::string id, bool force, change_author by);
    /// Sends visitors straight to this module's provider; another default steps back. It is so already: nothing
    /// happens.
    refusable make_default(std::string id, change_author by);
    /// Visitors see the login page again. It is no default: nothing happens.
    refusable clear_default(std::string id, change_author by);
    /** Removes a module. Its links and the accounts it made go over to `successor`, a module of the same provider and
        client; without one the links go and the accounts stay. Sessions and tokens that came through it end.

        Errors: also `last_way_in`, unless `force`; `setting_refused` at `successor`.
    */
    refusable remove(std::string id, std::string successor, bool force, change_author by);

    /** Seals client secrets anew that an older key has sealed; the administrators see nothing but a row of the audit.
        Another node that does the same at the same time is no fault: one of them writes.
    */
    asio::awaitable<result<seal_counts>> renew_seals();

    /// A module as REST shows it, all settings in one flat object; of the secret only `client_secret_set`.
    [[nodiscard]] static boost::json::object module_json(running_module const& module);

private:
    enum class module_flag : unsigned char { enabled, is_default };

    [[nodiscard]] std::shared_ptr<running_module> make_running(module_record record) const;
    [[nodiscard]] result<module_record, settings_refusal> patched(module_record record, provider_info const& provider,
                                                                  settings const& text,
                                                                  boost::json::object const& changes,
                                                                  boost::json::object const& shown) const;
    refusable switch_flag(std::string id, module_flag flag, bool on, bool force, change_author by);
    [[nodiscard]] result<void, settings_refusal> may_switch(running_module const& module, bool enabled,
                                                            bool force) const;
    refusable write(running_module const& before, module_record changed, audit_row row, bool keep_way_in);
    refusable check_groups(module_record const& changed, running_module const* before) const;
    [[nodiscard]] result<void, settings_refusal> check_grant_type(running_module const& changed) const;
    [[nodiscard]] result<void, settings_refusal> check_successor(running_module const& module,
                                                                 std::string_view id) const;
    [[nodiscard]] result<void, settings_refusal> may_close(running_module const& module, bool force) const;
    [[nodiscard]] bool keep_way_in(bool force) const;
    void take_out(std::string_view id);
    void swap_in(std::shared_ptr<running_module const> module);
    [[nodiscard]] bool replace_all(std::shared_ptr<module_list> next, unsigned long long seen);
    asio::awaitable<void> put_into_force(std::shared_ptr<running_module const> module, bool new_default);

    ports ports_;
    provider_list providers_;
    service_options options_;
    mutable std::mutex mutex_; // of what follows
    std::shared_ptr<module_list const> modules_;
    unsigned long long swaps_ = 0; // changes of modules_, so that a slow reading of the store undoes none
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/module_catalog.ipp"
#endif
