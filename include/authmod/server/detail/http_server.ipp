// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of http_server.hpp.
#pragma once

#include "authmod/server/http_server.hpp"
#include "authmod/server/reply_bytes.hpp"
#include "authmod/server/routes.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace server_detail {

/// The date of now; made once a second and thread.
[[nodiscard]] inline std::string const& date_now() {
    thread_local std::string text;
    thread_local std::chrono::sys_seconds made{};
    auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (text.empty() || now != made) {
        text = http_date(now);
        made = now;
    }
    return text;
}

using strand = asio::strand<asio::io_context::executor_type>;
using socket = asio::basic_stream_socket<asio::ip::tcp, strand>;
using asio::redirect_error;
using asio::use_awaitable;

/// One client. Only its strand touches it, but for the deadline, which the watchdog reads.
struct connection {
    connection(socket in_socket, std::string in_address)
        : stream(std::move(in_socket)), address(std::move(in_address)) {}

    socket stream;
    std::string address;
    std::string in;    ///< bytes read and not used yet
    bool idle = false; ///< waiting for the first byte of a request
    std::atomic<std::chrono::steady_clock::rep> deadline{0};

    void allow(milliseconds time) { deadline = (std::chrono::steady_clock::now() + time).time_since_epoch().count(); }

    void allow_forever() { deadline = std::chrono::steady_clock::time_point::max().time_since_epoch().count(); }

    [[nodiscard]] bool late(std::chrono::steady_clock::time_point now) const noexcept {
        return deadline.load() <= now.time_since_epoch().count();
    }

    void close() {
        error_code ignored;
        stream.close(ignored);
    }
};

} // namespace server_detail

struct http_server::state {
    state(asio::io_context& in_context, request_handler& in_handler, server_options const& in_options)
        : context(in_context), handler(in_handler), options(in_options), control(asio::make_strand(in_context)),
          acceptor(control), tick(control) {}

    asio::io_context& context;
    request_handler& handler;
    server_options options;
    server_detail::strand control; ///< of acceptor and tick
    asio::basic_socket_acceptor<asio::ip::tcp, server_detail::strand> acceptor;
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                               server_detail::strand>
        tick;
    std::atomic<bool> stopping{false};
    mutable std::mutex mutex; ///< of the set
    std::set<std::shared_ptr<server_detail::connection>> open;
};

