// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of sqlite_store about tokens, services, accounts and groups; included by sqlite_store.ipp alone.
#pragma once

#include "authmod/storage/detail/sqlite_rows.ipp"
#include "authmod/storage/sqlite_store.hpp"

#include <algorithm>

namespace authmod {

inline namespace AUTHMOD_ABI {

// tokens

AUTHMOD_DECL asio::awaitable<result<token_view>> sqlite_store::find_token(std::string_view digest) {
    return read<token_view>([digest](detail::sqlite_connection& db) -> result<token_view> {
        token_view view;
        detail::sqlite_query row(db,
                                 "SELECT " AUTHMOD_TOKEN_COLUMNS ", " AUTHMOD_ACCOUNT_COLUMNS
                                 " FROM tokens t JOIN accounts a ON a.id = t.account_id WHERE t.digest = ?1",
                                 detail::sqlite_blob{digest});
        if (!row.next()) return errc::not_found;
        view.who = detail::read_token(row, digest);
        view.user = detail::read_account(row, detail::token_columns);
        view.groups = detail::groups_of(db, view.user.id);
        return view;
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::end_token(std::string_view digest, std::string_view service_id,
                                                                   audit_rows rows) {
    return write<void>([digest, service_id, rows](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db, "DELETE FROM tokens WHERE digest = ?1 AND service_id = ?2",
                               detail::sqlite_blob{digest}, service_id) == 0)
            return errc::not_found;
        detail::note(db, rows);
        return result<void>();
    });
}

// service clients

AUTHMOD_DECL asio::awaitable<result<std::vector<service_client>>> sqlite_store::list_services() {
    return read<std::vector<service_client>>([](detail::sqlite_connection& db) -> result<std::vector<service_client>> {
        std::vector<service_client> list;
        detail::sqlite_query row(db, "SELECT id, name, secret_digest, created_at FROM services ORDER BY name");
        while (row.next()) list.push_back(detail::read_service(db, row));
        return list;
    });
}

AUTHMOD_DECL asio::awaitable<result<service_client>> sqlite_store::find_service(std::string_view id) {
    return read<service_client>([id](detail::sqlite_connection& db) -> result<service_client> {
        detail::sqlite_query row(db, "SELECT id, name, secret_digest, created_at FROM services WHERE id = ?1", id);
        if (!row.next()) return errc::not_found;
        return detail::read_service(db, row);
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::insert_service(service_client const& service,
                                                                        audit_rows rows) {
    return write<void>([&s = service, rows](detail::sqlite_connection& db) -> result<void> {
        detail::sqlite_run(db, "INSERT INTO services VALUES (?1, ?2, ?3, ?4)", s.id, s.name,
                           detail::sqlite_blob{s.secret_digest}, s.created_at);
        for (auto const& module_id : s.modules)
            detail::sqlite_run(db, "INSERT OR IGNORE INTO service_modules VALUES (?1, ?2)", s.id, module_id);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::remove_service(std::string_view id, audit_rows rows) {
    return write<void>([id, rows](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db, "DELETE FROM services WHERE id = ?1", id) == 0) return errc::not_found;
        detail::note(db, rows); // its modules and tokens went by their foreign keys
        return result<void>();
    });
}

// accounts

AUTHMOD_DECL asio::awaitable<result<account_view>> sqlite_store::find_account(std::string_view id) {
    return read<account_view>([id](detail::sqlite_connection& db) -> result<account_view> {
        detail::sqlite_query row(db, "SELECT " AUTHMOD_ACCOUNT_COLUMNS " FROM accounts a WHERE a.id = ?1", id);
        if (!row.next()) return errc::not_found;
        account_view view;
        view.user = detail::read_account(row);
        view.groups = detail::groups_of(db, id);
        view.links = detail::links_of(db, id);
        return view;
    });
}

AUTHMOD_DECL asio::awaitable<result<std::vector<account>>> sqlite_store::list_accounts(account_filter const& filter) {
    return read<std::vector<account>>([&f = filter](detail::sqlite_connection& db) -> result<std::vector<account>> {
        std::vector<account> list;
        auto const from = fold_case(f.search);
        detail::sqlite_query row(db, detail::account_page_sql(f), f.after, f.group_id, f.module_id, from,
                                 detail::after_prefix(from), std::max(f.limit, 0));
        while (row.next()) list.push_back(detail::read_account(row));
        return list;
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::insert_account(account const& who, audit_rows rows) {
    return write<void>([&who, rows](detail::sqlite_connection& db) -> result<void> {
        detail::insert_account_row(db, who);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::update_account(account const& who, long long revision,
                                                                        audit_rows rows) {
    return write<void>([&who, revision, rows](detail::sqlite_connection& db) -> result<void> {
        detail::sqlite_query stored(db, "SELECT revision FROM accounts WHERE id = ?1", who.id);
        if (!stored.next()) return errc::not_found;
        if (stored.number(0) != revision) return errc::revision_stale;
        auto changed = who;
        changed.revision = revision + 1;
        detail::update_account_row(db, changed);
        if (who.banned) detail::sign_out_everywhere(db, who.id);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::remove_account(std::string_view id, audit_rows rows) {
    return write<void>([id, rows](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db, "DELETE FROM accounts WHERE id = ?1", id) == 0) return errc::not_found;
        detail::note(db, rows); // all that is its own went by foreign keys
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<avatar_image>> sqlite_store::load_avatar(std::string_view account_id) {
    return read<avatar_image>([account_id](detail::sqlite_connection& db) -> result<avatar_image> {
        return detail::read_image(db, "SELECT media_type, bytes FROM avatars WHERE account_id = ?1", account_id);
    });
}

AUTHMOD_DECL asio::awaitable<result<long long>> sqlite_store::count_accounts_made_by(std::string_view module_id) {
    return read<long long>([module_id](detail::sqlite_connection& db) -> result<long long> {
        detail::sqlite_query row(db, "SELECT count(*) FROM accounts WHERE created_by_module = ?1", module_id);
        row.next();
        return row.number(0);
    });
}

// groups

AUTHMOD_DECL asio::awaitable<result<std::vector<group_summary>>> sqlite_store::list_groups() {
    return read<std::vector<group_summary>>([](detail::sqlite_connection& db) -> result<std::vector<group_summary>> {
        std::vector<group_summary> list;
        detail::sqlite_query row(db,
                                 "SELECT g.id, g.name, CASE g.id WHEN ?1 THEN (SELECT count(*) FROM accounts) ELSE "
                                 "(SELECT count(DISTINCT m.account_id) FROM memberships m WHERE m.group_id = g.id) END "
                                 "FROM groups g ORDER BY g.name",
                                 all_users_id);
        while (row.next()) list.emplace_back(row.text(0), row.text(1), row.number(2));
        return list;
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::insert_group(group const& g, audit_rows rows) {
    return write<void>([&g, rows](detail::sqlite_connection& db) -> result<void> {
        detail::sqlite_run(db, "INSERT INTO groups VALUES (?1, ?2)", g.id, g.name);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::remove_group(std::string_view id, audit_rows rows) {
    return write<void>([id, rows](detail::sqlite_connection& db) -> result<void> {
        if (is_built_in_group(id)) return errc::not_permitted;
        if (detail::sqlite_run(db, "DELETE FROM groups WHERE id = ?1", id) == 0) return errc::not_found;
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::put_member(std::string_view group, std::string_view account,
                                                                    audit_rows rows) {
    return write<void>([group, account, rows](detail::sqlite_connection& db) -> result<void> {
        if (group == all_users_id) return errc::not_permitted;
        if (detail::sqlite_run(db, "INSERT OR IGNORE INTO memberships VALUES (?1, ?2, '')", account, group) != 0)
            detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::remove_member(std::string_view group, std::string_view account,
                                                                       audit_rows rows) {
    return write<void>([group, account, rows](detail::sqlite_connection& db) -> result<void> {
        if (group == all_users_id) return errc::not_permitted;
        if (detail::sqlite_run(db, "DELETE FROM memberships WHERE account_id = ?1 AND group_id = ?2", account, group) ==
            0)
            return errc::not_found;
        detail::note(db, rows);
        return result<void>();
    });
}

} // namespace AUTHMOD_ABI

} // namespace authmod
