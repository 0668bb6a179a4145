// SPDX-License-Identifier: BSL-1.0
// Layer 5. A connection in the hands of one operation: a round trip, a transaction, and what is done when either fails.
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/model/audit_row.hpp"
#include "authmod/storage/detail/postgres_pool.ipp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

namespace authmod::detail {

/// The rows of each statement, in order; or a fault.
struct pg_answer {
    std::vector<pg_rows> rows;
    pg_fault fault;

    pg_answer() = default;
};

/// What somebody told a channel.
struct pg_notice {
    std::string channel, payload;

    pg_notice(std::string in_channel, std::string in_payload)
        : channel(std::move(in_channel)), payload(std::move(in_payload)) {}
};

/** A connection's socket on the executor of the operation that has it, and a timer that ends waiting.

    The timer may run out on another thread than the one that waits, so both meet under a lock.
*/
class pg_socket : public std::enable_shared_from_this<pg_socket> {
public:
    pg_socket(asio::any_io_executor const& home, int descriptor) : socket_(home, descriptor), timer_(home) {}

    /// From now on waiting ends at the end of `limit`.
    void limit(milliseconds limit) {
        std::lock_guard lock(mutex_);
        expired_ = false;
        timer_.expires_after(limit);
        timer_.async_wait([self = shared_from_this(), round = ++round_](boost::system::error_code const& error) {
            if (!error) self->expire(round);
        });
    }

    void no_limit() {
        std::lock_guard lock(mutex_);
        ++round_;
        timer_.cancel();
    }

    /// Whether the socket is ready; false: the time is over.
    asio::awaitable<bool> wait(asio::posix::descriptor_base::wait_type what) {
        auto initiation = [this, what]<class Handler>(Handler handler) {
            std::lock_guard lock(mutex_);
            if (expired_)
                asio::post(socket_.get_executor(), [to = std::move(handler)]() mutable {
                    std::move(to)(boost::system::error_code(asio::error::operation_aborted));
                });
            else
                socket_.async_wait(what, std::move(handler));
        };
        boost::system::error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(initiation, token);
        co_return !error;
    }

    /// Leaves the descriptor to its connection.
    void release() {
        std::lock_guard lock(mutex_);
        ++round_;
        timer_.cancel();
        socket_.release();
    }

private:
    void expire(unsigned long long round) {
        std::lock_guard lock(mutex_);
        if (round != round_) return;
        expired_ = true;
        socket_.cancel();
    }

    std::mutex mutex_; // of all that follows
    asio::posix::stream_descriptor socket_;
    asio::steady_timer timer_;
    unsigned long long round_ = 0;
    bool expired_ = false;
};

/// A connection of the pool for as long as this lives. Without one (`!lease`) there was none in time.
class pg_lease {
public:
    pg_lease(std::shared_ptr<pg_pool> pool, pg_pool::connection_ptr given, asio::any_io_executor const& home)
        : pool_(std::move(pool)), connection_(std::move(given)) {
        if (connection_) socket_ = std::make_shared<pg_socket>(home, PQsocket(connection_->raw()));
    }

    pg_lease(pg_lease&&) = default;
    pg_lease& operator=(pg_lease&&) = delete;

    ~pg_lease() {
        if (!connection_) return;
        socket_->release();
        pool_->put(std::move(connection_));
    }

    explicit operator bool() const noexcept { return connection_ != nullptr; }

    [[nodiscard]] pg_connection& connection() noexcept { return *connection_; }

    [[nodiscard]] pg_socket& socket() noexcept { return *socket_; }

