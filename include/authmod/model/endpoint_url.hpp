// SPDX-License-Identifier: BSL-1.0
// Layer 1. The URLs this library calls: one constexpr check for traits, administrators' text and links in answers.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/char_set.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace authmod {

/// Why a text is not a URL that may be called.
enum class url_errc : std::uint8_t {
    ok,             ///< it may be called
    empty_url,      ///< nothing at all
    too_long,       ///< over `max_url_bytes`
    not_https,      ///< another scheme than https (or http on loopback where that is allowed)
    bad_host,       ///< no name and no address, or one that is spelled so that readers differ
    bad_port,       ///< no number from 1 to 65535
    has_userinfo,   ///< an `@` before the host
    has_fragment,   ///< a `#`
    bad_character,  ///< a byte that RFC 3986 does not have
    bad_escape,     ///< a `%` without two hexadecimal digits
    bad_placeholder ///< a place to fill that this setting does not have
};

/// The reason and the byte of the text at which it shows. Trivial, so it can be a template argument.
struct url_error {
    url_errc code = url_errc::ok; ///< `ok`: nothing is wrong
    std::size_t offset = 0;       ///< in bytes, from 0
    friend bool operator==(url_error const&, url_error const&) = default;
};

/// The stable word, as in `{field, reason, offset}`.
[[nodiscard]] constexpr std::string_view to_word(url_errc code) noexcept {
    constexpr std::string_view words[] = {"ok",       "empty_url",    "too_long",     "not_https",     "bad_host",
                                          "bad_port", "has_userinfo", "has_fragment", "bad_character", "bad_escape",
                                          "bad_placeholder"};
    return words[static_cast<std::size_t>(code)];
}

/// One sentence for the administrator, no full stop.
[[nodiscard]] constexpr std::string_view message(url_errc code) noexcept {
    constexpr std::string_view sentences[] = {"the URL is fine",
                                              "the URL is empty",
                                              "the URL is longer than 2,048 bytes",
                                              "the URL must start with https://",
                                              "the host must be a name in ASCII, an IPv4 or an [IPv6] address",
                                              "the port must be a number from 1 to 65535",
                                              "the URL must not hold a user name or password",
                                              "the URL must not have a # part",
                                              "this character cannot stand in a URL; percent-encode it",
                                              "% must be followed by two hexadecimal digits",
                                              "this {placeholder} is unknown to this provider or stands where it must not"};
    return sentences[static_cast<std::size_t>(code)];
}

inline constexpr std::size_t max_url_bytes = 2048; ///< of any URL in settings and answers

/// A URL taken apart. Refers to the text it was read from.
struct endpoint_url {
    bool https = true;        ///< http is for loopback hosts alone
    std::string_view host;    ///< as typed; an IPv6 address with its brackets
    std::uint16_t port = 443; ///< as typed, else 443, or 80 for http
    std::string_view target;  ///< path and query as typed; empty when the URL ends after the authority
};

namespace detail {

/// Number of digits at the start of `text` that make a number of at most `max` without leading zeros; 0 for none.
[[nodiscard]] constexpr std::size_t decimal_length(std::string_view text, unsigned max, unsigned& value) noexcept {
    std::size_t n = 0;
    value = 0;
    while (n != text.size() && ascii::is_digit(text[n])) {
        if (n == 1 && text[0] == '0') return 0;
        value = value * 10 + static_cast<unsigned>(text[n++] - '0');
        if (value > max) return 0;
    }
    return n;
}

/// Length of the four decimal numbers with dots at the start of `text`; 0 for none.
[[nodiscard]] constexpr std::size_t ipv4_length(std::string_view text) noexcept {
    std::size_t length = 0;
    for (int part = 0; part != 4; ++part) {
        if (part != 0) {
            if (length == text.size() || text[length] != '.') return 0;
            ++length;
        }
        unsigned value = 0;
        auto const n = decimal_length(text.substr(length), 255, value);
        if (n == 0) return 0;
        length += n;
    }
    return length;
}

/// Four decimal numbers with dots. WHATWG also reads `0x7f.1` and `017700000001` as addresses; here nothing does.
[[nodiscard]] constexpr bool is_ipv4(std::string_view text) noexcept {
    return !text.empty() && ipv4_length(text) == text.size();
}

/// RFC 4291 2.2 without zone identifiers.
[[nodiscard]] constexpr bool is_ipv6(std::string_view text) noexcept {
    int groups = 0;
    bool gap = false;
    if (text.starts_with("::")) {
        gap = true;
        text.remove_prefix(2);
        if (text.empty()) return true;
    }
    while (true) {
        if (text.find('.') != text.npos && text.find(':') == text.npos) { // an IPv4 tail counts as two groups
            groups += 2;
            if (!is_ipv4(text)) return false;
            break;
        }
        std::size_t n = 0;
        while (n != text.size() && n != 4 && ascii::hex_value(text[n]) >= 0) ++n;
        if (n == 0) return false;
        ++groups;
        text.remove_prefix(n);
        if (text.empty()) break;
        if (text.starts_with("::")) {
            if (gap) return false;
            gap = true;
            text.remove_prefix(2);
            if (text.empty()) break;
        } else if (text[0] == ':') {
            text.remove_prefix(1);
        } else {
            return false;
        }
    }
    return gap ? groups <= 7 : groups == 8;
}

[[nodiscard]] constexpr bool is_number(std::string_view label) noexcept {
    bool const hex = label.starts_with("0x") || label.starts_with("0X");
    for (char c : label.substr(hex ? 2 : 0))
        if (hex ? ascii::hex_value(c) < 0 : !ascii::is_digit(c)) return false;
    return true;
}

/** A DNS name in ASCII (also `a_b`, which container networks use), never one that anybody could read as an address.

    WHATWG takes a name whose last label is a number for an IPv4 address; Boost.URL 1.81 reads `10.0.0.1.example` as the
    host `10.0.0.1`. A transport that asked one of them would connect to another host than the one that was judged.
*/
[[nodiscard]] constexpr bool is_host_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > 253 || ipv4_length(text) != 0) return false;
    std::string_view label;
    while (true) {
        auto const dot = text.find('.');
        label = text.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        for (char c : label)
            if (!ascii::is_letter(c) && !ascii::is_digit(c) && c != '-' && c != '_') return false;
        if (dot == text.npos) break;
        text.remove_prefix(dot + 1);
    }
    return !is_number(label);
}

