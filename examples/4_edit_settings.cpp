// 4: settings change while people log in. A good edit acts at once, a bad one is refused whole and nothing changes.
#include <authmod/authmod.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>

boost::asio::awaitable<void> log_in(authmod::default_policies& policies) {
    authmod::auth_module<authmod::bitbucket_cloud> bitbucket{policies, authmod::environment("BITBUCKET_")};
    auto start = (co_await bitbucket.begin_login("/")).value();
    std::cout << "Open " << start.location << '\n';

    auto edited = bitbucket.current(); // while that browser is on its way
    edited.full_name = "nickname ?: display_name";
    edited.custom_attributes.emplace_back("kind", "type");
    bitbucket.change(edited).value();

    edited.full_name = "nickname//name"; // somebody slips
    auto refused = bitbucket.change(edited);
    std::cout << "Refused: " << refused.error().details.field << ": " << refused.error().details.provider_said << '\n';

    std::cout << "Then paste the address you were sent to: " << std::flush;
    std::string callback;
    std::getline(std::cin, callback);
    auto login = (co_await bitbucket.finish_login(callback, start.attempt)).value();
    std::cout << "Hello, " << login.user.full_name; // mapped by the edit, though the login began before it
    for (auto const& [name, value] : login.user.custom_attributes) std::cout << ", " << name << ": " << value;
    std::cout << '\n';
}

int main() {
    authmod::default_policies policies;
    boost::asio::io_context context;
    boost::asio::co_spawn(context, log_in(policies), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    context.run();
}
