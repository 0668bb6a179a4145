// SPDX-License-Identifier: BSL-1.0
// Layer 5. How users and groups of SCIM stand in the tables of postgres_store, and what a change of them asks and
// writes.
#pragma once

#include "authmod/storage/detail/postgres_rows.ipp"

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace authmod::detail {

/// The clients of module $1, kept as they are until the end of the transaction; whoever changes a user of theirs waits.
inline constexpr std::string_view pg_lock_clients_sql = "SELECT id FROM scim_clients WHERE module_id = $1 FOR UPDATE";

/// Client $1, for whoever changes it.
inline constexpr std::string_view pg_lock_client_sql =
    "SELECT 1 FROM scim_clients WHERE id = $1 AND module_id <> '' FOR UPDATE";

/// Client $1 as it is: it is not removed before the end of the transaction.
inline constexpr std::string_view pg_keep_client_sql =
    "SELECT 1 FROM scim_clients WHERE id = $1 AND module_id <> '' FOR KEY SHARE";

/// Columns of a user with its emails; $1 user, $2 client.
inline constexpr std::string_view pg_scim_user_sql =
    "SELECT " AUTHMOD_SCIM_USER_COLUMNS ", (SELECT coalesce(array_agg(email ORDER BY email), '{}') FROM scim_emails e "
    "WHERE e.user_id = u.id) FROM scim_users u WHERE u.id = $1 AND u.client_id = $2";

/// $1 group, $2 client.
inline constexpr std::string_view pg_scim_group_sql =
    "SELECT " AUTHMOD_SCIM_GROUP_COLUMNS " FROM scim_groups u WHERE u.id = $1 AND u.client_id = $2";
inline constexpr std::string_view pg_scim_group_sql_locked =
    "SELECT " AUTHMOD_SCIM_GROUP_COLUMNS
    " FROM scim_groups u WHERE u.id = $1 AND u.client_id = $2 FOR NO KEY UPDATE OF u";

/// The groups of users $1, the members of groups $1, as $2 granted them: each with whose it is in front.
inline constexpr std::string_view pg_scim_groups_sql =
    "SELECT m.account_id, g.id, g.name FROM memberships m JOIN scim_groups s ON s.id = m.group_id "
    "JOIN groups g ON g.id = s.id WHERE m.account_id = ANY ($1) AND m.granted_by = $2 ORDER BY g.id";
inline constexpr std::string_view pg_scim_members_sql =
    "SELECT m.group_id, u.id, u.shown_name FROM memberships m JOIN scim_users u ON u.id = m.account_id "
    "WHERE m.group_id = ANY ($1) AND m.granted_by = $2 ORDER BY u.id";

[[nodiscard]] inline std::optional<scim::user> take_scim_user(pg_rows& rows) {
    if (!rows.next()) return {};
    auto who = read_scim_user(rows);
    who.emails = rows.texts(scim_user_columns);
    return who;
}

[[nodiscard]] inline std::optional<scim::group> take_scim_group(pg_rows& rows) {
    if (!rows.next()) return {};
    return read_scim_group(rows);
}

/// The other ends of one resource's memberships.
[[nodiscard]] inline std::vector<scim::member> take_ends(pg_rows& rows) {
    std::vector<scim::member> ends;
    while (rows.next()) ends.emplace_back(rows.text(1), rows.text(2));
    return ends;
}

/// What a client is told whose texts are too long for an index.
[[nodiscard]] inline std::optional<scim::error> refusal_of(pg_fault const& fault) {
    if (fault.state != "54000") return {};
    return scim::error(scim::error_type::invalid_value, "a name or an address is too long to be found by");
}

/// Whether a change met another one that took a name, or the end of a member: with fresh facts it is told what is
/// wrong.
[[nodiscard]] inline bool is_scim_race(pg_fault const& fault) {
    return fault.constraint == "accounts_folded_username_key" || fault.constraint == "scim_users_user_name_key" ||
           fault.constraint == "groups_name_key" || fault.constraint == "scim_groups_display_name_key" ||
           fault.constraint == "memberships_account_id_fkey";
}

// users

/** The facts of a change of a user, and locks on what they rest on: the address, as logins lock it, then the account,
    which no login and no administrator changes from here on.
*/
class pg_user_facts {
public:
    pg_user_facts(scim::user_change const& change, scim::user_plan const& plan) {
        auto const email = fold_case(plan.email);
        batch.add(pg_keep_client_sql, change.by.client_id);
        batch.add("SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) WHERE $1 <> ''", email);
        batch.add("SELECT " AUTHMOD_ACCOUNT_COLUMNS " FROM accounts a WHERE a.id = $1 FOR NO KEY UPDATE", change.id);
        batch.add("SELECT version FROM scim_users WHERE id = $1 FOR NO KEY UPDATE", change.id);
        batch.add("SELECT EXISTS (SELECT 1 FROM accounts WHERE folded_username = $1 AND id <> $2) OR "
                  "EXISTS (SELECT 1 FROM scim_users WHERE user_name = $1 AND id <> $2), "
                  "$3 <> '' AND EXISTS (SELECT 1 FROM accounts WHERE folded_email = $3 AND id <> $2)",
                  plan.result.user_name, change.id, email);
    }

    /// False: the client is gone.
    [[nodiscard]] bool take(std::vector<pg_rows>& answer) {
        if (!answer[0].next()) return false;
        if (answer[2].next()) facts.who = read_account(answer[2]);
        if (answer[3].next()) version = answer[3].number(0);
        answer[4].next();
        facts.username_taken = answer[4].flag(0);
        facts.email_taken = answer[4].flag(1);
        return true;
    }

    pg_batch batch;
    scim::user_facts facts;
    long long version = 0; ///< of the user as it is stored; 0: it is not
};

/// Adds the account and the user of a decision that creates or changes.
inline void add_decision(pg_batch& batch, scim::user_decision const& decision) {
    auto const& u = decision.result;
    bool const creates = decision.what == scim::change_kind::create;
    if (creates) add_account_insert(batch, decision.who);
    if (!creates && decision.account_changed) add_account_update(batch, decision.who);
    batch.add(creates ? "INSERT INTO scim_users VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
                      : "UPDATE scim_users SET client_id = $2, external_id = $3, user_name = $4, display_name = $5, "
                        "shown_name = $6, active = $7, created_at = $8, updated_at = $9, version = $10, resource = $11 "
                        "WHERE id = $1",
              u.id, u.client_id, u.external_id, u.user_name, u.display_name, scim::display_of(u), u.active,
              u.created_at, u.updated_at, u.version, u.resource);
    if (!creates) batch.add("DELETE FROM scim_emails WHERE user_id = $1 AND email <> ALL ($2)", u.id, u.emails);
    if (!u.emails.empty())
        batch.add("INSERT INTO scim_emails SELECT email, $1 FROM unnest($2) AS email ON CONFLICT DO NOTHING", u.id,
                  u.emails);
    if (decision.ends_sessions) add_sign_out(batch, u.id);
}

// groups

/// Adds the moves of members; the rows that they change are the last ones of the answer, `count` of them.
[[nodiscard]] inline std::size_t add_member_changes(pg_batch& batch, std::string_view group_id,
                                                    std::string_view client_id, scim::member_changes const& members) {
    auto const before = batch.statements().size();
    auto const granted_by = scim::grant_of(client_id);
    if (members.replaces)
        batch.add("DELETE FROM memberships m WHERE m.group_id = $1 AND m.granted_by = $2 AND NOT EXISTS "
                  "(SELECT 1 FROM unnest($3) AS kept (id) WHERE kept.id = m.account_id)",
                  group_id, granted_by, members.add);
    if (!members.remove.empty())
        batch.add("DELETE FROM memberships WHERE account_id = ANY ($3) AND group_id = $1 AND granted_by = $2", group_id,
                  granted_by, members.remove);
    if (!members.add.empty())
        batch.add("INSERT INTO memberships SELECT u.id, $1, $2 FROM unnest($3) AS added (id) "
                  "JOIN scim_users u ON u.id = added.id AND u.client_id = $4 ON CONFLICT DO NOTHING",
                  group_id, granted_by, members.add, client_id);
    return batch.statements().size() - before;
}

/// The facts of a change of a group that is locked; its members are moved in the same round trip, which a refusal
/// takes back.
class pg_group_facts {
public:
    pg_group_facts(scim::group_change const& change, scim::group_plan const& plan) {
        batch.add("SELECT EXISTS (SELECT 1 FROM groups WHERE lower(name) = $1 AND id <> $2), EXISTS "
                  "(SELECT 1 FROM unnest($3) AS added (id) WHERE NOT EXISTS "
                  "(SELECT 1 FROM scim_users u WHERE u.id = added.id AND u.client_id = $4))",
                  fold_case(plan.result.name), change.id, plan.members.add, change.by.client_id);
        bool const moves = change.what == scim::change_kind::replace || change.what == scim::change_kind::patch;
        if (moves) moves_ = add_member_changes(batch, change.id, change.by.client_id, plan.members);
    }

    void take(std::vector<pg_rows>& answer) {
        answer.front().next();
        facts.name_taken = answer.front().flag(0);
        facts.unknown_member = answer.front().flag(1);
        for (auto at = answer.size() - moves_; at != answer.size(); ++at) moved = moved || answer[at].changes() != 0;
    }

    pg_batch batch;
    scim::group_facts facts;
    bool moved = false; ///< some membership came or went

private:
    std::size_t moves_ = 0;
};

/// Adds the local group and the group of a decision, with the members that come with a new one.
inline void add_decision(pg_batch& batch, scim::group_decision const& decision) {
    auto const& g = decision.result;
    if (decision.what == scim::change_kind::remove) {
        batch.add("DELETE FROM groups WHERE id = $1", g.id); // with its memberships
        return;
    }
    if (decision.what == scim::change_kind::create) {
        batch.add("INSERT INTO groups VALUES ($1, $2)", g.id, g.name);
        batch.add("INSERT INTO scim_groups VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", g.id, g.client_id, g.external_id,
                  g.display_name, g.created_at, g.updated_at, g.version, g.resource);
        static_cast<void>(add_member_changes(batch, g.id, g.client_id, decision.members));
        return;
    }
    if (decision.attributes_changed)
        batch.add("UPDATE groups SET name = $2 WHERE id = $1 AND name <> $2", g.id, g.name);
    batch.add("UPDATE scim_groups SET external_id = $2, display_name = $3, updated_at = $4, version = $5, "
              "resource = $6 WHERE id = $1",
              g.id, g.external_id, g.display_name, g.updated_at, g.version, g.resource);
}

/// Tells whose groups are others now: everybody's, where many were moved or a name has changed.
inline void add_group_news(pg_batch& batch, scim::group_decision const& decision) {
    auto const& m = decision.members;
    constexpr std::size_t many = 20;
    bool const renamed = decision.attributes_changed && decision.what != scim::change_kind::create;
    if (renamed || m.replaces || m.add.size() + m.remove.size() > many) return add_news(batch, {});
    for (auto const& id : m.add) add_news(batch, id);
    for (auto const& id : m.remove) add_news(batch, id);
}

// clients

/// Marks clients as removed: no token, no module, and a name that nobody can give. What they made is let go of later.
/// Precondition: they are locked.
inline void add_client_removal(pg_batch& batch, std::vector<std::string> const& ids) {
    batch.add("DELETE FROM scim_tokens WHERE client_id = ANY ($1)", ids);
    batch.add("UPDATE scim_clients SET module_id = '', name = chr(1) || id WHERE id = ANY ($1)", ids);
}

/** Lets go of at most `most` users, then of as many groups of a removed client: they stay as local accounts and groups;
   whoever was switched off stays out. Gives how many rows went, the client's own among them. Nodes that do it at the
   same time work on different clients.

    It tells no news: the sessions of who was off have ended long ago.
*/
inline asio::awaitable<result<long long>> pg_release_client(std::shared_ptr<pg_pool> pool, long long most) {
    pg_batch any;
    any.add("SELECT 1 FROM scim_clients WHERE module_id = '' LIMIT 1");
    auto waiting = co_await pg_ask(pool, any);
    if (!waiting) co_return waiting.error();
    if (!(*waiting)[0].next()) co_return 0;
    auto work = [most](pg_transaction& transaction) -> asio::awaitable<result<long long>> {
        pg_batch lock, last;
        lock.add("SELECT id FROM scim_clients WHERE module_id = '' LIMIT 1 FOR UPDATE SKIP LOCKED");
        auto found = co_await transaction.ask(lock);
        if (!found) co_return found.error();
        if (!found->front().next()) {
            co_await transaction.roll_back();
            co_return 0;
        }
        auto const id = found->front().text(0);
        last.add("UPDATE accounts SET banned = true, ban_reason = $2, revision = revision + 1 WHERE NOT banned AND "
                 "id IN (SELECT u.id FROM (SELECT id, active FROM scim_users WHERE client_id = $1 "
                 "ORDER BY created_at, id LIMIT $3) u WHERE NOT u.active)",
                 id, scim::scim_ban, most);
        // Somebody may have removed an account in between, so that others are the first ones now.
        last.add("DELETE FROM scim_users u WHERE u.id IN (SELECT id FROM scim_users WHERE client_id = $1 "
                 "ORDER BY created_at, id LIMIT $2) AND (u.active OR EXISTS "
                 "(SELECT 1 FROM accounts a WHERE a.id = u.id AND a.banned))",
                 id, most);
        last.add("DELETE FROM scim_groups WHERE id IN (SELECT id FROM scim_groups WHERE client_id = $1 "
                 "ORDER BY created_at, id LIMIT $2) AND NOT EXISTS (SELECT 1 FROM scim_users WHERE client_id = $1)",
                 id, most);
        last.add(
            "DELETE FROM scim_clients WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM scim_users WHERE client_id = $1) "
            "AND NOT EXISTS (SELECT 1 FROM scim_groups WHERE client_id = $1)",
            id);
        auto written = co_await transaction.commit(last);
        if (!written) co_return written.error();
        if (written->empty()) co_return most; // done, but its answer was lost
        co_return (*written)[1].changes() + (*written)[2].changes() + (*written)[3].changes();
    };
    co_return co_await pg_transact<long long>(std::move(pool), work);
}

/// What is left then, or when this fails, the sweep lets go of.
inline asio::awaitable<void> pg_release_clients(std::shared_ptr<pg_pool> pool) {
    for (int parts = scim::removal_parts; parts != 0; --parts) {
        auto const gone = co_await pg_release_client(pool, scim::removal_part);
        if (!gone || *gone == 0) co_return;
    }
}

// lists

struct pg_scim_users {
    using view = scim::user_view;
    static constexpr bool users = true;
    static constexpr std::string_view ends = "groups", ends_sql = pg_scim_groups_sql;

    [[nodiscard]] static auto& resource_of(view& v) noexcept { return v.who; }

    [[nodiscard]] static auto& ends_of(view& v) noexcept { return v.groups; }

    [[nodiscard]] static scim::user read(pg_rows& row) { return read_scim_user(row); }
};

struct pg_scim_groups {
    using view = scim::group_view;
    static constexpr bool users = false;
    static constexpr std::string_view ends = "members", ends_sql = pg_scim_members_sql;

    [[nodiscard]] static auto& resource_of(view& v) noexcept { return v.what; }

    [[nodiscard]] static auto& ends_of(view& v) noexcept { return v.members; }

    [[nodiscard]] static scim::group read(pg_rows& row) { return read_scim_group(row); }
};

/// Looks up the other ends of the memberships of all `views`, in one round trip.
template <class Kind>
asio::awaitable<result<void>> pg_complete(std::shared_ptr<pg_pool> pool, std::vector<typename Kind::view>& views,
                                          std::string_view client_id) {
    std::vector<std::string_view> ids;
    std::unordered_map<std::string_view, typename Kind::view*> by_id;
    for (auto& view : views) {
        ids.push_back(Kind::resource_of(view).id);
        by_id.emplace(ids.back(), &view);
    }
    if (ids.empty()) co_return result<void>();
    pg_batch ask;
    ask.add(Kind::ends_sql, ids, scim::grant_of(client_id));
    auto answer = co_await pg_ask(std::move(pool), ask);
    if (!answer) co_return answer.error();
    for (auto& row = answer->front(); row.next();)
        Kind::ends_of(*by_id.find(row.text(0))->second).emplace_back(row.text(1), row.text(2));
    co_return result<void>();
}

template <class Kind>
[[nodiscard]] std::vector<typename Kind::view> take_views(pg_rows& rows) {
    std::vector<typename Kind::view> views;
    while (rows.next()) Kind::resource_of(views.emplace_back()) = Kind::read(rows);
    return views;
}

/// The page of a filter that no index answers, or of an order: looks at all that may match, a part after the other.
template <class Kind>
asio::awaitable<scim::answer<scim::page<typename Kind::view>>>
pg_scan_scim(std::shared_ptr<pg_pool> pool, scim::list_query const& query, scim::search const& plan) {
    using inner = scim::result_of<scim::page<typename Kind::view>>;
    constexpr std::size_t part = 200;
    scim_collector<typename Kind::view> collector(query, !plan.exact);
    bool const wanted = wants_ends(query, plan, Kind::ends);
    std::string last_id;
    long long last_time = std::numeric_limits<long long>::min(), seen = 0;
    for (bool more = true; more;) {
        scim_question question(plan, query.client_id, Kind::users, pg_dialect);
        auto const after_time = question.place(last_time);
        auto const after_id = question.place(last_id);
        auto const sql =
            question.all(" AND (u.created_at, u.id) > (" + after_time + ", " + after_id + ')') + std::to_string(part);
        pg_batch ask;
        ask.add_values(sql, question.values(), question.is_usual());
        auto answer = co_await pg_ask(pool, ask);
        if (!answer) co_return answer.error();
        auto views = take_views<Kind>(answer->front());
        more = views.size() == part;
        seen += static_cast<long long>(views.size());
        if (seen > scim::max_scanned) co_return inner(too_many());
        if (views.empty()) break;
        last_time = to_milliseconds(Kind::resource_of(views.back()).created_at);
        last_id = Kind::resource_of(views.back()).id;
        if (wanted) {
            auto complete = co_await pg_complete<Kind>(pool, views, query.client_id);
            if (!complete) co_return complete.error();
        }
        for (auto& view : views) collector.offer(std::move(view));
    }
    co_return inner(collector.take());
}

template <class Kind>
asio::awaitable<scim::answer<scim::page<typename Kind::view>>> pg_list_scim(std::shared_ptr<pg_pool> pool,
                                                                            scim::list_query const& query) {
    using inner = scim::result_of<scim::page<typename Kind::view>>;
    scim::page<typename Kind::view> page;
    auto const plan = scim::plan_search(query.what.where);
    if (plan.nothing) co_return inner(std::move(page));
    if (!plan.exact || query.what.order.whole) co_return co_await pg_scan_scim<Kind>(std::move(pool), query, plan);
    scim_question question(plan, query.client_id, Kind::users, pg_dialect);
    pg_batch ask;
    auto const count = question.count();
    ask.add_values(count, question.values(), question.is_usual());
    auto const limit = question.place(static_cast<long long>(query.what.count));
    auto const offset = question.place(query.what.start_index - 1);
    auto const sql = question.all() + limit + " OFFSET " + offset;
    if (query.what.count != 0) ask.add_values(sql, question.values(), question.is_usual());
    auto answer = co_await pg_ask(pool, ask);
    if (!answer) co_return answer.error();
    if (answer->front().next()) page.total = answer->front().number(0);
    if (query.what.count != 0) page.items = take_views<Kind>(answer->back());
    if (wants_ends(query, plan, Kind::ends)) {
        auto complete = co_await pg_complete<Kind>(std::move(pool), page.items, query.client_id);
        if (!complete) co_return complete.error();
    }
    co_return inner(std::move(page));
}

} // namespace authmod::detail
