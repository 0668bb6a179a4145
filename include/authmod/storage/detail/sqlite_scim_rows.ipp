// SPDX-License-Identifier: BSL-1.0
// Layer 5. How users and groups of SCIM stand in the tables of sqlite_store.
#pragma once

#include "authmod/storage/detail/sql_scim.hpp"
#include "authmod/storage/detail/sqlite_rows.ipp"
#include "authmod/storage/scim_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod::detail {

[[nodiscard]] inline std::vector<std::string> emails_of(sqlite_connection& db, std::string_view user_id) {
    std::vector<std::string> emails;
    sqlite_query row(db, "SELECT email FROM scim_emails WHERE user_id = ?1 ORDER BY email", user_id);
    while (row.next()) emails.push_back(row.text(0));
    return emails;
}

[[nodiscard]] inline std::optional<scim::user> load_scim_user(sqlite_connection& db, std::string_view client_id,
                                                              std::string_view id) {
    sqlite_query row(db, "SELECT " AUTHMOD_SCIM_USER_COLUMNS " FROM scim_users u WHERE u.id = ?1 AND u.client_id = ?2",
                     id, client_id);
    if (!row.next()) return {};
    auto who = read_scim_user(row);
    who.emails = emails_of(db, id);
    return who;
}

[[nodiscard]] inline std::optional<scim::group> load_scim_group(sqlite_connection& db, std::string_view client_id,
                                                                std::string_view id) {
    sqlite_query row(db,
                     "SELECT " AUTHMOD_SCIM_GROUP_COLUMNS " FROM scim_groups u WHERE u.id = ?1 AND u.client_id = ?2",
                     id, client_id);
    if (!row.next()) return {};
    return read_scim_group(row);
}

[[nodiscard]] inline std::vector<scim::member> scim_groups_of(sqlite_connection& db, scim::user const& who) {
    std::vector<scim::member> groups;
    sqlite_query row(db,
                     "SELECT g.id, g.name FROM memberships m CROSS JOIN scim_groups s ON s.id = m.group_id "
                     "CROSS JOIN groups g ON g.id = s.id WHERE m.account_id = ?1 AND m.granted_by = ?2 ORDER BY g.id",
                     who.id, scim::grant_of(who.client_id));
    while (row.next()) groups.emplace_back(row.text(0), row.text(1));
    return groups;
}

[[nodiscard]] inline std::vector<scim::member> scim_members_of(sqlite_connection& db, scim::group const& what) {
    std::vector<scim::member> members;
    sqlite_query row(db,
                     "SELECT u.id, u.shown_name FROM memberships m CROSS JOIN scim_users u ON u.id = m.account_id "
                     "WHERE m.group_id = ?1 AND m.granted_by = ?2 ORDER BY u.id",
                     what.id, scim::grant_of(what.client_id));
    while (row.next()) members.emplace_back(row.text(0), row.text(1));
    return members;
}

inline void write_scim_user(sqlite_connection& db, std::string_view sql, scim::user const& u) {
    sqlite_run(db, sql, u.id, u.client_id, u.external_id, u.user_name, u.display_name, scim::display_of(u), u.active,
               u.created_at, u.updated_at, u.version, u.resource);
    sqlite_run(db, "DELETE FROM scim_emails WHERE user_id = ?1", u.id);
    for (auto const& email : u.emails) sqlite_run(db, "INSERT OR IGNORE INTO scim_emails VALUES (?1, ?2)", email, u.id);
}

