// SPDX-License-Identifier: BSL-1.0
// Layer 5. One connection to an SQLite file: kept statements, typed parameters, and what its errors mean to us.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/time.hpp"
#include "authmod/storage/detail/sqlite_log_buffer.ipp"
#include "authmod/storage/detail/sqlite_schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <cstdint>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace authmod::detail {

/// What an exception of SQLiteCpp means. Constraints tell which promise of the concept a write would have broken.
[[nodiscard]] inline errc to_errc(SQLite::Exception const& e) noexcept {
    switch (e.getExtendedErrorCode()) {
    case SQLITE_CONSTRAINT_UNIQUE:
        return errc::name_taken;
    case SQLITE_CONSTRAINT_PRIMARYKEY:
        return errc::store_conflict;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return errc::not_found;
    default:
        return errc::store_unavailable;
    }
}

/// A parameter or column that is bytes and not text.
struct sqlite_blob {
    std::string_view bytes;
};

/** Thread safety: one thread at a time. Exceptions: `SQLite::Exception`, caught where operations are run. */
class sqlite_connection {
public:
    /// @param log for a connection that writes
    sqlite_connection(std::string const& file, milliseconds busy_timeout,
                      std::unique_ptr<sqlite_log_buffer> log = nullptr)
        : log_(std::move(log)), db_(file.c_str(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
                                    static_cast<int>(busy_timeout.count()), log_ ? log_->name() : nullptr) {
        db_.exec("PRAGMA synchronous=FULL");
    }

    /// The statement for `sql`, prepared at its first use.
    [[nodiscard]] SQLite::Statement& prepared(std::string_view sql) {
        auto const at = statements_.find(sql);
        if (at != statements_.end()) return at->second;
        std::string text(sql);
        SQLite::Statement statement(db_, text);
        return statements_.emplace(std::move(text), std::move(statement)).first->second;
    }

    /// A statement that is not kept, for texts of which there may be any number.
    [[nodiscard]] SQLite::Statement once(std::string const& sql) { return SQLite::Statement(db_, sql); }

    void execute(char const* sql) { db_.exec(sql); }

    /// Rows that the last statement changed.
    [[nodiscard]] int changes() const noexcept { return db_.getChanges(); }

    /// Rows that were changed since the connection was opened.
    [[nodiscard]] int total_changes() const noexcept { return db_.getTotalChanges(); }

    /// SQLite takes a transaction back by itself after some faults (disk full, I/O error).
    [[nodiscard]] bool in_transaction() const noexcept { return sqlite3_get_autocommit(db_.getHandle()) == 0; }

    [[nodiscard]] bool read_only() const noexcept { return sqlite3_db_readonly(db_.getHandle(), "main") == 1; }

private:
    struct text_hash {
        using is_transparent = void;

        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };

    std::unique_ptr<sqlite_log_buffer> log_;
    SQLite::Database db_; // outlives the statements
    std::unordered_map<std::string, SQLite::Statement, text_hash, std::equal_to<>> statements_;
};

/// One run of a kept statement; the end of its scope makes the statement ready for the next.
class sqlite_query {
public:
    template <class... Parameters>
    sqlite_query(sqlite_connection& db, std::string_view sql, Parameters const&... parameters)
        : statement_(db.prepared(sql)) {
        int index = 0;
        (bind(++index, parameters), ...);
    }

    /// Lifetimes: the statement outlives the query.
    explicit sqlite_query(SQLite::Statement& statement) : statement_(statement) {}

    /// The same without copies of texts. Lifetimes: the parameters outlive the last `next`.
    template <class... Parameters>
    [[nodiscard]] static sqlite_query of_kept(sqlite_connection& db, std::string_view sql,
                                              Parameters const&... parameters) {
        return sqlite_query(kept(), db.prepared(sql), parameters...);
    }

    ~sqlite_query() { statement_.tryReset(); }

    sqlite_query(sqlite_query const&) = delete;
    sqlite_query& operator=(sqlite_query const&) = delete;

