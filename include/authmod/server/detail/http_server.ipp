// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of http_server.hpp.
#pragma once

#include "authmod/server/connection_quota.hpp"
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
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstring>
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

using socket = asio::ip::tcp::socket;
using asio::redirect_error;
using asio::use_awaitable;

/// One client. Only its lane touches it, but for the deadline, which the watchdog reads.
struct connection {
    connection(socket in_socket, std::string in_address)
        : stream(std::move(in_socket)), address(std::move(in_address)) {}

    socket stream;
    std::string address;
    connection_quota::place place; ///< at the server's
    std::string memory;   ///< read into; never shorter than it has to be, so that nothing is cleared for each read
    std::size_t have = 0; ///< bytes at its front that were read and not used yet
    std::string head;     ///< of the request that is answered: its views stay valid while more is read
    bool idle = false;    ///< waiting for the first byte of a request
    std::atomic<std::chrono::steady_clock::rep> deadline{0};

    /// What was read and not used yet.
    [[nodiscard]] std::string_view in() const noexcept { return std::string_view(memory).substr(0, have); }

    /// Where the next bytes go: behind what is there.
    [[nodiscard]] asio::mutable_buffer room() {
        constexpr std::size_t step = 4096;
        if (memory.size() - have < step) memory.resize(have + step);
        return asio::buffer(memory.data() + have, step);
    }

    /// Drops so many bytes at the front.
    void use(std::size_t bytes) noexcept {
        have -= bytes;
        std::memmove(memory.data(), memory.data() + bytes, have);
    }

    /// Gives back what a long body took.
    void shrink() {
        if (have == 0 && memory.size() > std::size_t{16} * 1024) memory = std::string();
    }

    using clock = std::chrono::steady_clock;

    /// The watchdog looks now and then: in which order it sees this and the rest does not matter.
    void allow(milliseconds time, clock::time_point from = clock::now()) {
        deadline.store((from + time).time_since_epoch().count(), std::memory_order_relaxed);
    }

    void allow_forever() {
        deadline.store(clock::time_point::max().time_since_epoch().count(), std::memory_order_relaxed);
    }

