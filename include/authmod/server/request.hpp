// SPDX-License-Identifier: BSL-1.0
// Layer 7. A request as handlers see it, the reply they give, and who handles. No Beast in here, so that the handlers
// can be mounted in any server.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/protocol/http_message.hpp"
#include "authmod/server/request_guard.hpp"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace asio = boost::asio;

/** One request, read and judged.

    Lifetimes: the views point into the server's buffers, which outlive the handler's run.
*/
struct incoming_request {
    std::string_view method; ///< as sent, in capitals
    std::string path;       ///< percent-decoded: valid UTF-8, no control character, no dot segment, no encoded slash
    std::string_view query; ///< raw, without the question mark
    std::vector<request_field> fields; ///< in order; names may repeat
    std::string_view body; ///< empty: none
    std::string address; ///< the peer's IP address

    incoming_request() = default;

    /// The value of the first field called `name`, compared without case; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        for (auto const& field : fields)
            if (ascii::equal_ignoring_case(field.name, name)) return field.value;
        return {};
    }

    /// GET, or HEAD, which differs only in what the server writes back.
    [[nodiscard]] bool reads() const noexcept { return method == "GET" || method == "HEAD"; }
};

/// The token of `Authorization: Bearer` (RFC 6750 2.1), as sent; nothing with another scheme and without the field.
[[nodiscard]] inline std::optional<std::string_view> bearer_token(incoming_request const& request) noexcept {
    constexpr std::string_view scheme = "Bearer ";
    auto const field = request.header("Authorization");
    if (!ascii::equal_ignoring_case(field.substr(0, scheme.size()), scheme)) return std::nullopt;
    return field.substr(scheme.size());
}

/// What to answer. The server adds Date, Content-Length, Connection and the fields of `protect`.
struct outgoing_reply {
    int status = 200;                 ///< of HTTP
    std::vector<http_header> headers; ///< in the order in which they are sent
    std::string body;                 ///< empty: none

    /// More lines of the head, each with its CRLF: those of `protect`. Lifetimes: of text that is never freed.
    std::string_view standing;

    outgoing_reply() = default;

    explicit outgoing_reply(int in_status) : status(in_status) {}

    outgoing_reply(int in_status, std::string_view content_type, std::string in_body)
        : status(in_status), body(std::move(in_body)) {
        headers.emplace_back("Content-Type", content_type);
    }

    /// Adds a field; an equal name stays beside it.
    void set(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }

    /// The value of the first field called `name`, compared without case; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        for (auto const& h : headers)
            if (ascii::equal_ignoring_case(h.name, name)) return h.value;
        std::string_view found;
        for_each_standing([&](std::string_view n, std::string_view value) {
            if (ascii::equal_ignoring_case(n, name)) found = value;
        });
        return found;
    }

    /// Calls `take(name, value)` for each of the lines of `protect`.
    template <class Take>
    void for_each_standing(Take&& take) const {
        for (std::string_view rest = standing; !rest.empty();) {
            auto const colon = rest.find(": "), end = rest.find("\r\n");
            take(rest.substr(0, colon), rest.substr(colon + 2, end - colon - 2));
            rest.remove_prefix(end + 2);
        }
    }
};

/// 303: the method of the next request is GET whatever this one was, and no body goes along (security rule A8).
[[nodiscard]] inline outgoing_reply redirect_to(std::string_view location) {
    outgoing_reply reply(broken("A8") ? 307 : 303);
    reply.headers.reserve(4); // with cookies
    reply.set("Location", location);
    return reply;
}

/// 405 with what would be allowed (security rule I5).
[[nodiscard]] inline outgoing_reply method_not_allowed(std::string_view allowed) {
    outgoing_reply reply(405, "text/plain; charset=utf-8", "Method not allowed\n");
    if (!broken("I5")) reply.set("Allow", allowed);
    return reply;
}

