// SPDX-License-Identifier: BSL-1.0
// Layer 5. Origins that let everybody wait in vain are asked by one exchange a second, until one is answered: those who
// would wait for them too are told at once, and cost the others nothing. Counts; sends nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/time.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace authmod {

/// When an origin counts as one that hangs, and for how long.
struct circuit_limits {
    int in_a_row = 10;         ///< waits in vain, with no answer between; 0: never
    milliseconds wait{1000};   ///< one that was shorter tells nothing
    milliseconds pause{1000};  ///< between exchanges that try whether it answers again
    milliseconds memory{30'000}; ///< after the last wait in vain it counts as well again
};

/** Remembers which origins hang.

    Thread safety: every function from any thread.
*/
class origin_circuits {
    using time = std::chrono::steady_clock::time_point;

public:
    static constexpr std::size_t max_origins = 256; ///< more than these are forgotten at once

    explicit origin_circuits(circuit_limits limits = circuit_limits()) : limits_(limits) {}

    /// Whether an exchange may begin. Where it hangs: one in each pause.
    [[nodiscard]] bool may_begin(std::string const& origin, time now) {
        std::lock_guard const lock(mutex_);
        auto const at = origins_.find(origin);
        if (at == origins_.end()) return true;
        state& s = at->second;
        if (now - s.hung_at >= limits_.memory) s.in_a_row = 0;
        if (limits_.in_a_row == 0 || s.in_a_row < limits_.in_a_row) return true;
        if (!enforced("K3b", now >= s.try_at)) return false;
        s.try_at = now + limits_.pause;
        return true;
    }

    /// An exchange was answered, or failed otherwise than by waiting.
    void answered(std::string const& origin, time now) {
        std::lock_guard const lock(mutex_);
        auto const at = origins_.find(origin);
        if (at == origins_.end()) return;
        at->second.in_a_row = 0;
        at->second.answered_at = now;
    }

    /// An exchange that began at `begun` was waited for in vain. One that began before the last answer tells nothing:
    /// the origin has come back meanwhile.
    void hung(std::string const& origin, time begun, time now) {
        if (now - begun < limits_.wait) return;
        std::lock_guard const lock(mutex_);
        if (origins_.size() == max_origins && !origins_.contains(origin)) origins_.clear();
        state& s = origins_[origin];
        if (s.answered_at && begun <= *s.answered_at) return;
        ++s.in_a_row;
        s.hung_at = now;
    }

private:
    struct state {
        int in_a_row = 0;
        time hung_at, try_at;
        std::optional<time> answered_at; // since the first that hung
    };

    circuit_limits limits_;
    std::mutex mutex_;
    std::map<std::string, state> origins_; // only those that have hung
};

} // namespace authmod
