// SPDX-License-Identifier: BSL-1.0
// Layer 1. What a JSON text may be and what a single value of it is, without a word about parsing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace authmod::detail {

inline constexpr std::size_t max_json_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_json_depth = 32;

enum class json_type : std::uint8_t { null, boolean_false, boolean_true, integer, real, string };

/// `text` of a number is as sent, but an integer -0 is "0". Lifetimes: valid until the reader's next body.
struct json_scalar {
    json_type type = json_type::null;
    std::string_view text;
};

} // namespace authmod::detail
