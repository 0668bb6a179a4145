// SPDX-License-Identifier: BSL-1.0
// The floor of our stack: a login service that does the job and nothing else, as fast as Asio, Beast and OpenSSL let it be.
// Start, callback, token, user, emails, session cookie, "who am I". Concrete executors, reserved buffers, one flat write per
// message, no timers, no limits, no PKCE, no modules, no store, no audit: not something to put on a network.
//
//   baseline_server --provider http://127.0.0.1:N | https://localhost:N [--ca-file FILE]
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <memory>
#include <openssl/rand.h>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using boost::system::error_code;
using executor = asio::io_context::executor_type;
using socket_type = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tls_type = asio::ssl::stream<socket_type>;
template <class T = void>
using task = asio::awaitable<T, executor>;
inline constexpr asio::use_awaitable_t<executor> awaiting{};

namespace {

struct account {
    std::string id, username, full_name, email;
};

std::string token() {
    unsigned char random[16];
    RAND_bytes(random, sizeof random);
    std::string text;
    for (unsigned char b : random) {
        text += "0123456789abcdef"[b >> 4];
        text += "0123456789abcdef"[b & 15];
    }
    return text;
}

/// A kept-alive connection to the provider.
struct upstream {
    std::optional<socket_type> plain;
    std::optional<tls_type> tls;
    boost::beast::flat_buffer buffer;
};

class service {
public:
    service(asio::io_context& context, bool tls, unsigned short port, std::string const& ca_file)
        : context_(context), tls_(tls), port_(port) {
        if (!ca_file.empty()) client_.load_verify_file(ca_file);
        client_.set_verify_mode(asio::ssl::verify_peer);
    }

    task<> session(socket_type socket) {
        boost::beast::flat_buffer buffer;
        buffer.reserve(8192);
        error_code ec;
        for (;;) {
            http::request_parser<http::empty_body> parser;
            parser.eager(true);
            co_await http::async_read(socket, buffer, parser, asio::redirect_error(awaiting, ec));
            if (ec) co_return;
            auto const& request = parser.get();
            std::string_view const target(request.target().data(), request.target().size());
            std::string out;
            if (target == "/login")
                out = start();
            else if (target.starts_with("/callback?"))
                out = co_await callback(target);
            else
                out = me(request);
            co_await asio::async_write(socket, asio::buffer(out), asio::redirect_error(awaiting, ec));
            if (ec) co_return;
        }
    }

private:
    std::string start() {
        std::string state = token();
        std::string out = "HTTP/1.1 303 See Other\r\nLocation: https://bitbucket.org/site/oauth2/authorize?client_id=key&"
                          "response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&scope=account%20email&state=";
        out.append(state).append("\r\nSet-Cookie: state=").append(state);
        out.append("; HttpOnly; SameSite=Lax\r\nContent-Length: 0\r\n\r\n");
        states_.insert(std::move(state));
        return out;
    }

    static std::string_view parameter(std::string_view query, std::string_view name) {
        auto const at = query.find(name);
        if (at == query.npos) return {};
        return query.substr(at + name.size(), query.find('&', at) - at - name.size());
    }

    task<std::string> callback(std::string_view target) {
        auto const state = states_.find(std::string(parameter(target, "state=")));
        if (state == states_.end()) co_return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
        states_.erase(state);
        auto with = co_await connection();
        std::string form = "grant_type=authorization_code&client_id=key&client_secret=secret&redirect_uri="
                           "http%3A%2F%2F127.0.0.1%2Fcallback&code=";
        form += parameter(target, "code=");
        std::string ask = "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                          "Content-Length: ";
        ask.append(std::to_string(form.size())).append("\r\n\r\n").append(form);

        unsigned char memory[8192];
        json::monotonic_resource resource(memory, sizeof memory);
        json::value const granted = json::parse(co_await exchange(*with, std::move(ask)), &resource);
        std::string bearer = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ";
        bearer.append(granted.at("access_token").as_string()).append("\r\n\r\n");
        json::value const user = json::parse(co_await exchange(*with, "GET /user" + bearer), &resource);
        json::value const emails = json::parse(co_await exchange(*with, "GET /user/emails" + bearer), &resource);
        idle_.push_back(std::move(with));

        account who;
        who.id = user.at("uuid").as_string();
        who.username = user.at("username").as_string();
        who.full_name = user.at("display_name").as_string();
        for (auto const& entry : emails.at("values").as_array())
            if (entry.at("is_primary").as_bool()) who.email = entry.at("email").as_string();
        std::string id = token();
        std::string out = "HTTP/1.1 303 See Other\r\nLocation: /\r\nSet-Cookie: session=";
        out.append(id).append("; HttpOnly; SameSite=Lax\r\nSet-Cookie: state=; Max-Age=0\r\nContent-Length: 0\r\n\r\n");
        sessions_.emplace(std::move(id), std::move(who));
        co_return out;
    }

