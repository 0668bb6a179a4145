// 2: a whole service in one file: login page, callback, sessions, logout. Open http://localhost:8080/ and log in.
#include <authmod/authmod.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/server/http_server.hpp>
#include <authmod/server/login_handlers.hpp>

#include <iostream>

struct console_log final : authmod::service_log {
    void write(authmod::log_level, authmod::log_event const& event) noexcept override {
        std::clog << event.to_logfmt() << '\n';
    }
};

void serve(authmod::default_policies& policies, boost::asio::io_context& context, unsigned short port) {
    authmod::service_options options("http://localhost:" + std::to_string(port));
    options.allow_loopback_http = true; // the base URL is http: fine on this machine, refused anywhere else
    authmod::auth_module<authmod::bitbucket_cloud> bitbucket{policies, authmod::environment("BITBUCKET_"), options};

    console_log log;
    authmod::login_handlers handlers(bitbucket.engine(), log);
    authmod::http_server server(context, handlers);
    server.listen({boost::asio::ip::make_address("127.0.0.1"), port}).value();
    context.run();
}

int main(int argc, char** argv) {
    authmod::default_policies policies;
    boost::asio::io_context context;
    serve(policies, context, static_cast<unsigned short>(argc > 1 ? std::stoi(argv[1]) : 8080));
}
