// SPDX-License-Identifier: BSL-1.0
// Layer 6. By when an operation has to be over.
#pragma once

#include "authmod/core/time.hpp"

#include <algorithm>
#include <chrono>

namespace authmod::detail {

using steady_deadline = std::chrono::steady_clock::time_point;

/// What is left until `deadline`; at least 1 ms, because 0 means "no limit".
[[nodiscard]] inline milliseconds time_left(steady_deadline deadline) noexcept {
    auto const left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(left, milliseconds(1));
}

} // namespace authmod::detail
