// SPDX-License-Identifier: BSL-1.0
// Layer 1. The grammar of attribute paths: one constexpr function for literals and for administrators' text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace authmod {

/// Why a text is not a path.
enum class path_errc : std::uint8_t {
    ok,
    empty_path,
    empty_alternative,
    empty_segment,
    edge_blank,
    bad_character,
    bad_escape,
    unclosed_quote,
    unclosed_selector,
    empty_selector,
    text_after_quote,
    too_long,
    too_many_alternatives,
    too_many_segments
};

/// The reason and the byte of the text (as typed) at which it shows. Trivial, so it can be a template argument.
struct path_error {
    path_errc code = path_errc::ok;
    std::size_t offset = 0;
    friend bool operator==(path_error const&, path_error const&) = default;
};

inline constexpr std::size_t max_path_bytes = 1024;
inline constexpr std::size_t max_path_alternatives = 16;
inline constexpr std::size_t max_path_segments = 32; ///< in each alternative

/// What a segment hops over.
enum class hop_kind : std::uint8_t {
    self,  ///< nothing: the segment is a selector alone
    name,  ///< a member by name
    index, ///< an element by number; on an object the member so spelled
    any    ///< `*`: every element, or every member's value
};

/// How a selector decides.
enum class selector_kind : std::uint8_t {
    none,
    flag, ///< `[name]`: the member is JSON `true`
    equal ///< `[name=value]`: the text of the member equals the value
};

/// Part of the path's text. `quoted`: a JSON string literal with its quotes, still escaped.
struct text_range {
    std::uint16_t offset = 0;
    std::uint16_t length = 0;
    bool quoted = false;
    friend bool operator==(text_range const&, text_range const&) = default;
};

/// One segment: a hop and an optional selector.
struct path_step {
    hop_kind hop = hop_kind::name;
    selector_kind selector = selector_kind::none;
    bool ends_alternative = false;
    text_range name;           ///< for `name` and `index`
    text_range selector_name;  ///< for `flag` and `equal`
    text_range selector_value; ///< for `equal`
    friend bool operator==(path_step const&, path_step const&) = default;
};

/// A parsed path: the text as typed and its steps. Refers to memory of its owner; an empty path (no steps) is "unset".
struct path_view {
    std::string_view text;
    std::span<path_step const> steps;
};

} // namespace authmod
