// SPDX-License-Identifier: BSL-1.0
// Layer 2. An HTTP exchange as the flows see it: values, no sockets, no Beast.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/time.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// One header field.
struct http_header {
    std::string name;  ///< compared without case
    std::string value; ///< holds neither CR nor LF
    http_header(std::string_view in_name, std::string_view in_value) : name(in_name), value(in_value) {}
    friend bool operator==(http_header const&, http_header const&) = default;
};

/// Whose word a URL is; decides which addresses may be connected to (security rule J2).
enum class url_origin : std::uint8_t {
    administrator, ///< a setting: private addresses are fine, metadata addresses never
    provider       ///< came in an answer (avatar, discovery): public addresses only
};

using ascii::equal_ignoring_case; // names of headers compare so

/** What to send.

    Preconditions: `url` is an absolute https URL (or loopback http where allowed) without fragment and userinfo;
    header values hold no CR or LF. The transport adds Host, Content-Length, Connection and User-Agent.
*/
struct http_request {
    std::string method = "GET"; ///< or `POST`
    std::string url;            ///< absolute, without fragment
    std::vector<http_header> headers; ///< in the order in which they are sent
    std::string body;                 ///< empty with `GET`
    url_origin origin = url_origin::administrator; ///< who named the URL
    bool single_use = false;      ///< carries something that must not be sent twice (the code): never resent, picks a fresh enough connection
    std::size_t max_body = 1024 * 1024; ///< bytes of body to accept in the answer
    std::string_view step;        ///< what it is for, in a word of ours that lives in the program: for metrics

    http_request() = default;
    http_request(std::string_view in_method, std::string_view in_url) : method(in_method), url(in_url) { headers.reserve(6); }

    /// Adds a field; an equal name stays beside it.
    void set(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }
};

/// What came back. `headers` keep their order; the body is as sent (no decompression).
struct http_response {
    int status = 0;                   ///< 100 to 599, whatever it means
    std::vector<http_header> headers; ///< as sent, in order
    std::string body;                 ///< as sent, up to `max_body` bytes

    http_response() = default;
    http_response(int in_status, std::string in_body) : status(in_status), body(std::move(in_body)) {}

    /// The value of the first header called `name`, compared without case; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        for (auto const& h : headers)
            if (equal_ignoring_case(h.name, name)) return h.value;
        return {};
    }
};

/** Time limits of one exchange. Zero: no limit of its own (the login's deadline still holds). */
struct timeouts {
    milliseconds connect{5000}; ///< resolve, connect and TLS handshake together
    milliseconds read{5000};    ///< from the first byte sent to the last byte received
    milliseconds total{0};      ///< over all of it; what is left of the login's deadline; negative: it has passed

    /// What a transport with one clock allows an exchange: the smallest that is said, a minute where nothing is.
    [[nodiscard]] constexpr milliseconds whole() const noexcept {
        constexpr milliseconds none{0};
        auto const parts = connect > none && read > none ? connect + read : milliseconds(60'000);
        return total == none ? parts : std::min(parts, total);
    }
};

} // namespace authmod
