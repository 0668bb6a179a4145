// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of sqlite_store; those about people are in sqlite_store_people.ipp.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/storage/detail/sqlite_rows.ipp"
#include "authmod/storage/detail/sqlite_scim_rows.ipp"
#include "authmod/storage/detail/sqlite_thread.ipp"
#include "authmod/storage/sqlite_store.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace authmod {

inline namespace AUTHMOD_ABI {

class sqlite_store::database {
public:
    database(std::unique_ptr<detail::sqlite_connection> for_reads,
             std::unique_ptr<detail::sqlite_connection> for_writes)
        : reader(std::move(for_reads), detail::sqlite_thread::role::reads),
          writer(std::move(for_writes), detail::sqlite_thread::role::writes) {}

    detail::sqlite_thread reader;
    detail::sqlite_thread writer;
};

AUTHMOD_DECL sqlite_store::sqlite_store() noexcept = default;
AUTHMOD_DECL sqlite_store::sqlite_store(sqlite_store&&) noexcept = default;
AUTHMOD_DECL sqlite_store& sqlite_store::operator=(sqlite_store&&) noexcept = default;
AUTHMOD_DECL sqlite_store::~sqlite_store() = default;

AUTHMOD_DECL sqlite_store::sqlite_store(std::unique_ptr<database> db) noexcept : db_(std::move(db)) {}

AUTHMOD_DECL result<sqlite_store> sqlite_store::open(std::string const& file, sqlite_options options) {
    if (file.empty() || file == ":memory:") return errc::setting_refused;
    // The -wal and -shm files get the mode of the file. One that exists is not opened here: closing it again would drop
    // the locks that another store of this process holds on it.
    int const made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made >= 0) ::close(made);
    try {
        auto writer = std::make_unique<detail::sqlite_connection>(file, options.busy_timeout,
                                                                  std::make_unique<detail::sqlite_log_buffer>());
        if (writer->read_only()) return errc::store_unavailable;
        if (auto const ready = detail::prepare_sqlite_schema(*writer); !ready) return ready.error();
        auto reader = std::make_unique<detail::sqlite_connection>(file, options.busy_timeout);
        for (auto* db : {writer.get(), reader.get()})
            // What savepoints must remember stays in memory, not in a file each; and a page that many logins change
            // goes into the main file once for all of them.
            db->execute("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; "
                        "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000");
        reader->execute("PRAGMA query_only=ON");
        return sqlite_store(std::make_unique<database>(std::move(reader), std::move(writer)));
    } catch (SQLite::Exception const&) {
        return errc::store_unavailable;
    }
}

template <class T>
asio::awaitable<result<T>> sqlite_store::closed() {
    co_return errc::store_unavailable;
}

template <class T, class Work>
asio::awaitable<result<T>> sqlite_store::read(Work work) {
    return db_ ? db_->reader.submit<T>(work) : closed<T>();
}

template <class T, class Work>
asio::awaitable<result<T>> sqlite_store::write(Work work) {
    return db_ ? db_->writer.submit<T>(work) : closed<T>();
}

// Works capture texts and references only: they are copied into coroutine frames and must cost nothing to destroy.

// auth modules

