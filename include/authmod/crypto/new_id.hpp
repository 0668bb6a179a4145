// SPDX-License-Identifier: BSL-1.0
// Layer 1. Ids of our own things: accounts, modules, groups.
#pragma once

#include "authmod/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

/// Random bytes of an id: 80 bits, so that nobody guesses one and none comes twice.
inline constexpr std::size_t id_random_bytes = 10;
inline constexpr std::size_t id_length = 26; ///< characters

/** 26 characters of lower-case Crockford base32: 48 bits of time, then 80 random bits.

    Ids made later sort later, by the millisecond, so a database's index grows at its end. They are unique, not secret:
    the time can be read from them.

    Preconditions: `now` lies between 1970 and the year 10889.
*/
[[nodiscard]] inline std::string new_id(time_point now, std::span<std::byte const, id_random_bytes> random) {
    constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string id(id_length, '0');
    auto time = static_cast<std::uint64_t>(to_milliseconds(now));
    for (std::size_t i = 10; i-- != 0; time >>= 5) id[i] = digits[time & 31];
    std::uint32_t bits = 0;
    unsigned count = 0;
    std::size_t at = 10;
    for (std::byte b : random) {
        bits = (bits << 8 | std::to_integer<std::uint32_t>(b)) & 0xffff;
        for (count += 8; count >= 5; count -= 5) id[at++] = digits[bits >> (count - 5) & 31];
    }
    return id;
}

} // namespace authmod