namespace server_detail {

using shared_state = std::shared_ptr<http_server::state>;
using shared_connection = std::shared_ptr<connection>;

/// Reads once, behind what is there. False: the connection is over.
AUTHMOD_DECL asio::awaitable<bool> read_more(connection& c) {
    constexpr std::size_t step = 4096;
    auto const had = c.in.size();
    c.in.resize(had + step);
    error_code error;
    auto const got =
        co_await c.stream.async_read_some(asio::buffer(c.in.data() + had, step), redirect_error(use_awaitable, error));
    c.in.resize(had + got);
    co_return !error;
}

AUTHMOD_DECL asio::awaitable<bool> write_all(connection& c, std::string bytes) {
    error_code error;
    co_await asio::async_write(c.stream, asio::buffer(bytes), redirect_error(use_awaitable, error));
    co_return !error;
}

/// Answers a request that is not worth a handler and ends the connection. What the client still sends is read for a
/// moment, or its system might drop the answer.
AUTHMOD_DECL asio::awaitable<void> refuse(http_server::state& s, connection& c, int status) {
    outgoing_reply reply(status, "text/plain; charset=utf-8", std::string(detail::reason_phrase(status)) + "\n");
    if (status == 405) reply.set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE");
    protect(reply, s.options.loopback_http);
    if (s.options.metrics) s.options.metrics->request_answered("refused", status, std::chrono::nanoseconds(0));
    c.allow(milliseconds(2000));
    bool const written = co_await write_all(c, to_bytes(reply, false, true, date_now()));
    if (!written) co_return;
    error_code error;
    c.stream.shutdown(asio::socket_base::shutdown_send, error);
    for (std::size_t drained = 0; drained < 2 * 1024 * 1024; drained += c.in.size()) {
        c.in.clear();
        bool const more = co_await read_more(c);
        if (!more) break;
    }
}

/// The body of a request, into `body`. Gives 0, or the status to refuse with, or -1 when the client is gone.
AUTHMOD_DECL asio::awaitable<int> read_body(http_server::state& s, connection& c, judged_head const& head,
                                            std::string& body) {
    bool wait_for_client = head.expects_continue;
    std::size_t const body_limit = s.options.request.body;
    boost::beast::http::request_parser<boost::beast::http::string_body> chunks;
    if (head.framing == body_framing::chunked) {
        // Beast takes the chunks apart. It gets a head of ours, so that nothing in the client's can sway it.
        constexpr std::string_view own_head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        error_code error;
        chunks.body_limit(body_limit);
        chunks.eager(true);
        chunks.put(asio::buffer(own_head), error);
    }
    for (;;) {
        if (head.framing == body_framing::length) {
            if (c.in.size() >= head.content_length) {
                body.assign(c.in, 0, head.content_length);
                c.in.erase(0, head.content_length);
                co_return 0;
            }
        } else {
            error_code error;
            std::size_t used = 0;
            if (!c.in.empty()) used = chunks.put(asio::buffer(c.in), error);
            c.in.erase(0, used);
            if (error == boost::beast::http::error::body_limit) co_return 413;
            if (error && error != boost::beast::http::error::need_more) co_return 400;
            if (chunks.is_done()) {
                body = std::move(chunks.get().body());
                co_return 0;
            }
            if (c.in.size() > s.options.request.head) co_return 400; // a chunk's line or trailers without an end
        }
        if (std::exchange(wait_for_client, false) && c.in.empty()) {
            bool const written = co_await write_all(c, "HTTP/1.1 100 Continue\r\n\r\n");
            if (!written) co_return -1;
        }
        bool const more = co_await read_more(c);
        if (!more) co_return -1;
    }
}

/// The handler's answer, or 500 if it throws.
AUTHMOD_DECL asio::awaitable<outgoing_reply> answer(http_server::state& s, incoming_request const& request) {
    try {
        outgoing_reply reply = co_await s.handler.handle(request);
        co_return reply;
    } catch (std::exception const&) {
    }
    co_return outgoing_reply(500, "text/plain; charset=utf-8", "Internal Server Error\n");
}

/// One connection: requests in sequence until somebody ends it.
AUTHMOD_DECL asio::awaitable<void> serve(http_server::state& s, connection& c) {
    for (bool first = true;; first = false) {
        head_progress head_at;
        std::size_t seen = 0;
        c.idle = c.in.empty();
        c.allow(c.idle && !first ? s.options.idle_time : s.options.head_time);
        for (;;) {
            head_at = look_for_head(c.in, seen, s.options.request);
            if (head_at.size != 0 || head_at.status != 0) break;
            seen = c.in.size();
            if (c.idle && s.stopping) co_return;
            bool const more = co_await read_more(c);
            if (!more) co_return;
            if (std::exchange(c.idle, false)) c.allow(s.options.head_time);
        }
        if (head_at.status != 0) {
            co_await refuse(s, c, head_at.status);
            co_return;
        }
        std::string const head_bytes(c.in, 0, head_at.size); // the views of the request stay valid while more is read
        c.in.erase(0, head_at.size);
        judged_head head = judge_head(head_bytes, s.options.request);
        incoming_request request;
        if (head.status == 0 && !read_target(head.target, request)) head.status = 400;
        if (head.status != 0) {
            co_await refuse(s, c, head.status);
            co_return;
        }
        std::string body;
        if (head.framing != body_framing::none) {
            c.allow(s.options.body_time);
            int const status = co_await read_body(s, c, head, body);
            if (status < 0) co_return;
            if (status > 0) {
                co_await refuse(s, c, status);
                co_return;
            }
        }
        request.method = head.method;
        request.fields = std::move(head.fields);
        request.body = body;
        request.address = client_address(c.address, request.fields, s.options.trusted_proxies);
        c.allow_forever(); // handlers have limits of their own
        auto const begun = std::chrono::steady_clock::now();
        outgoing_reply reply = co_await answer(s, request);
        protect(reply, s.options.loopback_http);
        if (s.options.metrics) {
            auto const took = std::chrono::steady_clock::now() - begun;
            s.options.metrics->request_answered(route_class(request.path), reply.status, took);
        }

        bool const close = !head.keep_alive || s.stopping;
        c.allow(s.options.write_time);
        bool const written = co_await write_all(c, to_bytes(reply, head.method == "HEAD", close, date_now()));
        if (!written) co_return;
        if (close) {
            error_code ignored;
            c.stream.shutdown(asio::socket_base::shutdown_send, ignored);
            co_return;
        }
    }
}

/// Owns what `serve` refers to.
AUTHMOD_DECL asio::awaitable<void> run_connection(shared_state s, shared_connection c) {
    try {
        co_await serve(*s, *c);
    } catch (std::exception const&) { // no memory for this client: the others go on
    }
    c->close();
    std::lock_guard const lock(s->mutex);
    s->open.erase(c);
}

AUTHMOD_DECL asio::awaitable<void> accept_loop(shared_state s) {
    while (!s->stopping) {
        server_detail::socket stream(asio::make_strand(s->context));
        error_code error;
        co_await s->acceptor.async_accept(stream, redirect_error(use_awaitable, error));
        if (s->stopping) co_return;
        if (error) { // out of descriptors, most likely: wait for some to come back
            asio::steady_timer pause(s->control, std::chrono::milliseconds(100));
            co_await pause.async_wait(redirect_error(use_awaitable, error));
            continue;
        }
        auto const peer = stream.remote_endpoint(error);
        if (error) continue; // gone already
        stream.set_option(asio::ip::tcp::no_delay(true), error);
        auto const on = stream.get_executor();
        auto c = std::make_shared<connection>(std::move(stream), peer.address().to_string());
        c->allow(s->options.head_time);
        {
            std::lock_guard const lock(s->mutex);
            if (s->open.size() >= s->options.max_connections) continue; // closed by its destructor
            s->open.insert(c);
        }
        asio::co_spawn(on, run_connection(s, c), asio::detached);
    }
}

/// Closes connections that are too slow, and idle ones when the server stops. One timer for all: a timer for each read
/// costs two system calls.
AUTHMOD_DECL asio::awaitable<void> watch(shared_state s) {
    auto stop_by = std::chrono::steady_clock::time_point::max();
    for (;;) {
        error_code ignored;
        s->tick.expires_after(std::chrono::milliseconds(250));
        co_await s->tick.async_wait(redirect_error(use_awaitable, ignored));
        auto const now = std::chrono::steady_clock::now();
        bool const stopping = s->stopping;
        if (stopping && stop_by == std::chrono::steady_clock::time_point::max()) stop_by = now + s->options.drain_time;
        bool const give_up = now >= stop_by;
        std::lock_guard const lock(s->mutex);
        if (stopping && s->open.empty()) co_return;
        for (auto const& c : s->open) {
            if (!c->late(now) && !stopping) continue;
            asio::post(c->stream.get_executor(), [c, now, stopping, give_up] {
                // Asked again on the strand: the connection may have got on in the meantime.
                if (c->late(now) || give_up || (stopping && c->idle)) c->close();
            });
        }
    }
}

} // namespace server_detail

AUTHMOD_DECL http_server::http_server(asio::io_context& context, request_handler& handler, server_options options)
    : state_(std::make_shared<state>(context, handler, options)) {}

AUTHMOD_DECL http_server::~http_server() { stop(); }

AUTHMOD_DECL result<asio::ip::tcp::endpoint> http_server::listen(asio::ip::tcp::endpoint where) {
    auto& acceptor = state_->acceptor;
    error_code error;
    acceptor.open(where.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(where, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) where = acceptor.local_endpoint(error);
    if (error) {
        error_code ignored;
        acceptor.close(ignored);
        return error;
    }
    asio::co_spawn(state_->control, server_detail::accept_loop(state_), asio::detached);
    asio::co_spawn(state_->control, server_detail::watch(state_), asio::detached);
    return where;
}

AUTHMOD_DECL void http_server::stop() {
    if (state_->stopping.exchange(true)) return;
    asio::post(state_->control, [s = state_] {
        error_code ignored;
        s->acceptor.close(ignored);
        s->tick.cancel(); // look at the connections now
    });
}

AUTHMOD_DECL std::size_t http_server::connections() const {
    std::lock_guard const lock(state_->mutex);
    return state_->open.size();
}

} // namespace AUTHMOD_ABI

} // namespace authmod
