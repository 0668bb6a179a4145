// SPDX-License-Identifier: BSL-1.0
// Layer 7. Finds the route of a path. Decides; performs nothing.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

/// What stands at the holes `{}` of a pattern, in order; empty where there is no hole. Lifetimes: views into the path.
using path_parts = std::array<std::string_view, 2>;

/** The parts of `path` that stand at the holes of `pattern`, each one whole segment and not empty.

    No value: they do not match.
*/
[[nodiscard]] constexpr std::optional<path_parts> match_path(std::string_view pattern, std::string_view path) {
    path_parts parts;
    std::size_t holes = 0;
    for (;;) {
        auto const hole = pattern.find("{}");
        if (hole == std::string_view::npos) return pattern == path ? std::optional(parts) : std::nullopt;
        if (holes == parts.size() || !path.starts_with(pattern.substr(0, hole))) return std::nullopt;
        path.remove_prefix(hole);
        pattern.remove_prefix(hole + 2);
        auto const part = path.substr(0, path.find('/'));
        if (part.empty()) return std::nullopt;
        parts[holes++] = part;
        path.remove_prefix(part.size());
    }
}

/// One method of one path and what answers it.
template <class Function>
struct route {
    std::string_view method;  ///< `GET` answers HEAD too, unless `get_only`
    std::string_view pattern; ///< a path, with `{}` at each hole: a whole segment
    Function run;             ///< what answers it
    bool get_only = false;    ///< a GET that does something: HEAD is refused
};

/// A route without what answers it.
struct route_name {
    std::string_view method;  ///< as in @ref route
    std::string_view pattern; ///< as in @ref route
};

/// What a table of routes says of a request.
template <class Function>
struct found_route {
    route<Function> const* match = nullptr; ///< null: nothing answers
    path_parts parts{};                     ///< what stands at the holes
    std::string allowed;                    ///< the methods of that path, for 405; empty: no such path

    found_route() = default;
};

/// What the table says of a request. Lifetimes: the result refers to `table` and `path`.
template <class Function>
[[nodiscard]] found_route<Function> find_route(std::span<route<Function> const> table, std::string_view method,
                                               std::string_view path) {
    found_route<Function> found;
    for (auto const& entry : table) {
        auto const parts = match_path(entry.pattern, path);
        if (!parts) continue;
        bool const head_too = entry.method == "GET" && !entry.get_only;
        if (method == entry.method || (method == "HEAD" && head_too)) {
            found.match = &entry;
            found.parts = *parts;
            return found;
        }
        if (!found.allowed.empty()) found.allowed += ", ";
        found.allowed.append(entry.method).append(head_too ? ", HEAD" : "");
    }
    return found;
}

/// The class of a path, for metrics: its first segment if that is one of ours, `home` for `/`, else `other`.
[[nodiscard]] constexpr std::string_view route_class(std::string_view path) noexcept {
    constexpr std::string_view known[] = {"login",   "callback", "me",     "verify",  "logout", "backchannel-logout",
                                          "avatars", "modules",  "assets", "healthz", "readyz", "oauth2",
                                          "scim",    "metrics",  "api",    "admin"};
    if (path == "/") return "home";
    auto const segment = path.substr(0, path.find('/', 1));
    for (auto const name : known)
        if (segment.size() == name.size() + 1 && segment.ends_with(name)) return name;
    return "other";
}

} // namespace authmod
