// SPDX-License-Identifier: BSL-1.0
// Layer 7. Judges the raw head of a request before anything else looks at it (security rule I6). Decides; reads no
// socket. Beast 1.81 lets through framing that two servers in a row read as two different requests; this does not.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/char_set.hpp"
#include "authmod/core/enforced.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// How much of a request is read at all.
struct request_limits {
    std::size_t head = 16 * 1024;   ///< bytes of request line and header fields: 431 beyond
    std::size_t target = 8 * 1024;  ///< bytes: 414 beyond
    std::size_t fields = 100;       ///< number of header fields: 431 beyond
    std::size_t body = 1024 * 1024; ///< bytes: 413 beyond
};

/// One header field, as views into the head.
struct request_field {
    std::string_view name;  ///< as sent: a token, RFC 9110 5.6.2
    std::string_view value; ///< without blanks at its edges
};

/// How long the body is. See also: RFC 9112 6.3
enum class body_framing : std::uint8_t {
    none,   ///< there is none
    length, ///< Content-Length says it
    chunked ///< its own chunks say it
};

/** What the guard says of a head: refused (`status` to answer with, then close the connection), or passed.

    Lifetimes: the views point into the judged text.
*/
struct judged_head {
    int status = 0;                            ///< 0: passed
    std::string_view fault;                    ///< why it was refused: a stable word for the log
    std::string_view method;                   ///< a token, in the client's letters
    std::string_view target;                   ///< origin-form, or `*`; absolute-form is reduced to it
    std::vector<request_field> fields;         ///< in order
    body_framing framing = body_framing::none; ///< none, unless one of two fields says otherwise
    std::size_t content_length = 0;            ///< with `body_framing::length`
    bool keep_alive = true;                    ///< the client may send another request
    bool expects_continue = false;             ///< `Expect: 100-continue`: the client waits before it sends the body

    judged_head() = default;
};

/// Whether a head is there yet: `size` is its length with the empty line, 0 as long as it is not complete.
struct head_progress {
    std::size_t size = 0; ///< in bytes
    int status = 0;       ///< not 0: no need to wait for the rest, answer and close
};

