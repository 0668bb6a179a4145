// SPDX-License-Identifier: BSL-1.0
// Layer 0. Several texts as one, for sealing.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace authmod {

/// Appends `text` with its length before it, so that no text can pose as two. Any byte may stand in it.
inline void append_text(std::string& bytes, std::string_view text) {
    bytes.append(std::to_string(text.size())).append(":").append(text);
}

/// Takes the first text off `bytes` into `text`. False for bytes that `append_text` did not make.
[[nodiscard]] inline bool take_text(std::string_view& bytes, std::string& text) {
    std::size_t size = 0;
    auto const [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), size);
    bytes.remove_prefix(static_cast<std::size_t>(end - bytes.data()));
    if (error != std::errc() || !bytes.starts_with(':') || size > bytes.size() - 1) return false;
    text.assign(bytes.substr(1, size));
    bytes.remove_prefix(1 + size);
    return true;
}

} // namespace authmod
