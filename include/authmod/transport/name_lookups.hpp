// SPDX-License-Identifier: BSL-1.0
// Layer 5. Looks host names up without one name's slowness being another's. Asio has one thread for each execution
// context, so a name server that hangs for one provider would hold up the logins of all.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace authmod {

/** Runs the system's blocking look-ups on threads of its own: one for each name at a time, a limited number in all.

    The system's look-up cannot be stopped. So whoever asks for a name that is being looked up waits for that answer,
   and a name that hangs takes one thread however many ask for it. Threads end when there is nothing to look up.

    Thread safety: every function from any thread. Lifetimes: may go while look-ups are under way; they end by
   themselves and still answer.
*/
class name_lookups {
public:
    using answer = result<std::vector<boost::asio::ip::address>>; ///< of one name, or why there is none
    using way =
        std::function<answer(std::string const& name)>; ///< blocks; throws nothing but what memory exhaustion throws
    using handler = std::function<void(answer const&)>; ///< called once, on a thread of these, and throws nothing

    explicit name_lookups(way how, std::size_t most_threads = 16)
        : shared_(std::make_shared<state>(std::move(how), most_threads)) {}

    /// Exceptions: when there is no memory; `done` is not called then.
    void ask(std::string const& name, handler done) {
        std::lock_guard const lock(shared_->mutex);
        auto& asked = shared_->waiting[name];
        bool const fresh = asked.empty();
        if (fresh) shared_->queue.push_back(name);
        asked.push_back(std::move(done));
        if (!fresh) return;
        if (shared_->threads == shared_->most_threads) return; // one of them comes round
        try {
            std::thread([shared = shared_] { serve(*shared); }).detach();
            ++shared_->threads;
        } catch (std::system_error const&) { // the system gives no more: those that run do it
            if (shared_->threads != 0) return;
            shared_->queue.pop_back();
            asked.back()(errc::provider_unreachable);
            shared_->waiting.erase(name);
        }
    }

private:
    struct state {
        state(way in_how, std::size_t in_most) : how(std::move(in_how)), most_threads(in_most) {}

        way const how;
        std::size_t const most_threads;
        std::mutex mutex;
        std::size_t threads = 0;
        std::deque<std::string> queue;                       // names that no thread has taken up
        std::map<std::string, std::vector<handler>> waiting; // those and the ones being looked up
    };

    static void serve(state& s) {
        std::unique_lock lock(s.mutex);
        while (!s.queue.empty()) {
            std::string const name = std::move(s.queue.front());
            s.queue.pop_front();
            lock.unlock();
            answer found = errc::provider_unreachable;
            try {
                found = s.how(name);
            } catch (std::exception const&) { // no memory for it
            }
            lock.lock();
            auto const asked = s.waiting.extract(name);
            lock.unlock();
            if (asked)
                for (auto const& done : asked.mapped()) done(found);
            lock.lock();
        }
        --s.threads;
    }

    std::shared_ptr<state> shared_;
};

} // namespace authmod
