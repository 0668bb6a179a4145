// SPDX-License-Identifier: BSL-1.0
// Layer 5. How accounts, modules and audit rows stand in the tables of postgres_store, and the steps of a login on
// them.
#pragma once

#include "authmod/account/linking.hpp"
#include "authmod/policy/store.hpp"
#include "authmod/storage/detail/postgres_session.ipp"
#include "authmod/storage/detail/scim_pages.hpp"
#include "authmod/storage/detail/sql_rows.hpp"
#include "authmod/storage/detail/sql_scim.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod::detail {

/// Name, value, name, value, ...
[[nodiscard]] inline std::vector<std::string> flat_attributes(attribute_list const& attributes) {
    std::vector<std::string> list;
    for (auto const& [name, value] : attributes) {
        list.push_back(name);
        list.push_back(value);
    }
    return list;
}

[[nodiscard]] inline attribute_list paired_attributes(std::vector<std::string> list) {
    attribute_list attributes;
    for (std::size_t i = 0; i + 1 < list.size(); i += 2)
        attributes.emplace_back(std::move(list[i]), std::move(list[i + 1]));
    return attributes;
}

/// Names of the groups of account `a` but the one that holds all.
#define AUTHMOD_PG_GROUPS                                                                                              \
    "(SELECT coalesce(array_agg(DISTINCT g.name ORDER BY g.name), '{}') FROM memberships m "                           \
    "JOIN groups g ON g.id = m.group_id WHERE m.account_id = a.id)"

inline constexpr std::string_view pg_groups_sql = "SELECT " AUTHMOD_PG_GROUPS " FROM accounts a WHERE a.id = $1";

[[nodiscard]] inline account read_account(pg_rows const& row, int column = 0) {
    return read_account(row, column, paired_attributes(row.texts(column + 9)));
}

[[nodiscard]] inline std::vector<std::string> read_groups(pg_rows const& row, int column) {
    auto names = row.texts(column);
    names.insert(names.begin(), all_users);
    return names;
}

/// Adds `sql` with all columns of an account as $1 to $15.
inline void add_account(pg_batch& batch, std::string_view sql, account const& a) {
    batch.add(sql, a.id, a.username, a.full_name, a.email, a.email_verified, a.avatar, a.banned, a.ban_reason,
              a.created_by_module, flat_attributes(a.custom_attributes), a.created_at, a.updated_at,
              fold_case(a.username), fold_case(a.email), a.revision);
}

