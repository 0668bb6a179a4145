// SPDX-License-Identifier: BSL-1.0
// Layer 5. Connections to a PostgreSQL server, shared by all operations of a store and made by a thread of their own.
#pragma once

#include "authmod/storage/detail/postgres_connection.ipp"

#include <algorithm>
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace authmod::detail {

namespace asio = boost::asio;

/** Thread safety: all functions. */
class pg_pool : public std::enable_shared_from_this<pg_pool> {
public:
    using connection_ptr = std::unique_ptr<pg_connection>;

    pg_pool(pg_address address, postgres_options options)
        : address_(std::move(address)), options_(options), thread_([this] { serve(); }) {}

    ~pg_pool() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

    [[nodiscard]] postgres_options const& options() const noexcept { return options_; }

    /// A connection that works as far as anybody can know; null when there is none in time.
    asio::awaitable<connection_ptr> take() {
        if (auto idle = take_idle()) co_return idle;
        auto initiation = [this]<class Handler>(Handler handler) {
            auto next = std::make_shared<waiting<Handler>>(std::move(handler));
            std::lock_guard lock(mutex_);
            if (!idle_.empty()) { // given back since take_idle looked: nobody else would hand it over
                auto free = std::move(idle_.back());
                idle_.pop_back();
                next->finish(std::move(free));
                return;
            }
            if (is_down()) {
                next->finish(nullptr);
                return;
            }
            waiters_.push_back(next);
            next->timer.expires_after(options_.queue_timeout);
            next->timer.async_wait([pool = weak_from_this(), next](boost::system::error_code const& error) {
                if (auto const alive = pool.lock(); alive && !error) alive->expire(*next);
            });
            wake_.notify_one();
        };
        co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(connection_ptr)>(
            initiation, asio::use_awaitable);
    }

    /// Gives a connection back, whatever became of it.
    void put(connection_ptr used) {
        bool const good = used->is_reusable();
        if (!good) used.reset(); // says goodbye to the server outside of the lock
        std::lock_guard lock(mutex_);
        if (good)
            hand_over(std::move(used));
        else
            close_one();
    }

    void count(std::size_t statements) noexcept {
        round_trips_.fetch_add(1, std::memory_order_relaxed);
        statements_.fetch_add(static_cast<long long>(statements), std::memory_order_relaxed);
    }

    [[nodiscard]] postgres_counts counts() const noexcept {
        postgres_counts now;
        now.round_trips = round_trips_.load(std::memory_order_relaxed);
        now.statements = statements_.load(std::memory_order_relaxed);
        now.connects = connects_.load(std::memory_order_relaxed);
        return now;
    }

    /// Takes in a connection that somebody else made.
    void add(connection_ptr made) {
        std::lock_guard lock(mutex_);
        ++open_;
        hand_over(std::move(made));
    }

private:
    /// An operation without a connection. Its executor is told that work is outstanding, or its context could run out
    /// of work and return.
    struct waiter {
        explicit waiter(asio::any_io_executor const& home)
            : timer(home), executor(asio::prefer(home, asio::execution::outstanding_work.tracked)) {}

        virtual ~waiter() = default;
        /// Called once, under the pool's lock, which guards the timer too.
        virtual void finish(connection_ptr given) = 0;

        asio::steady_timer timer;
        asio::any_io_executor executor;
    };

    template <class Handler>
    struct waiting final : waiter {
        explicit waiting(Handler in_handler)
            : waiter(asio::get_associated_executor(in_handler)), handler(std::move(in_handler)) {}

        void finish(connection_ptr given) override {
            this->timer.cancel();
            auto resume = [to = std::move(handler), what = std::move(given)]() mutable {
                std::move(to)(std::move(what));
            };
            asio::post(this->executor, std::move(resume));
            this->executor = asio::any_io_executor(); // only now: see sqlite_operation
        }

        Handler handler;
    };

    [[nodiscard]] connection_ptr take_idle() {
        while (true) {
            connection_ptr found; // destroyed outside of the lock when it is dead
            {
                std::lock_guard lock(mutex_);
                if (idle_.empty()) return nullptr;
                found = std::move(idle_.back()); // the one used last: the others may rest
                idle_.pop_back();
            }
            if (found->is_alive() && found->is_reusable()) return found;
            std::lock_guard lock(mutex_);
            close_one();
        }
    }

    void hand_over(connection_ptr free) {
        if (waiters_.empty()) {
            idle_.push_back(std::move(free));
            return;
        }
        auto const next = std::move(waiters_.front());
        waiters_.pop_front();
        next->finish(std::move(free));
    }

    void close_one() {
        --open_;
        wake_.notify_one();
    }

    void expire(waiter const& late) {
        std::lock_guard lock(mutex_);
        auto const at = std::ranges::find(waiters_, &late, [](auto const& w) { return w.get(); });
        if (at == waiters_.end()) return; // served in the same moment
        auto const next = std::move(*at);
        waiters_.erase(at);
        next->finish(nullptr);
    }

    /// Whether nobody needs to wait any more: the server has been away for so long that it will not be there in time.
    [[nodiscard]] bool is_down() const {
        return open_ == 0 && failing_since_ &&
               std::chrono::steady_clock::now() - *failing_since_ >= options_.queue_timeout;
    }

    [[nodiscard]] bool wants_connection() const {
        return is_down() || (!waiters_.empty() && open_ < options_.connections);
    }

    /// The thread: connects whenever somebody waits and the pool is not full; goes on trying while the server is down.
    void serve() {
        constexpr milliseconds shortest{50}, longest{1'000};
        auto pause = shortest;
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [this] { return stopping_ || wants_connection(); });
            if (stopping_) return;
            lock.unlock();
            auto made = pg_connection::open(address_);
            bool const ready = made && (*made)->enter_pipeline_mode();
            lock.lock();
            if (ready) {
                connects_.fetch_add(1, std::memory_order_relaxed);
                ++open_;
                failing_since_.reset();
                pause = shortest;
                hand_over(std::move(*made));
                continue;
            }
            if (!failing_since_) failing_since_ = std::chrono::steady_clock::now();
            if (is_down())
                for (; !waiters_.empty(); waiters_.pop_front()) waiters_.front()->finish(nullptr);
            wake_.wait_for(lock, pause, [this] { return stopping_; });
            pause = std::min(2 * pause, longest);
        }
    }

    pg_address const address_;
    postgres_options const options_;
    std::atomic<long long> round_trips_{0}, statements_{0}, connects_{0};
    std::mutex mutex_; // of what follows
    std::condition_variable wake_;
    std::vector<connection_ptr> idle_;
    std::deque<std::shared_ptr<waiter>> waiters_;
    int open_ = 0; // idle or lent
    std::optional<std::chrono::steady_clock::time_point> failing_since_;
    bool stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace authmod::detail
