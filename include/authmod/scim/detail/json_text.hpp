// SPDX-License-Identifier: BSL-1.0
// Layer 4. JSON written as text, without a tree: a page of a hundred resources is put together from what the store
// keeps.
#pragma once

#include "authmod/core/ascii.hpp"

#include <string>
#include <string_view>

namespace authmod::scim::detail {

/// Appends `text` as a JSON string. Preconditions: valid UTF-8.
inline void append_json(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) >= 0x20) {
            out += c;
        } else {
            out += "\\u00";
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
    }
    out += '"';
}

} // namespace authmod::scim::detail
