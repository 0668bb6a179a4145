// SPDX-License-Identifier: BSL-1.0
// Layer 7. A reply as the bytes of HTTP/1.1. Decides; writes to no socket.
#pragma once

#include "authmod/core/append_all.hpp"
#include "authmod/core/time.hpp"
#include "authmod/server/request.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace authmod {

namespace detail {

[[nodiscard]] inline std::string_view reason_phrase(int status) noexcept {
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Status"; // the phrase means nothing to clients
    }
}

} // namespace detail

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 5.6.7).
[[nodiscard]] inline std::string http_date(time_point at) {
    constexpr char const* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr char const* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(std::chrono::floor<std::chrono::seconds>(at - day));
    auto two = [](auto n) {
        return std::string{static_cast<char>('0' + n / 10 % 10), static_cast<char>('0' + n % 10)};
    };
    std::string text = days[std::chrono::weekday(day).c_encoding()];
    text += ", " + two(static_cast<unsigned>(date.day())) + ' ';
    text += months[static_cast<unsigned>(date.month()) - 1];
    text += ' ' + std::to_string(static_cast<int>(date.year())) + ' ';
    text += two(time.hours().count()) + ':' + two(time.minutes().count()) + ':' + two(time.seconds().count());
    return text += " GMT";
}

/** The bytes of an answer, head and body in one piece for one write.

    Header fields with a control character are left out: a value must not begin a line of its own.
    @param date what `http_date` gives
*/
[[nodiscard]] inline std::string to_bytes(outgoing_reply const& reply, bool head_only, bool close,
                                          std::string_view date) {
    // Status line and fields of our own take 150.
    std::size_t size = 256 + reply.standing.size() + (head_only ? 0 : reply.body.size());
    for (auto const& field : reply.headers) size += field.name.size() + field.value.size() + 4;
    std::string bytes;
    bytes.reserve(size);
    append_all(bytes, "HTTP/1.1 ", std::to_string(reply.status), " ", detail::reason_phrase(reply.status),
               "\r\nDate: ", date, "\r\n");
    for (auto const& field : reply.headers)
        if (detail::is_token(field.name) && detail::is_field_value(field.value))
            append_all(bytes, field.name, ": ", field.value, "\r\n");
    bytes += reply.standing;
    if (reply.status != 204 && reply.status != 304)
        append_all(bytes, "Content-Length: ", std::to_string(reply.body.size()), "\r\n");
    if (close) bytes += "Connection: close\r\n";
    bytes += "\r\n";
    if (!head_only) bytes += reply.body;
    return bytes;
}

} // namespace authmod
