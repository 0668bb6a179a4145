// 6: a Beast server of your own keeps its routes and hands the others on. Open http://localhost:8080/report and log in.
#include <authmod/authmod.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/server/beast_message.hpp>
#include <authmod/server/login_handlers.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <iostream>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct console_log final : authmod::service_log {
    void write(authmod::log_level, authmod::log_event const& event) noexcept override {
        std::clog << event.to_logfmt() << '\n';
    }
};

/// A route of your own: for people who are signed in; everybody else logs in first and comes back.
asio::awaitable<authmod::outgoing_reply> report(authmod::login_engine& engine,
                                                authmod::incoming_request const& request) {
    authmod::cookie_jar const cookies(engine.options().base_url.starts_with("https:"));
    auto visitor = co_await engine.check_session(cookies.session(request));
    if (!visitor) co_return authmod::redirect_to("/login?return_to=/report");
    co_return authmod::outgoing_reply(200, "text/plain; charset=utf-8",
                                      "The report of " + (*visitor)->user.full_name + "\n");
}

asio::awaitable<void> talk(tcp::socket socket, authmod::login_engine& engine, authmod::login_handlers& handlers) {
    std::string const address = socket.remote_endpoint().address().to_string();
    boost::beast::tcp_stream stream(std::move(socket));
    boost::beast::flat_buffer buffer;
    for (bool open = true; open;) {
        stream.expires_after(std::chrono::seconds(30));
        http::request<http::string_body> asked;
        co_await http::async_read(stream, buffer, asked, asio::use_awaitable);

        authmod::mounted_request const mounted(asked, address); // reads it as strictly as authmod's own server does
        authmod::outgoing_reply reply(mounted.status());
        if (mounted.status() == 0 && mounted.request().path == "/report")
            reply = co_await report(engine, mounted.request());
        else if (mounted.status() == 0)
            reply = co_await handlers.handle(mounted.request());

        auto answer = authmod::to_beast(std::move(reply), asked);
        open = answer.keep_alive();
        co_await http::async_write(stream, answer, asio::use_awaitable);
    }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, authmod::login_engine& engine,
                             authmod::login_handlers& handlers) {
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        auto const executor = acceptor.get_executor();
        asio::co_spawn(executor, talk(std::move(socket), engine, handlers),
                       asio::detached); // a fault ends its connection
    }
}

void serve(authmod::default_policies& policies, asio::io_context& context, unsigned short port) {
    authmod::service_options options("http://localhost:" + std::to_string(port));
    options.allow_loopback_http = true;
    authmod::auth_module<authmod::bitbucket_cloud> bitbucket{policies, authmod::environment("BITBUCKET_"), options};

    console_log log;
    authmod::login_handlers handlers(bitbucket.engine(), log);
    tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), port});
    asio::co_spawn(context, listen(acceptor, bitbucket.engine(), handlers), asio::detached);
    context.run();
}

int main(int argc, char** argv) {
    authmod::default_policies policies;
    asio::io_context context;
    serve(policies, context, static_cast<unsigned short>(argc > 1 ? std::stoi(argv[1]) : 8080));
}