    /// Goes to the next row; false when there is none.
    bool next() { return statement_.executeStep(); }

    [[nodiscard]] std::string text(int column) { return statement_.getColumn(column).getString(); }

    [[nodiscard]] long long number(int column) { return statement_.getColumn(column).getInt64(); }

    [[nodiscard]] bool flag(int column) { return number(column) != 0; }

    [[nodiscard]] time_point time(int column) { return from_milliseconds(number(column)); }

    void bind(int index, std::string_view value) { statement_.bind(index, std::string(value)); }

    void bind(int index, sqlite_blob value) {
        statement_.bind(index, value.bytes.data(), static_cast<int>(value.bytes.size()));
    }

    void bind(int index, std::int64_t value) { statement_.bind(index, value); }

    void bind(int index, long long value) { statement_.bind(index, static_cast<std::int64_t>(value)); }

    void bind(int index, int value) { statement_.bind(index, value); }

    void bind(int index, bool value) { statement_.bind(index, value ? 1 : 0); }

    void bind(int index, time_point value) { bind(index, to_milliseconds(value)); }

    void bind(int index, std::string const& value) { statement_.bind(index, value); }

    void bind(int index, char const* value) { bind(index, std::string_view(value)); }

private:
    struct kept {};

    template <class... Parameters>
    sqlite_query(kept, SQLite::Statement& statement, Parameters const&... parameters) : statement_(statement) {
        int index = 0;
        (bind_kept(++index, parameters), ...);
    }

    template <class Parameter>
    void bind_kept(int index, Parameter const& value) {
        bind(index, value);
    }

    void bind_kept(int index, std::string const& value) { statement_.bindNoCopy(index, value); }

    void bind_kept(int index, sqlite_blob value) {
        statement_.bindNoCopy(index, value.bytes.data(), static_cast<int>(value.bytes.size()));
    }

    SQLite::Statement& statement_;
};

/// Runs a statement that gives no rows; gives the number of rows it changed.
template <class... Parameters>
int sqlite_run(sqlite_connection& db, std::string_view sql, Parameters const&... parameters) {
    sqlite_query::of_kept(db, sql, parameters...).next();
    return db.changes();
}

/// Whether a statement gives a row.
template <class... Parameters>
[[nodiscard]] bool sqlite_has(sqlite_connection& db, std::string_view sql, Parameters const&... parameters) {
    return sqlite_query::of_kept(db, sql, parameters...).next();
}

/// Brings an empty file, or one of an older version, to the tables of this version in one transaction.
/// Errors: `store_schema_unknown`, with nothing written, when it is not ours or newer.
[[nodiscard]] inline result<void> prepare_sqlite_schema(sqlite_connection& db) {
    auto const number = [&](std::string_view sql) {
        sqlite_query query(db, sql);
        query.next();
        return query.number(0);
    };
    auto const find_version = [&]() -> result<long long> {
        auto const application = number("PRAGMA application_id");
        auto const version = number("PRAGMA user_version");
        if (application == sqlite_application_id && 1 <= version && version <= sqlite_schema_version) return version;
        if (application == 0 && version == 0 && number("SELECT count(*) FROM sqlite_schema") == 0) return 0;
        return errc::store_schema_unknown;
    };

    auto found = find_version();
    if (!found) return found.error();
    if (*found == sqlite_schema_version) return result<void>();
    db.execute("PRAGMA journal_mode=WAL");
    db.execute("BEGIN IMMEDIATE");
    found = find_version(); // another process may have come first
    if (found) {
        for (auto version = *found; version < sqlite_schema_version; ++version)
            db.execute(sqlite_schema_steps[version]);
        db.execute(("PRAGMA application_id=" + std::to_string(sqlite_application_id)).c_str());
        db.execute(("PRAGMA user_version=" + std::to_string(sqlite_schema_version)).c_str());
    }
    db.execute("COMMIT");
    return found ? result<void>() : found.error();
}

} // namespace authmod::detail
