// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of sqlite_store about SCIM; included by sqlite_store.ipp alone.
#pragma once

#include "authmod/storage/detail/sqlite_scim_rows.ipp"
#include "authmod/storage/sqlite_store.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace authmod {

namespace detail {

[[nodiscard]] inline std::vector<scim_token> scim_tokens_of(sqlite_connection& db, std::string const& client_id) {
    std::vector<scim_token> list;
    sqlite_query row(
        db, "SELECT id, created_at FROM scim_tokens WHERE client_id = ?1 ORDER BY created_at DESC, id DESC", client_id);
    while (row.next()) {
        scim_token token;
        token.id = row.text(0);
        token.client_id = client_id;
        token.created_at = row.time(1);
        list.push_back(std::move(token));
    }
    return list;
}

inline void insert_scim_token(sqlite_connection& db, scim_token const& token) {
    sqlite_run(db, "INSERT INTO scim_tokens VALUES (?1, ?2, ?3, ?4)", sqlite_blob{token.digest}, token.id,
               token.client_id, token.created_at);
}

/// One page of users or groups. `load(row)` gives a view without the other ends of memberships, `complete(view)` adds
/// them.
template <class View, class Load, class Complete>
[[nodiscard]] scim::result_of<scim::page<View>> list_scim(sqlite_connection& db, scim::list_query const& query,
                                                          bool users, Load&& load, Complete&& complete) {
    scim::page<View> page;
    auto const plan = scim::plan_search(query.what.where);
    if (plan.nothing) return page;
    scim_question question(plan, query.client_id, users, sqlite_dialect);
    bool const wanted = wants_ends(query, plan, users ? "groups" : "members");
    auto const run = [&](std::string const& sql, std::size_t values, auto&& each) {
        std::optional<SQLite::Statement> once;
        if (!question.is_usual()) once = db.once(sql);
        sqlite_query row(once ? *once : db.prepared(sql));
        for (std::size_t at = 0; at != values; ++at)
            std::visit([&](auto const& one) { row.bind(static_cast<int>(at) + 1, one); }, question.values()[at]);
        while (row.next() && each(row)) {
        }
    };
    auto const filtering = question.values().size();
    if (!plan.exact || query.what.order.whole) {
        scim_collector<View> collector(query, !plan.exact);
        long long seen = 0;
        run(question.all() + std::to_string(scim::max_scanned + 1), filtering, [&](sqlite_query& row) {
            if (++seen > scim::max_scanned) return false;
            View view = load(row);
            if (wanted) complete(view);
            collector.offer(std::move(view));
            return true;
        });
        if (seen > scim::max_scanned) return too_many();
        return collector.take();
    }
    auto const counting = question.count();
    auto const count = [&] {
        run(counting, filtering, [&](sqlite_query& row) { return page.total = row.number(0), false; });
    };
    // Most filters find less than a page, which tells how many there are.
    bool const may_tell = query.what.start_index == 1 && query.what.count != 0 && !plan.any_of.empty();
    if (!may_tell) count();
    if (!may_tell && (query.what.count == 0 || page.total < query.what.start_index)) return page;
    auto const limit = question.place(static_cast<long long>(query.what.count));
    auto const offset = question.place(query.what.start_index - 1);
    run(question.all() + limit + " OFFSET " + offset, question.values().size(),
        [&](sqlite_query& row) { return page.items.push_back(load(row)), true; });
    if (may_tell) page.total = std::ssize(page.items);
    if (may_tell && page.total == query.what.count) count();
    if (wanted)
        for (auto& view : page.items) complete(view);
    return page;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

// clients

AUTHMOD_DECL asio::awaitable<result<std::vector<scim::client_view>>> sqlite_store::list_scim_clients() {
    using list_type = std::vector<scim::client_view>;
    return read<list_type>([](detail::sqlite_connection& db) -> result<list_type> {
        list_type list;
        detail::sqlite_query row(
            db, "SELECT " AUTHMOD_SCIM_CLIENT_COLUMNS
                ", c.user_count, c.group_count FROM scim_clients c WHERE c.module_id <> '' ORDER BY c.name");
        while (row.next()) {
            scim::client_view view;
            view.client = detail::read_scim_client(row);
            view.users = row.number(detail::scim_client_columns);
            view.groups = row.number(detail::scim_client_columns + 1);
            view.tokens = detail::scim_tokens_of(db, view.client.id);
            list.push_back(std::move(view));
        }
        return list;
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::insert_scim_client(scim_client const& client,
                                                                            scim_token const& first, audit_rows rows) {
    return write<void>([&c = client, &first, rows](detail::sqlite_connection& db) -> result<void> {
        detail::sqlite_run(db, "INSERT INTO scim_clients (id, name, module_id, created_at) VALUES (?1, ?2, ?3, ?4)",
                           c.id, c.name, c.module_id, c.created_at);
        detail::insert_scim_token(db, first);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::add_scim_token(scim_token const& token, std::size_t keep,
                                                                        audit_rows rows) {
    return write<void>([&token, keep, rows](detail::sqlite_connection& db) -> result<void> {
        if (!detail::has_scim_client(db, token.client_id)) return errc::not_found;
        detail::sqlite_run(db,
                           "DELETE FROM scim_tokens WHERE digest IN (SELECT digest FROM scim_tokens "
                           "WHERE client_id = ?1 ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?2)",
                           token.client_id, static_cast<long long>(keep));
        detail::insert_scim_token(db, token);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::remove_scim_token(std::string_view client_id,
                                                                           std::string_view token_id, audit_rows rows) {
    return write<void>([client_id, token_id, rows](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db, "DELETE FROM scim_tokens WHERE client_id = ?1 AND id = ?2", client_id, token_id) ==
            0)
            return errc::not_found;
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::remove_scim_client(std::string_view id, audit_rows rows) {
    auto work = [id, rows](detail::sqlite_connection& db) -> result<void> {
        if (detail::mark_scim_clients(db, "id", id) == 0) return errc::not_found;
        detail::note(db, rows);
        return result<void>();
    };
    auto removed = co_await write<void>(work);
    if (removed) co_await release_scim_clients();
    co_return removed;
}

/// What is left then, or when this fails, the sweep lets go of.
AUTHMOD_DECL asio::awaitable<void> sqlite_store::release_scim_clients() {
    auto work = [](detail::sqlite_connection& db) -> result<long long> {
        return detail::release_scim_client(db, scim::removal_part);
    };
    for (int parts = scim::removal_parts; parts != 0; --parts) {
        auto const gone = co_await write<long long>(work);
        if (!gone || *gone == 0) co_return;
    }
}

AUTHMOD_DECL asio::awaitable<result<scim::access>> sqlite_store::find_scim_access(std::string_view digest) {
    return read<scim::access>([digest](detail::sqlite_connection& db) -> result<scim::access> {
        detail::sqlite_query row(db,
                                 "SELECT " AUTHMOD_SCIM_CLIENT_COLUMNS ", t.id FROM scim_tokens t "
                                 "JOIN scim_clients c ON c.id = t.client_id WHERE t.digest = ?1",
                                 detail::sqlite_blob{digest});
        if (!row.next()) return errc::not_found;
        scim::access found;
        found.client = detail::read_scim_client(row);
        found.token_id = row.text(detail::scim_client_columns);
        return found;
    });
}

// users

AUTHMOD_DECL asio::awaitable<scim::answer<scim::user_decision>>
sqlite_store::change_scim_user(scim::user_change const& change) {
    using answer = scim::answer<scim::user_decision>;
    return write<scim::result_of<scim::user_decision>>([&change](detail::sqlite_connection& db) -> answer {
        using inner = scim::result_of<scim::user_decision>;
        auto const stored = detail::load_scim_user(db, change.by.client_id, change.id);
        auto const plan = scim::plan_user(change, stored ? &*stored : nullptr);
        if (!plan) return inner(plan.error());
        auto decision = scim::decide_user(change, *plan, detail::read_scim_facts(db, *plan, change.id));
        if (!decision) return inner(decision.error());
        if (!decision->changed) return decision;
        if (!detail::has_scim_client(db, change.by.client_id)) return errc::store_conflict;
        if (change.what == scim::change_kind::remove)
            detail::sqlite_run(db, "DELETE FROM accounts WHERE id = ?1", change.id); // all that is its own goes along
        else
            detail::apply_decision(db, *decision);
        detail::note(db, audit_rows(decision->audit));
        return decision;
    });
}

AUTHMOD_DECL asio::awaitable<result<scim::user_view>>
sqlite_store::find_scim_user(std::string_view client_id, std::string_view id, bool with_groups) {
    return read<scim::user_view>(
        [client_id, id, with_groups](detail::sqlite_connection& db) -> result<scim::user_view> {
            auto who = detail::load_scim_user(db, client_id, id);
            if (!who) return errc::not_found;
            scim::user_view view;
            view.who = std::move(*who);
            if (with_groups) view.groups = detail::scim_groups_of(db, view.who);
            return view;
        });
}

// groups

AUTHMOD_DECL asio::awaitable<scim::answer<scim::group_decision>>
sqlite_store::change_scim_group(scim::group_change const& change) {
    using answer = scim::answer<scim::group_decision>;
    return write<scim::result_of<scim::group_decision>>([&change](detail::sqlite_connection& db) -> answer {
        using inner = scim::result_of<scim::group_decision>;
        auto const stored = detail::load_scim_group(db, change.by.client_id, change.id);
        auto plan = scim::plan_group(change, stored ? &*stored : nullptr);
        if (plan && plan->needs_members) {
            auto const present = detail::scim_members_of(db, *stored);
            plan = scim::plan_group(change, &*stored, &present);
        }
        if (!plan) return inner(plan.error());
        auto decision = scim::decide_group(change, *plan, detail::read_scim_facts(db, *plan, change));
        if (!decision) return inner(decision.error());
        if (!detail::has_scim_client(db, change.by.client_id)) return errc::store_conflict;
        if (change.what == scim::change_kind::remove) {
            detail::sqlite_run(db, "DELETE FROM groups WHERE id = ?1", change.id);
            detail::note(db, audit_rows(decision->audit));
            return decision;
        }
        if (change.what == scim::change_kind::create) detail::apply_decision(db, *decision);
        int const moved = detail::change_members(db, change.id, scim::grant_of(change.by.client_id), decision->members);
        if (moved == 0 && !decision->attributes_changed) {
            decision->result = *stored;
            return decision;
        }
        if (change.what != scim::change_kind::create) detail::apply_decision(db, *decision);
        detail::note(db, audit_rows(decision->audit));
        return decision;
    });
}

AUTHMOD_DECL asio::awaitable<result<scim::group_view>>
sqlite_store::find_scim_group(std::string_view client_id, std::string_view id, bool with_members) {
    return read<scim::group_view>(
        [client_id, id, with_members](detail::sqlite_connection& db) -> result<scim::group_view> {
            auto what = detail::load_scim_group(db, client_id, id);
            if (!what) return errc::not_found;
            scim::group_view view;
            view.what = std::move(*what);
            if (with_members) view.members = detail::scim_members_of(db, view.what);
            return view;
        });
}

// lists

AUTHMOD_DECL asio::awaitable<scim::answer<scim::page<scim::user_view>>>
sqlite_store::list_scim_users(scim::list_query const& query) {
    using inner = scim::result_of<scim::page<scim::user_view>>;
    return read<inner>([&query](detail::sqlite_connection& db) -> result<inner> {
        auto const load = [](detail::sqlite_query& row) {
            scim::user_view view;
            view.who = detail::read_scim_user(row);
            return view;
        };
        auto const complete = [&db](scim::user_view& view) { view.groups = detail::scim_groups_of(db, view.who); };
        return detail::list_scim<scim::user_view>(db, query, true, load, complete);
    });
}

AUTHMOD_DECL asio::awaitable<scim::answer<scim::page<scim::group_view>>>
sqlite_store::list_scim_groups(scim::list_query const& query) {
    using inner = scim::result_of<scim::page<scim::group_view>>;
    return read<inner>([&query](detail::sqlite_connection& db) -> result<inner> {
        auto const load = [](detail::sqlite_query& row) {
            scim::group_view view;
            view.what = detail::read_scim_group(row);
            return view;
        };
        auto const complete = [&db](scim::group_view& view) { view.members = detail::scim_members_of(db, view.what); };
        return detail::list_scim<scim::group_view>(db, query, false, load, complete);
    });
}

} // namespace AUTHMOD_ABI

} // namespace authmod
