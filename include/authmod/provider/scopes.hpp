// SPDX-License-Identifier: BSL-1.0
// Layer 2. Lists of OAuth scopes as one text (RFC 6749 3.3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace authmod {

/// Takes the first word off a list of words between spaces; empty when there are no more.
[[nodiscard]] constexpr std::string_view take_scope(std::string_view& rest) noexcept {
    rest.remove_prefix(rest.find_first_not_of(' ') == rest.npos ? rest.size() : rest.find_first_not_of(' '));
    auto const word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    return word;
}

/// Whether `scope` is one of the space-separated `scopes`, RFC 6749 3.3.
[[nodiscard]] constexpr bool contains_scope(std::string_view scopes, std::string_view scope) noexcept {
    for (auto word = take_scope(scopes); !word.empty(); word = take_scope(scopes))
        if (word == scope) return true;
    return false;
}

/// The first byte that cannot stand in a list of scopes: printable ASCII without `"` and `\` may. `npos` for none.
[[nodiscard]] constexpr std::size_t find_bad_scope_character(std::string_view scopes) noexcept {
    for (std::size_t i = 0; i != scopes.size(); ++i)
        if (scopes[i] < ' ' || scopes[i] > '~' || scopes[i] == '"' || scopes[i] == '\\') return i;
    return scopes.npos;
}

/// The same scopes with one space between them, as the RFC wants them sent.
[[nodiscard]] inline std::string normalized_scopes(std::string_view scopes) {
    std::string list;
    for (auto word = take_scope(scopes); !word.empty(); word = take_scope(scopes)) {
        if (!list.empty()) list += ' ';
        list += word;
    }
    return list;
}

} // namespace authmod
