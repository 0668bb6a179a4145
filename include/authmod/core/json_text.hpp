// SPDX-License-Identifier: BSL-1.0
// Layer 0. JSON written as text, without a tree: for answers that are asked for all the time.
#pragma once

#include "authmod/core/append_all.hpp"
#include "authmod/core/char_set.hpp"

#include <string>
#include <string_view>

namespace authmod {

namespace detail {

inline constexpr ascii::char_set json_plain([](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
});

} // namespace detail

/// Appends `text` as a JSON string (RFC 8259 7), in quotes. Preconditions: valid UTF-8.
inline void append_json(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (detail::json_plain.has_all(text)) return append_all(out, "\"", text, "\"");
    out += '"';
    for (char c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (detail::json_plain.has(c))
            out += c;
        else if (byte >= 0x20)
            (out += '\\') += c;
        else
            ((out += "\\u00") += digits[byte >> 4]) += digits[byte & 15];
    }
    out += '"';
}

} // namespace authmod
