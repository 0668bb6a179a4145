// SPDX-License-Identifier: BSL-1.0
// Layer 1. Makes picture URLs for providers that send an id instead of a URL: one check for literals and typed text.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/percent.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace authmod {

/// What stands in a pattern where the value at Avatar goes.
inline constexpr std::string_view picture_id = "<picture-id>";

/// Why a text is not an image URL pattern.
enum class pattern_errc : std::uint8_t {
    ok,                ///< it is one
    too_long,          ///< over 2,048 bytes
    not_https,         ///< it does not begin with `https://`
    bad_host,          ///< its host is none, or has the placeholder in it
    no_picture_id,     ///< `<picture-id>` is missing
    second_picture_id, ///< `<picture-id>` stands there twice
    bad_character      ///< a byte that no URL may have
};

/// The reason and the byte of the text (as typed) at which it shows. Trivial, so it can be a template argument.
struct pattern_error {
    pattern_errc code = pattern_errc::ok; ///< `ok`: nothing is wrong
    std::size_t offset = 0;               ///< in bytes, from 0
    friend bool operator==(pattern_error const&, pattern_error const&) = default;
};

/// The stable word of a reason.
[[nodiscard]] constexpr std::string_view to_word(pattern_errc code) noexcept {
    constexpr std::string_view words[] = {
        "ok", "too_long", "not_https", "bad_host", "no_picture_id", "second_picture_id", "bad_character"};
    return words[static_cast<std::size_t>(code)];
}

/// One clause for people.
[[nodiscard]] constexpr std::string_view message(pattern_errc code) noexcept {
    constexpr std::string_view clauses[] = {
        "the pattern is fine",
        "the pattern is longer than 2,048 bytes",
        "the pattern must start with https://",
        "the host must be spelled out, without a user name and without <picture-id>",
        "<picture-id> is missing",
        "<picture-id> may stand only once",
        "this character cannot stand in a URL; percent-encode it"};
    return clauses[static_cast<std::size_t>(code)];
}

/** Checks a pattern: https, a host, and exactly one `<picture-id>` behind it.

    The host is never part of what a provider's answer fills in, so an answer cannot choose whom browsers ask.
*/
[[nodiscard]] constexpr pattern_error check_url_pattern(std::string_view text) noexcept {
    constexpr std::size_t max_bytes = 2048;
    constexpr std::string_view scheme = "https://";
    if (text.size() > max_bytes) return {pattern_errc::too_long, max_bytes};
    if (!text.starts_with(scheme)) return {pattern_errc::not_https, 0};

    std::size_t at = scheme.size();
    for (; at != text.size() && text[at] != '/'; ++at)
        if (!ascii::is_unreserved(text[at]) && std::string_view(":[]").find(text[at]) == std::string_view::npos)
            return {pattern_errc::bad_host, at};
    if (at == scheme.size()) return {pattern_errc::bad_host, at};

    bool found = false;
    while (at != text.size()) {
        if (text.substr(at).starts_with(picture_id)) {
            if (found) return {pattern_errc::second_picture_id, at};
            found = true;
            at += picture_id.size();
        } else if (text[at] == '%' && text.size() - at > 2 && ascii::hex_value(text[at + 1]) >= 0 &&
                   ascii::hex_value(text[at + 2]) >= 0) {
            at += 3;
        } else if (ascii::is_unreserved(text[at]) ||
                   std::string_view("/?:@!$&'()*+,;=").find(text[at]) != std::string_view::npos) {
            ++at;
        } else {
            return {pattern_errc::bad_character, at};
        }
    }
    return found ? pattern_error{} : pattern_error{pattern_errc::no_picture_id, text.size()};
}

/** The picture's URL from the value at Avatar; nothing when there is none to be made.

    A value that is a URL already is kept as sent. Any other is put into `pattern`, with every byte percent-encoded
    except unreserved ones and `/`; a `.` or `..` segment would climb out of the pattern's folder and gives nothing.

    Preconditions: `pattern` is empty (there is none) or passed `check_url_pattern`.
*/
[[nodiscard]] inline std::optional<std::string> image_url(std::string_view pattern, std::string_view value) {
    if (value.starts_with("https://") || value.starts_with("http://")) return std::string(value);
    auto const place = pattern.find(picture_id);
    if (place == pattern.npos || value.find_first_not_of(" \t\r\n") == value.npos) return std::nullopt;

    std::string url(pattern.substr(0, place));
    for (std::size_t begin = 0;;) {
        auto const end = value.find('/', begin);
        auto const segment = value.substr(begin, end - begin);
        if (segment == "." || segment == "..") return std::nullopt;
        url += percent_encode(segment);
        if (end == value.npos) break;
        url += '/';
        begin = end + 1;
    }
    url += pattern.substr(place + picture_id.size());
    return url;
}

} // namespace authmod
