// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of postgres_store about SCIM; included by postgres_store.ipp alone.
#pragma once

#include "authmod/storage/detail/postgres_scim_rows.ipp"
#include "authmod/storage/postgres_store.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

// clients

AUTHMOD_DECL asio::awaitable<result<std::vector<scim::client_view>>> postgres_store::list_scim_clients() {
    detail::pg_batch ask;
    ask.add("SELECT " AUTHMOD_SCIM_CLIENT_COLUMNS
            ", c.user_count, c.group_count FROM scim_clients c WHERE c.module_id <> '' ORDER BY c.name");
    ask.add("SELECT id, client_id, created_at FROM scim_tokens ORDER BY created_at DESC, id DESC");
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    std::map<std::string, std::vector<scim_token>> tokens;
    for (auto& row = answer->back(); row.next();) {
        scim_token token;
        token.id = row.text(0);
        token.client_id = row.text(1);
        token.created_at = row.time(2);
        tokens[token.client_id].push_back(std::move(token));
    }
    std::vector<scim::client_view> list;
    for (auto& row = answer->front(); row.next();) {
        auto& view = list.emplace_back();
        view.client = detail::read_scim_client(row);
        view.users = row.number(detail::scim_client_columns);
        view.groups = row.number(detail::scim_client_columns + 1);
        view.tokens = std::move(tokens[view.client.id]);
    }
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>>
postgres_store::insert_scim_client(scim_client const& c, scim_token const& first, audit_rows rows) {
    detail::pg_batch put;
    put.add("WITH made AS (INSERT INTO scim_clients (id, name, module_id, created_at) VALUES ($1, $2, $3, $4) "
            "RETURNING id) INSERT INTO scim_tokens SELECT $5, $6, made.id, $7 FROM made",
            c.id, c.name, c.module_id, c.created_at, detail::pg_bytes{first.digest}, first.id, first.created_at);
    co_return co_await detail::pg_change(pool(), put, rows, detail::pg_unchanged::no_matter);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::remove_scim_client(std::string_view id, audit_rows rows) {
    detail::pg_batch lock, last;
    lock.add(detail::pg_lock_client_sql, id); // changes of its users come before
    std::vector<std::string> const ids(1, std::string(id));
    detail::add_client_removal(last, ids);
    detail::add_note(last, rows);
    auto removed = co_await detail::pg_change_locked(pool(), lock, last);
    if (removed) co_await detail::pg_release_clients(pool());
    co_return removed;
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::add_scim_token(scim_token const& token, std::size_t keep,
                                                                          audit_rows rows) {
    detail::pg_batch lock, last;
    lock.add(detail::pg_lock_client_sql, token.client_id); // one rotation at a time
    last.add("DELETE FROM scim_tokens WHERE digest IN (SELECT digest FROM scim_tokens WHERE client_id = $1 "
             "ORDER BY created_at DESC, id DESC OFFSET $2)",
             token.client_id, keep);
    last.add("INSERT INTO scim_tokens VALUES ($1, $2, $3, $4)", detail::pg_bytes{token.digest}, token.id,
             token.client_id, token.created_at);
    detail::add_note(last, rows);
    co_return co_await detail::pg_change_locked(pool(), lock, last);
}

AUTHMOD_DECL asio::awaitable<result<void>>
postgres_store::remove_scim_token(std::string_view client_id, std::string_view token_id, audit_rows rows) {
    detail::pg_batch remove;
    remove.add("DELETE FROM scim_tokens WHERE client_id = $1 AND id = $2", client_id, token_id);
    co_return co_await detail::pg_change(pool(), remove, rows, detail::pg_unchanged::not_found);
}

AUTHMOD_DECL asio::awaitable<result<scim::access>> postgres_store::find_scim_access(std::string_view digest) {
    detail::pg_batch ask;
    ask.add("SELECT " AUTHMOD_SCIM_CLIENT_COLUMNS ", t.id FROM scim_tokens t JOIN scim_clients c ON c.id = t.client_id "
            "WHERE t.digest = $1",
            detail::pg_bytes{digest});
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    auto& row = answer->front();
    if (!row.next()) co_return errc::not_found;
    scim::access found;
    found.client = detail::read_scim_client(row);
    found.token_id = row.text(detail::scim_client_columns);
    co_return found;
}

// users

/// Reads, plans, then locks and looks up what the plan needs in the order in which logins do: a user that has changed
/// in between is planned again.
AUTHMOD_DECL asio::awaitable<scim::answer<scim::user_decision>>
postgres_store::change_scim_user(scim::user_change const& change) {
    using inner = scim::result_of<scim::user_decision>;
    auto work = [&](detail::pg_transaction& transaction) -> asio::awaitable<result<inner>> {
        std::optional<scim::user> stored;
        if (change.what != scim::change_kind::create) {
            detail::pg_batch read;
            read.add(detail::pg_scim_user_sql, change.id, change.by.client_id);
            auto found = co_await transaction.ask(read);
            if (!found) co_return found.error();
            stored = detail::take_scim_user(found->front());
        }
        auto const plan = scim::plan_user(change, stored ? &*stored : nullptr);
        if (!plan || !plan->changed) {
            co_await transaction.roll_back();
            if (!plan) co_return inner(plan.error());
            co_return scim::decide_user(change, *plan, scim::user_facts());
        }
        detail::pg_user_facts facts(change, *plan);
        auto answer = co_await transaction.ask(facts.batch);
        if (!answer) co_return answer.error();
        if (!facts.take(*answer)) co_return errc::store_conflict;
        if (stored && facts.version != stored->version) {
            transaction.repeat();
            co_return errc::store_conflict;
        }
        auto decision = scim::decide_user(change, *plan, facts.facts);
        if (!decision) {
            co_await transaction.roll_back();
            co_return inner(decision.error());
        }
        detail::pg_batch last;
        if (change.what == scim::change_kind::remove)
            last.add("DELETE FROM accounts WHERE id = $1", change.id); // all that is its own goes along
        else
            detail::add_decision(last, *decision);
        if (stored) detail::add_news(last, change.id);
        detail::add_note(last, audit_rows(decision->audit));
        auto written = co_await transaction.commit(last);
        if (written) co_return inner(std::move(*decision));
        if (detail::is_scim_race(transaction.fault())) transaction.repeat();
        auto refusal = detail::refusal_of(transaction.fault());
        if (!refusal) co_return written.error();
        co_await transaction.roll_back();
        co_return inner(std::move(*refusal));
    };
    co_return co_await detail::pg_transact<inner>(pool(), work);
}

AUTHMOD_DECL asio::awaitable<result<scim::user_view>>
postgres_store::find_scim_user(std::string_view client_id, std::string_view id, bool with_groups) {
    detail::pg_batch ask;
    ask.add(detail::pg_scim_user_sql, id, client_id);
    std::vector<std::string_view> const ids(1, id);
    if (with_groups) ask.add(detail::pg_scim_groups_sql, ids, scim::grant_of(client_id));
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    auto who = detail::take_scim_user(answer->front());
    if (!who) co_return errc::not_found;
    scim::user_view view;
    view.who = std::move(*who);
    if (with_groups) view.groups = detail::take_ends(answer->back());
    co_return view;
}

// groups

/// Locks the group before it plans: parallel changes of members are one after the other.
AUTHMOD_DECL asio::awaitable<scim::answer<scim::group_decision>>
postgres_store::change_scim_group(scim::group_change const& change) {
    using inner = scim::result_of<scim::group_decision>;
    auto work = [&](detail::pg_transaction& transaction) -> asio::awaitable<result<inner>> {
        detail::pg_batch first, last;
        first.add(detail::pg_keep_client_sql, change.by.client_id);
        first.add(detail::pg_scim_group_sql_locked, change.id, change.by.client_id);
        auto found = co_await transaction.ask(first);
        if (!found) co_return found.error();
        if (!found->front().next()) co_return errc::store_conflict;
        auto const stored = detail::take_scim_group(found->back());
        auto plan = scim::plan_group(change, stored ? &*stored : nullptr);
        if (plan && plan->needs_members) {
            std::vector<std::string_view> const ids(1, change.id);
            detail::pg_batch read;
            read.add(detail::pg_scim_members_sql, ids, scim::grant_of(change.by.client_id));
            auto members = co_await transaction.ask(read);
            if (!members) co_return members.error();
            auto const present = detail::take_ends(members->front());
            plan = scim::plan_group(change, &*stored, &present);
        }
        if (!plan) {
            co_await transaction.roll_back();
            co_return inner(plan.error());
        }
        detail::pg_group_facts facts(change, *plan);
        auto answer = co_await transaction.ask(facts.batch);
        if (!answer) {
            if (detail::is_scim_race(transaction.fault())) transaction.repeat();
            co_return answer.error();
        }
        facts.take(*answer);
        auto decision = scim::decide_group(change, *plan, facts.facts);
        bool const unchanged = decision && !facts.moved && !decision->attributes_changed;
        if (!decision || unchanged) {
            co_await transaction.roll_back();
            if (!decision) co_return inner(decision.error());
            decision->result = *stored;
            co_return inner(std::move(*decision));
        }
        detail::add_decision(last, *decision);
        detail::add_group_news(last, *decision);
        detail::add_note(last, audit_rows(decision->audit));
        auto written = co_await transaction.commit(last);
        if (written) co_return inner(std::move(*decision));
        if (detail::is_scim_race(transaction.fault())) transaction.repeat();
        co_return written.error();
    };
    co_return co_await detail::pg_transact<inner>(pool(), work);
}

AUTHMOD_DECL asio::awaitable<result<scim::group_view>>
postgres_store::find_scim_group(std::string_view client_id, std::string_view id, bool with_members) {
    detail::pg_batch ask;
    ask.add(detail::pg_scim_group_sql, id, client_id);
    std::vector<std::string_view> const ids(1, id);
    if (with_members) ask.add(detail::pg_scim_members_sql, ids, scim::grant_of(client_id));
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    auto what = detail::take_scim_group(answer->front());
    if (!what) co_return errc::not_found;
    scim::group_view view;
    view.what = std::move(*what);
    if (with_members) view.members = detail::take_ends(answer->back());
    co_return view;
}

// lists

AUTHMOD_DECL asio::awaitable<scim::answer<scim::page<scim::user_view>>>
postgres_store::list_scim_users(scim::list_query const& query) {
    return detail::pg_list_scim<detail::pg_scim_users>(pool(), query);
}

AUTHMOD_DECL asio::awaitable<scim::answer<scim::page<scim::group_view>>>
postgres_store::list_scim_groups(scim::list_query const& query) {
    return detail::pg_list_scim<detail::pg_scim_groups>(pool(), query);
}

} // namespace AUTHMOD_ABI

} // namespace authmod
