// SPDX-License-Identifier: BSL-1.0
// Layer 7. The messages of a Beast server as the handlers take and give them: mounts them in a server of your own.
#pragma once

#include "authmod/server/request.hpp"
#include "authmod/server/request_guard.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>
#include <string>
#include <string_view>

namespace authmod {

/** A request that a Beast server has read, judged again and handed on.

    Beast lets heads pass that two servers in a row may read as two different requests. So the head is written out anew
    and judged as @ref http_server judges it (security rule I6). Whoever gets a `status` other than 0 answers with it
   and closes the connection; @ref to_beast closes it then.

    Lifetimes: Beast's request outlives it. It stays where it is.
    Example: `examples/6_mount_handlers.cpp`
*/
class mounted_request {
public:
    /// What Beast reads from a browser.
    using beast_request = boost::beast::http::request<boost::beast::http::string_body>;

    /// @param address the peer's IP address, for the audit
    mounted_request(beast_request const& read, std::string_view address, request_limits const& limits = {})
        : head_(head_of(read)) {
        judged_head const judged = judge_head(head_, limits);
        status_ = judged.status;
        if (status_ == 0 && read.body().size() > limits.body) status_ = 413;
        if (status_ == 0 && !read_target(judged.target, request_)) status_ = 400;
        request_.method = judged.method;
        request_.fields = judged.fields;
        request_.body = read.body();
        request_.address = address;
    }

    mounted_request(mounted_request const&) = delete;
    mounted_request& operator=(mounted_request const&) = delete;

    /// 0, or what to refuse the request with.
    [[nodiscard]] int status() const noexcept { return status_; }

    /// What to hand to a handler. Preconditions: `status()` is 0.
    [[nodiscard]] incoming_request const& request() const noexcept { return request_; }

private:
    static std::string head_of(beast_request const& read) {
        std::string head;
        head.append(read.method_string()).append(" ").append(read.target());
        head.append(read.version() == 10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        for (auto const& field : read)
            head.append(field.name_string()).append(": ").append(field.value()).append("\r\n");
        return head += "\r\n";
    }

    std::string head_;
    incoming_request request_;
    int status_ = 0;
};

/// A handler's answer as a Beast server sends it; the body stays out of an answer to HEAD, its length does not.
[[nodiscard]] inline boost::beast::http::response<boost::beast::http::string_body>
to_beast(outgoing_reply reply, mounted_request::beast_request const& asked) {
    namespace http = boost::beast::http;
    http::response<http::string_body> response;
    response.version(asked.version());
    response.result(static_cast<unsigned>(reply.status));
    for (auto const& field : reply.headers) // a value must not begin a line of its own
        if (detail::is_token(field.name) && detail::is_field_value(field.value))
            response.insert(field.name, field.value);
    reply.for_each_standing([&](std::string_view name, std::string_view value) { response.insert(name, value); });
    response.keep_alive(asked.keep_alive() && reply.status != 400);
    auto const length = reply.body.size();
    if (asked.method() != http::verb::head) response.body() = std::move(reply.body);
    if (reply.status != 204 && reply.status != 304) response.content_length(length);
    return response;
}

} // namespace authmod
