// SPDX-License-Identifier: BSL-1.0
// Layer 0. Points in time as the whole library counts them.
#pragma once

#include <chrono>

namespace authmod {

using std::chrono::milliseconds;

/// UTC, in milliseconds since 1970. Comes from the clock policy only; nothing below it asks the operating system.
using time_point = std::chrono::sys_time<milliseconds>;

/// The number kept in stores and cookies.
[[nodiscard]] constexpr long long to_milliseconds(time_point t) noexcept { return t.time_since_epoch().count(); }
/// The time that is `ms` milliseconds after 1970-01-01T00:00:00Z.
[[nodiscard]] constexpr time_point from_milliseconds(long long ms) noexcept { return time_point(milliseconds(ms)); }

} // namespace authmod
