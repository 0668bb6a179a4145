// SPDX-License-Identifier: BSL-1.0
// Layer 6. A store around any other, whose n-th operation fails.
#pragma once

#include "authmod/policy/store.hpp"
#include "authmod/testing/fault_counter.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/** Passes operations on, but for the one that `faults` picks.

    Promises what the store inside promises, except that after `fault_moment::after` an error does not mean that nothing
    was written: that is a database whose connection breaks between the commit and the word of it.
    Preconditions: the functions of the store inside are coroutines, which begin when they are awaited.

    @par Example
    @code
    fault_store<memory_store> data;
    data.faults.fail_at(1, errc::store_unavailable);
    @endcode
*/
template <store Store>
class fault_store {
public:
    /// What each function of the store gives.
    template <class T>
    using answer = asio::awaitable<result<T>>;

    fault_store() = default;

    explicit fault_store(Store in_inside) : inside(std::move(in_inside)) {}

    /// @{
    /// As @ref store promises, but for the operation that fails.
    // auth modules
    answer<std::vector<module_record>> list_modules() { return pass(inside.list_modules()); }

    answer<void> insert_module(module_record const& module, audit_rows rows) {
        return pass(inside.insert_module(module, rows));
    }

    answer<void> update_module(module_record const& module, long long revision, audit_rows rows, bool keep_way_in) {
        return pass(inside.update_module(module, revision, rows, keep_way_in));
    }

    answer<void> remove_module(std::string_view id, std::string_view successor, audit_rows rows, bool keep_way_in) {
        return pass(inside.remove_module(id, successor, rows, keep_way_in));
    }

    answer<avatar_image> load_module_image(std::string_view module_id) {
        return pass(inside.load_module_image(module_id));
    }

    answer<void> put_test_result(std::string_view module_id, std::string_view text) {
        return pass(inside.put_test_result(module_id, text));
    }

    answer<std::string> load_test_result(std::string_view module_id) {
        return pass(inside.load_test_result(module_id));
    }

    // logins, sessions, kept tokens
    answer<void> take_state(std::string_view digest, time_point expires_at) {
        return pass(inside.take_state(digest, expires_at));
    }

    answer<login_facts> load_login_facts(login_candidate const& who) { return pass(inside.load_login_facts(who)); }

    answer<login_outcome> finish_login(login_candidate const& who) { return pass(inside.finish_login(who)); }

    answer<session_view> find_session(std::string_view digest) { return pass(inside.find_session(digest)); }

    answer<void> touch_session(std::string_view digest, time_point seen_at) {
        return pass(inside.touch_session(digest, seen_at));
    }

    answer<void> end_session(std::string_view digest, audit_rows rows) {
        return pass(inside.end_session(digest, rows));
    }

    answer<void> end_sessions_of(std::string_view account_id, audit_rows rows) {
        return pass(inside.end_sessions_of(account_id, rows));
    }

    answer<long long> end_sessions_at_provider(provider_logout const& logout, audit_row const& row) {
        return pass(inside.end_sessions_at_provider(logout, row));
    }

    answer<sealed_tokens> find_kept_tokens(std::string_view digest) { return pass(inside.find_kept_tokens(digest)); }

    answer<std::vector<session_tokens>> list_kept_tokens(std::string_view after, int limit) {
        return pass(inside.list_kept_tokens(after, limit));
    }

    answer<void> claim_kept_tokens(std::string_view digest, long long revision, time_point now, time_point until) {
        return pass(inside.claim_kept_tokens(digest, revision, now, until));
    }

    answer<void> put_kept_tokens(std::string_view digest, std::string_view sealed, long long revision) {
        return pass(inside.put_kept_tokens(digest, sealed, revision));
    }

    // tokens and services
    answer<token_view> find_token(std::string_view digest) { return pass(inside.find_token(digest)); }

    answer<void> end_token(std::string_view digest, std::string_view service_id, audit_rows rows) {
        return pass(inside.end_token(digest, service_id, rows));
    }

    answer<std::vector<service_client>> list_services() { return pass(inside.list_services()); }

    answer<service_client> find_service(std::string_view id) { return pass(inside.find_service(id)); }

    answer<void> insert_service(service_client const& service, audit_rows rows) {
        return pass(inside.insert_service(service, rows));
    }

    answer<void> remove_service(std::string_view id, audit_rows rows) { return pass(inside.remove_service(id, rows)); }

    // accounts and groups
    answer<account_view> find_account(std::string_view id) { return pass(inside.find_account(id)); }

    answer<std::vector<account>> list_accounts(account_filter const& filter) {
        return pass(inside.list_accounts(filter));
    }

    answer<void> insert_account(account const& who, audit_rows rows) { return pass(inside.insert_account(who, rows)); }

    answer<void> update_account(account const& who, long long revision, audit_rows rows) {
        return pass(inside.update_account(who, revision, rows));
    }

    answer<void> remove_account(std::string_view id, audit_rows rows) { return pass(inside.remove_account(id, rows)); }

    answer<avatar_image> load_avatar(std::string_view account_id) { return pass(inside.load_avatar(account_id)); }

    answer<long long> count_accounts_made_by(std::string_view module_id) {
        return pass(inside.count_accounts_made_by(module_id));
    }

    answer<std::vector<group_summary>> list_groups() { return pass(inside.list_groups()); }

    answer<void> insert_group(group const& made, audit_rows rows) { return pass(inside.insert_group(made, rows)); }

    answer<void> remove_group(std::string_view id, audit_rows rows) { return pass(inside.remove_group(id, rows)); }

    answer<void> put_member(std::string_view group_id, std::string_view account_id, audit_rows rows) {
        return pass(inside.put_member(group_id, account_id, rows));
    }

    answer<void> remove_member(std::string_view group_id, std::string_view account_id, audit_rows rows) {
        return pass(inside.remove_member(group_id, account_id, rows));
    }

    // audit and upkeep
    answer<void> append_audit(audit_rows rows) { return pass(inside.append_audit(rows)); }

    answer<std::vector<audit_row>> list_audit(audit_filter const& filter) { return pass(inside.list_audit(filter)); }

    answer<long long> sweep(time_point now, session_limits limits) { return pass(inside.sweep(now, limits)); }

    answer<void> ping() { return pass(inside.ping()); }
    /// @}

    fault_counter faults; ///< says which operation fails
    Store inside;         ///< for a look without faults

private:
    template <class T>
    answer<T> pass(answer<T> call) {
        bool const strikes = faults.strikes();
        if (strikes && faults.when() == fault_moment::before) co_return faults.why();
        auto given = co_await std::move(call);
        if (strikes) co_return faults.why();
        co_return given;
    }
};

} // namespace authmod
