// SPDX-License-Identifier: BSL-1.0
// Layer 1. The grammar of attribute paths: one constexpr function for literals and for administrators' text.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace authmod {

/// Why a text is not a path.
enum class path_errc : std::uint8_t {
    ok,                    ///< it is one
    empty_path,            ///< nothing but blanks
    empty_alternative,     ///< nothing between two `?:`
    empty_segment,         ///< nothing between two `/`
    edge_blank,            ///< a blank beside `/`
    bad_character,         ///< a control, `*`, `"` or a bracket where none may be
    bad_escape,            ///< a JSON escape that is none, a lone surrogate or U+0000
    unclosed_quote,        ///< a `"` without its partner
    unclosed_selector,     ///< a `[` without its partner
    empty_selector,        ///< `[]`, or nothing before its `=`
    text_after_quote,      ///< something between a closing quote and the next sign
    too_long,              ///< over `max_path_bytes`
    too_many_alternatives, ///< over `max_path_alternatives`
    too_many_segments      ///< over `max_path_segments`
};

/// The reason and the byte of the text (as typed) at which it shows. Trivial, so it can be a template argument.
struct path_error {
    path_errc code = path_errc::ok; ///< `ok`: nothing is wrong
    std::size_t offset = 0;         ///< in bytes, from 0
    friend bool operator==(path_error const&, path_error const&) = default;
};

inline constexpr std::size_t max_path_bytes = 1024;      ///< of the text as typed, blanks too
inline constexpr std::size_t max_path_alternatives = 16; ///< of one path
inline constexpr std::size_t max_path_segments = 32;     ///< in each alternative

/// What a segment hops over.
enum class hop_kind : std::uint8_t {
    self,  ///< nothing: the segment is a selector alone
    name,  ///< a member by name
    index, ///< an element by number; on an object the member so spelled
    any    ///< `*`: every element, or every member's value
};

/// How a selector decides.
enum class selector_kind : std::uint8_t {
        none, ///< there is none
    flag,     ///< `[name]`: the member is JSON `true`
    equal     ///< `[name=value]`: the text of the member equals the value
};

/// Part of the path's text. `quoted`: a JSON string literal with its quotes, still escaped.
struct text_range {
    std::uint16_t offset = 0; ///< in bytes from the start of the path's text
    std::uint16_t length = 0; ///< in bytes, with the quotes
    bool quoted = false;      ///< whether it has to be read as a JSON string
    friend bool operator==(text_range const&, text_range const&) = default;
};

/// One segment: a hop and an optional selector.
struct path_step {
    hop_kind hop = hop_kind::name;                ///< what it goes into
    selector_kind selector = selector_kind::none; ///< what it keeps of that
    bool ends_alternative = false;                ///< the next step starts again at the root
    text_range name;                              ///< for `name` and `index`
    text_range selector_name;                     ///< for `flag` and `equal`
    text_range selector_value;                    ///< for `equal`
    friend bool operator==(path_step const&, path_step const&) = default;
};

/// A parsed path: the text as typed and its steps. Refers to memory of its owner; an empty path (no steps) is "unset".
struct path_view {
    std::string_view text;            ///< as typed
    std::span<path_step const> steps; ///< in the order of the text

    /// Whether it is unset.
    [[nodiscard]] constexpr bool empty() const noexcept { return steps.empty(); }
};

