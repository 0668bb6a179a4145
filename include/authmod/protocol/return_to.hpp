// SPDX-License-Identifier: BSL-1.0
// Layer 2. Where a browser may be sent after its login: a path of this site and nothing else (security rule B9).
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/core/result.hpp"
#include "authmod/model/endpoint_url.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline constexpr std::size_t max_return_to_bytes = 2048; ///< of the path; it travels in a cookie

namespace detail {

/// A path that nobody, after any number of decodings, could take for a host or for a step upwards.
[[nodiscard]] inline bool is_plain_path(std::string_view path) noexcept {
    if (std::ranges::any_of(path, [](char c) { return ascii::is_control(c) || c == '\\'; })) return false;
    while (!path.empty()) { // path starts with a slash: look at one segment after the other
        path.remove_prefix(1);
        auto const segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        auto const name = segment.substr(0, segment.find(';')); // Java servers drop `;x` before they look for dots
        if (name == "." || name == ".." || (name.empty() && !path.empty())) return false;
    }
    return true;
}

/// As careless programs decode: a `%` without two hexadecimal digits stays.
[[nodiscard]] inline std::string decode_leniently(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i != text.size(); ++i) {
        auto const decoded = text[i] == '%' ? percent_decode(text.substr(i, 3)) : std::nullopt;
        out += decoded ? (*decoded)[0] : text[i];
        if (decoded) i += 2;
    }
    return out;
}

} // namespace detail

/** Lets a path with an optional query through, unchanged, and nothing that a browser, a proxy or the service behind it
    could resolve to another site.

    It starts with one slash and holds RFC 3986 characters only. Its path has no empty segment but a last one, no `.`
    and `..`, no backslash and no control character, not even percent-encoded, once or several times.

    Errors: `errc::return_to_refused`, also for more than 2,048 bytes.
*/
[[nodiscard]] inline result<std::string> safe_return_to(std::string_view text) {
    if (text.size() > max_return_to_bytes || !text.starts_with('/')) return errc::return_to_refused;
    if (!std::ranges::all_of(text, [](char c) { return c == '%' || detail::path_and_query.has(c); }))
        return errc::return_to_refused;

    if (!percent_decode(text)) return errc::return_to_refused;

    constexpr int max_decodings = 4;
    std::string path(text.substr(0, text.find('?')));
    for (int i = 0; i != max_decodings; ++i) {
        if (!enforced("B9", detail::is_plain_path(path))) return errc::return_to_refused;
        auto decoded = detail::decode_leniently(path);
        if (decoded == path) return std::string(text);
        path = std::move(decoded);
    }
    return errc::return_to_refused;
}

} // namespace authmod
