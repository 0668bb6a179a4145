// 1: the smallest program. Set BITBUCKET_CLIENT_ID, _CLIENT_SECRET and _REDIRECT_URI, run it, open the address.
#include <authmod/authmod.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>

boost::asio::awaitable<void> log_in(authmod::default_policies& policies) {
    authmod::auth_module<authmod::bitbucket_cloud> bitbucket{policies, authmod::environment("BITBUCKET_")};
    auto start = (co_await bitbucket.begin_login("/")).value();
    std::cout << "Open " << start.location << "\nThen paste the address you were sent to: " << std::flush;
    std::string callback;
    std::getline(std::cin, callback);
    auto login = (co_await bitbucket.finish_login(callback, start.attempt)).value();
    std::cout << "Hello, " << login.user.full_name << '\n';
}

int main() {
    authmod::default_policies policies;
    boost::asio::io_context context;
    boost::asio::co_spawn(context, log_in(policies), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    context.run();
}