    std::string me(http::request<http::empty_body> const& request) {
        auto const field = request[http::field::cookie];
        std::string_view const cookie(field.data(), field.size());
        auto const found = sessions_.find(std::string(parameter(cookie, "session=")));
        if (found == sessions_.end()) return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
        account const& who = found->second;
        json::object body;
        body["id"] = who.id;
        body["username"] = who.username;
        body["full_name"] = who.full_name;
        body["email"] = who.email;
        auto const text = json::serialize(body);
        std::string out = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
        return out.append(std::to_string(text.size())).append("\r\n\r\n").append(text);
    }

    task<std::unique_ptr<upstream>> connection() {
        if (!idle_.empty()) {
            auto with = std::move(idle_.back());
            idle_.pop_back();
            co_return with;
        }
        auto with = std::make_unique<upstream>();
        with->buffer.reserve(8192);
        socket_type socket(context_.get_executor());
        co_await socket.async_connect({asio::ip::address_v4::loopback(), port_}, awaiting);
        socket.set_option(asio::ip::tcp::no_delay(true));
        if (tls_) {
            with->tls.emplace(std::move(socket), client_);
            with->tls->set_verify_callback(asio::ssl::host_name_verification("localhost"));
            co_await with->tls->async_handshake(tls_type::client, awaiting);
        } else {
            with->plain.emplace(std::move(socket));
        }
        co_return with;
    }

    template <class Stream>
    static task<std::string> exchange_on(Stream& stream, boost::beast::flat_buffer& buffer, std::string const& ask) {
        co_await asio::async_write(stream, asio::buffer(ask), awaiting);
        http::response_parser<http::string_body> parser;
        parser.eager(true);
        co_await http::async_read(stream, buffer, parser, awaiting);
        co_return std::move(parser.get().body());
    }

    task<std::string> exchange(upstream& with, std::string ask) {
        if (with.tls) co_return co_await exchange_on(*with.tls, with.buffer, ask);
        co_return co_await exchange_on(*with.plain, with.buffer, ask);
    }

    asio::io_context& context_;
    asio::ssl::context client_{asio::ssl::context::tls_client};
    bool tls_;
    unsigned short port_;
    std::vector<std::unique_ptr<upstream>> idle_;
    std::unordered_set<std::string> states_;
    std::unordered_map<std::string, account> sessions_;
};

task<> accept_all(asio::io_context& context, asio::basic_socket_acceptor<asio::ip::tcp, executor>& acceptor, service& s) {
    for (;;) {
        socket_type socket(context.get_executor());
        co_await acceptor.async_accept(socket, awaiting);
        socket.set_option(asio::ip::tcp::no_delay(true));
        asio::co_spawn(context.get_executor(), s.session(std::move(socket)), asio::detached);
    }
}

} // namespace

int main(int argc, char** argv) {
    std::string provider, ca_file;
    for (int i = 1; i + 1 < argc; i += 2) (std::string_view(argv[i]) == "--ca-file" ? ca_file : provider) = argv[i + 1];
    auto const colon = provider.rfind(':');
    if (!provider.starts_with("http") || colon == std::string::npos) {
        std::fprintf(stderr, "usage: baseline_server --provider http://127.0.0.1:N | https://localhost:N [--ca-file FILE]\n");
        return 2;
    }
    asio::io_context context(1); // one thread: no locks
    service s(context, provider.starts_with("https:"), static_cast<unsigned short>(std::stoul(provider.substr(colon + 1))), ca_file);
    asio::basic_socket_acceptor<asio::ip::tcp, executor> acceptor(context.get_executor(), {asio::ip::address_v4::loopback(), 0});
    std::printf("listening on http://127.0.0.1:%d\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    asio::co_spawn(context.get_executor(), accept_all(context, acceptor, s), asio::detached);
    context.run();
}