namespace detail {

inline constexpr ascii::char_set token_chars([](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
});

/// HTAB, printable ASCII and obs-text (RFC 9110 5.5).
inline constexpr ascii::char_set field_value_chars([](char c) { return !ascii::is_control(c) || c == '\t'; });

inline constexpr ascii::char_set target_chars([](char c) { return ascii::is_printable(c) && c != ' ' && c != '#'; });

[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
    return !text.empty() && token_chars.has_all(text);
}

[[nodiscard]] constexpr bool is_field_value(std::string_view text) noexcept { return field_value_chars.has_all(text); }

[[nodiscard]] constexpr bool is_decimal(std::string_view text) noexcept {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// uri-host [":" port], the host narrowed to what DNS names and addresses are made of.
[[nodiscard]] constexpr bool is_host(std::string_view text) noexcept {
    auto const host_end = text.starts_with('[') ? text.find(']') : text.find(':');
    std::string_view host = text.substr(0, host_end);
    std::string_view port = host_end == std::string_view::npos ? std::string_view() : text.substr(host_end);
    if (text.starts_with('[')) {
        if (host_end == std::string_view::npos) return false;
        host.remove_prefix(1);
        port.remove_prefix(1);
        if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
    } else {
        for (char c : host)
            if (!ascii::is_unreserved(c)) return false;
    }
    if (host.empty()) return false;
    if (port.empty()) return true;
    port.remove_prefix(1);
    return text[text.size() - port.size() - 1] == ':' && is_decimal(port) && port.size() <= 5;
}

/// Calls `take(element)` for each element of a comma-separated list.
template <class Take>
constexpr void for_each_element(std::string_view list, Take&& take) {
    for (;;) {
        auto const comma = list.find(',');
        take(ascii::trim_blanks(list.substr(0, comma)));
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

/// The field names the guard itself reads, met at most once in an honest request.
struct framing_fields {
    std::string_view host, content_length, transfer_encoding, expect;
    bool repeated = false;
    bool close = false;

    void read(request_field const& field) noexcept {
        if (ascii::equal_ignoring_case(field.name, "connection"))
            for_each_element(field.value, [this](std::string_view option) {
                if (ascii::equal_ignoring_case(option, "close")) close = true;
            });
        once(field, "host", host);
        once(field, "content-length", content_length);
        once(field, "transfer-encoding", transfer_encoding);
        once(field, "expect", expect);
    }

private:
    void once(request_field const& field, std::string_view name, std::string_view& value) noexcept {
        if (!ascii::equal_ignoring_case(field.name, name)) return;
        if (value.data() != nullptr) repeated = true;
        value = field.value; // never a null pointer: it points into the head
    }
};

/// Cuts `http://host` off a target in absolute-form. False: it names another host than the Host field, or none.
[[nodiscard]] constexpr bool reduce_target(std::string_view& target, std::string_view method, std::string_view host) {
    if (target.starts_with('/')) return true;
    if (target == "*") return method == "OPTIONS";
    auto const scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos) return false;
    auto const scheme = target.substr(0, scheme_end);
    if (!ascii::equal_ignoring_case(scheme, "http") && !ascii::equal_ignoring_case(scheme, "https")) return false;
    std::string_view rest = target.substr(scheme_end + 3);
    auto const path = rest.find_first_of("/?");
    if (!ascii::equal_ignoring_case(rest.substr(0, path), host)) return false;
    target = path == std::string_view::npos ? std::string_view("/") : rest.substr(path);
    return target.starts_with('/');
}

} // namespace detail

/** Looks whether `bytes` holds a whole head.

    @param seen how many of the bytes an earlier call has looked at, so that a client that sends byte by byte costs
    linear time.
*/
[[nodiscard]] inline head_progress look_for_head(std::string_view bytes, std::size_t seen,
                                                 request_limits const& limits = {}) noexcept {
    for (auto at = bytes.find('\n', seen); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        if (at == 0 || bytes[at - 1] != '\r') return {0, 400};
        if (at < 3 && bytes.substr(0, at + 1) == "\r\n") return {0, 400}; // an empty line where a request should begin
        if (at >= 3 && bytes.substr(at - 3, 4) == "\r\n\r\n")
            return at + 1 > limits.head ? head_progress{0, 431} : head_progress{at + 1, 0};
    }
    auto const longest_line = limits.target + 64; // with method and version
    if (bytes.size() > longest_line && bytes.substr(0, longest_line).find('\n') == std::string_view::npos)
        return {0, 414};
    return {0, bytes.size() > limits.head ? 431 : 0};
}

/** Judges a whole head, its empty line included.

    Passed means: one request line of HTTP/1.0 or 1.1, no control character but HTAB in values, one valid Host that the
    target agrees with, at most one way to tell the length of the body, and a body within the limit.

    See also: RFC 9112 3.2, 5, 6.3
*/
[[nodiscard]] inline judged_head judge_head(std::string_view head, request_limits const& limits = {}) {
    judged_head judged;
    auto refuse = [&judged](int status, std::string_view fault) {
        judged.status = status;
        judged.fault = fault;
        judged.keep_alive = false;
        return std::move(judged);
    };
    if (head.size() > limits.head) return refuse(431, "head_too_long");
    if (!head.ends_with("\r\n\r\n")) return refuse(400, "bad_line_ending");

    auto next_line = [&head] {
        auto const end = head.find("\r\n");
        auto const line = head.substr(0, end);
        head.remove_prefix(end + 2);
        return line;
    };
    // The request line: method SP target SP version, nothing else.
    std::string_view line = next_line();
    auto const method_end = line.find(' ');
    auto const target_end = line.rfind(' ');
    if (method_end == std::string_view::npos || target_end == method_end) return refuse(400, "bad_request_line");
    judged.method = line.substr(0, method_end);
    judged.target = line.substr(method_end + 1, target_end - method_end - 1);
    auto const http_version = line.substr(target_end + 1);
    if (!detail::is_token(judged.method) || judged.method.size() > 32) return refuse(400, "bad_method");
    if (judged.target.size() > limits.target) return refuse(414, "target_too_long");
    if (!detail::target_chars.has_all(judged.target)) return refuse(400, "bad_target");
    bool const old_version = http_version == "HTTP/1.0";
    if (!old_version && http_version != "HTTP/1.1")
        return http_version.size() == 8 && http_version.starts_with("HTTP/") ? refuse(505, "bad_version")
                                                                             : refuse(400, "bad_request_line");

    detail::framing_fields known;
    judged.fields.reserve(16);
    while (!(line = next_line()).empty()) {
        if (judged.fields.size() == limits.fields) return refuse(431, "too_many_fields");
        if (line.front() == ' ' || line.front() == '\t') return refuse(400, "folded_line");
        auto const colon = line.find(':');
        if (colon == std::string_view::npos) return refuse(400, "no_colon");
        request_field const field{line.substr(0, colon), ascii::trim_blanks(line.substr(colon + 1))};
        if (!detail::is_token(field.name)) return refuse(400, "bad_field_name"); // a blank before the colon too
        if (!detail::is_field_value(field.value)) return refuse(400, "bad_field_value");
        known.read(field);
        judged.fields.push_back(field);
    }
    if (!head.empty()) return refuse(400, "more_than_a_head");
    if (known.repeated && !broken("I6")) return refuse(400, "repeated_field");
    if (!detail::is_host(known.host)) return refuse(400, "bad_host");
    if (judged.method == "TRACE" || judged.method == "CONNECT") return refuse(405, "method_refused");
    if (!detail::reduce_target(judged.target, judged.method, known.host)) return refuse(400, "bad_target");
    judged.keep_alive = !known.close && !old_version;

    if (known.transfer_encoding.data() != nullptr) {
        if (old_version || known.content_length.data() != nullptr ||
            !enforced("I6b", ascii::equal_ignoring_case(known.transfer_encoding, "chunked")))
            return refuse(400, "bad_transfer_encoding");
        judged.framing = body_framing::chunked;
    } else if (known.content_length.data() != nullptr) {
        if (!detail::is_decimal(known.content_length)) return refuse(400, "bad_content_length");
        for (char c : known.content_length) {
            judged.content_length = judged.content_length * 10 + static_cast<std::size_t>(c - '0');
            if (judged.content_length > limits.body) return refuse(413, "body_too_long");
        }
        judged.framing = judged.content_length == 0 ? body_framing::none : body_framing::length;
    }
    if (known.expect.data() != nullptr) {
        if (!ascii::equal_ignoring_case(known.expect, "100-continue")) return refuse(417, "bad_expectation");
        judged.expects_continue = !old_version;
    }
    return judged;
}

} // namespace authmod
