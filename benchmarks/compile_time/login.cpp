// A file that logs people in, as a user writes it.
#include <authmod/authmod.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <string>

boost::asio::awaitable<std::string> log_in(authmod::default_policies& policies, std::string callback, std::string attempt);

boost::asio::awaitable<std::string> log_in(authmod::default_policies& policies, std::string callback, std::string attempt) {
    authmod::auth_module<authmod::bitbucket_cloud, authmod::default_policies> bitbucket{
        policies, authmod::credentials("key", "secret", "http://localhost:8080/callback")};
    auto login = co_await bitbucket.finish_login(std::move(callback), std::move(attempt));
    co_return login ? login->user.full_name : login.error().message();
}
