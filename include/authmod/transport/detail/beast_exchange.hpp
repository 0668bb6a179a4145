// SPDX-License-Identifier: BSL-1.0
// Layer 5. What one exchange of beast_transport.hpp holds: its connection, its deadline, what all of them share.
#pragma once

#include "authmod/protocol/http1_text.hpp"
#include "authmod/transport/beast_transport.hpp"
#include "authmod/transport/name_lookups.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <memory>

namespace authmod {
namespace detail {
inline namespace AUTHMOD_ABI {

using tcp = asio::ip::tcp;
using steady_time = std::chrono::steady_clock::time_point;

inline constexpr int interim_limit = 8;                // 1xx answers before the real one
inline constexpr milliseconds look_again{250};         // of those who wait to open a connection

/// A connection to one origin; owned by one exchange or by the pool.
struct connection {
    asio::ssl::stream<tcp::socket> stream;
    bool tls;
    bool session_kept = false;
    std::array<char, max_http1_head + 2048> buffer; // a whole header has to fit, and the parser has to see it is too long

    connection(asio::any_io_executor const& executor, asio::ssl::context& context, bool in_tls)
        : stream(executor, context), tls(in_tls) {}

    /// OpenSSL would take back the session of a connection that ends without close_notify; TLS 1.3 has no need of that.
    ~connection() { SSL_set_shutdown(stream.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }

    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    [[nodiscard]] tcp::socket& socket() noexcept { return stream.next_layer(); }

    /// Whether the peer has kept the connection open and has sent nothing. A healthy TLS 1.3 connection has bytes
    /// waiting (session tickets), so only a read through TLS can tell. The socket is non-blocking.
    [[nodiscard]] bool alive() {
        error_code ec;
        auto const byte = asio::buffer(buffer.data(), 1);
        if (tls)
            stream.read_some(byte, ec);
        else
            socket().read_some(byte, ec);
        return ec == asio::error::would_block;
    }
};

using pool = connection_pool<connection>;

/// Empties the pool of the connections of an execution context that ends: Asio calls `shutdown` while its sockets can
/// still be closed.
class pool_service : public asio::execution_context::service {
public:
    using key_type = pool_service;
    inline static asio::execution_context::id id;

    explicit pool_service(asio::execution_context& context) : service(context) {}

    void attach(std::shared_ptr<pool> const& p) {
        std::lock_guard lock(mutex_);
        if (std::ranges::find(pools_, p) != pools_.end()) return;
        std::erase_if(pools_, [](auto const& other) { return other->closed(); });
        pools_.push_back(p);
    }

private:
    void shutdown() override {
        std::lock_guard lock(mutex_);
        for (auto const& p : pools_) p->drop_context(&context());
        pools_.clear();
    }

    std::mutex mutex_;
    std::vector<std::shared_ptr<pool>> pools_;
};

/// What the system says of a name, from a thread that may wait.
[[nodiscard]] inline name_lookups::answer ask_the_system(std::string const& name) {
    asio::io_context context;
    tcp::resolver resolver(context);
    error_code ec;
    auto const results = resolver.resolve(name, std::string(), ec);
    if (ec) return errc::provider_unreachable;
    std::vector<asio::ip::address> found;
    for (auto const& r : results) found.push_back(r.endpoint().address());
    return found;
}

struct transport_state {
    transport_options options;
    outbound_gate gate;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::shared_ptr<pool> idle;
    origin_places places;
    origin_circuits circuits;
    name_lookups names{ask_the_system};

    explicit transport_state(transport_options in_options);
};

/** Closes a socket when its time is up. One per exchange; it alone watches the time.

    Runs in the exchange's strand. Its pending wait keeps it alive and never touches a socket that is no longer guarded.
*/
class watchdog : public std::enable_shared_from_this<watchdog> {
public:
    explicit watchdog(asio::any_io_executor const& executor) : timer(executor) {}

    void guard(tcp::socket& socket, steady_time until) {
        release();
        bitten_ = false;
        if (until == steady_time::max()) return;
        socket_ = &socket;
        timer.expires_at(until);
        timer.async_wait([self = shared_from_this(), turn = turn_](error_code const& ec) {
            if (ec || turn != self->turn_) return;
            self->bitten_ = true;
            error_code ignored;
            self->socket_->close(ignored);
        });
    }

    void release() {
        ++turn_;
        if (socket_ == nullptr) return;
        socket_ = nullptr;
        timer.cancel();
    }

    [[nodiscard]] bool bitten() const noexcept { return bitten_; }

    asio::steady_timer timer;

private:
    tcp::socket* socket_ = nullptr;
    unsigned turn_ = 0;
    bool bitten_ = false;
};

/// Guards a socket for the length of a scope.
class watch {
public:
    watch(watchdog& dog, tcp::socket& socket, steady_time until) : dog_(dog) { dog_.guard(socket, until); }

    ~watch() { dog_.release(); }

    watch(watch const&) = delete;
    watch& operator=(watch const&) = delete;

private:
    watchdog& dog_;
};

/// A moment `limit` after `start`; zero is no limit.
[[nodiscard]] inline steady_time deadline(steady_time start, milliseconds limit) {
    return limit.count() == 0 || broken("K1") ? steady_time::max() : start + limit;
}

[[nodiscard]] inline bool passed(steady_time until) {
    return until != steady_time::max() && std::chrono::steady_clock::now() >= until;
}

/// Everything one exchange knows. Lives in the frame of `run_exchange`.
struct exchange {
    std::shared_ptr<transport_state> state;
    http_request const& request;
    timeouts limit;
    asio::any_io_executor executor;
    asio::execution_context& context;
    endpoint_url url{};
    std::string origin;
    steady_time end = steady_time::max();
    std::shared_ptr<watchdog> dog;
    pool::clock::duration idle_for{}; // of the connection that was taken from the pool
    bool no_turn = false;             // its time was over before it might open a connection

    exchange(std::shared_ptr<transport_state> in_state, http_request const& in_request, timeouts in_limit,
             asio::any_io_executor in_executor)
        : state(std::move(in_state)), request(in_request), limit(in_limit), executor(std::move(in_executor)),
          context(asio::query(executor, asio::execution::context)), dog(std::make_shared<watchdog>(executor)) {
        auto const now = std::chrono::steady_clock::now();
        end = deadline(now, limit.total);
        // A repeated request gets no second read limit.
        if (limit.connect.count() != 0 && limit.read.count() != 0)
            end = std::min(end, now + limit.connect + limit.read);
    }
};

asio::awaitable<result<http_response>> run_exchange(std::shared_ptr<transport_state> state, http_request const& request,
                                                    timeouts limit);
asio::awaitable<bool> wait_for_turn(exchange& x, origin_places::place& place, steady_time until);
asio::awaitable<result<std::unique_ptr<connection>>> open_connection(exchange& x, origin_places::place& place);
asio::awaitable<error_code> start_tls(exchange& x, connection& c);
asio::awaitable<result<std::vector<asio::ip::address>>> look_up(exchange& x, steady_time until);
asio::awaitable<result<http_response>> talk(exchange& x, connection& c, std::string_view text, bool& clean);

} // namespace AUTHMOD_ABI
} // namespace detail
} // namespace authmod