    [[nodiscard]] bool late(clock::time_point now) const noexcept {
        return deadline.load(std::memory_order_relaxed) <= now.time_since_epoch().count();
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
          acceptor(control), tick(control), quota(in_options.address_connections, in_options.trusted_proxies) {}

    /// Where the next connection runs, one thing at a time.
    [[nodiscard]] asio::any_io_executor next_lane() {
        if (options.workers.empty()) return asio::make_strand(context);
        return options.workers[accepted++ % options.workers.size()]->get_executor();
    }

    asio::io_context& context;
    request_handler& handler;
    server_options options;
    asio::any_io_executor control; ///< of acceptor, tick and `accepted`
    std::size_t accepted = 0;
    asio::ip::tcp::acceptor acceptor;
    asio::steady_timer tick;
    std::atomic<bool> stopping{false};
    mutable std::mutex mutex; ///< of what follows
    std::set<std::shared_ptr<server_detail::connection>> open;
    connection_quota quota;
};

namespace server_detail {

using shared_state = std::shared_ptr<http_server::state>;
using shared_connection = std::shared_ptr<connection>;

/// Reads once, behind what is there. False: the connection is over.
AUTHMOD_DECL asio::awaitable<bool> read_more(connection& c) {
    error_code error;
    auto const room = c.room();
    auto const got = co_await c.stream.async_read_some(room, redirect_error(use_awaitable, error));
    c.have += got;
    co_return !error;
}

/// Writes what the socket takes at once, which is nearly always all of it: no wait, no trip through the scheduler.
/// False: nothing more can be written.
[[nodiscard]] inline bool write_now(connection& c, std::string_view& bytes) {
    error_code error;
    bytes.remove_prefix(c.stream.write_some(asio::buffer(bytes), error));
    return !error || error == asio::error::would_block;
}

AUTHMOD_DECL asio::awaitable<bool> write_all(connection& c, std::string_view bytes) {
    error_code error;
    while (!bytes.empty() && !error) {
        auto const out = asio::buffer(bytes);
        auto const n = co_await c.stream.async_write_some(out, redirect_error(use_awaitable, error));
        bytes.remove_prefix(n);
    }
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
    std::string const bytes = to_bytes(reply, false, true, date_now());
    bool const written = co_await write_all(c, bytes);
    if (!written) co_return;
    error_code error;
    c.stream.shutdown(asio::socket_base::shutdown_send, error);
    for (std::size_t drained = 0; drained < 2 * 1024 * 1024; drained += c.have) {
        c.have = 0;
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
            if (c.have >= head.content_length) {
                body.assign(c.in().substr(0, head.content_length));
                c.use(head.content_length);
                co_return 0;
            }
        } else {
            error_code error;
            std::size_t used = 0;
            if (c.have != 0) used = chunks.put(asio::buffer(c.in()), error);
            c.use(used);
            if (error == boost::beast::http::error::body_limit) co_return 413;
            if (error && error != boost::beast::http::error::need_more) co_return 400;
            if (chunks.is_done()) {
                body = std::move(chunks.get().body());
                co_return 0;
            }
            if (c.have > s.options.request.head) co_return 400; // a chunk's line or trailers without an end
        }
        if (std::exchange(wait_for_client, false) && c.have == 0) {
            bool const written = co_await write_all(c, "HTTP/1.1 100 Continue\r\n\r\n");
            if (!written) co_return -1;
        }
        bool const more = co_await read_more(c);
        if (!more) co_return -1;
    }
}

/// One connection: requests in sequence until somebody ends it.
AUTHMOD_DECL asio::awaitable<void> serve(http_server::state& s, connection& c) {
    auto now = std::chrono::steady_clock::now(); // asked twice a request, not for each deadline
    for (bool first = true;; first = false) {
        head_progress head_at;
        std::size_t seen = 0;
        c.shrink();
        c.idle = c.have == 0;
        c.allow(c.idle && !first ? s.options.idle_time : s.options.head_time, now);
        for (;;) {
            head_at = look_for_head(c.in(), seen, s.options.request);
            if (head_at.size != 0 || head_at.status != 0) break;
            seen = c.have;
            if (c.have != 0 && std::exchange(c.idle, false)) c.allow(s.options.head_time);
            if (c.idle && s.stopping) co_return;
            error_code error;
            auto const room = c.room();
            auto const got = co_await c.stream.async_read_some(room, redirect_error(use_awaitable, error));
            c.have += got;
            if (error) co_return;
        }
        c.idle = false;
        if (head_at.status != 0) {
            co_await refuse(s, c, head_at.status);
            co_return;
        }
        c.head.assign(c.in().substr(0, head_at.size));
        c.use(head_at.size);
        judged_head head = judge_head(c.head, s.options.request);
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
        outgoing_reply reply;
        try {
            reply = co_await s.handler.handle(request);
        } catch (std::exception const&) {
            reply = outgoing_reply(500, "text/plain; charset=utf-8", "Internal Server Error\n");
        }
        protect(reply, s.options.loopback_http);
        now = std::chrono::steady_clock::now();
        if (s.options.metrics) s.options.metrics->request_answered(route_class(request.path), reply.status, now - begun);

        bool const close = !head.keep_alive || s.stopping;
        c.allow(s.options.write_time, now);
        std::string const bytes = to_bytes(reply, head.method == "HEAD", close, date_now());
        std::string_view rest = bytes;
        bool written = write_now(c, rest);
        if (written && !rest.empty()) {
            written = co_await write_all(c, rest);
            now = std::chrono::steady_clock::now();
        }
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
    s->quota.give_back(c->place);
}

AUTHMOD_DECL asio::awaitable<void> accept_loop(shared_state s) {
    while (!s->stopping) {
        server_detail::socket stream(s->next_lane());
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
        stream.non_blocking(true, error); // for write_now; asynchronous operations do not care
        if (error) continue;
        auto const on = stream.get_executor();
        auto c = std::make_shared<connection>(std::move(stream), peer.address().to_string());
        c->allow(s->options.head_time);
        {
            std::lock_guard const lock(s->mutex);
            if (s->open.size() >= s->options.max_connections) continue; // closed by its destructor
            auto const place = s->quota.take(peer.address());
            if (!place) continue;
            c->place = *place;
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
                // Asked again in its lane: the connection may have got on in the meantime.
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
