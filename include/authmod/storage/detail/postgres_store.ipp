// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of postgres_store; those about people are in postgres_store_people.ipp.
#pragma once

#include "authmod/storage/detail/postgres_rows.ipp"
#include "authmod/storage/detail/postgres_scim_rows.ipp"
#include "authmod/storage/postgres_store.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

class postgres_store::database {
public:
    database(detail::pg_address in_address, postgres_options options)
        : address(in_address), pool(std::make_shared<detail::pg_pool>(std::move(in_address), options)),
          listener(std::make_shared<detail::pg_pool>(address, one_connection(options))) {}

    static postgres_options one_connection(postgres_options options) {
        options.connections = 1;
        return options;
    }

    detail::pg_address const address;
    std::shared_ptr<detail::pg_pool> const pool;
    std::shared_ptr<detail::pg_pool> const listener; // waiting for news keeps nobody else waiting
    std::atomic<int> ears = 0;                       // the server's process behind the connection that listened last
};

AUTHMOD_DECL postgres_store::postgres_store() noexcept = default;
AUTHMOD_DECL postgres_store::postgres_store(postgres_store&&) noexcept = default;
AUTHMOD_DECL postgres_store& postgres_store::operator=(postgres_store&&) noexcept = default;
AUTHMOD_DECL postgres_store::~postgres_store() = default;

AUTHMOD_DECL postgres_store::postgres_store(std::unique_ptr<database> db) noexcept : db_(std::move(db)) {}

AUTHMOD_DECL result<postgres_store, failure> postgres_store::open(std::string const& address,
                                                                  postgres_options options) {
    auto parsed = detail::pg_address::parse(address, options);
    if (!parsed) return parsed.error();
    auto first = detail::pg_connection::open(*parsed);
    if (!first) return first.error();
    if (auto ready = detail::prepare_pg_schema(**first); !ready) return ready.error();
    if (!(*first)->enter_pipeline_mode()) return failure(errc::store_unavailable);
    auto db = std::make_unique<database>(std::move(*parsed), options);
    db->pool->add(std::move(*first));
    return postgres_store(std::move(db));
}

AUTHMOD_DECL postgres_counts postgres_store::counts() const noexcept {
    return db_ ? db_->pool->counts() : postgres_counts();
}

AUTHMOD_DECL std::shared_ptr<detail::pg_pool> postgres_store::pool() const { return db_ ? db_->pool : nullptr; }

// Works of transactions are named and outlive them: g++ 12 destroys temporaries of a co_await expression twice.

// auth modules

