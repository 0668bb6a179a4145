// SPDX-License-Identifier: BSL-1.0
// Layer 5. So many exchanges at once with one origin and no more, and few new connections while it answers nobody: a
// provider that hangs holds up its own logins, never the sockets, the memory and the time of all. A handshake costs as
// much as several logins, so those that would only wait on a connection of their own wait in line without one. Counts;
// opens nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/time.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace authmod {

/// How many exchanges may be under way with one origin.
struct place_limits {
    std::size_t each = 1024;       ///< in all
    std::size_t while_quiet = 8;   ///< with this many, no new connection is opened while the origin answers nobody
    milliseconds quiet{500};       ///< for this long it has answered nobody
};

/** Gives places, and has them back when their holders go.

    Thread safety: every function from any thread. Lifetimes: places may outlive it.
*/
class origin_places {
    using time = std::chrono::steady_clock::time_point;

    struct counts {
        std::size_t taken = 0;
        std::size_t asking = 0; // of these, those that have or open a connection
        time quiet_since;       // the last answer, or since when anybody is asking
    };
    using origins = std::map<std::string, counts>; // only those that have a place taken

    struct state {
        explicit state(place_limits in_limits) : limits(in_limits) {}

        place_limits const limits;
        std::mutex mutex;
        origins all;
    };

public:
    /// One place at an origin, for as long as it lives. Movable.
    class place {
    public:
        place(place&&) noexcept = default;
        place& operator=(place&&) = delete;

        ~place() {
            if (!shared_) return; // moved from
            std::lock_guard const lock(shared_->mutex);
            if (asking_) --at_->second.asking;
            if (--at_->second.taken == 0) shared_->all.erase(at_);
        }

        /// The holder asks on a connection that it has.
        void ask(time now) {
            std::lock_guard const lock(shared_->mutex);
            begin(now);
        }

        /// Whether the holder may open a connection now; if so, it asks from now on.
        [[nodiscard]] bool may_open(time now) {
            std::lock_guard const lock(shared_->mutex);
            auto const& limits = shared_->limits;
            auto const& counted = at_->second;
            bool const quiet = counted.asking >= limits.while_quiet && now - counted.quiet_since >= limits.quiet;
            if (!asking_ && !enforced("K3c", !quiet)) return false;
            begin(now);
            return true;
        }

        /// The origin has answered, if only by a refusal.
        void answered(time now) {
            std::lock_guard const lock(shared_->mutex);
            at_->second.quiet_since = now;
        }

    private:
        friend class origin_places;

        place(std::shared_ptr<state> shared, origins::iterator at) : shared_(std::move(shared)), at_(at) {}

        void begin(time now) {
            if (asking_) return;
            asking_ = true;
            if (at_->second.asking++ == 0) at_->second.quiet_since = now;
        }

        std::shared_ptr<state> shared_;
        origins::iterator at_;
        bool asking_ = false;
    };

    explicit origin_places(place_limits limits = place_limits()) : shared_(std::make_shared<state>(limits)) {}

    /// A place, or nothing while all are taken.
    [[nodiscard]] std::optional<place> take(std::string const& origin) {
        std::lock_guard const lock(shared_->mutex);
        auto const at = shared_->all.try_emplace(origin).first;
        if (at->second.taken >= shared_->limits.each) {
            if (at->second.taken == 0) shared_->all.erase(at); // none may be
            return std::nullopt;
        }
        ++at->second.taken;
        return place(shared_, at);
    }

private:
    std::shared_ptr<state> shared_;
};

} // namespace authmod
