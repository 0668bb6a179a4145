// SPDX-License-Identifier: BSL-1.0
// Layer 0. Date-times as text (RFC 3339).
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/time.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace authmod {

/** Reads a date-time with zone, `2019-03-07T12:35:02.900024+00:00` for example; nothing else may stand around it.

    Parts of a millisecond are dropped. Second 60 (a leap second) counts as the next minute's second 0. Empty: it is
    not one, or its date does not exist.

    See also: RFC 3339 5.6
*/
[[nodiscard]] constexpr std::optional<time_point> parse_rfc3339(std::string_view text) noexcept {
    using namespace std::chrono;
    bool good = true;
    auto number = [&](std::size_t digits, int max) {
        int value = 0;
        for (std::size_t i = 0; i != digits; ++i) {
            if (text.size() <= i || !ascii::is_digit(text[i])) {
                good = false;
                return 0;
            }
            value = value * 10 + (text[i] - '0');
        }
        text.remove_prefix(digits);
        good = good && value <= max;
        return value;
    };
    auto mark = [&](char c) {
        good = good && !text.empty() && (text[0] == c || text[0] == ascii::to_lower(c));
        if (good) text.remove_prefix(1);
    };

    int const y = number(4, 9999);
    mark('-');
    int const m = number(2, 12);
    mark('-');
    int const d = number(2, 31);
    mark('T');
    int const hour = number(2, 23);
    mark(':');
    int const minute = number(2, 59);
    mark(':');
    int const second = number(2, 60);
    int fraction = 0;
    if (good && text.starts_with('.')) {
        text.remove_prefix(1);
        int weight = 100;
        std::size_t n = 0;
        for (; n != text.size() && ascii::is_digit(text[n]); ++n, weight /= 10) fraction += (text[n] - '0') * weight;
        good = n != 0;
        text.remove_prefix(n);
    }
    minutes zone{};
    if (good && (text.starts_with('+') || text.starts_with('-'))) {
        bool const west = text[0] == '-';
        text.remove_prefix(1);
        int const zone_hour = number(2, 23);
        mark(':');
        int const zone_minute = number(2, 59);
        zone = hours(zone_hour) + minutes(zone_minute);
        if (west) zone = -zone;
    } else {
        mark('Z');
    }
    year_month_day const date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
    if (!good || !text.empty() || !date.ok()) return std::nullopt;
    return sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + milliseconds(fraction) - zone;
}

/// `2026-11-23T08:05:00.042Z`. Points before the year 0 or after 9999 are moved to the nearest that can be written.
[[nodiscard]] inline std::string format_rfc3339(time_point t) {
    using namespace std::chrono;
    constexpr time_point first = sys_days(year(0) / January / 1);
    constexpr time_point last = sys_days(year(9999) / December / 31) + days(1) - milliseconds(1);
    t = std::clamp(t, first, last);
    auto const midnight = floor<days>(t);
    year_month_day const date(midnight);
    hh_mm_ss const clock(t - midnight);

    std::string text;
    text.reserve(24);
    auto append = [&](long long value, std::size_t digits, char before) {
        if (before != 0) text += before;
        std::string const plain = std::to_string(value);
        text.append(digits - plain.size(), '0').append(plain);
    };
    append(int(date.year()), 4, 0);
    append(unsigned(date.month()), 2, '-');
    append(unsigned(date.day()), 2, '-');
    append(clock.hours().count(), 2, 'T');
    append(clock.minutes().count(), 2, ':');
    append(clock.seconds().count(), 2, ':');
    append(clock.subseconds().count(), 3, '.');
    return text += 'Z';
}

} // namespace authmod