AUTHMOD_DECL asio::awaitable<result<std::vector<module_record>>> postgres_store::list_modules() {
    detail::pg_batch ask;
    ask.add(detail::modules_sql);
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    std::vector<module_record> list;
    for (auto& row = answer->front(); row.next();) list.push_back(detail::read_module(row));
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::insert_module(module_record const& m, audit_rows rows) {
    auto work = [&](detail::pg_transaction& transaction) -> asio::awaitable<result<void>> {
        detail::pg_batch first, last;
        first.add("SELECT pg_advisory_xact_lock($1)", detail::pg_modules_lock);
        auto locked = co_await transaction.ask(first);
        if (!locked) co_return locked.error();
        detail::add_default_change(last, m);
        last.add("INSERT INTO modules VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", m.id, m.type, m.name,
                 m.enabled, m.is_default, m.order, m.revision, m.created_at, m.updated_at, m.settings,
                 detail::pg_bytes{m.sealed_secret});
        detail::add_module_image(last, m);
        detail::add_note(last, rows);
        auto written = co_await transaction.commit(last);
        if (!written) co_return written.error();
        co_return result<void>();
    };
    co_return co_await detail::pg_transact<void>(pool(), work);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::update_module(module_record const& m, long long revision,
                                                                         audit_rows rows, bool keep_way_in) {
    auto work = [&](detail::pg_transaction& transaction) -> asio::awaitable<result<void>> {
        detail::pg_batch first, last;
        first.add("SELECT pg_advisory_xact_lock($1)", detail::pg_modules_lock); // no login is between check and write
        first.add("SELECT revision, enabled AND NOT EXISTS (SELECT 1 FROM modules WHERE id <> $1 AND enabled) "
                  "FROM modules WHERE id = $1",
                  m.id);
        auto found = co_await transaction.ask(first);
        if (!found) co_return found.error();
        auto& stored = (*found)[1];
        if (!stored.next()) co_return errc::not_found;
        if (stored.number(0) != revision) co_return errc::revision_stale;
        if (keep_way_in && !m.enabled && stored.flag(1)) co_return errc::last_way_in;
        detail::add_default_change(last, m);
        last.add(
            "UPDATE modules SET type = $3, name = $4, enabled = $5, is_default = $6, place = $7, "
            "revision = $2 + 1, created_at = $8, updated_at = $9, settings = $10, sealed_secret = $11 WHERE id = $1",
            m.id, revision, m.type, m.name, m.enabled, m.is_default, m.order, m.created_at, m.updated_at, m.settings,
            detail::pg_bytes{m.sealed_secret});
        detail::add_module_image(last, m);
        detail::add_note(last, rows);
        auto written = co_await transaction.commit(last);
        if (!written) co_return written.error();
        co_return result<void>();
    };
    co_return co_await detail::pg_transact<void>(pool(), work);
}

AUTHMOD_DECL asio::awaitable<result<void>>
postgres_store::remove_module(std::string_view id, std::string_view successor, audit_rows rows, bool keep_way_in) {
    auto work = [&](detail::pg_transaction& transaction) -> asio::awaitable<result<void>> {
        detail::pg_batch first, last;
        first.add("SELECT pg_advisory_xact_lock($1)", detail::pg_modules_lock); // logins in between end before
        first.add("SELECT enabled AND NOT EXISTS (SELECT 1 FROM modules WHERE id <> $1 AND enabled) FROM modules "
                  "WHERE id = $1 AND ($2 = '' OR $2 <> $1 AND EXISTS (SELECT 1 FROM modules WHERE id = $2))",
                  id, successor);
        first.add(detail::pg_lock_clients_sql, id);
        auto found = co_await transaction.ask(first);
        if (!found) co_return found.error();
        if (!(*found)[1].next()) co_return errc::not_found;
        if (keep_way_in && (*found)[1].flag(0)) co_return errc::last_way_in;
        std::vector<std::string> clients;
        for (auto& client = (*found)[2]; client.next();) clients.push_back(client.text(0));
        if (successor.empty()) detail::add_client_removal(last, clients);
        if (!successor.empty()) last.add("UPDATE scim_clients SET module_id = $2 WHERE module_id = $1", id, successor);
        last.add("DELETE FROM modules WHERE id = $1", id); // with image and test result
        last.add("DELETE FROM sessions WHERE module_id = $1", id);
        last.add("DELETE FROM tokens WHERE module_id = $1", id);
        if (!successor.empty()) { // a person who has logged in through both keeps the successor's rows
            last.add("INSERT INTO links SELECT $2, user_id, account_id, created_at, last_login_at FROM links "
                     "WHERE module_id = $1 ON CONFLICT DO NOTHING",
                     id, successor);
            last.add("INSERT INTO memberships SELECT account_id, group_id, $2 FROM memberships WHERE granted_by = $1 "
                     "ON CONFLICT DO NOTHING",
                     id, successor);
            last.add("INSERT INTO service_modules SELECT service_id, $2 FROM service_modules WHERE module_id = $1 "
                     "ON CONFLICT DO NOTHING",
                     id, successor);
            last.add("UPDATE accounts SET created_by_module = $2, revision = revision + 1 WHERE created_by_module = $1",
                     id, successor);
        }
        last.add("DELETE FROM links WHERE module_id = $1", id);
        last.add("DELETE FROM memberships WHERE granted_by = $1", id);
        last.add("DELETE FROM service_modules WHERE module_id = $1", id);
        detail::add_news(last, {});
        detail::add_note(last, rows);
        auto written = co_await transaction.commit(last);
        if (!written) co_return written.error();
        co_return result<void>();
    };
    auto removed = co_await detail::pg_transact<void>(pool(), work);
    if (removed && successor.empty()) co_await detail::pg_release_clients(pool());
    co_return removed;
}

AUTHMOD_DECL asio::awaitable<result<store_news>> postgres_store::wait_for_news(long long seen, milliseconds limit) {
    if (!db_) co_return errc::store_unavailable;
    auto lease = co_await detail::pg_take(db_->listener);
    if (!lease) co_return errc::store_unavailable;
    detail::pg_batch ask;
    ask.add("LISTEN authmod_modules"); // again and again: the connection may be a new one
    ask.add("LISTEN authmod_changes");
    ask.add("SELECT number FROM modules_version");
    store_news news;
    auto answer = co_await lease.exchange(ask);
    if (answer.fault) co_return answer.fault.reason;
    answer.rows[2].next();
    news.modules = answer.rows[2].number(0);
    int const ears = PQbackendPID(lease.connection().raw());
    if (db_->ears.exchange(ears) != ears) news.keys.emplace_back();
    if (news.modules != seen || !news.keys.empty()) co_return news; // what was told meanwhile waits for the next call
    auto const told = co_await lease.wait_for_notifications(limit);
    for (auto const& one : told)
        if (one.channel == "authmod_changes") news.keys.push_back(base64url_decode(one.payload).value_or(""));
    if (std::ranges::find(told, "authmod_modules", &detail::pg_notice::channel) == told.end()) co_return news;
    answer = co_await lease.exchange(ask);
    if (answer.fault) co_return answer.fault.reason;
    answer.rows[2].next();
    news.modules = answer.rows[2].number(0);
    co_return news;
}

AUTHMOD_DECL asio::awaitable<result<avatar_image>> postgres_store::load_module_image(std::string_view module_id) {
    return detail::pg_image(pool(), "SELECT media_type, bytes FROM module_images WHERE module_id = $1", module_id);
}

AUTHMOD_DECL asio::awaitable<result<avatar_image>> postgres_store::load_avatar(std::string_view account_id) {
    return detail::pg_image(pool(), "SELECT media_type, bytes FROM avatars WHERE account_id = $1", account_id);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::put_test_result(std::string_view module_id,
                                                                           std::string_view text) {
    detail::pg_batch put;
    put.add("INSERT INTO test_results VALUES ($1, $2) ON CONFLICT (module_id) DO UPDATE SET sealed = $2", module_id,
            detail::pg_bytes{text});
    auto written = co_await detail::pg_ask(pool(), put);
    if (!written) co_return written.error();
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<std::string>> postgres_store::load_test_result(std::string_view module_id) {
    detail::pg_batch ask;
    ask.add("SELECT sealed FROM test_results WHERE module_id = $1", module_id);
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    if (!answer->front().next()) co_return errc::not_found;
    co_return answer->front().text(0);
}

// logins

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::take_state(std::string_view digest, time_point expires_at) {
    detail::pg_batch put;
    put.add("INSERT INTO states VALUES ($1, $2) ON CONFLICT DO NOTHING", detail::pg_bytes{digest}, expires_at);
    // Not again when the answer is lost: the second time would find the state that the first one took.
    auto taken = co_await detail::pg_ask(pool(), put, detail::pg_repeat::no);
    if (!taken) co_return taken.error();
    if (taken->front().changes() == 0) co_return errc::state_used;
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<login_facts>> postgres_store::load_login_facts(login_candidate const& candidate) {
    detail::pg_facts facts(candidate, detail::pg_facts::lock::no);
    auto answer = co_await detail::pg_ask(pool(), facts.batch());
    if (!answer) co_return answer.error();
    for (bool complete = facts.take(*answer); !complete;) {
        auto const names = facts.names();
        auto taken = co_await detail::pg_ask(pool(), names);
        if (!taken) co_return taken.error();
        complete = facts.take_names(taken->front());
    }
    co_return std::move(facts.facts());
}

AUTHMOD_DECL asio::awaitable<result<login_outcome>> postgres_store::finish_login(login_candidate const& candidate) {
    auto work = [&](detail::pg_transaction& transaction) -> asio::awaitable<result<login_outcome>> {
        detail::pg_facts facts(candidate, detail::pg_facts::lock::yes);
        auto answer = co_await transaction.ask(facts.batch());
        if (!answer) co_return answer.error();
        bool complete = facts.take(*answer);
        while (!complete && !facts.is_known()) { // a name is kept by a person who has one
            auto const names = facts.names();
            auto taken = co_await transaction.ask(names);
            if (!taken) co_return taken.error();
            complete = facts.take_names(taken->front());
        }
        auto decision = decide_login(candidate, facts.facts());
        login_outcome outcome;
        outcome.what = decision.what;
        outcome.reason = decision.reason;

        detail::pg_batch last;
        if (decision.what == login_decision::kind::link) { // its account was read, not locked
            auto const& made = facts.facts().provisioned;
            auto const& holder = made ? *made : *facts.facts().email_holder;
            detail::pg_batch lock;
            lock.add("SELECT revision FROM accounts WHERE id = $1 FOR NO KEY UPDATE", holder.id);
            lock.add("SELECT 1 FROM scim_users WHERE id = $1 AND NOT active UNION ALL "
                     "SELECT 1 FROM links WHERE account_id = $1 AND module_id = $2 AND $3",
                     holder.id, candidate.module_id, made.has_value()); // somebody else may have joined it
            auto locked = co_await transaction.ask(lock);
            if (!locked) co_return locked.error();
            bool const same = locked->front().next() && locked->front().number(0) == holder.revision;
            if (!same || locked->back().next()) {
                transaction.repeat();
                co_return errc::store_conflict;
            }
        }
        detail::add_note(last, audit_rows(decision.audit));
        bool const refused = decision.what == login_decision::kind::refuse;
        if (!refused) {
            detail::add_decision(last, candidate, decision);
            last.add(detail::pg_groups_sql, decision.result.id);
        }
        std::string_view proof; // its own alone
        if (!refused) proof = candidate.new_token ? candidate.new_token->digest : candidate.new_session.digest;
        auto written = co_await transaction.commit(last, proof);
        if (!written && detail::is_login_race(transaction.fault())) transaction.repeat();
        if (!written) co_return written.error();
        if (refused) co_return outcome;
        if (written->empty()) { // it was written, but the answer was lost
            detail::pg_batch groups;
            groups.add(detail::pg_groups_sql, decision.result.id);
            written = co_await detail::pg_ask(pool(), groups);
            if (!written) co_return written.error();
        }
        if (written->back().next()) outcome.groups = detail::read_groups(written->back(), 0);
        outcome.who = std::move(decision.result);
        co_return outcome;
    };
    co_return co_await detail::pg_transact<login_outcome>(pool(), work);
}

// sessions

AUTHMOD_DECL asio::awaitable<result<session_view>> postgres_store::find_session(std::string_view digest) {
    detail::pg_batch ask;
    ask.add("SELECT " AUTHMOD_SESSION_COLUMNS ", " AUTHMOD_ACCOUNT_COLUMNS ", " AUTHMOD_PG_GROUPS
            " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.digest = $1",
            detail::pg_bytes{digest});
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    auto& row = answer->front();
    if (!row.next()) co_return errc::not_found;
    session_view view;
    view.who = detail::read_session(row, digest);
    view.user = detail::read_account(row, detail::session_columns);
    view.groups = detail::read_groups(row, detail::session_columns + detail::account_columns);
    co_return view;
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::touch_session(std::string_view digest, time_point seen_at) {
    detail::pg_batch put;
    put.add("UPDATE sessions SET seen_at = greatest(seen_at, $2) WHERE digest = $1", detail::pg_bytes{digest}, seen_at);
    auto written = co_await detail::pg_ask(pool(), put);
    if (!written) co_return written.error();
    if (written->front().changes() == 0) co_return errc::not_found;
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::end_session(std::string_view digest, audit_rows rows) {
    detail::pg_batch remove;
    remove.add("DELETE FROM sessions WHERE digest = $1", detail::pg_bytes{digest});
    detail::add_news(remove, digest);
    co_return co_await detail::pg_change(pool(), remove, rows, detail::pg_unchanged::not_found);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::end_sessions_of(std::string_view account_id,
                                                                           audit_rows rows) {
    detail::pg_batch lock, last;
    lock.add("SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE", account_id); // logins come before or after
    detail::add_sign_out(last, account_id);
    detail::add_news(last, account_id);
    detail::add_note(last, rows);
    co_return co_await detail::pg_change_locked(pool(), lock, last);
}

AUTHMOD_DECL asio::awaitable<result<long long>> postgres_store::end_sessions_at_provider(provider_logout const& logout,
                                                                                         audit_row const& row) {
    auto work = [&](detail::pg_transaction& transaction) -> asio::awaitable<result<long long>> {
        auto const sql = detail::pg_provider_logout_sql(logout);
        detail::pg_batch first, last;
        first.add("INSERT INTO states VALUES ($1, $2) ON CONFLICT DO NOTHING", detail::pg_bytes{logout.token_digest},
                  logout.remember_until);
        first.add(sql, logout.module_id, logout.provider_session, logout.subject);
        auto answer = co_await transaction.ask(first);
        if (!answer) co_return answer.error();
        if ((*answer)[0].changes() == 0) co_return errc::state_used;
        long long ended = 0;
        std::set<std::string> people;
        for (auto& session = (*answer)[1]; session.next(); ++ended) people.insert(session.text(0));
        std::vector<audit_row> told(std::max<std::size_t>(people.size(), 1), row);
        std::size_t i = 0;
        for (auto const& id : people) told[i++].target = id;
        for (auto const& id : people) detail::add_news(last, id);
        detail::add_note(last, told);
        auto written = co_await transaction.commit(last);
        if (!written) co_return written.error();
        co_return ended;
    };
    co_return co_await detail::pg_transact<long long>(pool(), work);
}

AUTHMOD_DECL asio::awaitable<result<sealed_tokens>> postgres_store::find_kept_tokens(std::string_view digest) {
    detail::pg_batch ask;
    ask.add("SELECT sealed, revision FROM kept_tokens WHERE session_digest = $1", detail::pg_bytes{digest});
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    auto& row = answer->front();
    if (!row.next()) co_return errc::not_found;
    sealed_tokens tokens;
    tokens.sealed = row.text(0);
    tokens.revision = row.number(1);
    co_return tokens;
}

AUTHMOD_DECL asio::awaitable<result<std::vector<session_tokens>>>
postgres_store::list_kept_tokens(std::string_view after, int limit) {
    detail::pg_batch ask;
    ask.add("SELECT session_digest, sealed, revision FROM kept_tokens WHERE session_digest > $1 "
            "ORDER BY session_digest LIMIT $2",
            detail::pg_bytes{after}, std::max(limit, 0));
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    std::vector<session_tokens> list;
    for (auto& row = answer->front(); row.next();) list.push_back(detail::read_session_tokens(row));
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>>
postgres_store::claim_kept_tokens(std::string_view digest, long long revision, time_point now, time_point until) {
    detail::pg_batch put;
    put.add("UPDATE kept_tokens SET claimed_until = $4 WHERE session_digest = $1 AND revision = $2 "
            "AND claimed_until <= $3",
            detail::pg_bytes{digest}, revision, now, until);
    put.add("SELECT 1 FROM kept_tokens WHERE session_digest = $1", detail::pg_bytes{digest});
    // Not again when the answer is lost: the second time would find the claim of the first one.
    auto answer = co_await detail::pg_ask(pool(), put, detail::pg_repeat::no);
    if (!answer) co_return answer.error();
    if ((*answer)[0].changes() != 0) co_return result<void>();
    co_return (*answer)[1].next() ? errc::store_conflict : errc::not_found;
}

AUTHMOD_DECL asio::awaitable<result<void>>
postgres_store::put_kept_tokens(std::string_view digest, std::string_view sealed, long long revision) {
    detail::pg_batch put;
    put.add("UPDATE kept_tokens SET sealed = $3, revision = revision + 1, claimed_until = 0 "
            "WHERE session_digest = $1 AND revision = $2",
            detail::pg_bytes{digest}, revision, detail::pg_bytes{sealed});
    put.add("SELECT 1 FROM kept_tokens WHERE session_digest = $1", detail::pg_bytes{digest});
    auto answer = co_await detail::pg_ask(pool(), put); // written twice it is a conflict, and what was written is found
    if (!answer) co_return answer.error();
    if ((*answer)[0].changes() != 0) co_return result<void>();
    co_return (*answer)[1].next() ? errc::store_conflict : errc::not_found;
}

// audit

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::append_audit(audit_rows rows) {
    if (rows.empty()) co_return result<void>();
    detail::pg_batch put;
    detail::add_note(put, rows);
    auto written = co_await detail::pg_ask(pool(), put, detail::pg_repeat::no);
    if (!written) co_return written.error();
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<std::vector<audit_row>>> postgres_store::list_audit(audit_filter const& f) {
    auto const sql = detail::audit_page_sql(f, '$');
    detail::pg_batch ask;
    ask.add(sql, f.module_id, f.author, f.event, f.target, f.from, f.until, f.before, std::max(f.limit, 0));
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    std::vector<audit_row> list;
    for (auto& row = answer->front(); row.next();) list.push_back(detail::read_audit_row(row));
    co_return list;
}

// upkeep

AUTHMOD_DECL asio::awaitable<result<long long>> postgres_store::sweep(time_point now, session_limits limits) {
    struct kind {
        std::string_view sql;
        time_point when;
    };

    // Each of the ways to be over (`is_over`) is a range of an index. Nodes that sweep at the same time share the work.
    kind const kinds[] = {
        {"DELETE FROM states WHERE digest IN (SELECT digest FROM states WHERE expires_at <= $1 LIMIT $2 "
         "FOR UPDATE SKIP LOCKED)",
         now},
        {"DELETE FROM sessions WHERE digest IN (SELECT digest FROM sessions WHERE seen_at <= $1 LIMIT $2 "
         "FOR UPDATE SKIP LOCKED)",
         now - limits.idle},
        {"DELETE FROM sessions WHERE digest IN (SELECT digest FROM sessions WHERE created_at <= $1 LIMIT $2 "
         "FOR UPDATE SKIP LOCKED)",
         now - limits.absolute},
        {"DELETE FROM sessions WHERE digest IN (SELECT digest FROM sessions WHERE created_at > $1 LIMIT $2 "
         "FOR UPDATE SKIP LOCKED)",
         now + std::chrono::minutes(1)},
        {"DELETE FROM tokens WHERE digest IN (SELECT digest FROM tokens WHERE expires_at <= $1 LIMIT $2 "
         "FOR UPDATE SKIP LOCKED)",
         now},
    };
    constexpr long long batch = 1'000;
    auto left = batch;
    for (auto const& k : kinds) {
        detail::pg_batch remove;
        remove.add(k.sql, k.when, left);
        auto removed = co_await detail::pg_ask(pool(), remove);
        if (!removed) co_return removed.error();
        left -= removed->front().changes();
    }
    if (left > 0) {
        auto const removed = co_await detail::pg_release_client(pool(), left);
        if (!removed) co_return removed.error();
        left -= *removed;
    }
    co_return batch - left;
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::ping() {
    detail::pg_batch put;
    put.add("UPDATE pings SET number = number + 1");
    auto written = co_await detail::pg_ask(pool(), put);
    if (!written) co_return written.error();
    co_return result<void>();
}

} // namespace AUTHMOD_ABI

} // namespace authmod

#include "authmod/storage/detail/postgres_store_people.ipp"
#include "authmod/storage/detail/postgres_store_scim.ipp"
