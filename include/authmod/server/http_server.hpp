// SPDX-License-Identifier: BSL-1.0
// Layer 7. A small HTTP/1.1 server for the handlers of this folder: keep-alive, deadlines, graceful end.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/time.hpp"
#include "authmod/core/version.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/server/client_address.hpp"
#include "authmod/server/request.hpp"
#include "authmod/server/request_guard.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

/// Limits of a server. A client that is slower than a limit loses its connection.
struct server_options {
    request_limits request;                  ///< sizes of a request
    milliseconds head_time{10'000};          ///< first byte to the end of the head; also connection to first byte
    milliseconds body_time{20'000};          ///< end of the head to the end of the body
    milliseconds write_time{20'000};         ///< for the client to take the answer
    milliseconds idle_time{60'000};          ///< between two requests
    milliseconds drain_time{20'000};         ///< from `stop` to the end of the last connection
    std::size_t max_connections = 4000;      ///< one more is closed at once
    std::size_t address_connections = 250;   ///< of one client address, see `connection_quota`; 0: no such limit
    bool loopback_http = false;              ///< see `content_security_policy`
    std::vector<ip_network> trusted_proxies; ///< whose `X-Forwarded-For` is believed; see `client_address`
    metrics_port* metrics = nullptr;         ///< told about every answer; outlives the server

    /// Contexts that connections are spread over in turn, each run by one thread. Empty: all stay on the server's own
    /// context, whoever runs it. They outlive the server.
    std::vector<asio::io_context*> workers;

    server_options() = default;
};

inline namespace AUTHMOD_ABI {

/** Listens, reads requests through the guard, hands them to a handler and writes its answers, in order.

    Every refusal of the guard is answered once and ends the connection (security rule I6). Deadlines are checked four
    times a second, so a limit may be overrun by 250 ms.

    Thread safety: `listen` before the context runs; `stop` and `connections` from any thread. The context may run on
    several threads: each connection keeps to a strand then. `workers` need none, which saves a login 20,000
    instructions; give each a work guard until `stop`, as examples/login_server does.
    Lifetimes: the context and the handler outlive the server and the context's last run.
*/
class http_server {
public:
    http_server(asio::io_context& context, request_handler& handler, server_options options = server_options());
    http_server(http_server const&) = delete;
    http_server& operator=(http_server const&) = delete;
    ~http_server();

    /// Binds and begins to accept. Port 0 picks a free one. Gives the bound address; errors are the system's.
    result<asio::ip::tcp::endpoint> listen(asio::ip::tcp::endpoint where);

    /// Accepts no more, closes idle connections, lets running requests finish. The context runs out of work then.
    void stop();

    /// Connections that are open now.
    [[nodiscard]] std::size_t connections() const;

    struct state; ///< what the connections share with the server

private:
    std::shared_ptr<state> state_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/http_server.ipp"
#endif
