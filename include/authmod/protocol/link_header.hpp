// SPDX-License-Identifier: BSL-1.0
// Layer 2. Where a header field says that the next page of a list is, as GitHub's does (RFC 8288).
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/protocol/http_message.hpp"

#include <string_view>

namespace authmod {

namespace detail {

/// Takes the text up to the next `mark` off `rest`, quoted strings untouched; all of it when there is none.
[[nodiscard]] constexpr std::string_view take_link_part(std::string_view& rest, char mark) noexcept {
    bool quoted = false, in_url = false;
    std::size_t i = 0;
    for (; i != rest.size(); ++i) {
        char const c = rest[i];
        if (quoted && c == '\\' && i + 1 != rest.size())
            ++i;
        else if (c == '"' && !in_url)
            quoted = !quoted;
        else if (c == '<' && !quoted)
            in_url = true;
        else if (c == '>' && !quoted)
            in_url = false;
        else if (c == mark && !quoted && !in_url)
            break;
    }
    auto const part = rest.substr(0, i);
    rest.remove_prefix(i == rest.size() ? i : i + 1);
    return part;
}

/// Whether the parameters of a link hold a `rel` with the word `next`. Only the first `rel` counts (RFC 8288 3.3).
[[nodiscard]] constexpr bool leads_on(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        auto one = take_link_part(parameters, ';');
        auto const name = ascii::trim_blanks(one.substr(0, one.find('=')));
        if (one.find('=') == one.npos || !ascii::equal_ignoring_case(name, "rel")) continue;
        auto words = ascii::trim_blanks(one.substr(one.find('=') + 1));
        if (words.size() > 1 && words.front() == '"' && words.back() == '"') words = words.substr(1, words.size() - 2);
        while (!words.empty())
            if (ascii::equal_ignoring_case(take_link_part(words, ' '), "next")) return true;
        return false;
    }
    return false;
}

} // namespace detail

/// The URL of the first `Link` with `rel="next"`, empty when there is none. It is not checked. Lifetimes: a view into
/// `response`.
[[nodiscard]] inline std::string_view next_link(http_response const& response) noexcept {
    for (auto const& header : response.headers) {
        if (!equal_ignoring_case(header.name, "Link")) continue;
        std::string_view rest = header.value;
        while (!rest.empty()) {
            auto const link = ascii::trim_blanks(detail::take_link_part(rest, ','));
            auto const end = link.find('>');
            if (!link.starts_with('<') || end == link.npos) continue;
            auto const parameters = ascii::trim_blanks(link.substr(end + 1));
            if (parameters.starts_with(';') && detail::leads_on(parameters.substr(1))) return link.substr(1, end - 1);
        }
    }
    return {};
}

} // namespace authmod
