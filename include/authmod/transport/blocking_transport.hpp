// SPDX-License-Identifier: BSL-1.0
// Layer 5. A transport made of an HTTP client that blocks: cpp-httplib, libcurl, the one of your framework.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/policy/http_transport.hpp"
#include "authmod/transport/find_peer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <concepts>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <utility>

namespace authmod {

/** Does one HTTP exchange and blocks until it is over.

    A model promises that a call
    1. connects to `peer.address` alone, verifies chain and `peer.host` for https, and sends nothing before;
    2. returns soon after a stop was requested of the token: `std::stop_callback` closes a socket;
    3. follows no redirect, decompresses nothing and reads no more than 16 KiB of headers and `request.max_body` bytes;
    4. returns the errors of @ref http_transport and does not throw;
    5. may be made by several threads at once.

    @par Models
    `httplib_exchange` of `examples/7_other_http_client.cpp`
*/
template <class T>
concept blocking_exchange = std::move_constructible<T> &&
    requires(T const& exchange, outbound_peer const& peer, http_request const& request, timeouts limit,
             std::stop_token late) {
    { exchange(peer, request, limit, late) } -> std::same_as<result<http_response>>;
};

/** Gives exchanges that block threads of their own, checked addresses and one deadline.

    Thread safety: every function may be called from any thread. Resumes on the executor of the awaiting coroutine.
    Copies share the threads; the last one waits for exchanges under way. Cancellation: none; the deadline ends it.
*/
template <blocking_exchange Exchange>
class blocking_transport {
public:
    /// `threads`: how many exchanges there may be at once; more of them wait, and their deadline runs.
    explicit blocking_transport(Exchange exchange = Exchange(), outbound_gate gate = outbound_gate(),
                                std::size_t threads = 8)
        : shared_(std::make_shared<parts>(std::move(exchange), std::move(gate), threads)) {}

    /// As @ref http_transport promises, but for the time that looking up a name takes.
    asio::awaitable<result<http_response>> send(http_request const& request, timeouts limit) {
        auto work = ask(shared_, request, limit);
        auto got = co_await asio::co_spawn(shared_->clock, std::move(work), asio::use_awaitable);
        co_return got;
    }

private:
    struct parts {
        parts(Exchange in_exchange, outbound_gate in_gate, std::size_t threads)
            : exchange(std::move(in_exchange)), gate(std::move(in_gate)), workers(threads) {}

        Exchange exchange;
        outbound_gate gate;
        asio::thread_pool clock{1}; // its own thread: deadlines ring while every worker is busy
        asio::thread_pool workers;
    };

    static asio::awaitable<result<http_response>> ask(std::shared_ptr<parts> shared, http_request const& request,
                                                      timeouts limit) {
        std::stop_source late;
        asio::steady_timer clock(shared->clock, limit.whole());
        clock.async_wait([late](error_code stopped) mutable {
            if (!stopped) late.request_stop();
        });
        auto const peer = co_await find_peer(shared->gate, request);
        if (!peer) co_return peer.error();
        auto work = block(*shared, *peer, request, limit, late.get_token());
        auto got = co_await asio::co_spawn(shared->workers, std::move(work), asio::use_awaitable);
        clock.cancel();
        if (late.stop_requested()) co_return errc::timed_out;
        co_return got;
    }

    static asio::awaitable<result<http_response>> block(parts const& shared, outbound_peer const& peer,
                                                        http_request const& request, timeouts limit,
                                                        std::stop_token late) {
        if (late.stop_requested()) co_return errc::timed_out; // waited for a thread too long
        co_return shared.exchange(peer, request, limit, late);
    }

    std::shared_ptr<parts> shared_;
};

} // namespace authmod
