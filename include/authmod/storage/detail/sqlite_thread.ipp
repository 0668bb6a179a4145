// SPDX-License-Identifier: BSL-1.0
// Layer 5. A thread that owns a connection and serves operations in batches: what waits shares one transaction.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/storage/detail/sqlite_connection.ipp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace authmod::detail {

namespace asio = boost::asio;

/// An operation on its way through a database thread.
class sqlite_task {
public:
    virtual ~sqlite_task() = default;
    /// Does the work; false: what it wrote must be undone. May be called again when it was.
    virtual bool run(sqlite_connection& db) noexcept = 0;
    /// Makes the outcome an error, whatever it was.
    virtual void fail(errc reason) noexcept = 0;
    /// Hands the outcome to the awaiting coroutine, on its executor. Called once, last.
    virtual void resume() = 0;
};

template <class T, class Work, class Handler>
class sqlite_operation final : public sqlite_task {
public:
    sqlite_operation(Work work, Handler handler)
        : work_(std::move(work)), handler_(std::move(handler)),
          executor_(asio::prefer(asio::get_associated_executor(handler_), asio::execution::outstanding_work.tracked)) {}

    bool run(sqlite_connection& db) noexcept override {
        try {
            answer_ = work_(db);
        } catch (SQLite::Exception const& e) {
            answer_ = to_errc(e);
        } catch (std::exception const&) { // memory exhausted
            answer_ = errc::store_unavailable;
        }
        return answer_.has_value();
    }

    void fail(errc reason) noexcept override { answer_ = reason; }

    void resume() override {
        auto finish = [handler = std::move(handler_), answer = std::move(answer_)]() mutable {
            std::move(handler)(std::move(answer));
        };
        asio::post(executor_, std::move(finish));
        executor_ = asio::any_io_executor(); // only now, or a context that is joined could go while post is still in it
    }

private:
    Work work_;
    Handler handler_;
    // The coroutine's executor is told that work is outstanding, or its context could run out of work and return.
    asio::any_io_executor executor_;
    result<T> answer_ = errc::store_unavailable;
};

/// Thread safety: `submit` from any thread. Destroying serves what was submitted before.
class sqlite_thread {
public:
    enum class role { reads, writes };

    sqlite_thread(std::unique_ptr<sqlite_connection> db, role what)
        : db_(std::move(db)), writes_(what == role::writes), thread_([this] { serve(); }) {}

    ~sqlite_thread() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

    /// Runs `work(sqlite_connection&) -> result<T>` here and gives what it gave, once it is committed.
    template <class T, class Work>
    asio::awaitable<result<T>> submit(Work work) {
        auto initiation = [this, work]<class Handler>(Handler handler) {
            push(std::make_unique<sqlite_operation<T, Work, Handler>>(work, std::move(handler)));
        };
        return asio::async_initiate<asio::use_awaitable_t<> const, void(result<T>)>(initiation, asio::use_awaitable);
    }

private:
    using batch = std::vector<std::unique_ptr<sqlite_task>>;

    void push(std::unique_ptr<sqlite_task> task) {
        {
            std::lock_guard lock(mutex_);
            queue_.push_back(std::move(task));
        }
        wake_.notify_one();
    }

    void serve() {
        for (batch tasks;; tasks.clear()) {
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
                if (queue_.empty()) return;
                tasks.swap(queue_);
            }
            if (!run(tasks))
                for (auto& task : tasks) task->fail(errc::store_unavailable);
            for (auto& task : tasks) task->resume();
        }
    }

    enum class end { kept, lost, half_done };

    /// Whether the outcomes of the tasks hold.
    bool run(batch& tasks) noexcept {
        auto how = attempt(tasks, false);
        if (how == end::half_done) how = attempt(tasks, true);
        return how == end::kept;
    }

    /** Runs the tasks in one transaction. A task that fails takes back what it wrote: with a savepoint for each, which
        costs a copy of every page that it changes. Hardly any task that fails has written before, so the first attempt
        goes without, and ends as `half_done`, with all taken back, where one has.
    */
    end attempt(batch& tasks, bool savepoints) noexcept {
        try {
            sqlite_run(*db_, writes_ ? "BEGIN IMMEDIATE" : "BEGIN");
            for (auto& task : tasks) {
                if (savepoints) sqlite_run(*db_, "SAVEPOINT one");
                auto const before = db_->total_changes();
                bool const undo = !task->run(*db_) && db_->total_changes() != before && !broken("N3b");
                // An outcome may rest on what a neighbour wrote, so all of them fall with the transaction.
                if (!db_->in_transaction()) return end::lost;
                if (undo && !savepoints) {
                    sqlite_run(*db_, "ROLLBACK");
                    return end::half_done;
                }
                if (undo) sqlite_run(*db_, "ROLLBACK TO one");
                if (savepoints) sqlite_run(*db_, "RELEASE one");
            }
            sqlite_run(*db_, "COMMIT");
            return end::kept;
        } catch (std::exception const&) {
            try {
                if (db_->in_transaction()) sqlite_run(*db_, "ROLLBACK");
            } catch (std::exception const&) { // the next BEGIN fails then, and says so to its callers
            }
            return end::lost;
        }
    }

    std::unique_ptr<sqlite_connection> db_;
    bool const writes_;
    std::mutex mutex_;
    std::condition_variable wake_;
    batch queue_;
    bool stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace authmod::detail
