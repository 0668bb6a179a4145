// 8: a transport on plain Asio, for programs that have no Beast: one connection for each request, HTTP/1.0, so that
// answers come in one piece and end with the connection.
#include <authmod/module/auth_module.hpp>
#include <authmod/protocol/http1_text.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/transport/find_peer.hpp>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ssl.hpp>
#include <iostream>

namespace asio = boost::asio;
using authmod::errc;
using answer = authmod::result<authmod::http_response>;

class asio_transport {
public:
    explicit asio_transport(std::string const& ca_file = "") {
        if (ca_file.empty())
            tls_->set_default_verify_paths();
        else
            tls_->load_verify_file(ca_file);
        tls_->set_verify_mode(asio::ssl::verify_peer);
    }

    asio::awaitable<answer> send(authmod::http_request const& request, authmod::timeouts limit) {
        using namespace asio::experimental::awaitable_operators;
        asio::steady_timer clock(co_await asio::this_coro::executor, limit.whole());
        auto first = exchange(request) || clock.async_wait(asio::use_awaitable);
        auto won = co_await std::move(first);
        if (won.index() == 1) co_return errc::timed_out;
        co_return std::get<0>(std::move(won));
    }

private:
    asio::awaitable<answer> exchange(authmod::http_request const& request) {
        auto const peer = co_await authmod::find_peer(gate_, request);
        if (!peer) co_return peer.error();
        if (!peer->https) co_return errc::address_refused;

        auto const token = asio::as_tuple(asio::use_awaitable);
        asio::ssl::stream<asio::ip::tcp::socket> stream(co_await asio::this_coro::executor, *tls_);
        stream.set_verify_callback(asio::ssl::host_name_verification(peer->host));
        SSL_set_tlsext_host_name(stream.native_handle(), peer->host.c_str());
        asio::ip::tcp::endpoint const where(peer->address, peer->port);
        auto [refused] = co_await stream.next_layer().async_connect(where, token);
        if (refused) co_return errc::provider_unreachable;
        auto [distrusted] = co_await stream.async_handshake(asio::ssl::stream_base::client, token);
        if (distrusted) co_return errc::tls_failed;

        std::string const out = authmod::to_http1_text(request, peer->authority(), peer->target);
        auto [unsent, sent] = co_await asio::async_write(stream, asio::buffer(out), token);
        if (unsent) co_return errc::no_response;
        std::string in;
        auto room = asio::dynamic_buffer(in, authmod::max_http1_head + request.max_body);
        auto [ended, size] = co_await asio::async_read(stream, room, token);
        if (!ended) co_return errc::response_too_large; // no room left, and it goes on
        co_return authmod::read_http1_text(in, ended == asio::error::eof, request.max_body);
    }

    std::shared_ptr<asio::ssl::context> tls_ = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    authmod::outbound_gate gate_;
};

static_assert(authmod::http_transport<asio_transport>);

int main() {
    authmod::policies<asio_transport> policies{asio_transport()};
    authmod::auth_module<authmod::bitbucket_cloud, decltype(policies)> bitbucket{policies,
                                                                                 authmod::environment("BITBUCKET_")};
    asio::io_context context;
    asio::co_spawn(context, bitbucket.begin_login("/"),
                   [](std::exception_ptr, auto start) { std::cout << "Open " << start.value().location << '\n'; });
    context.run();
}
