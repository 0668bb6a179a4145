// SPDX-License-Identifier: BSL-1.0
// Layer 5. How accounts, modules and audit rows stand in the tables of sqlite_store, and the steps of a login on them.
#pragma once

#include "authmod/account/linking.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/policy/store.hpp"
#include "authmod/storage/detail/scim_pages.hpp"
#include "authmod/storage/detail/sql_rows.hpp"
#include "authmod/storage/detail/sql_scim.hpp"
#include "authmod/storage/detail/sqlite_connection.ipp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod::detail {

/// Pairs as netstrings: `3:age,2:42,`. Any byte may stand in a name or a value.
[[nodiscard]] inline std::string join_attributes(attribute_list const& attributes) {
    std::string text;
    for (auto const& [name, value] : attributes)
        for (auto const* part : {&name, &value}) text += std::to_string(part->size()) + ':' + *part + ',';
    return text;
}

[[nodiscard]] inline attribute_list split_attributes(std::string_view text) {
    auto const take = [&] {
        std::size_t size = 0;
        auto const colon = std::from_chars(text.data(), text.data() + text.size(), size).ptr - text.data();
        text.remove_prefix(std::min(text.size(), static_cast<std::size_t>(colon) + 1));
        std::string part(text.substr(0, size));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        return part;
    };
    attribute_list attributes;
    while (!text.empty()) {
        auto name = take();
        auto value = take();
        attributes.emplace_back(std::move(name), std::move(value));
    }
    return attributes;
}

[[nodiscard]] inline account read_account(sqlite_query& row, int column = 0) {
    return read_account(row, column, split_attributes(row.text(column + 9)));
}

/// Runs `sql` with all columns of an account as ?1 to ?15.
inline int write_account(sqlite_connection& db, std::string_view sql, account const& a) {
    return sqlite_run(db, sql, a.id, a.username, a.full_name, a.email, a.email_verified, a.avatar, a.banned,
                      a.ban_reason, a.created_by_module, join_attributes(a.custom_attributes), a.created_at,
                      a.updated_at, fold_case(a.username), fold_case(a.email), a.revision);
}