    /// Sends `batch`, between `before` and `after` where they are given, and waits for all answers.
    asio::awaitable<pg_answer> exchange(pg_batch const& batch, pg_batch const* before = nullptr,
                                        pg_batch const* after = nullptr) {
        pg_batch const* const parts[] = {before, &batch, after};
        pg_answer answer;
        std::vector<bool> fresh;
        auto* const raw = connection_->raw();
        connection_->spoilt = true; // until all has come
        bool going = true;
        for (auto const* part : parts)
            if (part && going) going = connection_->send(*part, fresh);
        going = going && PQpipelineSync(raw) == 1;
        pool_->count(fresh.size());
        socket_->limit(pool_->options().answer_timeout);
        while (going) {
            int const unsent = PQflush(raw);
            if (unsent == 0) break;
            going = unsent > 0;
            if (going) going = co_await socket_->wait(asio::posix::descriptor_base::wait_write);
        }
        std::size_t at = 0; // the statement whose answer comes next
        for (bool complete = false; going && !complete;) {
            while (going && PQisBusy(raw)) {
                going = co_await socket_->wait(asio::posix::descriptor_base::wait_read);
                if (going) going = PQconsumeInput(raw) == 1;
            }
            if (going) complete = take_results(parts, fresh, at, answer);
            if (answer.fault.lost) going = false;
        }
        socket_->no_limit();
        if (!going && !answer.fault.lost) answer.fault = pg_fault::connection_lost();
        // A server that only reads has become a standby: the next connection may find the one that writes.
        connection_->spoilt = !going || answer.fault.state == "25006";
        co_return answer;
    }

    /// What the channels that this connection listens to are told, once there is something, at most after `limit`.
    asio::awaitable<std::vector<pg_notice>> wait_for_notifications(milliseconds limit) {
        socket_->limit(limit);
        auto told = take_notifications(); // some may have come with an answer
        while (told.empty() && !connection_->spoilt) {
            bool const ready = co_await socket_->wait(asio::posix::descriptor_base::wait_read);
            if (!ready) break;
            if (PQconsumeInput(connection_->raw()) != 1) connection_->spoilt = true;
            told = take_notifications();
        }
        socket_->no_limit();
        co_return told;
    }

private:
    [[nodiscard]] std::vector<pg_notice> take_notifications() {
        std::vector<pg_notice> all;
        while (auto* const told = PQnotifies(connection_->raw())) {
            all.emplace_back(told->relname, told->extra);
            PQfreemem(told);
        }
        return all;
    }

    /// Reads what has come; true: that was all.
    [[nodiscard]] bool take_results(pg_batch const* const (&parts)[3], std::vector<bool>& fresh, std::size_t& at,
                                    pg_answer& answer) {
        auto* const raw = connection_->raw();
        while (!PQisBusy(raw)) {
            PGresult* const got = PQgetResult(raw);
            if (!got) { // between two statements, or nothing more will come
                if (PQstatus(raw) != CONNECTION_OK) answer.fault = pg_fault::connection_lost();
                if (answer.fault.lost) return false;
                continue;
            }
            pg_rows rows(got);
            auto const status = PQresultStatus(got);
            if (status == PGRES_PIPELINE_SYNC) return true;
            if (status == PGRES_FATAL_ERROR && !answer.fault) answer.fault = pg_fault(got);
            if (at == fresh.size()) continue;
            if (fresh[at]) {
                if (!rows.is_good()) connection_->forget(statement_at(parts, at));
                fresh[at] = false;
            } else {
                ++at;
                answer.rows.push_back(std::move(rows));
            }
        }
        return false;
    }

    [[nodiscard]] static std::string_view statement_at(pg_batch const* const (&parts)[3], std::size_t at) {
        for (auto const* part : parts) {
            if (!part) continue;
            if (at < part->statements().size()) return part->statements()[at].sql;
            at -= part->statements().size();
        }
        return {};
    }

