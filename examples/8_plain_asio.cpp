// 8: a transport on plain Asio, for programs that have no Beast: one connection for each request, HTTP/1.0, so that
// answers come in one piece and end with the connection. Names are resolved and addresses checked here.
#include <authmod/module/auth_module.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/transport/outbound_gate.hpp>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ssl.hpp>
#include <charconv>
#include <iostream>

namespace asio = boost::asio;
using authmod::errc;
using answer = authmod::result<authmod::http_response>;

class asio_transport {
public:
    explicit asio_transport(std::string const& ca_file = "/etc/ssl/certs/ca-certificates.crt") {
        tls_->load_verify_file(ca_file);
        tls_->set_verify_mode(asio::ssl::verify_peer);
    }

    asio::awaitable<answer> send(authmod::http_request const& request, authmod::timeouts limit) {
        using namespace asio::experimental::awaitable_operators;
        bool const bounded = limit.connect.count() > 0 && limit.read.count() > 0; // zero is no limit
        auto time = bounded ? limit.connect + limit.read : authmod::milliseconds(60'000);
        if (limit.total.count() > 0) time = std::min(time, limit.total);
        asio::steady_timer clock(co_await asio::this_coro::executor, time);
        auto first = exchange(request) || clock.async_wait(asio::use_awaitable);
        auto won = co_await std::move(first);
        if (won.index() == 1) co_return errc::timed_out;
        co_return std::get<0>(std::move(won));
    }

private:
    asio::awaitable<answer> exchange(authmod::http_request const& request) {
        auto const token = asio::as_tuple(asio::use_awaitable);
        auto const url = gate_.check_url(request.url);
        if (!url) co_return url.error();
        std::string const host(url->host), port = std::to_string(url->port);
        asio::ip::tcp::resolver names(co_await asio::this_coro::executor);
        auto [unknown, found] = co_await names.async_resolve(host, port, token);
        if (unknown || found.empty()) co_return errc::provider_unreachable;
        auto const where = found.begin()->endpoint();
        if (!gate_.allows(*url, request.origin, where.address())) co_return errc::address_refused;
        asio::ssl::stream<asio::ip::tcp::socket> stream(co_await asio::this_coro::executor, *tls_);
        stream.set_verify_callback(asio::ssl::host_name_verification(host));
        SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
        auto [refused] = co_await stream.next_layer().async_connect(where, token);
        if (refused) co_return errc::provider_unreachable;
        auto [distrusted] = co_await stream.async_handshake(asio::ssl::stream_base::client, token);
        if (distrusted) co_return errc::tls_failed;

        std::string out = request.method + ' ' + (url->target.empty() ? "/" : std::string(url->target)) + " HTTP/1.0\r\nHost: " + host;
        for (auto const& h : request.headers) out += "\r\n" + h.name + ": " + h.value;
        out += "\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
        auto [unsent, sent] = co_await asio::async_write(stream, asio::buffer(out), token);
        if (unsent) co_return errc::no_response;
        std::string in;
        auto [ended, size] = co_await asio::async_read(stream, asio::dynamic_buffer(in, 16 * 1024 + request.max_body), token);
        if (size == 0) co_return errc::no_response;
        if (!ended) co_return errc::response_too_large;
        co_return read(in, ended == asio::error::eof, request.max_body);
    }

    static answer read(std::string_view in, bool whole, std::size_t max_body) { // the head's lines, then the body as long as it says
        auto const end = in.find("\r\n\r\n");
        if (end == in.npos || end > 16 * 1024 || !in.starts_with("HTTP/1.")) return errc::response_malformed;
        authmod::http_response out(0, std::string(in.substr(end + 4)));
        std::from_chars(in.data() + 9, in.data() + 12, out.status);
        for (auto at = in.find("\r\n"); at < end; at = in.find("\r\n", at + 2)) {
            auto const line = in.substr(at + 2, in.find("\r\n", at + 2) - at - 2);
            auto const colon = line.find(':'), text = line.find_first_not_of(" \t", colon + 1);
            if (colon == line.npos) return errc::response_malformed;
            out.headers.emplace_back(line.substr(0, colon), text == line.npos ? "" : line.substr(text));
        }
        if (!out.header("Transfer-Encoding").empty() || out.status < 200) return errc::response_malformed;
        if (out.body.size() > max_body) return errc::response_too_large;
        auto const length = out.header("Content-Length");
        if (length.empty() ? !whole : length != std::to_string(out.body.size())) return errc::response_cut;
        return out;
    }

    std::shared_ptr<asio::ssl::context> tls_ = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    authmod::outbound_gate gate_;
};
static_assert(authmod::http_transport<asio_transport>);

int main() {
    authmod::policies<asio_transport> policies{asio_transport()};
    authmod::auth_module<authmod::bitbucket_cloud, decltype(policies)> bitbucket{
        policies, authmod::credentials("key", "secret", "http://localhost:8080/callback")};
    asio::io_context context;
    asio::co_spawn(context, bitbucket.begin_login("/"), [](std::exception_ptr, auto start) {
        std::cout << "Open " << start.value().location << '\n';
    });
    context.run();
}
