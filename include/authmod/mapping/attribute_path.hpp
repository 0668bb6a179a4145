// SPDX-License-Identifier: BSL-1.0
// Layer 1. An attribute path that an administrator typed: parsed while the service runs, its steps live in a vector.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/mapping/path.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// Lets `result<T, path_error>::value()` throw `std::invalid_argument` with the reason and the offset.
[[noreturn]] inline void throw_exception_from_error(path_error const& error, boost::source_location const&) {
    throw std::invalid_argument("malformed attribute path: " + std::string(to_word(error.code)) + " at byte " +
                                std::to_string(error.offset));
}

/** Owns a path's text and its steps. Unset (no steps) when made without a text.

    Thread safety: as of a `std::string`. Copies and moves are complete values of their own.
*/
class attribute_path {
public:
    attribute_path() = default;

    /// Errors: the same reason and offset that the compiler reports for a literal. An empty text is `empty_path`.
    [[nodiscard]] static result<attribute_path, path_error> parse(std::string_view text) {
        attribute_path path;
        auto const error = parse_path(text, [&](path_step const& step) { path.steps_.push_back(step); });
        if (error.code != path_errc::ok) return error;
        path.text_ = text;
        return path;
    }

    /// Lifetimes: valid until this object changes, moves or goes; ask again rather than keep it.
    [[nodiscard]] path_view view() const& noexcept { return {text_, steps_}; }

    path_view view() const&& = delete;

    /// The text as typed.
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

    /// Whether the path is unset: it has no step.
    [[nodiscard]] bool empty() const noexcept { return steps_.empty(); }

private:
    std::string text_;
    std::vector<path_step> steps_;
};

/** Shows a place of a text: the text, and below it a caret under the byte `offset`.

    The caret counts code points and keeps tabulators, so that it stands right in a terminal. Control characters and
    bytes that are not UTF-8 are shown as `?`. No newline at the end.
*/
[[nodiscard]] inline std::string caret_lines(std::string_view text, std::size_t offset) {
    std::string shown, below;
    for (std::size_t at = 0; at < text.size();) {
        auto const rest = text.substr(at, 4);
        auto const point = first_code_points(rest.substr(0, valid_utf8_prefix(rest)), 1); // empty: not UTF-8
        bool const tab = rest[0] == '\t';
        if (at < offset) below += tab ? '\t' : ' ';
        if (point.empty() || (ascii::is_control(rest[0]) && !tab))
            shown += '?';
        else
            shown += point;
        at += point.empty() ? 1 : point.size();
    }
    return shown + '\n' + below + '^';
}

} // namespace authmod