namespace detail {

struct path_errc_row {
    path_errc code;
    std::string_view word;
    std::string_view message;
};

inline constexpr path_errc_row path_errc_rows[] = {
    {path_errc::ok, "ok", "the path is well-formed"},
    {path_errc::empty_path, "empty_path", "the path is empty"},
    {path_errc::empty_alternative, "empty_alternative", "there is no path beside this \"?:\""},
    {path_errc::empty_segment, "empty_segment", "a name is missing here"},
    {path_errc::edge_blank, "edge_blank", "a blank is not allowed here; quote the name if the blank belongs to it"},
    {path_errc::bad_character, "bad_character",
     "this character is not allowed here; quote the name if it belongs to it"},
    {path_errc::bad_escape, "bad_escape",
     "this is not an escape of JSON, or not one for a character that can be matched"},
    {path_errc::unclosed_quote, "unclosed_quote", "this quote is not closed"},
    {path_errc::unclosed_selector, "unclosed_selector", "this \"[\" is not closed"},
    {path_errc::empty_selector, "empty_selector", "the name to select by is missing"},
    {path_errc::text_after_quote, "text_after_quote", "only \"/\", \"[\" or \"?:\" may follow a closing quote"},
    {path_errc::too_long, "too_long", "the path is longer than 1,024 bytes"},
    {path_errc::too_many_alternatives, "too_many_alternatives", "there are more than 16 alternatives"},
    {path_errc::too_many_segments, "too_many_segments", "there are more than 32 segments in one alternative"},
};

} // namespace detail

/// The stable word of a reason, `"empty_segment"` for example.
[[nodiscard]] constexpr std::string_view to_word(path_errc code) noexcept {
    return detail::path_errc_rows[static_cast<std::size_t>(code)].word;
}

/// One clause for people.
[[nodiscard]] constexpr std::string_view message(path_errc code) noexcept {
    return detail::path_errc_rows[static_cast<std::size_t>(code)].message;
}

