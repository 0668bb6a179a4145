// SPDX-License-Identifier: BSL-1.0
// Layer 5. One connection to a PostgreSQL server: how it is made, what its errors mean to us, its kept statements.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/storage/detail/postgres_batch.ipp"
#include "authmod/storage/detail/postgres_schema.hpp"
#include "authmod/storage/postgres_store.hpp"

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace authmod::detail {

/// Why a statement gave nothing.
struct pg_fault {
    errc reason{};          ///< 0: nothing is wrong
    bool lost = false;      ///< the connection is gone, and nobody knows how far the server came
    std::string state;      ///< SQLSTATE
    std::string constraint; ///< its name, where one was broken

    pg_fault() = default;

    /// Constraints tell which promise of the concept a write would have broken.
    explicit pg_fault(PGresult const* answer) {
        auto const field = [&](int code) {
            char const* text = PQresultErrorField(answer, code);
            return std::string(text ? text : "");
        };
        state = field(PG_DIAG_SQLSTATE);
        constraint = field(PG_DIAG_CONSTRAINT_NAME);
        reason = errc::store_unavailable;
        if (state == "23505") reason = constraint.ends_with("_pkey") ? errc::store_conflict : errc::name_taken;
        if (state == "23503") reason = errc::not_found;
        // No such text (bad UTF-8, U+0000) can be stored, so whatever is looked for by it is not there.
        if (state == "22021") reason = errc::not_found;
        lost = state.empty() || state.starts_with("57P"); // the server goes down
    }

    [[nodiscard]] static pg_fault connection_lost() {
        pg_fault fault;
        fault.reason = errc::store_unavailable;
        fault.lost = true;
        return fault;
    }

    explicit operator bool() const noexcept { return reason != errc{}; }

    /// Another transaction came first: nothing was written, and the same again may well pass.
    [[nodiscard]] bool is_race() const { return state == "40001" || state == "40P01"; }
};

/// How to reach a server: what `PQconnectdbParams` takes.
class pg_address {
public:
    /// Errors: `setting_refused`.
    [[nodiscard]] static result<pg_address, failure> parse(std::string const& text, postgres_options const& options) {
        char* why = nullptr;
        std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const given(PQconninfoParse(text.c_str(), &why),
                                                                                 &PQconninfoFree);
        std::unique_ptr<char, decltype(&PQfreemem)> const message(why, &PQfreemem);
        if (!given) {
            diagnostics details("store");
            if (why) details.quote(why);
            return failure(errc::setting_refused, std::move(details));
        }
        pg_address address;
        auto& all = address.values_;
        for (auto const* option = given.get(); option->keyword; ++option)
            if (option->val) all[option->keyword] = option->val;

        auto const seconds = [](milliseconds t) { return std::to_string((t.count() + 999) / 1000); };
        all.try_emplace("connect_timeout", seconds(options.connect_timeout));
        all.try_emplace("tcp_user_timeout", std::to_string(options.answer_timeout.count()));
        all.try_emplace("application_name", "authmod");
        all["client_encoding"] = "UTF8";
        // In the first packet, so that a connection is ready when it is open.
        auto& settings = all["options"];
        if (!settings.empty()) settings += ' ';
        settings += "-c search_path=authmod -c default_transaction_isolation=read\\ committed -c statement_timeout=" +
                    std::to_string(options.statement_timeout.count()) +
                    " -c idle_in_transaction_session_timeout=" + std::to_string(2 * options.answer_timeout.count());
        if (!all.contains("sslmode") && !std::getenv("PGSSLMODE") && !address.is_local())
            all["sslmode"] = "verify-full";
        return address;
    }

    [[nodiscard]] PGconn* connect() const {
        std::vector<char const*> names, values;
        for (auto const& [name, value] : values_) {
            names.push_back(name.c_str());
            values.push_back(value.c_str());
        }
        names.push_back(nullptr);
        values.push_back(nullptr);
        return PQconnectdbParams(names.data(), values.data(), 0);
    }

private:
    [[nodiscard]] std::string_view value_of(char const* name, char const* variable) const {
        auto const at = values_.find(name);
        if (at != values_.end()) return at->second;
        char const* from_environment = std::getenv(variable);
        return from_environment ? from_environment : "";
    }

    /// Whether every host is a socket file or a loopback address.
    [[nodiscard]] bool is_local() const {
        auto hosts = value_of("hostaddr", "PGHOSTADDR");
        if (hosts.empty()) hosts = value_of("host", "PGHOST");
        while (!hosts.empty()) {
            auto const host = hosts.substr(0, hosts.find(','));
            hosts.remove_prefix(std::min(hosts.size(), host.size() + 1));
            bool const local = host.empty() || host.starts_with('/') || host.starts_with('@') || host == "::1" ||
                               host == "127.0.0.1" || ascii::equal_ignoring_case(host, "localhost");
            if (!local) return false;
        }
        return true;
    }

    std::map<std::string, std::string> values_;
};

/** Thread safety: one thread at a time. */
class pg_connection {
public:
    /// Connects; blocks. Errors: `store_unavailable`, `store_schema_unknown` for servers older than 15.
    [[nodiscard]] static result<std::unique_ptr<pg_connection>, failure> open(pg_address const& address) {
        auto made = std::make_unique<pg_connection>(address.connect());
        auto* const raw = made->raw_.get();
        if (PQstatus(raw) != CONNECTION_OK) return made->failed(errc::store_unavailable);
        if (PQserverVersion(raw) < 150000) {
            diagnostics details("store");
            details.quote("PostgreSQL 15 or newer is needed");
            return failure(errc::store_schema_unknown, std::move(details));
        }
        PQsetNoticeProcessor(
            raw, [](void*, char const*) {}, nullptr);
        return made;
    }

    explicit pg_connection(PGconn* raw) noexcept : raw_(raw) {}

    /// From here on everything goes through pipelines and never blocks.
    [[nodiscard]] bool enter_pipeline_mode() {
        return PQsetnonblocking(raw_.get(), 1) == 0 && PQenterPipelineMode(raw_.get()) == 1;
    }

    [[nodiscard]] PGconn* raw() const noexcept { return raw_.get(); }

    /// Runs plain statements and waits for them; for the time before pipelines.
    [[nodiscard]] result<pg_rows, failure> execute(char const* sql) {
        pg_rows rows(PQexec(raw_.get(), sql));
        if (!rows.is_good()) return failed(errc::store_unavailable);
        return rows;
    }

    /// Queues all statements of a batch, each behind what makes it known to the server if that is needed: `fresh` says
    /// for which.
    [[nodiscard]] bool send(pg_batch const& batch, std::vector<bool>& fresh) {
        std::vector<char const*> values;
        std::vector<int> lengths, formats;
        std::vector<Oid> types;
        for (auto const& statement : batch.statements()) {
            values.clear();
            lengths.clear();
            types.clear();
            for (auto const& v : batch.values_of(statement)) {
                values.push_back(batch.bytes(v));
                lengths.push_back(static_cast<int>(v.length));
                types.push_back(v.type);
            }
            formats.assign(values.size(), 1);
            int const count = static_cast<int>(values.size());
            if (!statement.kept) {
                fresh.push_back(false);
                if (!PQsendQueryParams(raw(), std::string(statement.sql).c_str(), count, types.data(), values.data(),
                                       lengths.data(), formats.data(), 1))
                    return false;
                continue;
            }
            auto known = statements_.find(statement.sql);
            fresh.push_back(known == statements_.end());
            if (fresh.back()) {
                known = statements_.emplace(statement.sql, 's' + std::to_string(++names_)).first;
                if (!PQsendPrepare(raw(), known->second.c_str(), known->first.c_str(), count, types.data()))
                    return false;
            }
            if (!PQsendQueryPrepared(raw(), known->second.c_str(), count, values.data(), lengths.data(), formats.data(),
                                     1))
                return false;
        }
        return true;
    }

    /// The server did not come to know this statement.
    void forget(std::string_view sql) {
        if (auto const known = statements_.find(sql); known != statements_.end()) statements_.erase(known);
    }

    /// Whether nothing has happened to a connection that nobody used: the server has not hung up.
    [[nodiscard]] bool is_alive() const noexcept {
        return PQconsumeInput(raw_.get()) == 1 && PQstatus(raw_.get()) == CONNECTION_OK;
    }

    /// Whether the next operation may have it.
    [[nodiscard]] bool is_reusable() const noexcept {
        return !spoilt && PQstatus(raw_.get()) == CONNECTION_OK && PQtransactionStatus(raw_.get()) == PQTRANS_IDLE;
    }

    bool spoilt = false; ///< an answer is outstanding, or the server is not what it was

private:
    struct finish {
        void operator()(PGconn* raw) const noexcept { PQfinish(raw); }
    };

    struct text_hash {
        using is_transparent = void;

        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };

    [[nodiscard]] failure failed(errc reason) const {
        diagnostics details("store");
        details.quote(PQerrorMessage(raw_.get()));
        return failure(reason, std::move(details));
    }

    std::unique_ptr<PGconn, finish> raw_;
    std::unordered_map<std::string, std::string, text_hash, std::equal_to<>> statements_; // to their names
    unsigned long long names_ = 0;
};

/// Brings an empty database, or one of an older version, to the tables of this version in one transaction.
/// Errors: `store_schema_unknown`, with nothing written, when the schema is not ours or newer.
[[nodiscard]] inline result<void, failure> prepare_pg_schema(pg_connection& db) {
    auto const run = [&](std::string const& sql) { return db.execute(sql.c_str()); };
    auto const number = [&](std::string const& sql) -> result<long long, failure> {
        auto rows = run(sql);
        if (!rows) return rows.error();
        return rows->next() ? std::atoll(rows->text(0).c_str()) : -1;
    };
    // Nodes that start together queue here, whatever time another one needs for its tables.
    auto begun = run("BEGIN; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(" +
                     std::to_string(pg_schema_lock) + ")");
    if (!begun) return begun.error();
    auto found = number("SELECT count(*) FROM pg_namespace WHERE nspname = 'authmod'");
    if (!found) return found.error();
    long long version = 0;
    if (*found != 0) {
        auto ours =
            number("SELECT count(*) FROM pg_tables WHERE schemaname = 'authmod' AND tablename = 'schema_version'");
        if (!ours) return ours.error();
        auto stored = *ours == 1 ? number("SELECT number FROM schema_version") : result<long long, failure>(-1);
        if (!stored) return stored.error();
        version = *stored;
        if (version < 1 || version > pg_schema_version) return failure(errc::store_schema_unknown);
    }
    std::string steps;
    if (version == 0)
        steps = "CREATE SCHEMA authmod; CREATE TABLE schema_version (number bigint NOT NULL); "
                "INSERT INTO schema_version VALUES (0);";
    for (; version < pg_schema_version; ++version) steps += pg_schema_steps[version];
    steps += "UPDATE schema_version SET number = " + std::to_string(version) + "; COMMIT";
    auto done = run(steps);
    return done ? result<void, failure>() : done.error();
}

} // namespace authmod::detail
