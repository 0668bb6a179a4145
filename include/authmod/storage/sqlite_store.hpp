// SPDX-License-Identifier: BSL-1.0
// Layer 5. The durable store for one machine: an SQLite file. Through SQLiteCpp, a small maintained RAII wrapper: what
// statements and connections own is released on every path, and nothing of SQLite itself is hidden or changed.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/policy/store.hpp"
#include "authmod/storage/scim_store.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

/// How an SQLite file is used.
struct sqlite_options {
    milliseconds busy_timeout{2'000}; ///< how long a write waits while another process writes, then `store_unavailable`

    sqlite_options() = default;
};

inline namespace AUTHMOD_ABI {

/** Keeps everything in one SQLite file (and its -wal and -shm beside it), created for its owner alone (mode 0600).

    Writes are done by one thread of the store. All that wait when it comes round share one transaction and one fsync; a
    refused one takes back what it wrote and does not undo its neighbours. An operation is answered after the
    commit: what was acknowledged survives the end of the process and, as far as the disk keeps its word, of the
    machine (WAL, `synchronous=FULL`). Reads have their own thread and connection.

    Thread safety: every function may be called from any thread. The awaiting coroutine resumes on its own executor.
    Cancellation: an operation that has begun is finished. Movable, while no operation is under way; destroying waits
    for those that are. A default-constructed or moved-from store answers `store_unavailable`.
*/
class sqlite_store {
public:
    sqlite_store() noexcept;
    sqlite_store(sqlite_store&&) noexcept;
    sqlite_store& operator=(sqlite_store&&) noexcept;
    ~sqlite_store();

    /** Opens `file`, or makes it if there is none.

        Errors: `store_schema_unknown` for a database of another program or of a newer version (it is left untouched);
        `store_unavailable` when it cannot be opened for writing or is corrupt; `setting_refused` for names without a
        file (`:memory:`, empty).
    */
    [[nodiscard]] static result<sqlite_store> open(std::string const& file, sqlite_options options = sqlite_options());

    /// @{
    /// As @ref store and the stores of SCIM promise.
    asio::awaitable<result<std::vector<module_record>>> list_modules();
    asio::awaitable<result<void>> insert_module(module_record const& module, audit_rows rows);
    asio::awaitable<result<void>> update_module(module_record const& module, long long revision, audit_rows rows,
                                                bool keep_way_in);
    asio::awaitable<result<void>> remove_module(std::string_view id, std::string_view successor, audit_rows rows,
                                                bool keep_way_in);
    asio::awaitable<result<avatar_image>> load_module_image(std::string_view module_id);
    asio::awaitable<result<void>> put_test_result(std::string_view module_id, std::string_view text);
    asio::awaitable<result<std::string>> load_test_result(std::string_view module_id);

    asio::awaitable<result<void>> take_state(std::string_view digest, time_point expires_at);
    asio::awaitable<result<login_facts>> load_login_facts(login_candidate const& candidate);
    asio::awaitable<result<login_outcome>> finish_login(login_candidate const& candidate);

    asio::awaitable<result<session_view>> find_session(std::string_view digest);
    asio::awaitable<result<void>> touch_session(std::string_view digest, time_point seen_at);
    asio::awaitable<result<void>> end_session(std::string_view digest, audit_rows rows);
    asio::awaitable<result<void>> end_sessions_of(std::string_view account_id, audit_rows rows);
    asio::awaitable<result<long long>> end_sessions_at_provider(provider_logout const& logout, audit_row const& row);

    asio::awaitable<result<sealed_tokens>> find_kept_tokens(std::string_view digest);
    asio::awaitable<result<std::vector<session_tokens>>> list_kept_tokens(std::string_view after, int limit);
    asio::awaitable<result<void>> claim_kept_tokens(std::string_view digest, long long revision, time_point now,
                                                    time_point until);
    asio::awaitable<result<void>> put_kept_tokens(std::string_view digest, std::string_view sealed, long long revision);

    asio::awaitable<result<token_view>> find_token(std::string_view digest);
    asio::awaitable<result<void>> end_token(std::string_view digest, std::string_view service_id, audit_rows rows);

    asio::awaitable<result<std::vector<service_client>>> list_services();
    asio::awaitable<result<service_client>> find_service(std::string_view id);
    asio::awaitable<result<void>> insert_service(service_client const& service, audit_rows rows);
    asio::awaitable<result<void>> remove_service(std::string_view id, audit_rows rows);

    asio::awaitable<result<account_view>> find_account(std::string_view id);
    asio::awaitable<result<std::vector<account>>> list_accounts(account_filter const& filter);
    asio::awaitable<result<void>> insert_account(account const& who, audit_rows rows);
    asio::awaitable<result<void>> update_account(account const& who, long long revision, audit_rows rows);
    asio::awaitable<result<void>> remove_account(std::string_view id, audit_rows rows);
    asio::awaitable<result<avatar_image>> load_avatar(std::string_view account_id);
    asio::awaitable<result<long long>> count_accounts_made_by(std::string_view module_id);

    asio::awaitable<result<std::vector<group_summary>>> list_groups();
    asio::awaitable<result<void>> insert_group(group const& g, audit_rows rows);
    asio::awaitable<result<void>> remove_group(std::string_view id, audit_rows rows);
    asio::awaitable<result<void>> put_member(std::string_view group, std::string_view account, audit_rows rows);
    asio::awaitable<result<void>> remove_member(std::string_view group, std::string_view account, audit_rows rows);

    asio::awaitable<result<std::vector<scim::client_view>>> list_scim_clients();
    asio::awaitable<result<void>> insert_scim_client(scim_client const& client, scim_token const& first,
                                                     audit_rows rows);
    asio::awaitable<result<void>> remove_scim_client(std::string_view id, audit_rows rows);
    asio::awaitable<result<void>> add_scim_token(scim_token const& token, std::size_t keep, audit_rows rows);
    asio::awaitable<result<void>> remove_scim_token(std::string_view client_id, std::string_view token_id,
                                                    audit_rows rows);
    asio::awaitable<result<scim::access>> find_scim_access(std::string_view digest);
    asio::awaitable<scim::answer<scim::user_decision>> change_scim_user(scim::user_change const& change);
    asio::awaitable<scim::answer<scim::group_decision>> change_scim_group(scim::group_change const& change);
    asio::awaitable<result<scim::user_view>> find_scim_user(std::string_view client_id, std::string_view id,
                                                            bool with_groups);
    asio::awaitable<result<scim::group_view>> find_scim_group(std::string_view client_id, std::string_view id,
                                                              bool with_members);
    asio::awaitable<scim::answer<scim::page<scim::user_view>>> list_scim_users(scim::list_query const& query);
    asio::awaitable<scim::answer<scim::page<scim::group_view>>> list_scim_groups(scim::list_query const& query);

    asio::awaitable<result<void>> append_audit(audit_rows rows);
    asio::awaitable<result<std::vector<audit_row>>> list_audit(audit_filter const& filter);

    asio::awaitable<result<long long>> sweep(time_point now, session_limits limits);
    asio::awaitable<result<void>> ping();
    /// @}

private:
    class database;

    explicit sqlite_store(std::unique_ptr<database> db) noexcept;

    template <class T, class Work>
    asio::awaitable<result<T>> read(Work work);
    template <class T, class Work>
    asio::awaitable<result<T>> write(Work work);
    template <class T>
    static asio::awaitable<result<T>> closed();
    asio::awaitable<void> release_scim_clients();

    std::unique_ptr<database> db_;
};

} // namespace AUTHMOD_ABI

static_assert(scim_store<sqlite_store>);

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/storage/detail/sqlite_store.ipp"
#endif
