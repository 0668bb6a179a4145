// SPDX-License-Identifier: BSL-1.0
// Layer 3. The concept of what tells the time, and the usual model.
#pragma once

#include "authmod/core/time.hpp"

#include <concepts>

namespace authmod {

/** Tells the time.

    A model promises that `now` may be called from any thread, does not throw and does not block.

    @par Models
    @ref system_clock, @ref fixed_clock
*/
template <class T>
concept clock = requires(T const& t) {
    { t.now() } noexcept -> std::same_as<time_point>;
};

/// The machine's clock.
class system_clock {
public:
    /// UTC, in whole milliseconds.
    [[nodiscard]] time_point now() const noexcept {
        return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    }
};

static_assert(clock<system_clock>);

} // namespace authmod
