// SPDX-License-Identifier: BSL-1.0
// Layer 2. URLs with places that settings fill, such as {server_url}/oauth/token. One check for traits and typed text.
#pragma once

#include "authmod/core/percent.hpp"
#include "authmod/model/endpoint_url.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

/// What fills the places of a URL. Each passed the rule of its setting; an empty one is unset.
struct url_values {
    std::string_view server_url{};  ///< without a slash at its end
    std::string_view api_url{};     ///< made of `server_url` by `api_location`
    std::string_view realm{};       ///< one segment of a path
    std::string_view tenant{};      ///< one segment of a path
    std::string_view okta_domain{}; ///< a host name
    std::string_view client_id{};   ///< of the module
};

namespace detail {

/// Where a place may stand. None lets its value change the host of a URL that spells out a host itself.
enum class place_rule : unsigned char {
    start,  ///< first of all, a path or nothing behind it: the value is scheme, host and perhaps a path
    host,   ///< the whole host
    segment ///< a whole segment of the path
};

struct url_place {
    std::string_view name;    ///< with its braces
    std::string_view setting; ///< that fills it
    place_rule rule;
    std::string_view sample; ///< any good value
    std::string_view url_values::*value;
};

inline constexpr url_place url_places[] = {
    {"{server_url}", "server_url", place_rule::start, "https://a.example", &url_values::server_url},
    {"{api_url}", "server_url", place_rule::start, "https://a.example", &url_values::api_url},
    {"{realm}", "realm", place_rule::segment, "a", &url_values::realm},
    {"{tenant}", "tenant", place_rule::segment, "a", &url_values::tenant},
    {"{okta_domain}", "okta_domain", place_rule::host, "a.example", &url_values::okta_domain},
    {"{client_id}", "client_id", place_rule::segment, "a", &url_values::client_id}};

/// The number of the place that begins at `at`, that of no place for none. No pointer: with the sanitizer for undefined
/// behaviour, g++ takes a comparison with null for no constant expression.
[[nodiscard]] constexpr std::size_t find_url_place(std::string_view text, std::size_t at) noexcept {
    std::size_t number = 0;
    while (number != std::size(url_places) && !text.substr(at).starts_with(url_places[number].name)) ++number;
    return number;
}

[[nodiscard]] constexpr bool may_stand(url_place const& place, std::string_view text, std::size_t at) noexcept {
    constexpr std::string_view scheme = "https://";
    auto const end = at + place.name.size();
    if (end != text.size() && text[end] != '/' && (place.rule == place_rule::start || text[end] != '?')) return false;
    switch (place.rule) {
    case place_rule::start:
        return at == 0;
    case place_rule::host:
        return at == scheme.size() && text.starts_with(scheme);
    default:
        return at > scheme.size() && text[at - 1] == '/';
    }
}

/// The byte of a template that gave this byte of its sample; a place counts as its brace.
[[nodiscard]] constexpr std::size_t offset_in_template(std::string_view text, std::size_t in_sample) noexcept {
    std::size_t size = 0;
    for (std::size_t at = 0; at != text.size();) {
        auto const place = find_url_place(text, at);
        bool const is_place = place != std::size(url_places);
        size += is_place ? url_places[place].sample.size() : 1;
        if (size > in_sample) return at;
        at += is_place ? url_places[place].name.size() : 1;
    }
    return text.size();
}

} // namespace detail

/// All settings that can fill places of URLs, in the order of the settings page.
inline constexpr std::string_view url_settings[] = {"server_url", "realm", "tenant", "okta_domain"};

/// Whether a URL has a place that this setting fills.
[[nodiscard]] constexpr bool uses_setting(std::string_view text, std::string_view setting) noexcept {
    return std::ranges::any_of(detail::url_places, [&](auto const& place) {
        return place.setting == setting && text.find(place.name) != text.npos;
    });
}

/** Checks a URL that may have places: it must be one by `check_endpoint_url` once good values stand there.

    `{server_url}` and `{api_url}` stand first, `{okta_domain}` is the whole host, `{realm}` and `{tenant}` are whole
    segments of the path; so whatever fills them, a host that is spelled out stays the host.

    @param settings those that may be used: a provider's own
    Errors: as `check_endpoint_url`; `bad_placeholder` for a place that is unknown, not among `settings`, or stands
    where it must not. Offsets are of the text as typed.
*/
[[nodiscard]] constexpr url_error check_url_template(std::string_view text, std::span<std::string_view const> settings,
                                                     bool allow_loopback_http = false) noexcept {
    if (text.size() > max_url_bytes || text.find('{') == text.npos)
        return check_endpoint_url(text, allow_loopback_http);
    std::array<char, max_url_bytes + 8> sample{}; // one sample is longer than its place's name, and stands but once
    std::size_t size = 0;
    for (std::size_t at = 0; at != text.size();) {
        if (text[at] != '{') {
            sample[size++] = text[at++];
            continue;
        }
        auto const number = detail::find_url_place(text, at);
        if (number == std::size(detail::url_places)) return {url_errc::bad_placeholder, at};
        auto const& place = detail::url_places[number];
        if (std::ranges::find(settings, place.setting) == settings.end() || !detail::may_stand(place, text, at))
            return {url_errc::bad_placeholder, at};
        for (char c : place.sample) sample[size++] = c;
        at += place.name.size();
    }
    auto const error = check_endpoint_url({sample.data(), size}, allow_loopback_http);
    if (error.code == url_errc::ok) return {};
    return {error.code, detail::offset_in_template(text, error.offset)};
}

/** Puts the values into a URL; empty when one of them is unset.

    Preconditions: `text` passed `check_url_template`.
*/
[[nodiscard]] inline std::string fill_url_template(std::string_view text, url_values const& values) {
    std::string url;
    for (std::size_t at = 0; at != text.size();) {
        auto const open = std::min(text.find('{', at), text.size());
        url.append(text.substr(at, open - at));
        if (open == text.size()) break;
        auto const& place = detail::url_places[detail::find_url_place(text, open)];
        std::string_view const value = values.*place.value;
        if (value.empty()) return {};
        if (place.rule == detail::place_rule::segment)
            url += percent_encode(value);
        else
            url += value;
        at = open + place.name.size();
    }
    return url;
}

} // namespace authmod
