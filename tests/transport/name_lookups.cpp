// SPDX-License-Identifier: BSL-1.0
#include "authmod/transport/name_lookups.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <future>
#include <stdexcept>

using namespace authmod;

namespace {

/// A name server that hangs for names that begin with "slow" until it is let go.
class slow_names {
public:
    name_lookups::answer operator()(std::string const& name) {
        ++asked;
        std::unique_lock lock(mutex_);
        if (name.starts_with("slow")) wake_.wait(lock, [this] { return open_; });
        if (name == "none") return errc::provider_unreachable;
        if (name == "broken") throw std::runtime_error("as a failed allocation would");
        return std::vector{boost::asio::ip::make_address("192.0.2.1")};
    }

    void let_go() {
        std::lock_guard const lock(mutex_);
        open_ = true;
        wake_.notify_all();
    }

    std::atomic<int> asked{0};

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool open_ = false;
};

std::future<name_lookups::answer> ask(name_lookups& names, std::string const& name) {
    auto promise = std::make_shared<std::promise<name_lookups::answer>>();
    names.ask(name, [promise](name_lookups::answer const& found) { promise->set_value(found); });
    return promise->get_future();
}

} // namespace

BOOST_AUTO_TEST_SUITE(looking_names_up)

BOOST_AUTO_TEST_CASE(it_gives_what_the_system_says) {
    slow_names server;
    name_lookups names(std::ref(server));
    BOOST_TEST(ask(names, "host").get().value().size() == 1u);
    BOOST_TEST((ask(names, "none").get().error() == errc::provider_unreachable));
    BOOST_TEST((ask(names, "broken").get().error() == errc::provider_unreachable));
    BOOST_TEST(ask(names, "host").get().has_value()); // and goes on after that
}

BOOST_AUTO_TEST_CASE(K3_a_name_that_hangs_delays_no_other_however_many_ask_for_it) {
    slow_names server;
    name_lookups names(std::ref(server), 2);
    std::vector<std::future<name_lookups::answer>> hanging;
    for (int i = 0; i != 64; ++i) hanging.push_back(ask(names, "slow.example"));
    for (int i = 0; i != 20; ++i) BOOST_TEST(ask(names, "host" + std::to_string(i)).get().has_value());
    for (auto& one : hanging) BOOST_TEST((one.wait_for(std::chrono::seconds(0)) == std::future_status::timeout));
    server.let_go();
    for (auto& one : hanging) BOOST_TEST(one.get().has_value());
    BOOST_TEST(server.asked == 21); // the 64 were one look-up
}

BOOST_AUTO_TEST_CASE(names_beyond_the_threads_wait_and_are_all_answered) {
    slow_names server;
    name_lookups names(std::ref(server), 2);
    std::vector<std::future<name_lookups::answer>> all;
    for (int i = 0; i != 10; ++i) all.push_back(ask(names, "slow" + std::to_string(i)));
    server.let_go();
    for (auto& one : all) BOOST_TEST(one.get().has_value());
}

BOOST_AUTO_TEST_CASE(it_may_go_while_a_look_up_is_under_way) {
    auto server = std::make_shared<slow_names>();
    std::future<name_lookups::answer> left;
    {
        name_lookups names([server](std::string const& name) { return (*server)(name); });
        left = ask(names, "slow.example");
    }
    server->let_go();
    BOOST_TEST(left.get().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