    std::shared_ptr<pg_pool> pool_;
    pg_pool::connection_ptr connection_;
    std::shared_ptr<pg_socket> socket_;
};

inline asio::awaitable<pg_lease> pg_take(std::shared_ptr<pg_pool> pool) {
    auto const home = co_await asio::this_coro::executor;
    auto given = co_await pool->take();
    co_return pg_lease(std::move(pool), std::move(given), home);
}

/// Whether an operation that lost its connection may be done again: one that reads, or that changes nothing more.
enum class pg_repeat : bool { no, yes };

/// One round trip that is a transaction by itself.
inline asio::awaitable<result<std::vector<pg_rows>>> pg_ask(std::shared_ptr<pg_pool> pool, pg_batch const& batch,
                                                            pg_repeat repeat = pg_repeat::yes) {
    if (!pool) co_return errc::store_unavailable;
    for (int left = 2;; --left) {
        auto lease = co_await pg_take(pool);
        if (!lease) co_return errc::store_unavailable;
        auto answer = co_await lease.exchange(batch);
        if (!answer.fault) co_return std::move(answer.rows);
        bool const again = (answer.fault.lost && repeat == pg_repeat::yes) || answer.fault.is_race();
        if (!again || left == 0) co_return answer.fault.reason;
    }
}

/** A transaction: any number of `ask`, then one `commit`.

    An answer that is lost with its connection leaves nobody in doubt: `commit` asks the server what became of the
    transaction. A server that has crashed gives numbers of transactions again that had not come to disk; then only a row
    that nobody else can have written tells, and where there is none the answer is `store_unavailable`.
*/
class pg_transaction {
public:
    pg_transaction(std::shared_ptr<pg_pool> pool, pg_lease lease) : pool_(std::move(pool)), lease_(std::move(lease)) {}

    /// The first one begins the transaction in the same round trip.
    asio::awaitable<result<std::vector<pg_rows>>> ask(pg_batch const& batch) {
        pg_batch begin;
        if (id_.empty()) {
            begin.add("BEGIN");
            begin.add("SELECT pg_current_xact_id()::text, extract(epoch FROM pg_postmaster_start_time())::text");
        }
        auto const opening = begin.statements().size();
        auto answer = co_await lease_.exchange(batch, &begin);
        fault_ = std::move(answer.fault);
        if (fault_) co_return fault_.reason;
        if (opening != 0) {
            answer.rows[1].next();
            id_ = answer.rows[1].text(0);
            started_ = answer.rows[1].text(1);
            answer.rows.erase(answer.rows.begin(), answer.rows.begin() + static_cast<std::ptrdiff_t>(opening));
        }
        co_return std::move(answer.rows);
    }

    /// Writes the last of it. Without rows: it was committed, and the rows were lost. `proof`: the digest of a session or
    /// token that only this transaction can have written; empty: it writes none.
    asio::awaitable<result<std::vector<pg_rows>>> commit(pg_batch const& batch, std::string_view proof = {}) {
        pg_batch end;
        end.add("COMMIT");
        auto answer = co_await lease_.exchange(batch, nullptr, &end);
        fault_ = std::move(answer.fault);
        if (!fault_) {
            answer.rows.pop_back();
            co_return std::move(answer.rows);
        }
        if (!fault_.lost) co_return fault_.reason;
        auto const kept = co_await was_committed(proof);
        if (kept && *kept) co_return std::vector<pg_rows>();
        fault_.lost = kept.has_value(); // lost for certain, so it may be done again; else it must not be
        co_return errc::store_unavailable;
    }

    /// Makes the runner begin anew: another transaction came first.
    void repeat() noexcept { again_ = true; }

    [[nodiscard]] pg_fault const& fault() const noexcept { return fault_; }

    [[nodiscard]] bool may_repeat() const { return again_ || fault_.lost || fault_.is_race(); }

    asio::awaitable<void> roll_back() {
        if (id_.empty() && !fault_) co_return;
        if (PQtransactionStatus(lease_.connection().raw()) == PQTRANS_IDLE) co_return;
        pg_batch batch;
        batch.add("ROLLBACK");
        co_await lease_.exchange(batch); // one that fails takes the connection with it
    }

private:
    /// What became of the transaction. No value: the server cannot tell.
    asio::awaitable<result<bool>> was_committed(std::string_view proof) {
        pg_batch question;
        question.add("SELECT CASE WHEN extract(epoch FROM pg_postmaster_start_time())::text = $2 "
                     "THEN coalesce(pg_xact_status($1::xid8), '') ELSE 'restarted' END",
                     id_, started_);
        for (int left = 40; left != 0; --left) {
            auto rows = co_await pg_ask(pool_, question);
            if (!rows || !rows->front().next()) co_return errc::store_unavailable;
            auto const state = rows->front().text(0);
            if (state == "aborted") co_return false;
            if (!proof.empty() && (state == "committed" || state == "restarted")) {
                pg_batch look;
                look.add("SELECT 1 FROM sessions WHERE digest = $1 UNION ALL SELECT 1 FROM tokens WHERE digest = $1",
                         pg_bytes{proof});
                auto found = co_await pg_ask(pool_, look);
                if (!found) co_return errc::store_unavailable;
                co_return found->front().next();
            }
            if (state == "committed") co_return true;
            if (state != "in progress") co_return errc::store_unavailable; // forgotten, or of another server
            asio::steady_timer pause(co_await asio::this_coro::executor, milliseconds(100));
            co_await pause.async_wait(asio::use_awaitable);
        }
        co_return errc::store_unavailable;
    }