AUTHMOD_DECL asio::awaitable<result<std::vector<module_record>>> sqlite_store::list_modules() {
    return read<std::vector<module_record>>([](detail::sqlite_connection& db) -> result<std::vector<module_record>> {
        std::vector<module_record> list;
        detail::sqlite_query row(db, detail::modules_sql);
        while (row.next()) list.push_back(detail::read_module(row));
        return list;
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::insert_module(module_record const& module, audit_rows rows) {
    return write<void>([&m = module, rows](detail::sqlite_connection& db) -> result<void> {
        detail::clear_other_defaults(db, m);
        detail::sqlite_run(db, "INSERT INTO modules VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", m.id,
                           m.type, m.name, m.enabled, m.is_default, m.order, m.revision, m.created_at, m.updated_at,
                           m.settings, m.sealed_secret);
        detail::write_module_image(db, m);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::update_module(module_record const& module, long long revision,
                                                                       audit_rows rows, bool keep_way_in) {
    return write<void>([&m = module, revision, rows, keep_way_in](detail::sqlite_connection& db) -> result<void> {
        detail::sqlite_query stored(db, "SELECT revision FROM modules WHERE id = ?1", m.id);
        if (!stored.next()) return errc::not_found;
        if (!enforced("O1", stored.number(0) == revision)) return errc::revision_stale;
        if (keep_way_in && !m.enabled && detail::is_last_way_in(db, m.id)) return errc::last_way_in;
        detail::clear_other_defaults(db, m);
        detail::sqlite_run(db,
                           "UPDATE modules SET type = ?3, name = ?4, enabled = ?5, is_default = ?6, place = ?7, "
                           "revision = ?2 + 1, created_at = ?8, updated_at = ?9, settings = ?10, "
                           "sealed_secret = ?11 WHERE id = ?1",
                           m.id, revision, m.type, m.name, m.enabled, m.is_default, m.order, m.created_at, m.updated_at,
                           m.settings, m.sealed_secret);
        detail::write_module_image(db, m);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::remove_module(std::string_view id, std::string_view successor,
                                                                       audit_rows rows, bool keep_way_in) {
    auto work = [id, successor, rows, keep_way_in](detail::sqlite_connection& db) -> result<void> {
        if (!detail::has_module(db, id) || successor == id) return errc::not_found;
        if (!successor.empty() && !detail::has_module(db, successor)) return errc::not_found;
        if (keep_way_in && detail::is_last_way_in(db, id)) return errc::last_way_in;
        detail::sqlite_run(db, "DELETE FROM modules WHERE id = ?1", id); // with image and test result
        detail::sqlite_run(db, "DELETE FROM sessions WHERE module_id = ?1", id);
        detail::sqlite_run(db, "DELETE FROM tokens WHERE module_id = ?1", id);
        if (!successor.empty()) { // a person who has logged in through both keeps the successor's rows
            detail::sqlite_run(db, "UPDATE OR IGNORE links SET module_id = ?2 WHERE module_id = ?1", id, successor);
            detail::sqlite_run(db, "UPDATE OR IGNORE memberships SET granted_by = ?2 WHERE granted_by = ?1", id,
                               successor);
            detail::sqlite_run(db, "UPDATE OR IGNORE service_modules SET module_id = ?2 WHERE module_id = ?1", id,
                               successor);
            detail::sqlite_run(db,
                               "UPDATE accounts SET created_by_module = ?2, revision = revision + 1 "
                               "WHERE created_by_module = ?1",
                               id, successor);
        }
        if (successor.empty())
            detail::mark_scim_clients(db, "module_id", id);
        else
            detail::sqlite_run(db, "UPDATE scim_clients SET module_id = ?2 WHERE module_id = ?1", id, successor);
        detail::sqlite_run(db, "DELETE FROM links WHERE module_id = ?1", id);
        detail::sqlite_run(db, "DELETE FROM memberships WHERE granted_by = ?1", id);
        detail::sqlite_run(db, "DELETE FROM service_modules WHERE module_id = ?1", id);
        detail::note(db, rows);
        return result<void>();
    };
    auto removed = co_await write<void>(work);
    if (removed && successor.empty()) co_await release_scim_clients();
    co_return removed;
}

AUTHMOD_DECL asio::awaitable<result<avatar_image>> sqlite_store::load_module_image(std::string_view module_id) {
    return read<avatar_image>([module_id](detail::sqlite_connection& db) -> result<avatar_image> {
        return detail::read_image(db, "SELECT media_type, bytes FROM module_images WHERE module_id = ?1", module_id);
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::put_test_result(std::string_view module_id,
                                                                         std::string_view text) {
    return write<void>([module_id, text](detail::sqlite_connection& db) -> result<void> {
        detail::sqlite_run(db,
                           "INSERT INTO test_results VALUES (?1, ?2) "
                           "ON CONFLICT (module_id) DO UPDATE SET sealed = ?2",
                           module_id, detail::sqlite_blob{text});
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<std::string>> sqlite_store::load_test_result(std::string_view module_id) {
    return read<std::string>([module_id](detail::sqlite_connection& db) -> result<std::string> {
        detail::sqlite_query row(db, "SELECT sealed FROM test_results WHERE module_id = ?1", module_id);
        if (!row.next()) return errc::not_found;
        return row.text(0);
    });
}

// logins

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::take_state(std::string_view digest, time_point expires_at) {
    return write<void>([digest, expires_at](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db, "INSERT OR IGNORE INTO states VALUES (?1, ?2)", detail::sqlite_blob{digest},
                               expires_at) == 0 &&
            !broken("B7") && !broken("O2"))
            return errc::state_used;
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<login_facts>> sqlite_store::load_login_facts(login_candidate const& candidate) {
    return read<login_facts>([&candidate](detail::sqlite_connection& db) -> result<login_facts> {
        return detail::read_login_facts(db, candidate);
    });
}

AUTHMOD_DECL asio::awaitable<result<login_outcome>> sqlite_store::finish_login(login_candidate const& candidate) {
    return write<login_outcome>([&candidate](detail::sqlite_connection& db) -> result<login_outcome> {
        std::vector<std::string> groups;
        auto decision = decide_login(candidate, detail::read_login_facts(db, candidate, &groups));
        detail::note(db, audit_rows(decision.audit));
        login_outcome outcome;
        outcome.what = decision.what;
        outcome.reason = decision.reason;
        if (decision.what == login_decision::kind::refuse) return outcome;
        detail::apply_decision(db, candidate, decision);
        bool const stays =
            decision.what == login_decision::kind::refresh && decision.join.empty() && decision.leave.empty();
        outcome.groups = stays ? detail::in_order(std::move(groups)) : detail::groups_of(db, decision.result.id);
        outcome.who = std::move(decision.result);
        return outcome;
    });
}

// sessions

AUTHMOD_DECL asio::awaitable<result<session_view>> sqlite_store::find_session(std::string_view digest) {
    return read<session_view>([digest](detail::sqlite_connection& db) -> result<session_view> {
        session_view view;
        detail::sqlite_query row(db,
                                 "SELECT " AUTHMOD_SESSION_COLUMNS ", " AUTHMOD_ACCOUNT_COLUMNS
                                 " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.digest = ?1",
                                 detail::sqlite_blob{digest});
        if (!row.next()) return errc::not_found;
        view.who = detail::read_session(row, digest);
        view.user = detail::read_account(row, detail::session_columns);
        view.groups = detail::groups_of(db, view.user.id);
        return view;
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::touch_session(std::string_view digest, time_point seen_at) {
    return write<void>([digest, seen_at](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db, "UPDATE sessions SET seen_at = max(seen_at, ?2) WHERE digest = ?1",
                               detail::sqlite_blob{digest}, seen_at) == 0)
            return errc::not_found;
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::end_session(std::string_view digest, audit_rows rows) {
    return write<void>([digest, rows](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db, "DELETE FROM sessions WHERE digest = ?1", detail::sqlite_blob{digest}) == 0)
            return errc::not_found;
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::end_sessions_of(std::string_view account_id, audit_rows rows) {
    return write<void>([account_id, rows](detail::sqlite_connection& db) -> result<void> {
        if (!detail::sqlite_has(db, "SELECT 1 FROM accounts WHERE id = ?1", account_id)) return errc::not_found;
        detail::sign_out_everywhere(db, account_id);
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<long long>> sqlite_store::end_sessions_at_provider(provider_logout const& logout,
                                                                                       audit_row const& row) {
    return write<long long>([&logout, &row](detail::sqlite_connection& db) -> result<long long> {
        if (detail::sqlite_run(db, "INSERT OR IGNORE INTO states VALUES (?1, ?2)",
                               detail::sqlite_blob{logout.token_digest}, logout.remember_until) == 0)
            return errc::state_used;
        long long ended = 0;
        auto const people = detail::end_sessions_at_provider(db, logout, ended);
        if (people.empty()) detail::note(db, row);
        for (auto const& id : people) {
            audit_row told = row;
            told.target = id;
            detail::note(db, told);
        }
        return ended;
    });
}

AUTHMOD_DECL asio::awaitable<result<sealed_tokens>> sqlite_store::find_kept_tokens(std::string_view digest) {
    return read<sealed_tokens>([digest](detail::sqlite_connection& db) -> result<sealed_tokens> {
        detail::sqlite_query row(db, "SELECT sealed, revision FROM kept_tokens WHERE session_digest = ?1",
                                 detail::sqlite_blob{digest});
        if (!row.next()) return errc::not_found;
        sealed_tokens tokens;
        tokens.sealed = row.text(0);
        tokens.revision = row.number(1);
        return tokens;
    });
}

AUTHMOD_DECL asio::awaitable<result<std::vector<session_tokens>>> sqlite_store::list_kept_tokens(std::string_view after,
                                                                                                 int limit) {
    return read<std::vector<session_tokens>>(
        [after, limit](detail::sqlite_connection& db) -> result<std::vector<session_tokens>> {
            detail::sqlite_query row(db,
                                     "SELECT session_digest, sealed, revision FROM kept_tokens "
                                     "WHERE session_digest > ?1 ORDER BY session_digest LIMIT ?2",
                                     detail::sqlite_blob{after}, std::max(limit, 0));
            std::vector<session_tokens> list;
            while (row.next()) list.push_back(detail::read_session_tokens(row));
            return list;
        });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::claim_kept_tokens(std::string_view digest, long long revision,
                                                                           time_point now, time_point until) {
    return write<void>([digest, revision, now, until](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db,
                               "UPDATE kept_tokens SET claimed_until = ?4 "
                               "WHERE session_digest = ?1 AND revision = ?2 AND claimed_until <= ?3",
                               detail::sqlite_blob{digest}, revision, now, until) != 0)
            return result<void>();
        return detail::has_kept_tokens(db, digest) ? errc::store_conflict : errc::not_found;
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::put_kept_tokens(std::string_view digest,
                                                                         std::string_view sealed, long long revision) {
    return write<void>([digest, sealed, revision](detail::sqlite_connection& db) -> result<void> {
        if (detail::sqlite_run(db,
                               "UPDATE kept_tokens SET sealed = ?3, revision = revision + 1, claimed_until = 0 "
                               "WHERE session_digest = ?1 AND revision = ?2",
                               detail::sqlite_blob{digest}, revision, detail::sqlite_blob{sealed}) != 0)
            return result<void>();
        return detail::has_kept_tokens(db, digest) ? errc::store_conflict : errc::not_found;
    });
}

// audit

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::append_audit(audit_rows rows) {
    return write<void>([rows](detail::sqlite_connection& db) -> result<void> {
        detail::note(db, rows);
        return result<void>();
    });
}

AUTHMOD_DECL asio::awaitable<result<std::vector<audit_row>>> sqlite_store::list_audit(audit_filter const& filter) {
    return read<std::vector<audit_row>>([&f = filter](detail::sqlite_connection& db) -> result<std::vector<audit_row>> {
        detail::sqlite_query row(db, detail::audit_page_sql(f, '?'), f.module_id, f.author, f.event, f.target, f.from,
                                 f.until, f.before, std::max(f.limit, 0));
        std::vector<audit_row> list;
        while (row.next()) list.push_back(detail::read_audit_row(row));
        return list;
    });
}

// upkeep

AUTHMOD_DECL asio::awaitable<result<long long>> sqlite_store::sweep(time_point now, session_limits limits) {
    return write<long long>([now, limits](detail::sqlite_connection& db) -> result<long long> {
        constexpr int batch = 1'000;
        int left = batch;
        left -= detail::sqlite_run(db,
                                   "DELETE FROM states WHERE digest IN "
                                   "(SELECT digest FROM states WHERE expires_at <= ?1 LIMIT ?2)",
                                   now, left);
        // Each of the ways to be over (`is_over`) is a range of an index.
        left -= detail::sqlite_run(db,
                                   "DELETE FROM sessions WHERE digest IN "
                                   "(SELECT digest FROM sessions WHERE seen_at <= ?1 LIMIT ?2)",
                                   now - limits.idle, left);
        left -= detail::sqlite_run(db,
                                   "DELETE FROM sessions WHERE digest IN "
                                   "(SELECT digest FROM sessions WHERE created_at <= ?1 LIMIT ?2)",
                                   now - limits.absolute, left);
        left -= detail::sqlite_run(db,
                                   "DELETE FROM sessions WHERE digest IN "
                                   "(SELECT digest FROM sessions WHERE created_at > ?1 LIMIT ?2)",
                                   now + std::chrono::minutes(1), left);
        left -= detail::sqlite_run(db,
                                   "DELETE FROM tokens WHERE digest IN "
                                   "(SELECT digest FROM tokens WHERE expires_at <= ?1 LIMIT ?2)",
                                   now, left);
        left -= static_cast<int>(detail::release_scim_client(db, left));
        return batch - left;
    });
}

AUTHMOD_DECL asio::awaitable<result<void>> sqlite_store::ping() {
    return write<void>([](detail::sqlite_connection& db) -> result<void> {
        detail::sqlite_run(db, "UPDATE pings SET number = number + 1");
        return result<void>();
    });
}

} // namespace AUTHMOD_ABI

} // namespace authmod

#include "authmod/storage/detail/sqlite_store_people.ipp"
#include "authmod/storage/detail/sqlite_store_scim.ipp"
