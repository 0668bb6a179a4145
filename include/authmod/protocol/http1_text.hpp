// SPDX-License-Identifier: BSL-1.0
// Layer 2. HTTP/1.0 as text, for transports that bring no HTTP of their own: one exchange, then the connection ends.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/protocol/http_message.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace authmod {

/// Bytes of status line and header fields that an answer may have, whichever transport reads it (security rule K2).
inline constexpr std::size_t max_http1_head = 16 * 1024;

/** The request as it goes over the wire.

    With 1.0 (RFC 9110 A.1, RFC 1945) a server answers in one piece and closes: nothing is chunked, nothing kept open.
    Preconditions: those of @ref http_request; `host` (with a port that is not the scheme's own) and `target` come from
   a URL that was checked.
*/
[[nodiscard]] inline std::string to_http1_text(http_request const& request, std::string_view host,
                                               std::string_view target) {
    std::string out = request.method + ' ';
    out.append(target).append(" HTTP/1.0\r\nHost: ").append(host);
    for (auto const& h : request.headers) out += "\r\n" + h.name + ": " + h.value;
    return out + "\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
}

namespace detail {

/// The value of three digits; 0 for anything else.
[[nodiscard]] constexpr int http1_status(std::string_view digits) noexcept {
    if (digits.size() != 3 || !std::ranges::all_of(digits, ascii::is_digit)) return 0;
    return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

} // namespace detail

/** Reads an answer from all the bytes that came until the connection ended.

    `complete` tells that the peer ended it properly (over TLS: with close_notify). Then a body may go without a
    Content-Length, otherwise somebody on the way could have cut it.

    Errors: `no_response` for no byte, `response_malformed`, `response_too_large`, `response_cut`. Folded lines,
   transfer codings and differing lengths are malformed: two readers could take them for different answers (RFC
   9112 6.3).
*/
[[nodiscard]] inline result<http_response> read_http1_text(std::string_view bytes, bool complete,
                                                           std::size_t max_body) {
    if (bytes.empty()) return errc::no_response;
    auto const end = bytes.find("\r\n\r\n");
    if (end > max_http1_head && bytes.size() > max_http1_head) return errc::response_too_large;
    if (end == bytes.npos) return complete ? errc::response_malformed : errc::response_cut;

    auto const head = bytes.substr(0, end + 2); // every line with its end
    auto line_end = head.find("\r\n");
    auto const first = head.substr(0, line_end);
    http_response out(first.size() >= 12 && first.starts_with("HTTP/1.") ? detail::http1_status(first.substr(9, 3)) : 0,
                      std::string(bytes.substr(end + 4)));
    if (out.status < 200 || first[8] != ' ') return errc::response_malformed;

    std::string_view length;
    for (auto at = line_end + 2; at < head.size(); at = line_end + 2) {
        line_end = head.find("\r\n", at);
        auto const line = head.substr(at, line_end - at);
        auto const colon = line.find(':');
        if (colon == 0 || colon == line.npos || line.substr(0, colon).find_first_of(" \t") != line.npos)
            return errc::response_malformed;
        auto const name = line.substr(0, colon), value = ascii::trim_blanks(line.substr(colon + 1));
        bool const is_length = equal_ignoring_case(name, "Content-Length");
        if (equal_ignoring_case(name, "Transfer-Encoding") || (is_length && value.empty()) ||
            (is_length && !length.empty() && value != length))
            return errc::response_malformed;
        if (is_length) length = value;
        out.headers.emplace_back(name, value);
    }
    if (out.body.size() > max_body) return errc::response_too_large;
    if (length.empty() ? !complete : length != std::to_string(out.body.size())) return errc::response_cut;
    return out;
}

} // namespace authmod