/// Characters of path and query by RFC 3986, without the percent sign.
inline constexpr ascii::char_set path_and_query([](char c) {
    return ascii::is_unreserved(c) || std::string_view("!$&'()*+,;=:@/?").find(c) != std::string_view::npos;
});

/// What ends the authority of a URL, for one reader or another.
inline constexpr ascii::char_set authority_ends([](char c) {
    return std::string_view("/?#\\").find(c) != std::string_view::npos;
});

} // namespace detail

/// Whether a host as typed is this machine: `localhost`, `[::1]`, `127.x.y.z`. Other spellings of it are not.
[[nodiscard]] constexpr bool is_loopback_host(std::string_view host) noexcept {
    return ascii::equal_ignoring_case(host, "localhost") || host == "[::1]" ||
           (host.starts_with("127.") && detail::is_ipv4(host));
}

/** Reads a URL that may be called: https (also http to this machine where `allow_loopback_http`), a host, at most a
    port, path and query; RFC 3986 characters only, no userinfo, no fragment, at most 2,048 bytes.

    Every reader of URLs (browsers, Boost.URL, the transport) sees the same host in a text that passes: what they
    could read differently is refused, for example a backslash, `%2e` or Unicode in the host, `0x7f.1`, a lone `:`.
    Labels that begin with `xn--` are taken as they are; one that is no Punycode is refused by browsers and found by
    nobody in the DNS.

    Effects: fills `out` when the text passes.
*/
[[nodiscard]] constexpr url_error parse_endpoint_url(std::string_view text, bool allow_loopback_http,
                                                     endpoint_url& out) noexcept {
    if (text.empty()) return {url_errc::empty_url, 0};
    if (text.size() > max_url_bytes) return {url_errc::too_long, max_url_bytes};
    endpoint_url url;
    url.https = text.starts_with("https://");
    if (!url.https && !(allow_loopback_http && text.starts_with("http://"))) return {url_errc::not_https, 0};
    std::size_t const start = url.https ? 8 : 7;

    std::size_t authority_end = start;
    while (authority_end != text.size() && !detail::authority_ends.has(text[authority_end])) ++authority_end;
    auto const authority = text.substr(start, authority_end - start);
    if (auto const at = authority.find('@'); at != authority.npos) return {url_errc::has_userinfo, start};

    // Host.
    std::size_t host_size = 0;
    if (authority.starts_with('[')) {
        auto const close = authority.find(']');
        if (close == authority.npos || !detail::is_ipv6(authority.substr(1, close - 1)))
            return {url_errc::bad_host, start};
        host_size = close + 1;
    } else {
        host_size = authority.find(':');
        if (host_size == authority.npos) host_size = authority.size();
        auto const host = authority.substr(0, host_size);
        if (!detail::is_ipv4(host) && !detail::is_host_name(host)) return {url_errc::bad_host, start};
    }
    url.host = authority.substr(0, host_size);

    // Port.
    url.port = url.https ? 443 : 80;
    if (auto const rest = authority.substr(host_size); !rest.empty()) {
        if (rest[0] != ':') return {url_errc::bad_host, start + host_size};
        unsigned value = 0;
        auto const n = detail::decimal_length(rest.substr(1), 65535, value);
        if (n == 0 || n + 1 != rest.size() || value == 0) return {url_errc::bad_port, start + host_size + 1};
        url.port = static_cast<std::uint16_t>(value);
    }
    if (!url.https && !is_loopback_host(url.host)) return {url_errc::not_https, 0};

    // Path and query.
    for (std::size_t i = start + authority.size(); i != text.size(); ++i) {
        if (text[i] == '#') return {url_errc::has_fragment, i};
        if (text[i] == '%') {
            if (text.size() - i < 3 || ascii::hex_value(text[i + 1]) < 0 || ascii::hex_value(text[i + 2]) < 0)
                return {url_errc::bad_escape, i};
        } else if (!detail::path_and_query.has(text[i])) {
            return {url_errc::bad_character, i};
        }
    }
    url.target = text.substr(start + authority.size());
    out = url;
    return {};
}

/// The check alone, see @ref parse_endpoint_url.
[[nodiscard]] constexpr url_error check_endpoint_url(std::string_view text, bool allow_loopback_http = false) noexcept {
    endpoint_url ignored;
    return parse_endpoint_url(text, allow_loopback_http, ignored);
}

} // namespace authmod
