// 7: another framework's HTTP client, here cpp-httplib: a transport of your own. It blocks, so it gets threads.
// Neither Beast nor our TLS is compiled. Where it keeps less than the concept promises: cpp-httplib bounds a header line, not
// their sum; only the first address is tried; looking up a name takes as long as the system lets it.
#include <authmod/module/auth_module.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/transport/outbound_gate.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <httplib.h>
#include <iostream>

namespace asio = boost::asio;
using authmod::errc;
using answer = authmod::result<authmod::http_response>;

class httplib_transport {
public:
    explicit httplib_transport(std::string ca_file = "/etc/ssl/certs/ca-certificates.crt") : ca_(std::move(ca_file)) {}

    asio::awaitable<answer> send(authmod::http_request const& request, authmod::timeouts limit) {
        auto blocking = block(request, limit);
        auto got = co_await asio::co_spawn(*threads_, std::move(blocking), asio::use_awaitable);
        co_return got;
    }

private:
    struct call { // outlives the transport's wait: the clock may ring late
        call(std::string const& host, int port) : client(host, port) {}
        httplib::SSLClient client;
        std::atomic<bool> late = false;
    };

    asio::awaitable<answer> block(authmod::http_request const& request, authmod::timeouts limit) {
        auto const url = gate_.check_url(request.url);
        if (!url) co_return url.error();
        std::string const host(url->host);
        asio::ip::tcp::resolver names(*threads_);
        authmod::error_code error;
        auto const found = names.resolve(host, std::to_string(url->port), error);
        if (error || found.empty()) co_return errc::provider_unreachable;
        auto const address = found.begin()->endpoint().address(); // checked, and then connected to
        if (!gate_.allows(*url, request.origin, address)) co_return errc::address_refused;
        auto const c = std::make_shared<call>(host, url->port);
        c->client.set_hostname_addr_map({{host, address.to_string()}});
        c->client.set_ca_cert_path(ca_);
        c->client.set_decompress(false);
        bool const bounded = limit.connect.count() > 0 && limit.read.count() > 0; // zero is no limit
        auto time = bounded ? limit.connect + limit.read : authmod::milliseconds(60'000);
        if (limit.total.count() > 0) time = std::min(time, limit.total);
        asio::steady_timer clock(*threads_, time);
        clock.async_wait([c](authmod::error_code e) { if (!e) c->late = true, c->client.stop(); });
        httplib::Request asked;
        asked.method = request.method;
        asked.path = url->target.empty() ? "/" : std::string(url->target);
        asked.body = request.body;
        for (auto const& h : request.headers) asked.set_header(h.name, h.value);
        authmod::http_response out;
        bool begun = false, large = false;
        asked.response_handler = [&](httplib::Response const&) { return begun = true; };
        asked.content_receiver = [&](char const* data, std::size_t size, std::uint64_t, std::uint64_t) {
            large = out.body.size() + size > request.max_body;
            return !large && !c->late && (out.body.append(data, size), true);
        };
        auto const got = c->client.send(asked);
        clock.cancel();
        if (large) co_return errc::response_too_large;
        if (c->late || got.error() == httplib::Error::ConnectionTimeout) co_return errc::timed_out;
        if (got.error() == httplib::Error::Connection) co_return errc::provider_unreachable;
        if (got.error() >= httplib::Error::SSLConnection && got.error() <= httplib::Error::SSLServerVerification) co_return errc::tls_failed;
        if (!got) co_return begun ? errc::response_cut : errc::no_response;
        out.status = got->status;
        for (auto const& [name, value] : got->headers) out.headers.emplace_back(name, value);
        co_return out;
    }

    std::string ca_;
    authmod::outbound_gate gate_;
    std::shared_ptr<asio::thread_pool> threads_ = std::make_shared<asio::thread_pool>(8);
};
static_assert(authmod::http_transport<httplib_transport>);

int main() {
    authmod::policies<httplib_transport> policies;
    authmod::auth_module<authmod::bitbucket_cloud, decltype(policies)> bitbucket{
        policies, authmod::credentials("key", "secret", "http://localhost:8080/callback")};
    asio::io_context context;
    asio::co_spawn(context, bitbucket.begin_login("/"), [](std::exception_ptr, auto start) {
        std::cout << "Open " << start.value().location << '\n'; // and then finish_login, as in the first program
    });
    context.run();
}