    std::shared_ptr<pg_pool> pool_;
    pg_lease lease_;
    pg_fault fault_;
    std::string id_, started_;
    bool again_ = false;
};

/** Runs `work(pg_transaction&) -> awaitable<result<T>>`, which commits when it succeeds, and again when another
    transaction came first or the connection was lost before anything was written.

    Lifetimes: `work` outlives the call.
*/
template <class T, class Work>
asio::awaitable<result<T>> pg_transact(std::shared_ptr<pg_pool> pool, Work& work) {
    if (!pool) co_return errc::store_unavailable;
    constexpr int attempts = 50; // as many may meet at one name; each attempt lets one of them pass
    for (int left = attempts;; --left) {
        auto lease = co_await pg_take(pool);
        if (!lease) co_return errc::store_unavailable;
        pg_transaction transaction(pool, std::move(lease));
        auto done = co_await work(transaction);
        if (done) co_return std::move(done);
        co_await transaction.roll_back();
        bool const again = transaction.may_repeat() && left > 1;
        if (!again) co_return std::move(done);
        if (transaction.fault().lost) left = std::min(left, 3); // a server that is silent is silent for long
    }
}

/** Tells all nodes to forget what they know of a session or token (its digest) or an account (its id), of everything
   when `key` is empty; add it to the transaction of the change. They hear of it after the commit. Transactions that
   tell something commit one after the other, so logins tell nothing.
*/
inline void add_news(pg_batch& batch, std::string_view key) {
    batch.add("SELECT pg_notify('authmod_changes', $1)", base64url_encode(key));
}

/// Writes audit rows; add them to the transaction of what they tell.
inline void add_note(pg_batch& batch, audit_rows rows) {
    for (auto const& r : rows)
        batch.add(
            "INSERT INTO audit (at, author, address, event, target, module_id, field, old_value, new_value, reason) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            r.at, r.author, r.address, r.event, r.target, r.module_id, r.field, r.old_value, r.new_value, r.reason);
}

/// What a write means that changed no row.
enum class pg_unchanged { not_found, nothing_to_tell, no_matter };

/// Does the one statement of `first` and writes the audit with it.
inline asio::awaitable<result<void>> pg_change(std::shared_ptr<pg_pool> pool, pg_batch const& first, audit_rows rows,
                                               pg_unchanged none) {
    auto work = [&](pg_transaction& transaction) -> asio::awaitable<result<void>> {
        auto changed = co_await transaction.ask(first);
        if (!changed) co_return changed.error();
        bool const unchanged = changed->front().changes() == 0;
        if (unchanged && none == pg_unchanged::not_found) co_return errc::not_found;
        pg_batch last;
        if (!unchanged || none == pg_unchanged::no_matter) add_note(last, rows);
        auto written = co_await transaction.commit(last);
        if (!written) co_return written.error();
        co_return result<void>();
    };
    co_return co_await pg_transact<void>(std::move(pool), work);
}

/// The same where `lock` finds a row and keeps others from it; without one, `not_found`. `last` has news and audit.
inline asio::awaitable<result<void>> pg_change_locked(std::shared_ptr<pg_pool> pool, pg_batch const& lock,
                                                      pg_batch const& last) {
    auto work = [&](pg_transaction& transaction) -> asio::awaitable<result<void>> {
        auto found = co_await transaction.ask(lock);
        if (!found) co_return found.error();
        if (!found->front().next()) co_return errc::not_found;
        auto written = co_await transaction.commit(last);
        if (!written) co_return written.error();
        co_return result<void>();
    };
    co_return co_await pg_transact<void>(std::move(pool), work);
}

} // namespace authmod::detail