/** Answers requests.

    A model promises that `handle` may be called from any thread while earlier calls are suspended, resumes on the
    awaiting coroutine's executor, and throws nothing but what memory exhaustion throws.
*/
class request_handler {
public:
    virtual ~request_handler() = default;
    /// Answers one request. Does not throw; resumes on any executor.
    virtual asio::awaitable<outgoing_reply> handle(incoming_request const& request) = 0;
};

/// What pages may load. `loopback_http`: pictures from http servers of this machine too, for development.
[[nodiscard]] inline std::string content_security_policy(bool loopback_http, std::string_view form_target = {}) {
    std::string policy = "default-src 'none'; style-src 'self'; img-src 'self' https:";
    if (loopback_http) policy += " http://127.0.0.1:* http://localhost:*";
    policy += "; form-action 'self'";
    if (!form_target.empty()) policy.append(" ").append(form_target);
    return policy += "; frame-ancestors 'none'; base-uri 'none'";
}

namespace detail {

/// The fields of `protect` as lines of a head, every choice of them: put together once and not for each answer.
class standing_fields {
public:
    static constexpr std::array<std::string_view, 4> names = {"Content-Security-Policy", "X-Content-Type-Options",
                                                              "Referrer-Policy", "Cache-Control"};
    static constexpr unsigned all = (1u << names.size()) - 1;
    static constexpr unsigned nosniff = 1u << 1;

    explicit standing_fields(bool loopback_http) {
        std::string const policy = content_security_policy(loopback_http);
        std::string_view const values[] = {policy, "nosniff", "no-referrer", "no-store"};
        for (unsigned choice = 0; choice <= all; ++choice)
            for (std::size_t i = 0; i != names.size(); ++i)
                if ((choice >> i & 1) != 0)
                    lines_[choice].append(names[i]).append(": ").append(values[i]).append("\r\n");
    }

    /// The lines of a choice: one bit for each name.
    [[nodiscard]] std::string_view lines(unsigned choice) const noexcept { return lines_[choice]; }

private:
    std::array<std::string, all + 1> lines_;
};

} // namespace detail

/// Adds the fields that every answer carries, where the handler has not set them itself (security rule I2).
inline void protect(outgoing_reply& reply, bool loopback_http) {
    using fields = detail::standing_fields;
    static fields const strict(false), loopback(true);
    unsigned missing = fields::all;
    if (broken("I2")) missing &= ~fields::nosniff;
    for (auto const& h : reply.headers)
        for (std::size_t i = 0; i != fields::names.size(); ++i)
            if (!h.value.empty() && ascii::equal_ignoring_case(h.name, fields::names[i])) missing &= ~(1u << i);
    reply.standing = (loopback_http ? loopback : strict).lines(missing);
}

/** Splits a target in origin-form into `request.path`, decoded, and `request.query`, raw.

    False for what two servers could read differently: a bad percent-encoding, an encoded slash, backslash or control
    character, `.` and `..` segments in any spelling, invalid UTF-8.
*/
[[nodiscard]] inline bool read_target(std::string_view target, incoming_request& request) {
    if (!target.starts_with('/')) return false;
    auto const question = target.find('?');
    request.query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
    std::string_view raw = target.substr(0, question);
    request.path.clear();
    request.path.reserve(raw.size());
    for (std::size_t i = 0; i != raw.size(); ++i) {
        char c = raw[i];
        if (c == '%') {
            if (raw.size() - i < 3) return false;
            int const high = ascii::hex_value(raw[i + 1]);
            int const low = ascii::hex_value(raw[i + 2]);
            if (high < 0 || low < 0) return false;
            c = static_cast<char>(high * 16 + low);
            i += 2;
            if (c == '/') return false;
        }
        if (c == '\\' || ascii::is_control(c)) return false;
        request.path.push_back(c);
    }
    for (std::string_view rest = request.path; !rest.empty();) {
        rest.remove_prefix(1); // the slash
        auto const segment = rest.substr(0, rest.find('/'));
        if (segment == "." || segment == "..") return false;
        rest.remove_prefix(segment.size());
    }
    return valid_utf8(request.path);
}

} // namespace authmod
