// 5: a store of your own. This one adds one thing to another store; the contract suite says whether it may serve.
#include <authmod/authmod.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/testing/store_contract.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <mutex>

/// Keeps everything in memory, and tells a stream of each login once it is kept.
class telling_store : public authmod::memory_store {
public:
    explicit telling_store(std::ostream& out = std::cout) : out_(out) {}

    boost::asio::awaitable<authmod::result<authmod::login_outcome>>
    finish_login(authmod::login_candidate const& who) {
        auto outcome = co_await memory_store::finish_login(who);
        std::lock_guard const lock(mutex_); // logins finish on any thread
        if (outcome && outcome->what != authmod::login_decision::kind::refuse) out_ << outcome->who.username << " is in\n";
        co_return outcome;
    }

private:
    std::ostream& out_;
    std::mutex mutex_;
};

static_assert(authmod::store<telling_store>); // the compiler checks the syntax, the contract suite the promises

using own_policies = authmod::policies<authmod::beast_transport, telling_store>;

boost::asio::awaitable<void> log_in(own_policies& policies) {
    authmod::auth_module<authmod::bitbucket_cloud, own_policies> bitbucket{policies, authmod::environment("BITBUCKET_")};
    auto start = (co_await bitbucket.begin_login("/")).value();
    std::cout << "Open " << start.location << "\nThen paste the address you were sent to: " << std::flush;
    std::string callback;
    std::getline(std::cin, callback);
    auto login = (co_await bitbucket.finish_login(callback, start.attempt)).value();
    std::cout << "Hello, " << login.user.full_name << '\n';
}

int main() {
    std::ostream nowhere(nullptr);
    telling_store tried(nowhere);
    auto const report = authmod::check_store_contract(tried);
    for (auto const& f : report.failures) std::cout << f.check << ": expected " << f.what << '\n';
    if (!report.failures.empty()) return 1;
    std::cout << report.checks.size() << " promises kept\n";

    own_policies policies;
    boost::asio::io_context context;
    boost::asio::co_spawn(context, log_in(policies), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    context.run();
}
