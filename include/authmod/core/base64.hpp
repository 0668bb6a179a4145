// SPDX-License-Identifier: BSL-1.0
// Layer 0. Base64 in its two alphabets (RFC 4648).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace authmod {

namespace detail {

inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using base64_values = std::array<signed char, 256>;

[[nodiscard]] constexpr base64_values values_of(std::string_view alphabet) noexcept {
    base64_values values{};
    values.fill(-1);
    for (std::size_t i = 0; i != alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<signed char>(i);
    return values;
}

inline constexpr base64_values base64_digits = values_of(base64_alphabet);
inline constexpr base64_values base64url_digits = values_of(base64url_alphabet);

[[nodiscard]] inline std::string encode_base64(std::string_view bytes, std::string_view alphabet) {
    std::string text((bytes.size() * 4 + 2) / 3, '\0');
    char* out = text.data();
    auto const at = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[i])}; };
    std::size_t const left = bytes.size() % 3, whole = bytes.size() - left;
    for (std::size_t i = 0; i != whole; i += 3, out += 4) {
        auto const bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
        out[0] = alphabet[bits >> 18];
        out[1] = alphabet[bits >> 12 & 63];
        out[2] = alphabet[bits >> 6 & 63];
        out[3] = alphabet[bits & 63];
    }
    if (left != 0) {
        auto const bits = at(whole) << 16 | (left == 2 ? at(whole + 1) << 8 : 0);
        out[0] = alphabet[bits >> 18];
        out[1] = alphabet[bits >> 12 & 63];
        if (left == 2) out[2] = alphabet[bits >> 6 & 63];
    }
    return text;
}

/// Refuses foreign characters, a lone last character and bits that no encoder sets, so one value has one spelling.
[[nodiscard]] inline std::optional<std::string> decode_base64(std::string_view text, base64_values const& values) {
    std::size_t const left = text.size() % 4, whole = text.size() - left;
    if (left == 1) return std::nullopt;
    std::string bytes(text.size() * 3 / 4, '\0');
    char* out = bytes.data();
    int foreign = 0; // negative as soon as one character was none
    auto const digit = [&](std::size_t i) {
        int const value = values[static_cast<unsigned char>(text[i])];
        foreign |= value;
        return static_cast<std::uint32_t>(value & 63);
    };
    for (std::size_t i = 0; i != whole; i += 4, out += 3) {
        auto const bits = digit(i) << 18 | digit(i + 1) << 12 | digit(i + 2) << 6 | digit(i + 3);
        out[0] = static_cast<char>(bits >> 16);
        out[1] = static_cast<char>(bits >> 8 & 0xff);
        out[2] = static_cast<char>(bits & 0xff);
    }
    std::uint32_t unused = 0; // bits of the last digit that are of no byte
    if (left != 0) {
        auto const bits = digit(whole) << 18 | digit(whole + 1) << 12 | (left == 3 ? digit(whole + 2) << 6 : 0);
        out[0] = static_cast<char>(bits >> 16);
        if (left == 3) out[1] = static_cast<char>(bits >> 8 & 0xff);
        unused = left == 3 ? bits & 0xff : bits & 0xffff;
    }
    if (foreign < 0 || unused != 0) return std::nullopt;
    return bytes;
}

} // namespace detail

/// The URL alphabet without padding (RFC 4648 5).
[[nodiscard]] inline std::string base64url_encode(std::string_view bytes) {
    return detail::encode_base64(bytes, detail::base64url_alphabet);
}

/// Strict inverse of @ref base64url_encode; empty for any other text, padding included.
[[nodiscard]] inline std::optional<std::string> base64url_decode(std::string_view text) {
    return detail::decode_base64(text, detail::base64url_digits);
}

/// The standard alphabet with padding (RFC 4648 4).
[[nodiscard]] inline std::string base64_encode(std::string_view bytes) {
    auto text = detail::encode_base64(bytes, detail::base64_alphabet);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

/// Strict inverse of @ref base64_encode; empty for any other text.
[[nodiscard]] inline std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding != 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return detail::decode_base64(text, detail::base64_digits);
}

} // namespace authmod
