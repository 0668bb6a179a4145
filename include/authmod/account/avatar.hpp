// SPDX-License-Identifier: BSL-1.0
// Layer 2. Which fetched bytes count as a picture (security rule J3). Decides; fetches nothing.
#pragma once

#include "authmod/core/enforced.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace authmod {

/// Bytes of a picture that is kept; a larger one is dropped.
inline constexpr std::size_t max_image_bytes = 1024 * 1024;

/** The media type of a raster image by its first bytes: PNG, JPEG, GIF or WebP.

    What the sender's Content-Type says is not asked: it is the sender's word. SVG is a document with scripts and gives
    none, as does everything that is empty or larger than `max_image_bytes`.

    Lifetimes: the text returned is a literal.
*/
[[nodiscard]] constexpr std::optional<std::string_view> image_media_type(std::string_view bytes) noexcept {
    using namespace std::string_view_literals;
    if (bytes.size() > max_image_bytes) return std::nullopt;
    if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png"sv;
    if (bytes.starts_with("\xff\xd8\xff"sv)) return "image/jpeg"sv;
    if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return "image/gif"sv;
    if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv) return "image/webp"sv;
    if (broken("J3")) return "image/svg+xml"sv;
    return std::nullopt;
}

} // namespace authmod
