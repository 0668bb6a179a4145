// SPDX-License-Identifier: BSL-1.0
// Layer 1. An attribute path written in the program: parsed by the compiler, its steps live in the program's data.
#pragma once

#include "authmod/core/fixed_string.hpp"
#include "authmod/mapping/path.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace authmod {

namespace detail {

/// A compiler that refuses a path names this type with its arguments: the reason and the byte of the literal.
template <path_errc Reason, std::size_t Offset>
struct malformed_path {
    static_assert(Reason == path_errc::ok,
                  "malformed attribute path: the reason and the offset of the offending byte are "
                  "the arguments of malformed_path<>");
};

template <std::size_t Bytes>
struct parsed_path {
    std::array<path_step, Bytes / 2 + 1> steps{};
    std::size_t count = 0;
    path_error error;
};

} // namespace detail

/** A path whose text is known to the compiler; write it `"username ?: nickname"_path`.

    Errors: a malformed text does not compile. Lifetimes: the view is valid as long as the program runs.
*/
template <fixed_string Text>
struct static_path {
    /// Text and steps. Lifetimes: the program's.
    [[nodiscard]] static constexpr path_view view() noexcept {
        return {Text.view(), {parsed.steps.data(), parsed.count}};
    }

    constexpr operator path_view() const noexcept { return view(); }

private:
    // Read once, into scratch: reading first to count and again to fill would take the compiler ten times as long.
    static constexpr auto parsed = [] {
        detail::parsed_path<Text.view().size()> scratch;
        scratch.error = parse_path(Text.view(), [&](path_step const& step) { scratch.steps[scratch.count++] = step; });
        return scratch;
    }();
    static constexpr detail::malformed_path<parsed.error.code, parsed.error.offset> check{};
};

inline namespace literals {

template <fixed_string Text>
[[nodiscard]] consteval static_path<Text> operator""_path() noexcept {
    return {};
}

} // namespace literals

} // namespace authmod
