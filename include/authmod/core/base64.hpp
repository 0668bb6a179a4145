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
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffff;
        for (count += 8; count >= 6; count -= 6) *out++ = alphabet[bits >> (count - 6) & 63];
    }
    if (count != 0) *out = alphabet[bits << (6 - count) & 63];
    return text;
}

/// Refuses foreign characters, a lone last character and bits that no encoder sets, so one value has one spelling.
[[nodiscard]] inline std::optional<std::string> decode_base64(std::string_view text, base64_values const& values) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes(text.size() * 3 / 4, '\0');
    char* out = bytes.data();
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char c : text) {
        int const digit = values[static_cast<unsigned char>(c)];
        if (digit < 0) return std::nullopt;
        bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0x3fff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            *out++ = static_cast<char>(bits >> count & 0xff);
        }
    }
    if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
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
