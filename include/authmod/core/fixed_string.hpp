// SPDX-License-Identifier: BSL-1.0
// Layer 0. A string literal as a template argument.
#pragma once

#include <cstddef>
#include <string_view>

namespace authmod {

/// Text with a length known to the compiler; `N` counts the terminating zero of the literal it is made from.
template <std::size_t N>
struct fixed_string {
    char text[N]{}; ///< with the zero at its end

    consteval fixed_string(char const (&literal)[N]) {
        for (std::size_t i = 0; i != N; ++i) text[i] = literal[i];
    }

    /// The text without the terminating zero.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N - 1}; }
};

} // namespace authmod
