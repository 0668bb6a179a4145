// SPDX-License-Identifier: BSL-1.0
// Layer 0. UTF-8: checked once at the edge, counted and cut by code points afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace authmod {

namespace detail {

/// An offset from `i` on before which all is ASCII: the end of `text`, or at most 7 bytes before what is not.
[[nodiscard]] inline std::size_t skip_ascii(std::string_view text, std::size_t i) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080u;
    auto const block = [&](std::size_t at) {
        std::uint64_t bytes;
        std::memcpy(&bytes, text.data() + at, sizeof bytes);
        return bytes;
    };
    auto const four = [&](std::size_t at) { return block(at) | block(at + 8) | block(at + 16) | block(at + 24); };
    for (; text.size() - i >= 128; i += 128)
        if (((four(i) | four(i + 32) | four(i + 64) | four(i + 96)) & high_bits) != 0) break;
    while (text.size() - i >= 8 && (block(i) & high_bits) == 0) i += 8;
    if (i != 0 && text.size() - i < 8 && text.size() >= 8 && (block(text.size() - 8) & high_bits) == 0) i = text.size();
    return i;
}

} // namespace detail

/** The length in bytes of the longest valid UTF-8 text at the start of `text`: the offset of the first bad byte, or
    `text.size()`. Overlong forms, surrogates and values over U+10FFFF are bad (RFC 3629 4).
*/
[[nodiscard]] constexpr std::size_t valid_utf8_prefix(std::string_view text) noexcept {
    std::size_t i = 0, next_block = 0;
    while (i != text.size()) {
        if (i >= next_block && !std::is_constant_evaluated()) {
            i = detail::skip_ascii(text, i);
            next_block = i + 16; // one by one up to there: texts that are not ASCII are so in many places
            if (i == text.size()) break;
        }
        auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
        auto const lead = byte(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        // The second byte's range excludes overlong forms, surrogates and too large values; the rest is 80..BF.
        std::size_t length = 0;
        unsigned low = 0x80, high = 0xbf;
        if (lead >= 0xc2 && lead <= 0xdf)
            length = 2;
        else if (lead >= 0xe0 && lead <= 0xef)
            length = 3, low = lead == 0xe0 ? 0xa0 : low, high = lead == 0xed ? 0x9f : high;
        else if (lead >= 0xf0 && lead <= 0xf4)
            length = 4, low = lead == 0xf0 ? 0x90 : low, high = lead == 0xf4 ? 0x8f : high;
        else
            return i;
        if (byte(i + 1) < low || byte(i + 1) > high) return i;
        for (std::size_t k = 2; k != length; ++k)
            if (byte(i + k) < 0x80 || byte(i + k) > 0xbf) return i;
        i += length;
    }
    return i;
}

/// Whether `text` is UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF.
[[nodiscard]] constexpr bool valid_utf8(std::string_view text) noexcept {
    return valid_utf8_prefix(text) == text.size();
}

namespace detail {

[[nodiscard]] constexpr bool starts_code_point(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

} // namespace detail

/// Number of code points of valid UTF-8.
[[nodiscard]] constexpr std::size_t code_points(std::string_view text) noexcept {
    std::size_t n = 0;
    for (char c : text) n += detail::starts_code_point(c);
    return n;
}

/// The first `count` code points of valid UTF-8, all of it if it has fewer.
[[nodiscard]] constexpr std::string_view first_code_points(std::string_view text, std::size_t count) noexcept {
    for (std::size_t i = 0; i != text.size(); ++i)
        if (detail::starts_code_point(text[i]) && count-- == 0) return text.substr(0, i);
    return text;
}

/// As many whole code points of valid UTF-8 as fit into `bytes`.
[[nodiscard]] constexpr std::string_view cut_at_bytes(std::string_view text, std::size_t bytes) noexcept {
    if (text.size() <= bytes) return text;
    while (bytes != 0 && !detail::starts_code_point(text[bytes])) --bytes;
    return text.substr(0, bytes);
}

} // namespace authmod
