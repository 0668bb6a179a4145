// SPDX-License-Identifier: BSL-1.0
// Layer 6. A clock that stands still until a test moves it.
#pragma once

#include "authmod/policy/clock.hpp"

#include <atomic>

namespace authmod {

/** Tells the time that it was set to. Starts at 2026-01-01T00:00:00Z.

    Thread safety: every function may be called from any thread. A copy goes on by itself.
*/
class fixed_clock {
public:
    fixed_clock() = default;
    explicit fixed_clock(time_point start) noexcept : now_(to_milliseconds(start)) {}
    fixed_clock(fixed_clock const& other) noexcept : now_(other.now_.load()) {}
    fixed_clock& operator=(fixed_clock const& other) noexcept {
        now_ = other.now_.load();
        return *this;
    }

    /// The time that was set last.
    [[nodiscard]] time_point now() const noexcept { return from_milliseconds(now_.load()); }

    /// Sets the time, for all threads.
    void set(time_point t) noexcept { now_ = to_milliseconds(t); }

    /// Moves the clock by `step`; a negative one moves it back, as the clocks of real machines do.
    void advance(milliseconds step) noexcept { now_ += step.count(); }

private:
    std::atomic<long long> now_{1'767'225'600'000};
};

static_assert(clock<fixed_clock>);

} // namespace authmod
