// SPDX-License-Identifier: BSL-1.0
// Layer 5. The durable store for any number of nodes: PostgreSQL 15 or newer. Through libpq itself, the one client with
// pipeline mode, which lets everything that needs no decision in between share one round trip.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/version.hpp"
#include "authmod/policy/store.hpp"
#include "authmod/storage/scim_store.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

/// How a PostgreSQL server is used.
struct postgres_options {
    int connections = 8;                   ///< at most so many for operations, and one that listens
    milliseconds connect_timeout{3'000};   ///< until a new connection is ready
    milliseconds queue_timeout{2'000};     ///< until one of the connections is free, then `store_unavailable`
    milliseconds statement_timeout{4'000}; ///< the server ends what takes longer, waiting for locks included
    milliseconds answer_timeout{5'000};    ///< a server that is silent for longer is given up

    postgres_options() = default;
};

/// What a store has asked of its server since it was opened.
struct postgres_counts {
    long long round_trips = 0; ///< a pipeline sent and answered
    long long statements = 0;  ///< in them
    long long connects = 0;    ///< connections made

    postgres_counts() = default;
};

namespace detail {
class pg_pool;
}

inline namespace AUTHMOD_ABI {

/** Keeps everything in the schema `authmod` of a PostgreSQL database. Any number of processes may share it.

    Operations run on the executor of the awaiting coroutine, each on a connection of a bounded pool. What needs no
    decision in between travels in one pipeline: a login costs three round trips (its state, its facts, its outcome), a
    session one. A transaction locks the rows that it decides about, or learns from a constraint that another one came
    first and decides again. One-time values are taken by one atomic statement.

    When an answer to a COMMIT is lost with its connection, the server is asked what became of the transaction
    (`pg_xact_status`): what was written is reported as written. Connections are checked before they are used again;
    lost ones are replaced by a thread of the store, since connecting blocks (names are resolved, passwords hashed). It
    waits between attempts, from 50 ms to 1 s, and operations fail at once when the server has been away for longer than
    `queue_timeout`.

    Thread safety: every function may be called from any thread. The awaiting coroutine resumes on its own executor.
    Cancellation: an operation that has begun is finished. Movable, while no operation is under way. A
    default-constructed or moved-from store answers `store_unavailable`.
*/
class postgres_store {
public:
    postgres_store() noexcept;
    postgres_store(postgres_store&&) noexcept;
    postgres_store& operator=(postgres_store&&) noexcept;
    ~postgres_store();

    /** Connects, and brings the tables to this version under a lock, so that nodes may start at the same time. Blocks.

        `address` is a URI or a connection string as libpq takes it (`postgresql://user@host:5432/name?sslmode=...`). A
        server that is not on this machine must prove itself by its certificate (`sslmode=verify-full`) unless the
        address or `PGSSLMODE` says otherwise.

        Errors: `setting_refused` for an address that cannot be read; `store_schema_unknown` for a schema of another
        program or of a newer version (it is left untouched); `store_unavailable`. The details quote what the server
        or libpq said.
    */
    [[nodiscard]] static result<postgres_store, failure> open(std::string const& address,
                                                              postgres_options options = postgres_options());

    [[nodiscard]] postgres_counts counts() const noexcept; ///< What it has done since it was opened.

    /// @{
    /// As @ref store promises.
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

    /** Waits for notifications of other nodes, and this one's own, at most `limit`. One of the modules that is lost only
        costs the rest of `limit`, since their version is read too. After a new connection all keys are news: the old
        one may have missed some.
    */
    asio::awaitable<result<store_news>> wait_for_news(long long seen, milliseconds limit);

private:
    class database;

    explicit postgres_store(std::unique_ptr<database> db) noexcept;

    [[nodiscard]] std::shared_ptr<detail::pg_pool> pool() const;

    std::unique_ptr<database> db_;
};

} // namespace AUTHMOD_ABI

static_assert(shared_store<postgres_store>);
static_assert(scim_store<postgres_store>);

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/storage/detail/postgres_store.ipp"
#endif
