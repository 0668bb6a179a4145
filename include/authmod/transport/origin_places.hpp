// SPDX-License-Identifier: BSL-1.0
// Layer 5. So many exchanges at once with one origin and no more: a provider that hangs holds up its own logins, never
// the sockets and the memory of all. Counts; opens nothing.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace authmod {

/** Gives places, and has them back when their holders go.

    Thread safety: every function from any thread. Lifetimes: places may outlive it.
*/
class origin_places {
    struct state {
        std::mutex mutex;
        std::map<std::string, std::size_t> taken; // only origins that have one
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
            auto const at = shared_->taken.find(origin_);
            if (--at->second == 0) shared_->taken.erase(at);
        }

    private:
        friend class origin_places;

        place(std::shared_ptr<state> shared, std::string origin)
            : shared_(std::move(shared)), origin_(std::move(origin)) {}

        std::shared_ptr<state> shared_;
        std::string origin_;
    };

    /// So many places at each origin.
    explicit origin_places(std::size_t each) : each_(each) {}

    /// A place, or nothing while all are taken.
    [[nodiscard]] std::optional<place> take(std::string const& origin) {
        place made(shared_, origin);
        std::unique_lock lock(shared_->mutex);
        auto& taken = shared_->taken[origin];
        ++taken; // what `made` gives back when it is not handed out
        bool const enough = taken <= each_;
        lock.unlock();
        return enough ? std::optional<place>(std::move(made)) : std::nullopt;
    }

private:
    std::shared_ptr<state> shared_ = std::make_shared<state>();
    std::size_t each_;
};

} // namespace authmod