namespace detail {

[[nodiscard]] constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// Value of the four hexadecimal digits at `at`, -1 when they are not there.
[[nodiscard]] constexpr int hex_quad(std::string_view text, std::size_t at) noexcept {
    if (text.size() < at + 4) return -1;
    int value = 0;
    for (char c : text.substr(at, 4)) {
        int const digit = ascii::hex_value(c);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/// An escape of a JSON string: its length in the text and the code point it stands for. Length 0: it is none.
struct json_escape {
    std::size_t length = 0;
    char32_t code_point = 0;
};

/// Reads the escape whose backslash is at `at`. A lone surrogate and U+0000 are no escapes here.
[[nodiscard]] constexpr json_escape read_escape(std::string_view text, std::size_t at) noexcept {
    if (at + 1 >= text.size()) return {};
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    char const kind = text[at + 1];
    if (auto const i = letters.find(kind); i != letters.npos) return {2, static_cast<char32_t>(meanings[i])};
    if (kind != 'u') return {};
    int const first = hex_quad(text, at + 2);
    if (first <= 0 || (first >= 0xdc00 && first < 0xe000)) return {};
    if (first < 0xd800 || first >= 0xe000) return {6, static_cast<char32_t>(first)};
    if (text.substr(at + 6, 2) != "\\u") return {};
    int const second = hex_quad(text, at + 8);
    if (second < 0xdc00 || second >= 0xe000) return {};
    return {12, static_cast<char32_t>(0x10000 + (first - 0xd800) * 0x400 + (second - 0xdc00))};
}

/// The one reader of the grammar, a cursor over the text. Each function leaves the cursor behind what it read.
template <class Sink>
class path_parser {
public:
    constexpr path_parser(std::string_view text, Sink& sink)
        : text_(text), sink_(sink), valid_end_(valid_utf8_prefix(text)) {}

    constexpr path_error path() {
        if (text_.size() > max_path_bytes) return {path_errc::too_long, max_path_bytes};
        if (blanks_end(0) == text_.size()) return {path_errc::empty_path, 0};
        for (std::size_t count = 0;; ++count) {
            at_ = blanks_end(at_);
            if (count == max_path_alternatives) return fail(path_errc::too_many_alternatives);
            if (at_end() || at_separator(at_)) return fail(path_errc::empty_alternative);
            if (auto error = alternative(); error.code != path_errc::ok) return error;
            if (at_end()) return {};
            at_ += 2; // "?:"
        }
    }

private:
    /// Reads up to the end of the text or the next "?:", blanks before it included.
    constexpr path_error alternative() {
        for (std::size_t count = 0;; ++count) {
            if (count == max_path_segments) return fail(path_errc::too_many_segments);
            path_step step;
            if (auto error = segment(step); error.code != path_errc::ok) return error;
            std::size_t const after = blanks_end(at_);
            if (after == text_.size() || at_separator(after)) {
                at_ = after;
                step.ends_alternative = true;
                sink_(step);
                return {};
            }
            char const next = text_[after];
            if (after != at_ && (next == '/' || next == '[')) return fail(path_errc::edge_blank);
            at_ = after;
            if (next != '/') {
                bool const quote_ended = step.name.quoted && step.selector == selector_kind::none;
                return fail(quote_ended ? path_errc::text_after_quote : path_errc::bad_character);
            }
            sink_(step);
            ++at_;
        }
    }

    constexpr path_error segment(path_step& step) {
        if (at_end() || peek() == '/' || at_separator(at_)) return fail(path_errc::empty_segment);
        if (is_blank(peek())) return fail(path_errc::edge_blank);
        if (peek() == '[') {
            step.hop = hop_kind::self;
        } else if (peek() == '*') {
            step.hop = hop_kind::any;
            ++at_;
        } else {
            if (auto error = name_or_quoted(step.name, ""); error.code != path_errc::ok) return error;
            step.hop = is_index(step.name) ? hop_kind::index : hop_kind::name;
        }
        return !at_end() && peek() == '[' ? selector(step) : path_error{};
    }

    constexpr path_error selector(path_step& step) {
        std::size_t const opened = at_++;
        if (!at_end() && (peek() == ']' || peek() == '=')) return fail(path_errc::empty_selector);
        if (!at_end() && is_blank(peek())) return fail(path_errc::edge_blank);
        if (at_end()) return {path_errc::unclosed_selector, opened};
        if (auto error = name_or_quoted(step.selector_name, "="); error.code != path_errc::ok) return error;
        step.selector = selector_kind::flag;
        if (!at_end() && peek() == '=') {
            ++at_;
            step.selector = selector_kind::equal;
            bool const is_quoted = !at_end() && peek() == '"';
            if (auto error = is_quoted ? quoted(step.selector_value) : plain_value(step.selector_value);
                error.code != path_errc::ok)
                return error;
        }
        if (at_end()) return {path_errc::unclosed_selector, opened};
        if (peek() != ']') {
            if (is_blank(peek())) return fail(path_errc::edge_blank);
            text_range const& last = step.selector == selector_kind::flag ? step.selector_name : step.selector_value;
            return fail(last.quoted ? path_errc::text_after_quote : path_errc::bad_character);
        }
        ++at_;
        return {};
    }

    constexpr path_error name_or_quoted(text_range& range, std::string_view more_stops) {
        return peek() == '"' ? quoted(range) : name(range, more_stops);
    }

    /// Reads a name up to the first character that cannot be part of it; blanks before that stay unread.
    constexpr path_error name(text_range& range, std::string_view more_stops) {
        std::size_t const begin = at_;
        while (!ends_name(at_, more_stops)) {
            std::size_t const after = blanks_end(at_);
            if (after == at_) {
                if (auto error = character(); error.code != path_errc::ok) return error;
                continue;
            }
            if (ends_name(after, more_stops)) break;
            // A tabulator is a blank between parts of a path, but a control character within a name.
            for (; at_ != after; ++at_)
                if (peek() == '\t') return fail(path_errc::bad_character);
        }
        if (at_ == begin) return fail(path_errc::bad_character);
        range = make_range(begin, false);
        return {};
    }

    /// Reads the value of `[name=value]` up to its "]", which stays unread.
    constexpr path_error plain_value(text_range& range) {
        std::size_t const begin = at_;
        while (!at_end() && peek() != ']') {
            if (peek() == '"') return fail(path_errc::bad_character);
            if (auto error = character(); error.code != path_errc::ok) return error;
        }
        range = make_range(begin, false);
        return {};
    }

    constexpr path_error quoted(text_range& range) {
        std::size_t const begin = at_++;
        while (!at_end()) {
            if (peek() == '"') {
                ++at_;
                range = make_range(begin, true);
                return {};
            }
            if (peek() == '\\') {
                if (at_ + 1 == text_.size()) break;
                auto const escape = read_escape(text_, at_);
                if (escape.length == 0) return fail(path_errc::bad_escape);
                at_ += escape.length;
            } else if (peek() == 0x7f) {
                ++at_; // RFC 8259 lets it stand in a string
            } else if (auto error = character(); error.code != path_errc::ok) {
                return error;
            }
        }
        return {path_errc::unclosed_quote, begin};
    }

    /// Reads one byte of UTF-8 that is no control character.
    constexpr path_error character() {
        if (at_ == valid_end_ || ascii::is_control(peek())) return fail(path_errc::bad_character);
        ++at_;
        return {};
    }

    [[nodiscard]] constexpr bool ends_name(std::size_t at, std::string_view more_stops) const noexcept {
        if (at == text_.size() || at_separator(at)) return true;
        char const c = text_[at];
        return std::string_view("/[]*\"").find(c) != std::string_view::npos || more_stops.find(c) != more_stops.npos;
    }

    [[nodiscard]] constexpr bool is_index(text_range range) const noexcept {
        if (range.quoted) return false;
        auto const digits = text_.substr(range.offset, range.length);
        return digits.find_first_not_of("0123456789") == digits.npos && (digits[0] != '0' || digits.size() == 1);
    }

    [[nodiscard]] constexpr std::size_t blanks_end(std::size_t at) const noexcept {
        while (at != text_.size() && is_blank(text_[at])) ++at;
        return at;
    }

    [[nodiscard]] constexpr text_range make_range(std::size_t begin, bool is_quoted) const noexcept {
        return {static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(at_ - begin), is_quoted};
    }

    [[nodiscard]] constexpr bool at_separator(std::size_t at) const noexcept { return text_.substr(at, 2) == "?:"; }

    [[nodiscard]] constexpr bool at_end() const noexcept { return at_ == text_.size(); }

    [[nodiscard]] constexpr char peek() const noexcept { return text_[at_]; }

    [[nodiscard]] constexpr path_error fail(path_errc code) const noexcept { return {code, at_}; }

    std::string_view text_;
    Sink& sink_;
    std::size_t at_ = 0;
    std::size_t valid_end_; ///< end of the part that is valid UTF-8
};

} // namespace detail

/** Reads `text` by the grammar of attribute paths.

    Effects: calls `sink(path_step)` once per segment, in order. On an error the steps given so far are worthless.
    Steps name places in `text` and are at most `text.size() / 2 + 1`.
    Errors: the first reason in reading order; `unclosed_quote` and `unclosed_selector` name what was opened.
*/
template <class Sink>
constexpr path_error parse_path(std::string_view text, Sink&& sink) {
    return detail::path_parser<std::remove_reference_t<Sink>>(text, sink).path();
}

/** Writes the meaning of a range of a parsed path: a quoted one without quotes and escapes, any other as it is.

    Preconditions: `out` has room for `range.length` bytes, and `parse_path` accepted `text`. Gives the bytes written.
*/
constexpr std::size_t unescape(std::string_view text, text_range range, char* out) noexcept {
    std::size_t const end = range.offset + std::size_t{range.length} - range.quoted;
    std::size_t size = 0;
    for (std::size_t at = std::size_t{range.offset} + range.quoted; at != end;) {
        if (!range.quoted || text[at] != '\\') {
            out[size++] = text[at++];
            continue;
        }
        auto const escape = detail::read_escape(text, at);
        at += escape.length;
        char32_t const c = escape.code_point;
        auto const put = [&](char32_t byte) { out[size++] = static_cast<char>(byte); };
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
        } else {
            put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
        }
    }
    return size;
}

} // namespace authmod