/// The account and the user of a decision that creates or changes.
inline void apply_decision(sqlite_connection& db, scim::user_decision const& decision) {
    if (decision.what == scim::change_kind::create) {
        insert_account_row(db, decision.who);
        write_scim_user(db, "INSERT INTO scim_users VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                        decision.result);
        return;
    }
    if (decision.account_changed) update_account_row(db, decision.who);
    write_scim_user(db,
                    "UPDATE scim_users SET client_id = ?2, external_id = ?3, user_name = ?4, display_name = ?5, "
                    "shown_name = ?6, active = ?7, created_at = ?8, updated_at = ?9, version = ?10, resource = ?11 "
                    "WHERE id = ?1",
                    decision.result);
    if (decision.ends_sessions) sign_out_everywhere(db, decision.result.id);
}

[[nodiscard]] inline scim::user_facts read_scim_facts(sqlite_connection& db, scim::user_plan const& plan,
                                                      std::string_view id) {
    scim::user_facts facts;
    {
        sqlite_query row(db, "SELECT " AUTHMOD_ACCOUNT_COLUMNS " FROM accounts a WHERE a.id = ?1", id);
        if (row.next()) facts.who = read_account(row);
    }
    auto const& name = plan.result.user_name;
    facts.username_taken = sqlite_has(db, "SELECT 1 FROM accounts WHERE folded_username = ?1 AND id <> ?2", name, id) ||
                           sqlite_has(db, "SELECT 1 FROM scim_users WHERE user_name = ?1 AND id <> ?2", name, id);
    facts.email_taken =
        !plan.email.empty() &&
        sqlite_has(db, "SELECT 1 FROM accounts WHERE folded_email = ?1 AND id <> ?2", fold_case(plan.email), id);
    return facts;
}

/// Ids as one parameter, so that hundreds of members are one statement.
[[nodiscard]] inline std::string json_list(std::vector<std::string> const& ids) {
    return boost::json::serialize(boost::json::array(ids.begin(), ids.end()));
}

[[nodiscard]] inline scim::group_facts read_scim_facts(sqlite_connection& db, scim::group_plan const& plan,
                                                       scim::group_change const& change) {
    scim::group_facts facts;
    facts.name_taken =
        sqlite_has(db, "SELECT 1 FROM groups WHERE name = ?1 COLLATE NOCASE AND id <> ?2", plan.result.name, change.id);
    facts.unknown_member = !plan.members.add.empty() &&
                           sqlite_has(db,
                                      "SELECT 1 FROM json_each(?1) j WHERE NOT EXISTS "
                                      "(SELECT 1 FROM scim_users u WHERE u.id = j.value AND u.client_id = ?2)",
                                      json_list(plan.members.add), change.by.client_id);
    return facts;
}

/// Writes memberships as sets, so that no list is ever rewritten; gives the number of rows that changed.
inline int change_members(sqlite_connection& db, std::string_view group_id, std::string const& granted_by,
                          scim::member_changes const& members) {
    int changed = 0;
    auto const add = json_list(members.add);
    if (members.replaces)
        changed += sqlite_run(db,
                              "DELETE FROM memberships WHERE group_id = ?1 AND granted_by = ?2 "
                              "AND account_id NOT IN (SELECT value FROM json_each(?3))",
                              group_id, granted_by, add);
    if (!members.remove.empty())
        changed += sqlite_run(db,
                              "DELETE FROM memberships WHERE account_id IN (SELECT value FROM json_each(?3)) "
                              "AND group_id = ?1 AND granted_by = ?2",
                              group_id, granted_by, json_list(members.remove));
    if (!members.add.empty())
        changed += sqlite_run(db, "INSERT OR IGNORE INTO memberships SELECT value, ?1, ?2 FROM json_each(?3)", group_id,
                              granted_by, add);
    return changed;
}

/// The local group and the group of a decision that creates or changes.
inline void apply_decision(sqlite_connection& db, scim::group_decision const& decision) {
    auto const& g = decision.result;
    if (decision.what == scim::change_kind::create) {
        sqlite_run(db, "INSERT INTO groups VALUES (?1, ?2)", g.id, g.name);
        sqlite_run(db, "INSERT INTO scim_groups VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", g.id, g.client_id,
                   g.external_id, g.display_name, g.created_at, g.updated_at, g.version, g.resource);
        return;
    }
    if (decision.attributes_changed)
        sqlite_run(db, "UPDATE groups SET name = ?2 WHERE id = ?1 AND name <> ?2", g.id, g.name);
    sqlite_run(db,
               "UPDATE scim_groups SET external_id = ?2, display_name = ?3, updated_at = ?4, version = ?5, "
               "resource = ?6 WHERE id = ?1",
               g.id, g.external_id, g.display_name, g.updated_at, g.version, g.resource);
}

/// Whether a client is there and not removed.
[[nodiscard]] inline bool has_scim_client(sqlite_connection& db, std::string_view id) {
    return sqlite_has(db, "SELECT 1 FROM scim_clients WHERE id = ?1 AND module_id <> ''", id);
}

/// Marks the clients that `which` selects by ?1 as removed: no token, no module, and a name that nobody can give. What
/// they made is let go of later. Gives how many there were.
inline int mark_scim_clients(sqlite_connection& db, std::string const& which, std::string_view value) {
    auto const ids = "(SELECT id FROM scim_clients WHERE module_id <> '' AND " + which + " = ?1)";
    sqlite_run(db, "DELETE FROM scim_tokens WHERE client_id IN " + ids, value);
    return sqlite_run(db, "UPDATE scim_clients SET module_id = '', name = char(1) || id WHERE id IN " + ids, value);
}

/// Lets go of at most `most` users and groups of a removed client: they stay as local accounts and groups; whoever was
/// switched off stays out. Gives how many rows went, the client's own among them.
inline long long release_scim_client(sqlite_connection& db, long long most) {
    std::string id;
    {
        sqlite_query row(db, "SELECT id FROM scim_clients WHERE module_id = '' LIMIT 1");
        if (!row.next()) return 0;
        id = row.text(0);
    }
    sqlite_run(db,
               "UPDATE accounts SET banned = 1, ban_reason = ?2, revision = revision + 1 WHERE banned = 0 AND id IN "
               "(SELECT id FROM (SELECT id, active FROM scim_users WHERE client_id = ?1 ORDER BY created_at, id "
               "LIMIT ?3) WHERE active = 0)",
               id, scim::scim_ban, most);
    long long gone = sqlite_run(db,
                                "DELETE FROM scim_users WHERE id IN (SELECT id FROM scim_users WHERE client_id = ?1 "
                                "ORDER BY created_at, id LIMIT ?2)",
                                id, most);
    gone += sqlite_run(db,
                       "DELETE FROM scim_groups WHERE id IN (SELECT id FROM scim_groups WHERE client_id = ?1 "
                       "ORDER BY created_at, id LIMIT ?2)",
                       id, most - gone);
    if (gone < most) gone += sqlite_run(db, "DELETE FROM scim_clients WHERE id = ?1", id);
    return gone;
}

} // namespace authmod::detail