inline void insert_account_row(sqlite_connection& db, account const& a) {
    write_account(db, "INSERT INTO accounts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                  a);
}

inline void update_account_row(sqlite_connection& db, account const& a) {
    write_account(db,
                  "UPDATE accounts SET username = ?2, full_name = ?3, email = ?4, email_verified = ?5, "
                  "avatar = ?6, banned = ?7, ban_reason = ?8, created_by_module = ?9, custom_attributes = ?10, "
                  "created_at = ?11, updated_at = ?12, folded_username = ?13, folded_email = ?14, revision = ?15 WHERE "
                  "id = ?1",
                  a);
}

/// The smallest text larger than every text that begins with `prefix`; empty: there is none.
[[nodiscard]] inline std::string after_prefix(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
    if (!prefix.empty()) ++prefix.back();
    return prefix;
}

/// The plus keeps SQLite from the index of a column.
inline constexpr sql_dialect sqlite_dialect{'?', "+u.client_id", &after_prefix};

/** The question for one page of accounts: ?1 after, ?2 group, ?3 module, ?4 and ?5 the bounds of the search, ?6
   limit.

    It starts from the index of the narrowest filter that is set and goes through it in the order of the page, so that a
    page costs what is on it. A search alone has to put what it finds in that order first.
*/
[[nodiscard]] inline std::string account_page_sql(account_filter const& f) {
    bool const grouped = !f.group_id.empty() && f.group_id != all_users_id;
    std::string_view const prefix =
        "(a.folded_username >= ?4 AND a.folded_username < ?5 OR a.folded_email >= ?4 AND a.folded_email < ?5)";
    std::string sql = "SELECT " AUTHMOD_ACCOUNT_COLUMNS " FROM ";
    std::string_view key = "a.id";
    if (grouped) {
        sql += "memberships m CROSS JOIN accounts a ON a.id = m.account_id WHERE m.group_id = ?2";
        key = "m.account_id";
    } else if (!f.module_id.empty()) {
        sql += "links l CROSS JOIN accounts a ON a.id = l.account_id WHERE l.module_id = ?3";
        key = "l.account_id";
    } else if (!f.search.empty()) {
        sql += "(SELECT id FROM accounts WHERE folded_username >= ?4 AND folded_username < ?5 UNION "
               "SELECT id FROM accounts WHERE folded_email >= ?4 AND folded_email < ?5) s "
               "CROSS JOIN accounts a ON a.id = s.id WHERE 1";
    } else {
        sql += "accounts a WHERE 1";
    }
    if (grouped && !f.module_id.empty())
        sql += " AND EXISTS (SELECT 1 FROM links l WHERE l.account_id = a.id AND l.module_id = ?3)";
    if (!f.search.empty() && (grouped || !f.module_id.empty())) sql.append(" AND ").append(prefix);
    sql.append(" AND ").append(key).append(" > ?1");
    if (grouped || !f.module_id.empty()) sql.append(" GROUP BY ").append(key); // a person may stand there twice
    sql.append(" ORDER BY ").append(key).append(" LIMIT ?6");
    return sql;
}

[[nodiscard]] inline service_client read_service(sqlite_connection& db, sqlite_query& row) {
    service_client s;
    s.id = row.text(0);
    s.name = row.text(1);
    s.secret_digest = row.text(2);
    s.created_at = row.time(3);
    sqlite_query module(db, "SELECT module_id FROM service_modules WHERE service_id = ?1 ORDER BY module_id", s.id);
    while (module.next()) s.modules.push_back(module.text(0));
    return s;
}

[[nodiscard]] inline std::vector<account_link> links_of(sqlite_connection& db, std::string_view account_id) {
    std::vector<account_link> links;
    sqlite_query row(db,
                     "SELECT module_id, user_id, created_at, last_login_at FROM links WHERE account_id = ?1 "
                     "ORDER BY module_id, user_id",
                     account_id);
    while (row.next()) {
        auto& link = links.emplace_back();
        link.module_id = row.text(0);
        link.user_id = row.text(1);
        link.created_at = row.time(2);
        link.last_login_at = row.time(3);
    }
    return links;
}

/// The picture of account or module `id`. Errors: `not_found`.
[[nodiscard]] inline result<avatar_image> read_image(sqlite_connection& db, std::string_view sql, std::string_view id) {
    sqlite_query row(db, sql, id);
    if (!row.next()) return errc::not_found;
    avatar_image image;
    image.media_type = row.text(0);
    image.bytes = row.text(1);
    return image;
}

/// Ends every session and every token of an account.
inline void sign_out_everywhere(sqlite_connection& db, std::string_view account_id) {
    sqlite_run(db, "DELETE FROM sessions WHERE account_id = ?1", account_id);
    sqlite_run(db, "DELETE FROM tokens WHERE account_id = ?1", account_id);
}

/// Each name once and in order, behind the group that everybody is in.
[[nodiscard]] inline std::vector<std::string> in_order(std::vector<std::string> names) {
    std::ranges::sort(names);
    auto const doubles = std::ranges::unique(names);
    names.erase(doubles.begin(), doubles.end());
    names.insert(names.begin(), all_users);
    return names;
}

[[nodiscard]] inline std::vector<std::string> groups_of(sqlite_connection& db, std::string_view account_id) {
    std::vector<std::string> names;
    sqlite_query row(db, "SELECT g.name FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.account_id = ?1",
                     account_id);
    while (row.next()) names.push_back(row.text(0));
    return in_order(std::move(names));
}

inline void clear_other_defaults(sqlite_connection& db, module_record const& m) {
    if (m.is_default)
        sqlite_run(db,
                   "UPDATE modules SET is_default = 0, revision = revision + 1, updated_at = ?2 "
                   "WHERE is_default = 1 AND id <> ?1",
                   m.id, m.updated_at);
}

/// Whether nobody could log in any more without the enabled module `id`.
[[nodiscard]] inline bool is_last_way_in(sqlite_connection& db, std::string_view id) {
    return sqlite_has(db, "SELECT 1 FROM modules WHERE id = ?1 AND enabled = 1", id) &&
           !sqlite_has(db, "SELECT 1 FROM modules WHERE id <> ?1 AND enabled = 1", id);
}

/// Keeps or removes the button image that comes with a module; without one the image stays.
inline void write_module_image(sqlite_connection& db, module_record const& m) {
    if (!m.new_image) return;
    sqlite_run(db, "DELETE FROM module_images WHERE module_id = ?1", m.id);
    if (!m.new_image->bytes.empty())
        sqlite_run(db, "INSERT INTO module_images VALUES (?1, ?2, ?3)", m.id, m.new_image->media_type,
                   sqlite_blob{m.new_image->bytes});
}

inline bool has_module(sqlite_connection& db, std::string_view id) {
    return sqlite_has(db, "SELECT 1 FROM modules WHERE id = ?1", id);
}

inline bool has_kept_tokens(sqlite_connection& db, std::string_view session_digest) {
    return sqlite_has(db, "SELECT 1 FROM kept_tokens WHERE session_digest = ?1", sqlite_blob{session_digest});
}

/// Writes an audit row; call it in the transaction of what it tells.
inline void note(sqlite_connection& db, audit_row const& r) {
    sqlite_run(db,
               "INSERT INTO audit (at, author, address, event, target, module_id, field, old_value, new_value, reason) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
               r.at, r.author, r.address, r.event, r.target, r.module_id, r.field, r.old_value, r.new_value, r.reason);
}

inline void note(sqlite_connection& db, audit_rows rows) {
    if (broken("N3")) return;
    for (auto const& r : rows) note(db, r);
}

/// Whom SCIM made for this login and its module, not linked in it yet.
[[nodiscard]] inline std::optional<account> find_provisioned(sqlite_connection& db, login_candidate const& candidate) {
    auto const column = match_column(candidate.match);
    auto const sql = provisioned_sql(column, '?');
    for (auto const& key : scim::login_keys(column, candidate.profile)) {
        sqlite_query row(db, sql, key, candidate.module_id);
        if (row.next()) return read_account(row);
    }
    return {};
}

/// Whether a login leaves the email of its account as it is, whoever else holds the same.
[[nodiscard]] inline bool keeps_email(login_candidate const& candidate, account const& linked) {
    return linked.email == usable_email(candidate.profile) &&
           linked.email_verified == decide_email_verified(candidate, &linked);
}

/** The facts of a login. With `names` they are for a decision that is applied at once: that takes the names of the
    groups that the linked account is in, and what cannot change the decision is not looked up. Every look-up is a page
    of its own somewhere in the file.
*/
[[nodiscard]] inline login_facts read_login_facts(sqlite_connection& db, login_candidate const& candidate,
                                                  std::vector<std::string>* names = nullptr) {
    login_facts facts;
    if (candidate.module_stored)
        facts.module_serves =
            sqlite_has(db, "SELECT 1 FROM modules WHERE id = ?1 AND enabled = 1", candidate.module_id);
    std::string linked_id;
    if (candidate.profile.user_id) {
        sqlite_query row(db,
                         "SELECT " AUTHMOD_ACCOUNT_COLUMNS
                         ", EXISTS (SELECT 1 FROM scim_users s WHERE s.id = a.id AND s.active = 0) "
                         "FROM links l JOIN accounts a ON a.id = l.account_id "
                         "WHERE l.module_id = ?1 AND l.user_id = ?2",
                         candidate.module_id, *candidate.profile.user_id);
        if (row.next()) facts.linked = read_account(row);
        if (facts.linked && row.flag(account_columns)) facts.inactive.push_back(facts.linked->id);
    }
    if (facts.linked) {
        linked_id = facts.linked->id;
        sqlite_query row(db,
                         "SELECT m.group_id, m.granted_by, g.name FROM memberships m JOIN groups g "
                         "ON g.id = m.group_id WHERE m.account_id = ?1",
                         linked_id);
        while (row.next()) {
            if (row.text(1) == candidate.module_id) facts.granted_groups.push_back(row.text(0));
            if (names) names->push_back(row.text(2));
        }
    }
    if (!facts.linked && (facts.provisioned = find_provisioned(db, candidate))) linked_id = facts.provisioned->id;
    bool const email_stays = names && facts.linked && keeps_email(candidate, *facts.linked);
    if (auto const email = usable_email(candidate.profile); !email.empty() && !email_stays) {
        sqlite_query row(db,
                         "SELECT " AUTHMOD_ACCOUNT_COLUMNS " FROM accounts a WHERE a.folded_email = ?1 AND a.id <> ?2 "
                         "ORDER BY a.email_verified DESC, a.id LIMIT 1",
                         fold_case(email), linked_id);
        if (row.next()) facts.email_holder = read_account(row);
    }
    for (auto const* who : {&facts.provisioned, &facts.email_holder})
        if (*who && sqlite_has(db, "SELECT 1 FROM scim_users WHERE id = ?1 AND active = 0", (*who)->id))
            facts.inactive.push_back((*who)->id);
    facts.free_username = find_free_username(candidate, [&](std::string const& name) {
        if (facts.linked && same_folded(name, facts.linked->username)) return false; // nobody else has it then
        return sqlite_has(db, "SELECT 1 FROM accounts WHERE folded_username = ?1 AND id <> ?2", fold_case(name),
                          linked_id);
    });
    auto const granted = make_text_set(facts.granted_groups);
    for (auto id : wanted_groups(candidate))
        if (id != all_users_id && !granted.has(id) && sqlite_has(db, "SELECT 1 FROM groups WHERE id = ?1", id))
            facts.known_groups.emplace_back(id);
    return facts;
}

inline void begin_session(sqlite_connection& db, session const& s, std::string_view account_id) {
    sqlite_run(db, "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", sqlite_blob{s.digest}, account_id,
               s.module_id, s.csrf, s.created_at, s.seen_at, s.subject, s.provider_session);
}

/// Writes everything of a decision but its audit. Precondition: it does not refuse.
inline void apply_decision(sqlite_connection& db, login_candidate const& candidate, login_decision const& decision) {
    auto const& id = decision.result.id;
    if (decision.what == login_decision::kind::create)
        insert_account_row(db, decision.result);
    else if (decision.account_changed)
        update_account_row(db, decision.result);

    if (decision.what == login_decision::kind::refresh)
        sqlite_run(db, "UPDATE links SET last_login_at = ?3 WHERE module_id = ?1 AND user_id = ?2", candidate.module_id,
                   *candidate.profile.user_id, candidate.now);
    else
        sqlite_run(db,
                   "INSERT INTO links VALUES (?1, ?2, ?3, ?4, ?4) "
                   "ON CONFLICT (module_id, user_id) DO UPDATE SET last_login_at = ?4",
                   candidate.module_id, *candidate.profile.user_id, id, candidate.now);
    for (auto const& group_id : decision.join)
        sqlite_run(db, "INSERT OR IGNORE INTO memberships VALUES (?1, ?2, ?3)", id, group_id, candidate.module_id);
    for (auto const& group_id : decision.leave)
        sqlite_run(db, "DELETE FROM memberships WHERE account_id = ?1 AND group_id = ?2 AND granted_by = ?3", id,
                   group_id, candidate.module_id);
    if (candidate.avatar) // the same picture at every login is not worth writing again
        sqlite_run(db,
                   "INSERT INTO avatars VALUES (?1, ?2, ?3) ON CONFLICT (account_id) DO UPDATE "
                   "SET media_type = ?2, bytes = ?3 WHERE media_type <> ?2 OR bytes <> ?3",
                   id, candidate.avatar->media_type, sqlite_blob{candidate.avatar->bytes});
    if (auto const& t = candidate.new_token)
        sqlite_run(db, "INSERT INTO tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", sqlite_blob{t->digest}, id,
                   t->module_id, t->service_id, t->scope, t->created_at, t->expires_at);
    if (candidate.new_session.digest.empty()) return;
    if (!candidate.replaced_session.empty())
        sqlite_run(db, "DELETE FROM sessions WHERE digest = ?1", sqlite_blob{candidate.replaced_session});
    begin_session(db, candidate.new_session, id);
    if (!candidate.sealed_tokens.empty())
        sqlite_run(db, "INSERT INTO kept_tokens VALUES (?1, ?2, 1, 0)", sqlite_blob{candidate.new_session.digest},
                   sqlite_blob{candidate.sealed_tokens});
}

/// The accounts whose sessions a provider's logout ends, each once. The text names only what is given, so that SQLite
/// takes the narrower of the two indices.
[[nodiscard]] inline std::vector<std::string>
end_sessions_at_provider(sqlite_connection& db, provider_logout const& logout, long long& ended) {
    std::string sql = "DELETE FROM sessions WHERE module_id = ?1";
    if (!logout.provider_session.empty()) sql += " AND provider_session = ?2 AND provider_session <> ''";
    sql += logout.subject.empty() ? " AND ?3 = ''" : " AND subject = ?3 AND subject <> ''";
    std::vector<std::string> people;
    if (logout.provider_session.empty() && logout.subject.empty()) return people;
    sqlite_query row(db, sql + " RETURNING account_id", logout.module_id, logout.provider_session, logout.subject);
    for (ended = 0; row.next(); ++ended) people.push_back(row.text(0));
    std::ranges::sort(people);
    auto const tail = std::ranges::unique(people);
    people.erase(tail.begin(), tail.end());
    return people;
}

} // namespace authmod::detail
