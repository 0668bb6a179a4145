// Starts a login; needs no network.
#include <authmod/authmod.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <iostream>
#include <string>

std::string second_file();

namespace {

using module_type = authmod::auth_module<authmod::bitbucket_cloud, authmod::default_policies>;

boost::asio::awaitable<void> start(authmod::default_policies& policies, std::string& location) {
    module_type bitbucket{policies, authmod::credentials("key", "secret", "http://localhost:8080/callback")};
    auto started = co_await bitbucket.begin_login("/");
    location = started.value().location;
}

} // namespace

int main() {
    authmod::default_policies policies;
    boost::asio::io_context context;
    std::string location;
    std::exception_ptr failed;
    boost::asio::co_spawn(context, start(policies, location), [&](std::exception_ptr e) { failed = e; });
    context.run();
    if (failed) std::rethrow_exception(failed);
    if (!location.starts_with(second_file())) return 1;
    std::cout << location.substr(0, location.find('?')) << '\n';
}
