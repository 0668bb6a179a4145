// SPDX-License-Identifier: BSL-1.0
// Layer 0. Classes of characters as tables, where whole requests are looked through.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace authmod::ascii {

/// A class of characters: one load tells whether one belongs.
class char_set {
public:
    /// Those for which `belongs(char)` is true.
    template <class Belongs>
    explicit constexpr char_set(Belongs belongs) {
        for (std::size_t c = 0; c != members_.size(); ++c) members_[c] = belongs(static_cast<char>(c));
    }

    /// Whether `c` belongs.
    [[nodiscard]] constexpr bool has(char c) const noexcept { return members_[static_cast<unsigned char>(c)]; }

    /// Whether every character of `text` belongs; so it does when there is none.
    [[nodiscard]] constexpr bool has_all(std::string_view text) const noexcept {
        std::size_t i = 0;
        for (; text.size() - i >= 4; i += 4) // one branch for four: heads and replies are looked through whole
            if (int{has(text[i])} + has(text[i + 1]) + has(text[i + 2]) + has(text[i + 3]) != 4) return false;
        for (; i != text.size(); ++i)
            if (!has(text[i])) return false;
        return true;
    }

private:
    std::array<bool, 256> members_{};
};

} // namespace authmod::ascii
