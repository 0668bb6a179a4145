// SPDX-License-Identifier: BSL-1.0
// Layer 0. Percent-encoding and the name=value pairs of queries and form bodies.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/char_set.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

inline constexpr ascii::char_set unreserved(ascii::is_unreserved);

inline void append_encoded(std::string& out, std::string_view text, bool space_as_plus) {
    auto const had = out.size();
    out.resize(had + 3 * text.size());
    char* to = out.data() + had;
    for (char c : text) {
        if (unreserved.has(c)) {
            *to++ = c;
        } else if (c == ' ' && space_as_plus) {
            *to++ = '+';
        } else {
            constexpr char digits[] = "0123456789ABCDEF";
            auto const byte = static_cast<unsigned char>(c);
            *to++ = '%';
            *to++ = digits[byte >> 4];
            *to++ = digits[byte & 15];
        }
    }
    out.resize(static_cast<std::size_t>(to - out.data()));
}

[[nodiscard]] inline std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space) {
    std::string out(text.size(), '\0');
    char* to = out.data();
    for (std::size_t i = 0; i != text.size(); ++i) {
        if (text[i] == '%') {
            if (text.size() - i < 3) return std::nullopt;
            int const high = ascii::hex_value(text[i + 1]);
            int const low = ascii::hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            *to++ = static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            *to++ = text[i] == '+' && plus_is_space ? ' ' : text[i];
        }
    }
    out.resize(static_cast<std::size_t>(to - out.data()));
    return out;
}

} // namespace detail

/// Every byte but the unreserved ones of RFC 3986 as %XX: fits any place of a URL.
[[nodiscard]] inline std::string percent_encode(std::string_view text) {
    std::string out;
    detail::append_encoded(out, text, false);
    return out;
}

/// Empty when a `%` is not followed by two hexadecimal digits. `+` stays `+`.
[[nodiscard]] inline std::optional<std::string> percent_decode(std::string_view text) {
    return detail::decode_percent(text, false);
}

/// application/x-www-form-urlencoded, one name or value: as @ref percent_encode, but a space becomes `+`.
[[nodiscard]] inline std::string form_encode(std::string_view text) {
    std::string out;
    detail::append_encoded(out, text, true);
    return out;
}

/// Inverse of @ref form_encode; empty when a `%` is not followed by two hexadecimal digits.
[[nodiscard]] inline std::optional<std::string> form_decode(std::string_view text) {
    return detail::decode_percent(text, true);
}

/// Appends `name=value`, form-encoded, to a form body or a query; `&` before it unless it is the first.
inline void append_form_field(std::string& body, std::string_view name, std::string_view value) {
    if (!body.empty()) body += '&';
    detail::append_encoded(body, name, true);
    body += '=';
    detail::append_encoded(body, value, true);
}

/// One pair of a query or form body, decoded. The bytes are whatever the sender encoded.
struct form_field {
    std::string name;  ///< decoded
    std::string value; ///< decoded; empty also when there was no `=`

    form_field() = default;

    form_field(std::string in_name, std::string in_value) : name(std::move(in_name)), value(std::move(in_value)) {}

    friend bool operator==(form_field const&, form_field const&) = default;
};

/// What @ref read_form reads at most.
struct form_limits {
    std::size_t bytes = 8 * 1024; ///< of the whole text; more is an error
    std::size_t fields = 64;      ///< of all names together; more is an error
};

/** The pairs of a query (without `?`) or a form body, decoded, in order, repeated names included. A piece without `=`
    is a name with an empty value; pieces without a single character are skipped.

    Errors: empty when the text is over the limits or a `%` is not followed by two hexadecimal digits.
*/
[[nodiscard]] inline std::optional<std::vector<form_field>> read_form(std::string_view text, form_limits limits = {}) {
    std::vector<form_field> fields;
    if (text.size() > limits.bytes) return std::nullopt;
    while (!text.empty()) {
        auto const piece = text.substr(0, text.find('&'));
        text.remove_prefix(piece.size() == text.size() ? piece.size() : piece.size() + 1);
        if (piece.empty()) continue;
        auto const equals = piece.find('=');
        auto name = form_decode(piece.substr(0, equals));
        auto value = form_decode(equals == piece.npos ? std::string_view{} : piece.substr(equals + 1));
        if (!name || !value || fields.size() == limits.fields) return std::nullopt;
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    return fields;
}

} // namespace authmod
