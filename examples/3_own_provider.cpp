// 3: a provider of your own is one struct of constants beside the library's. A wrong path or URL in it does not compile.
#include <authmod/authmod.hpp>
#include <authmod/module/login_engine.hpp>
#include <authmod/provider/all.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>

using namespace authmod::literals;
struct forge {
    static constexpr std::string_view id = "forge", label = "Forge", scopes = "read:user", email_scope = "read:user";
    static constexpr std::string_view icon_svg = R"(<svg viewBox="0 0 24 24"><path d="M4 12h16"/></svg>)";
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://forge.example/login/oauth/authorize",
        .token_url = "https://forge.example/login/oauth/access_token", .user_info_url = "https://forge.example/api/v1/user"};
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path, .username = "login ?: name"_path,
        .email = "emails[primary]/address"_path, .email_verified = "emails[primary]/verified"_path};
    static constexpr auto client_authentication = authmod::client_auth::basic;
    static constexpr auto pkce = authmod::pkce_mode::required;
    static constexpr authmod::set_up_step set_up[] = {{"Register", "Settings, Applications, New OAuth2 application."}};
};

boost::asio::awaitable<void> log_in(authmod::default_policies& policies) {
    authmod::login_engine engine(policies.as_ports(), authmod::registry<authmod::bitbucket_cloud, authmod::github, forge>(), {});
    authmod::environment const given("FORGE_");
    auto text = given.over(authmod::default_settings<forge>()); // and what administrators may edit
    engine.catalog().install("forge", text, given.client_secret(), given.redirect_uri()).value();
    auto start = (co_await engine.begin_login("forge", "/")).value();
    std::cout << "Open " << start.location << "\nThen paste the address you were sent to: " << std::flush;
    authmod::login_callback callback({}, start.attempt);
    std::getline(std::cin, callback.query);
    auto login = (co_await engine.finish_login("forge", callback)).value();
    std::cout << "Hello, " << login.user.username << " <" << login.user.email << ">\n";
}

int main() {
    authmod::default_policies policies;
    boost::asio::io_context context;
    boost::asio::co_spawn(context, log_in(policies), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    context.run();
}
