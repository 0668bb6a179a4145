// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of postgres_store about tokens, services, accounts and groups; included by postgres_store.ipp alone.
#pragma once

#include "authmod/storage/detail/postgres_rows.ipp"
#include "authmod/storage/postgres_store.hpp"

#include <algorithm>

namespace authmod {

inline namespace AUTHMOD_ABI {

// tokens

AUTHMOD_DECL asio::awaitable<result<token_view>> postgres_store::find_token(std::string_view digest) {
    detail::pg_batch ask;
    ask.add("SELECT " AUTHMOD_TOKEN_COLUMNS ", " AUTHMOD_ACCOUNT_COLUMNS ", " AUTHMOD_PG_GROUPS
            " FROM tokens t JOIN accounts a ON a.id = t.account_id WHERE t.digest = $1",
            detail::pg_bytes{digest});
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    auto& row = answer->front();
    if (!row.next()) co_return errc::not_found;
    token_view view;
    view.who = detail::read_token(row, digest);
    view.user = detail::read_account(row, detail::token_columns);
    view.groups = detail::read_groups(row, detail::token_columns + detail::account_columns);
    co_return view;
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::end_token(std::string_view digest,
                                                                     std::string_view service_id, audit_rows rows) {
    detail::pg_batch remove;
    remove.add("DELETE FROM tokens WHERE digest = $1 AND service_id = $2", detail::pg_bytes{digest}, service_id);
    detail::add_news(remove, digest);
    co_return co_await detail::pg_change(pool(), remove, rows, detail::pg_unchanged::not_found);
}

// service clients

AUTHMOD_DECL asio::awaitable<result<std::vector<service_client>>> postgres_store::list_services() {
    return detail::pg_services(pool(), {});
}

AUTHMOD_DECL asio::awaitable<result<service_client>> postgres_store::find_service(std::string_view id) {
    if (id.empty()) co_return errc::not_found;
    auto found = co_await detail::pg_services(pool(), id);
    if (!found) co_return found.error();
    if (found->empty()) co_return errc::not_found;
    co_return std::move(found->front());
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::insert_service(service_client const& s, audit_rows rows) {
    detail::pg_batch put;
    put.add("WITH made AS (INSERT INTO services VALUES ($1, $2, $3, $4) RETURNING id) INSERT INTO service_modules "
            "SELECT made.id, module_id FROM made, unnest($5) AS module_id ON CONFLICT DO NOTHING",
            s.id, s.name, detail::pg_bytes{s.secret_digest}, s.created_at, s.modules);
    co_return co_await detail::pg_change(pool(), put, rows, detail::pg_unchanged::no_matter);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::remove_service(std::string_view id, audit_rows rows) {
    detail::pg_batch remove;
    remove.add("DELETE FROM services WHERE id = $1", id); // its modules and tokens go by their foreign keys
    detail::add_news(remove, {});
    co_return co_await detail::pg_change(pool(), remove, rows, detail::pg_unchanged::not_found);
}

// accounts

AUTHMOD_DECL asio::awaitable<result<account_view>> postgres_store::find_account(std::string_view id) {
    detail::pg_batch ask;
    ask.add("SELECT " AUTHMOD_ACCOUNT_COLUMNS ", " AUTHMOD_PG_GROUPS " FROM accounts a WHERE a.id = $1", id);
    ask.add("SELECT module_id, user_id, created_at, last_login_at FROM links WHERE account_id = $1 "
            "ORDER BY module_id, user_id",
            id);
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    auto& row = answer->front();
    if (!row.next()) co_return errc::not_found;
    account_view view;
    view.user = detail::read_account(row);
    view.groups = detail::read_groups(row, detail::account_columns);
    for (auto& link_row = answer->back(); link_row.next();) {
        auto& link = view.links.emplace_back();
        link.module_id = link_row.text(0);
        link.user_id = link_row.text(1);
        link.created_at = link_row.time(2);
        link.last_login_at = link_row.time(3);
    }
    co_return view;
}

AUTHMOD_DECL asio::awaitable<result<std::vector<account>>> postgres_store::list_accounts(account_filter const& f) {
    auto const sql = detail::pg_account_page_sql(f);
    auto const from = fold_case(f.search);
    detail::pg_batch ask;
    ask.add(sql, f.after, f.group_id, f.module_id, from, detail::pg_after_prefix(from), std::max(f.limit, 0));
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    std::vector<account> list;
    for (auto& row = answer->front(); row.next();) list.push_back(detail::read_account(row));
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::insert_account(account const& who, audit_rows rows) {
    detail::pg_batch put;
    detail::add_account_insert(put, who);
    co_return co_await detail::pg_change(pool(), put, rows, detail::pg_unchanged::no_matter);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::update_account(account const& who, long long revision,
                                                                          audit_rows rows) {
    auto changed = who;
    changed.revision = revision + 1;
    auto work = [&](detail::pg_transaction& transaction) -> asio::awaitable<result<void>> {
        detail::pg_batch first, last;
        first.add("SELECT revision FROM accounts WHERE id = $1 FOR NO KEY UPDATE",
                  who.id); // logins come before or after
        auto found = co_await transaction.ask(first);
        if (!found) co_return found.error();
        auto& stored = found->front();
        if (!stored.next()) co_return errc::not_found;
        if (stored.number(0) != revision) co_return errc::revision_stale;
        detail::add_account_update(last, changed);
        if (who.banned) detail::add_sign_out(last, who.id);
        detail::add_news(last, who.id);
        detail::add_note(last, rows);
        auto written = co_await transaction.commit(last);
        if (!written) co_return written.error();
        co_return result<void>();
    };
    co_return co_await detail::pg_transact<void>(pool(), work);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::remove_account(std::string_view id, audit_rows rows) {
    detail::pg_batch remove;
    remove.add("DELETE FROM accounts WHERE id = $1", id); // all that is its own goes by foreign keys
    detail::add_news(remove, id);
    co_return co_await detail::pg_change(pool(), remove, rows, detail::pg_unchanged::not_found);
}

AUTHMOD_DECL asio::awaitable<result<long long>> postgres_store::count_accounts_made_by(std::string_view module_id) {
    detail::pg_batch ask;
    ask.add("SELECT count(*) FROM accounts WHERE created_by_module = $1", module_id);
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    answer->front().next();
    co_return answer->front().number(0);
}

// groups

AUTHMOD_DECL asio::awaitable<result<std::vector<group_summary>>> postgres_store::list_groups() {
    detail::pg_batch ask;
    ask.add("SELECT g.id, g.name, CASE g.id WHEN $1 THEN (SELECT count(*) FROM accounts) ELSE "
            "(SELECT count(DISTINCT m.account_id) FROM memberships m WHERE m.group_id = g.id) END "
            "FROM groups g ORDER BY g.name",
            all_users_id);
    auto answer = co_await detail::pg_ask(pool(), ask);
    if (!answer) co_return answer.error();
    std::vector<group_summary> list;
    for (auto& row = answer->front(); row.next();) list.emplace_back(row.text(0), row.text(1), row.number(2));
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::insert_group(group const& g, audit_rows rows) {
    detail::pg_batch put;
    put.add("INSERT INTO groups VALUES ($1, $2)", g.id, g.name);
    co_return co_await detail::pg_change(pool(), put, rows, detail::pg_unchanged::no_matter);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::remove_group(std::string_view id, audit_rows rows) {
    if (is_built_in_group(id)) co_return errc::not_permitted;
    detail::pg_batch remove;
    remove.add("DELETE FROM groups WHERE id = $1", id);
    detail::add_news(remove, {});
    co_return co_await detail::pg_change(pool(), remove, rows, detail::pg_unchanged::not_found);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::put_member(std::string_view group, std::string_view account,
                                                                      audit_rows rows) {
    if (group == all_users_id) co_return errc::not_permitted;
    detail::pg_batch put;
    put.add("INSERT INTO memberships VALUES ($1, $2, '') ON CONFLICT DO NOTHING", account, group);
    detail::add_news(put, account);
    co_return co_await detail::pg_change(pool(), put, rows, detail::pg_unchanged::nothing_to_tell);
}

AUTHMOD_DECL asio::awaitable<result<void>> postgres_store::remove_member(std::string_view group,
                                                                         std::string_view account, audit_rows rows) {
    if (group == all_users_id) co_return errc::not_permitted;
    detail::pg_batch remove;
    remove.add("DELETE FROM memberships WHERE account_id = $1 AND group_id = $2", account, group);
    detail::add_news(remove, account);
    co_return co_await detail::pg_change(pool(), remove, rows, detail::pg_unchanged::not_found);
}

} // namespace AUTHMOD_ABI

} // namespace authmod