inline void add_account_insert(pg_batch& batch, account const& a) {
    add_account(batch, "INSERT INTO accounts VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                a);
}

inline void add_account_update(pg_batch& batch, account const& a) {
    add_account(batch,
                "UPDATE accounts SET username = $2, full_name = $3, email = $4, email_verified = $5, avatar = $6, "
                "banned = $7, ban_reason = $8, created_by_module = $9, custom_attributes = $10, created_at = $11, "
                "updated_at = $12, folded_username = $13, folded_email = $14, revision = $15 WHERE id = $1",
                a);
}

/// Larger than every text that begins with `prefix` but the ones that go on with the last of all characters.
[[nodiscard]] inline std::string pg_after_prefix(std::string prefix) { return prefix + "\xf4\x8f\xbf\xbf"; }

/// An expression is no column, so no index of the column serves it.
inline constexpr sql_dialect pg_dialect{'$', "u.client_id || ''", &pg_after_prefix};

/** The question for one page of accounts: $1 after, $2 group, $3 module, $4 and $5 the bounds of the search, $6 limit.

    It starts from the index of the narrowest filter that is set and goes through it in the order of the page, so that a
    page costs what is on it. A search alone has to put what it finds in that order first.
*/
[[nodiscard]] inline std::string pg_account_page_sql(account_filter const& f) {
    bool const grouped = !f.group_id.empty() && f.group_id != all_users_id;
    std::string sql = "SELECT " AUTHMOD_ACCOUNT_COLUMNS " FROM ";
    if (grouped)
        sql += "(SELECT DISTINCT account_id AS id FROM memberships WHERE group_id = $2 AND account_id > $1) k "
               "JOIN accounts a ON a.id = k.id WHERE true";
    else if (!f.module_id.empty())
        sql += "(SELECT DISTINCT account_id AS id FROM links WHERE module_id = $3 AND account_id > $1) k "
               "JOIN accounts a ON a.id = k.id WHERE true";
    else if (!f.search.empty())
        sql += "(SELECT id FROM accounts WHERE folded_username >= $4 AND folded_username < $5 UNION "
               "SELECT id FROM accounts WHERE folded_email >= $4 AND folded_email < $5) k "
               "JOIN accounts a ON a.id = k.id WHERE a.id > $1";
    else
        sql += "accounts a WHERE a.id > $1";
    if (grouped && !f.module_id.empty())
        sql += " AND EXISTS (SELECT 1 FROM links l WHERE l.account_id = a.id AND l.module_id = $3)";
    if (!f.search.empty() && (grouped || !f.module_id.empty()))
        sql +=
            " AND (a.folded_username >= $4 AND a.folded_username < $5 OR a.folded_email >= $4 AND a.folded_email < $5)";
    return sql + " ORDER BY a.id LIMIT $6";
}

/// Ends every session and every token of an account.
inline void add_sign_out(pg_batch& batch, std::string_view account_id) {
    batch.add("DELETE FROM sessions WHERE account_id = $1", account_id);
    batch.add("DELETE FROM tokens WHERE account_id = $1", account_id);
}

/// Keeps or removes the button image that comes with a module; without one the image stays.
inline void add_module_image(pg_batch& batch, module_record const& m) {
    if (!m.new_image) return;
    batch.add("DELETE FROM module_images WHERE module_id = $1", m.id);
    if (!m.new_image->bytes.empty())
        batch.add("INSERT INTO module_images VALUES ($1, $2, $3)", m.id, m.new_image->media_type,
                  pg_bytes{m.new_image->bytes});
}

inline void add_default_change(pg_batch& batch, module_record const& m) {
    if (m.is_default)
        batch.add("UPDATE modules SET is_default = false, revision = revision + 1, updated_at = $2 "
                  "WHERE is_default AND id <> $1",
                  m.id, m.updated_at);
}

/** The facts of a login, read in one round trip, in two when the user name that it asks for is taken.

    `lock` keeps what the decision rests on as it is until the end of the transaction: the module (shared with other
    logins, so that its removal waits), the address (two first logins with one email are one after the other), the
    account of a person who is linked. What is left can only be broken by a constraint, or is asked again when the
    account that a first login is linked to is locked.
*/
class pg_facts {
public:
    enum class lock : bool { no, yes };

    pg_facts(login_candidate const& candidate, lock how)
        : candidate_(candidate), folded_(fold_case(wished_username(candidate))) {
        auto const& c = candidate;
        auto const email = fold_case(usable_email(c.profile));
        auto const user_id = c.profile.user_id.value_or(std::string());
        auto const wanted = wanted_groups(c);
        if (how == lock::yes)
            batch_.add("SELECT pg_advisory_xact_lock_shared($1), CASE WHEN $2 <> '' THEN "
                       "pg_advisory_xact_lock(hashtextextended($2, 0)) END",
                       pg_modules_lock, email);
        if (c.module_stored) module_ = batch_.add("SELECT 1 FROM modules WHERE id = $1 AND enabled", c.module_id);
        linked_ = batch_.add(how == lock::yes ? linked_sql_locked : linked_sql, c.module_id, user_id);
        // Behind the lock, so that whoever switches the person off waits for it or is done.
        off_ = batch_.add("SELECT s.id FROM links l JOIN scim_users s ON s.id = l.account_id "
                          "WHERE l.module_id = $1 AND l.user_id = $2 AND NOT s.active",
                          c.module_id, user_id);
        for (auto const& key : scim::login_keys(match_column(c.match), c.profile))
            provisioned_.push_back(batch_.add(provisioned_sql_, key, c.module_id));
        granted_ = batch_.add("SELECT m.group_id FROM links l JOIN memberships m ON m.account_id = l.account_id "
                              "WHERE l.module_id = $1 AND l.user_id = $2 AND m.granted_by = $1",
                              c.module_id, user_id);
        // Two, since one of them may be the person's own.
        if (!email.empty())
            holders_ = batch_.add("SELECT " AUTHMOD_ACCOUNT_COLUMNS ", NOT EXISTS (SELECT 1 FROM scim_users s "
                                  "WHERE s.id = a.id AND NOT s.active) FROM accounts a WHERE a.folded_email = $1 "
                                  "ORDER BY a.email_verified DESC, a.id LIMIT 2",
                                  email);
        name_ = batch_.add("SELECT id FROM accounts WHERE folded_username = $1", folded_);
        if (!wanted.empty())
            groups_ = batch_.add("SELECT id FROM groups WHERE id = ANY ($1) AND id <> $2", wanted, all_users_id);
    }

    [[nodiscard]] pg_batch const& batch() const noexcept { return batch_; }

    /// Whether the answer says all; false: ask `names()` too.
    [[nodiscard]] bool take(std::vector<pg_rows>& answer) {
        facts_.module_serves = !module_ || answer[*module_].next();
        if (answer[linked_].next()) facts_.linked = read_account(answer[linked_]);
        if (facts_.linked && answer[off_].next()) facts_.inactive.push_back(answer[off_].text(0));
        for (auto at : provisioned_) {
            auto& row = answer[at];
            if (facts_.linked || facts_.provisioned || !row.next()) continue;
            facts_.provisioned = read_account(row);
            note_activity(*facts_.provisioned, row);
        }
        auto const own = own_id();
        while (facts_.linked && answer[granted_].next()) facts_.granted_groups.push_back(answer[granted_].text(0));
        while (holders_ && !facts_.email_holder && answer[*holders_].next())
            if (auto holder = read_account(answer[*holders_]); holder.id != own) {
                note_activity(holder, answer[*holders_]);
                facts_.email_holder = std::move(holder);
            }
        auto const granted = make_text_set(facts_.granted_groups);
        while (groups_ && answer[*groups_].next())
            if (auto id = answer[*groups_].text(0); !granted.has(id)) facts_.known_groups.push_back(std::move(id));
        bool const taken = answer[name_].next() && answer[name_].text(0) != own;
        if (!taken) facts_.free_username = wished_username(candidate_);
        return !taken;
    }

    /// The next few names to try.
    [[nodiscard]] pg_batch names() {
        tried_ += 12;
        std::vector<std::string> folded;
        static_cast<void>(find_free_username(candidate_, [&](std::string const& name) {
            folded.push_back(fold_case(name));
            return folded.size() != tried_;
        }));
        pg_batch batch;
        batch.add("SELECT folded_username FROM accounts WHERE folded_username = ANY ($1) AND id <> $2", folded,
                  own_id());
        return batch;
    }

    /// Whether one of them is free.
    [[nodiscard]] bool take_names(pg_rows& answer) {
        std::vector<std::string> taken;
        while (answer.next()) taken.push_back(answer.text(0));
        std::size_t count = 0;
        bool free = true;
        facts_.free_username = find_free_username(candidate_, [&](std::string const& name) {
            if (++count > tried_) {
                free = false;
                return false;
            }
            return std::ranges::find(taken, fold_case(name)) != taken.end();
        });
        return free;
    }

    [[nodiscard]] login_facts& facts() noexcept { return facts_; }

    /// Whether the person is known, so that no name has to be found.
    [[nodiscard]] bool is_known() const noexcept { return facts_.linked || facts_.provisioned; }

private:
    [[nodiscard]] std::string own_id() const {
        if (facts_.linked) return facts_.linked->id;
        return facts_.provisioned ? facts_.provisioned->id : std::string();
    }

    /// Behind the columns of an account it says whether SCIM leaves it on.
    void note_activity(account const& who, pg_rows const& row) {
        if (!row.flag(account_columns)) facts_.inactive.push_back(who.id);
    }

    static constexpr std::string_view linked_sql =
        "SELECT " AUTHMOD_ACCOUNT_COLUMNS " FROM links l JOIN accounts a ON a.id = l.account_id "
        "WHERE l.module_id = $1 AND l.user_id = $2";
    static constexpr std::string_view linked_sql_locked =
        "SELECT " AUTHMOD_ACCOUNT_COLUMNS " FROM links l JOIN accounts a ON a.id = l.account_id "
        "WHERE l.module_id = $1 AND l.user_id = $2 FOR NO KEY UPDATE OF a";

    login_candidate const& candidate_;
    std::string folded_;
    std::string provisioned_sql_ = provisioned_sql(match_column(candidate_.match), '$');
    pg_batch batch_;
    login_facts facts_;
    std::optional<std::size_t> module_, holders_, groups_; // asked only where the answer matters
    std::vector<std::size_t> provisioned_;                 // one for each way to find somebody
    std::size_t linked_ = 0, off_ = 0, granted_ = 0, name_ = 0, tried_ = 0;
};

/// Adds everything of a decision but its audit. Precondition: it does not refuse.
inline void add_decision(pg_batch& batch, login_candidate const& c, login_decision const& decision) {
    auto const& id = decision.result.id;
    if (decision.what == login_decision::kind::create)
        add_account_insert(batch, decision.result);
    else if (decision.account_changed)
        add_account_update(batch, decision.result);

    // A link that is there already belongs to whoever came first: its constraint sends this login back to the facts.
    if (decision.what == login_decision::kind::refresh)
        batch.add("UPDATE links SET last_login_at = $3 WHERE module_id = $1 AND user_id = $2", c.module_id,
                  *c.profile.user_id, c.now);
    else
        batch.add("INSERT INTO links VALUES ($1, $2, $3, $4, $4)", c.module_id, *c.profile.user_id, id, c.now);
    if (!decision.join.empty())
        batch.add("INSERT INTO memberships SELECT $1, id, $2 FROM unnest($3) AS id ON CONFLICT DO NOTHING", id,
                  c.module_id, decision.join);
    if (!decision.leave.empty())
        batch.add("DELETE FROM memberships WHERE account_id = $1 AND granted_by = $2 AND group_id = ANY ($3)", id,
                  c.module_id, decision.leave);
    if (c.avatar) // the same picture at every login is not worth writing again
        batch.add("INSERT INTO avatars VALUES ($1, $2, $3) ON CONFLICT (account_id) DO UPDATE SET media_type = $2, "
                  "bytes = $3 WHERE avatars.media_type <> $2 OR avatars.bytes <> $3",
                  id, c.avatar->media_type, pg_bytes{c.avatar->bytes});
    if (auto const& t = c.new_token)
        batch.add("INSERT INTO tokens VALUES ($1, $2, $3, $4, $5, $6, $7)", pg_bytes{t->digest}, id, t->module_id,
                  t->service_id, t->scope, t->created_at, t->expires_at);
    if (c.new_session.digest.empty()) return;
    if (!c.replaced_session.empty()) batch.add("DELETE FROM sessions WHERE digest = $1", pg_bytes{c.replaced_session});
    auto const& s = c.new_session;
    batch.add("INSERT INTO sessions VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", pg_bytes{s.digest}, id, s.module_id,
              s.csrf, s.created_at, s.seen_at, s.subject, s.provider_session);
    if (!c.sealed_tokens.empty())
        batch.add("INSERT INTO kept_tokens VALUES ($1, $2, 1, 0)", pg_bytes{s.digest}, pg_bytes{c.sealed_tokens});
}

/// Ends the sessions that a provider's logout means and gives their accounts. $1 module, $2 `sid`, $3 `sub`; the text
/// names only what is given, so that the narrower of the two indices is taken.
[[nodiscard]] inline std::string pg_provider_logout_sql(provider_logout const& logout) {
    std::string sql = "DELETE FROM sessions WHERE module_id = $1";
    if (!logout.provider_session.empty()) sql += " AND provider_session = $2 AND provider_session <> ''";
    if (!logout.subject.empty()) sql += " AND subject = $3 AND subject <> ''";
    if (logout.provider_session.empty() && logout.subject.empty()) sql += " AND false";
    return sql + " RETURNING account_id";
}

/// Whether a login met another one, or the end of a group: with fresh facts it may pass.
[[nodiscard]] inline bool is_login_race(pg_fault const& fault) {
    return fault.constraint == "links_pkey" || fault.constraint == "accounts_folded_username_key" ||
           fault.constraint == "memberships_group_id_fkey" || fault.constraint == "links_account_id_fkey";
}

/// The picture of account or module `id`. Errors: `not_found`.
inline asio::awaitable<result<avatar_image>> pg_image(std::shared_ptr<pg_pool> pool, std::string_view sql,
                                                      std::string_view id) {
    pg_batch ask;
    ask.add(sql, id);
    auto answer = co_await pg_ask(std::move(pool), ask);
    if (!answer) co_return answer.error();
    auto& row = answer->front();
    if (!row.next()) co_return errc::not_found;
    avatar_image image;
    image.media_type = row.text(0);
    image.bytes = row.text(1);
    co_return image;
}

/// The service with this id; all of them when it is empty.
inline asio::awaitable<result<std::vector<service_client>>> pg_services(std::shared_ptr<pg_pool> pool,
                                                                        std::string_view id) {
    pg_batch ask;
    ask.add("SELECT s.id, s.name, s.secret_digest, s.created_at, (SELECT coalesce(array_agg(m.module_id ORDER BY "
            "m.module_id), '{}') FROM service_modules m WHERE m.service_id = s.id) FROM services s "
            "WHERE $1 = '' OR s.id = $1 ORDER BY s.name",
            id);
    auto answer = co_await pg_ask(std::move(pool), ask);
    if (!answer) co_return answer.error();
    std::vector<service_client> list;
    for (auto& row = answer->front(); row.next();) {
        auto& s = list.emplace_back();
        s.id = row.text(0);
        s.name = row.text(1);
        s.secret_digest = row.text(2);
        s.created_at = row.time(3);
        s.modules = row.texts(4);
    }
    co_return list;
}

} // namespace authmod::detail
