// SPDX-License-Identifier: BSL-1.0
// Layer 5. Idle connections, and what is remembered of the peers they lead to. Holds; opens and checks nothing.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// How many idle connections to keep, and for how long.
struct pool_limits {
    std::size_t per_origin = 32;           ///< for one scheme, host and port
    std::size_t total = 128;               ///< the oldest one makes room
    std::chrono::milliseconds age{60'000}; ///< idle for longer than this: closed instead of used

    pool_limits() = default;
};

/** Keeps idle connections by execution context and origin.

    A socket belongs for good to the execution context that it was made in, so a connection goes back only to
    coroutines of that context: no work crosses threads. Whoever ends a context calls `drop_context` first.

    The newest connection is handed out first: it is the least likely to have been closed by the peer.

    Thread safety: every function may be called from any thread. Connections that are no longer wanted are destroyed
    under the lock: when `drop_context` returns, none of that context is left anywhere.
*/
template <class Connection>
class connection_pool {
public:
    using clock = std::chrono::steady_clock; ///< Measures how long connections are idle.
    using session = std::shared_ptr<void>;   ///< What makes the next handshake short.

    /// A connection as it is handed out.
    struct idle_connection {
        std::unique_ptr<Connection> connection; ///< never null
        clock::duration idle_for;               ///< since it was put back

        idle_connection(std::unique_ptr<Connection> in_connection, clock::duration in_idle_for)
            : connection(std::move(in_connection)), idle_for(in_idle_for) {}
    };

    explicit connection_pool(pool_limits limits) : limits_(limits) {}

    /** Takes a connection out, or nothing.

        `single_use` is for what must not be sent twice: then only a connection that is idle for less than a second and
        for less than half the shortest time after which this peer has closed one.
    */
    [[nodiscard]] std::optional<idle_connection> take(void const* context, std::string_view origin, bool single_use,
                                                      clock::time_point now) {
        std::lock_guard lock(mutex_);
        auto young = idle_.begin();
        while (young != idle_.end() && now - young->since > limits_.age) ++young;
        idle_.erase(idle_.begin(), young);

        clock::duration most = limits_.age;
        if (single_use) {
            most = std::chrono::seconds(1);
            if (auto const* known = find_peer(origin)) most = std::min(most, known->shortest_close_age / 2);
        }
        for (std::size_t i = idle_.size(); i-- != 0;) {
            entry& e = idle_[i];
            if (e.context != context || e.origin != origin) continue;
            if (single_use && now - e.since >= most) return std::nullopt; // the others are older still
            std::optional<idle_connection> out(std::in_place, std::move(e.connection), now - e.since);
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
            return out;
        }
        return std::nullopt;
    }

    /// Takes a connection in that an exchange has left clean.
    void put(void const* context, std::string_view origin, std::unique_ptr<Connection> connection,
             clock::time_point now) {
        std::lock_guard lock(mutex_);
        if (closed_ || limits_.per_origin == 0 || limits_.total == 0) return;
        auto same = [&](entry const& e) { return e.context == context && e.origin == origin; };
        if (idle_.size() >= limits_.per_origin &&
            static_cast<std::size_t>(std::ranges::count_if(idle_, same)) >= limits_.per_origin)
            idle_.erase(std::ranges::find_if(idle_, same));
        else if (idle_.size() >= limits_.total)
            idle_.erase(idle_.begin());
        idle_.emplace_back(context, std::string(origin), std::move(connection), now);
    }

    /// Remembers that the peer had closed a connection by the time it was idle for `age`.
    void note_close(std::string_view origin, clock::duration age) {
        std::lock_guard lock(mutex_);
        peer& p = peer_at(origin);
        p.shortest_close_age = std::min(p.shortest_close_age, age);
    }

    /// The newest TLS session with the peer, to resume it; empty when there is none.
    [[nodiscard]] session find_session(std::string_view origin) {
        std::lock_guard lock(mutex_);
        auto const* p = find_peer(origin);
        return p ? p->newest_session : session();
    }
    /// Keeps the newest session of an origin for later handshakes.
    void keep_session(std::string_view origin, session newest) {
        std::lock_guard lock(mutex_);
        peer_at(origin).newest_session.swap(newest);
    }

    /// Closes every idle connection of an execution context that is about to end.
    void drop_context(void const* context) {
        std::lock_guard lock(mutex_);
        std::erase_if(idle_, [&](entry const& e) { return e.context == context; });
    }

    /// Closes every idle connection, and from now on each one that is put.
    void close() {
        std::lock_guard lock(mutex_);
        closed_ = true;
        idle_.clear();
    }
    /// Whether `close` was called: nothing is kept any more.
    [[nodiscard]] bool closed() const {
        std::lock_guard lock(mutex_);
        return closed_;
    }

    /// Connections that are idle now.
    [[nodiscard]] std::size_t size() const {
        std::lock_guard lock(mutex_);
        return idle_.size();
    }

private:
    struct entry {
        void const* context;
        std::string origin;
        std::unique_ptr<Connection> connection;
        clock::time_point since;

        entry(void const* in_context, std::string in_origin, std::unique_ptr<Connection> in_connection,
              clock::time_point in_since)
            : context(in_context), origin(std::move(in_origin)), connection(std::move(in_connection)), since(in_since) {
        }
    };

    struct peer {
        std::string origin;
        clock::duration shortest_close_age = clock::duration::max();
        session newest_session;

        explicit peer(std::string_view in_origin) : origin(in_origin) {}
    };

    static constexpr std::size_t max_peers = 256; // avatars may come from anywhere

    [[nodiscard]] peer const* find_peer(std::string_view origin) const {
        auto const found = std::ranges::find(peers_, origin, &peer::origin);
        return found == peers_.end() ? nullptr : &*found;
    }
    [[nodiscard]] peer& peer_at(std::string_view origin) {
        auto const found = std::ranges::find(peers_, origin, &peer::origin);
        if (found != peers_.end()) return *found;
        if (peers_.size() == max_peers) peers_.erase(peers_.begin());
        return peers_.emplace_back(origin);
    }

    mutable std::mutex mutex_;
    pool_limits limits_;
    std::vector<entry> idle_; // from the oldest to the newest
    std::vector<peer> peers_;
    bool closed_ = false;
};

} // namespace authmod
