// SPDX-License-Identifier: BSL-1.0
// Layer 7. Finds the route of a path. Decides; performs nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

/** The part of `path` that stands at `{}` in `pattern`: one segment, not empty; an empty text for a pattern without
    `{}` that is equal. No value: they do not match.
*/
[[nodiscard]] constexpr std::optional<std::string_view> match_path(std::string_view pattern, std::string_view path) {
    auto const hole = pattern.find("{}");
    if (hole == std::string_view::npos) return pattern == path ? std::optional(std::string_view()) : std::nullopt;
    auto const before = pattern.substr(0, hole);
    auto const after = pattern.substr(hole + 2);
    if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after))
        return std::nullopt;
    auto const part = path.substr(before.size(), path.size() - before.size() - after.size());
    if (part.find('/') != std::string_view::npos) return std::nullopt;
    return part;
}

/// One method of one path and what answers it.
template <class Function>
struct route {
    std::string_view method; ///< `GET` answers HEAD too, unless `get_only`
    std::string_view pattern;
    Function run;
    bool get_only = false; ///< a GET that does something: HEAD is refused
};

/// What a table of routes says of a request.
template <class Function>
struct found_route {
    route<Function> const* match = nullptr;
    std::string_view part; ///< what stands at `{}`
    std::string allowed;   ///< the methods of that path, for 405; empty: no such path

    found_route() = default;
};

template <class Function>
[[nodiscard]] found_route<Function> find_route(std::span<route<Function> const> table, std::string_view method,
                                               std::string_view path) {
    found_route<Function> found;
    for (auto const& entry : table) {
        auto const part = match_path(entry.pattern, path);
        if (!part) continue;
        bool const head_too = entry.method == "GET" && !entry.get_only;
        if (method == entry.method || (method == "HEAD" && head_too)) {
            found.match = &entry;
            found.part = *part;
            return found;
        }
        if (!found.allowed.empty()) found.allowed += ", ";
        found.allowed.append(entry.method).append(head_too ? ", HEAD" : "");
    }
    return found;
}

} // namespace authmod
