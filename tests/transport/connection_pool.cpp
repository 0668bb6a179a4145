// SPDX-License-Identifier: BSL-1.0
#include "authmod/transport/connection_pool.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace authmod;
using namespace std::chrono_literals;

namespace {

struct numbered {
    int number;
    std::shared_ptr<int> alive;
};

struct fixture {
    using pool = connection_pool<numbered>;
    std::shared_ptr<int> alive = std::make_shared<int>();
    pool::clock::time_point start{1h};
    int here = 0, there = 0; // two contexts

    std::unique_ptr<numbered> make(int number) { return std::make_unique<numbered>(numbered{number, alive}); }
    long count() const { return alive.use_count() - 1; }
    static int number(std::optional<pool::idle_connection> const& c) { return c ? c->connection->number : 0; }
};

pool_limits limits(std::size_t per_origin, std::size_t total, std::chrono::milliseconds age = 60s) {
    pool_limits out;
    out.per_origin = per_origin;
    out.total = total;
    out.age = age;
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(transport_connection_pool, fixture)

BOOST_AUTO_TEST_CASE(the_newest_connection_of_the_origin_comes_first) {
    pool p{pool_limits()};
    p.put(&here, "a", make(1), start);
    p.put(&here, "a", make(2), start + 1s);
    p.put(&here, "b", make(3), start + 2s);
    auto got = p.take(&here, "a", false, start + 3s);
    BOOST_TEST(number(got) == 2);
    BOOST_TEST((got->idle_for == 2s));
    BOOST_TEST(number(p.take(&here, "a", false, start + 3s)) == 1);
    BOOST_TEST(number(p.take(&here, "a", false, start + 3s)) == 0);
    BOOST_TEST(number(p.take(&here, "b", false, start + 3s)) == 3);
    BOOST_TEST(p.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_connection_stays_in_its_context) {
    pool p{pool_limits()};
    p.put(&here, "a", make(1), start);
    p.put(&there, "a", make(2), start);
    BOOST_TEST(number(p.take(&here, "a", false, start)) == 1);
    BOOST_TEST(number(p.take(&here, "a", false, start)) == 0);
    p.put(&here, "a", make(3), start);
    p.drop_context(&there);
    BOOST_TEST(count() == 1);
    BOOST_TEST(number(p.take(&there, "a", false, start)) == 0);
    BOOST_TEST(number(p.take(&here, "a", false, start)) == 3);
}

BOOST_AUTO_TEST_CASE(C2_what_is_sent_once_takes_a_young_connection_only) {
    pool p{pool_limits()};
    p.put(&here, "a", make(1), start);
    BOOST_TEST(number(p.take(&here, "a", true, start + 1s)) == 0);
    BOOST_TEST(number(p.take(&here, "a", true, start + 999ms)) == 1);

    p.note_close("a", 5s); // longer than a second: changes nothing
    p.put(&here, "a", make(2), start);
    BOOST_TEST(number(p.take(&here, "a", true, start + 999ms)) == 2);

    p.note_close("a", 400ms);
    p.note_close("a", 900ms); // the shortest counts
    p.put(&here, "a", make(3), start);
    p.put(&here, "b", make(4), start);
    BOOST_TEST(number(p.take(&here, "a", true, start + 200ms)) == 0);
    BOOST_TEST(number(p.take(&here, "b", true, start + 200ms)) == 4);
    BOOST_TEST(number(p.take(&here, "a", true, start + 199ms)) == 3);
    p.put(&here, "a", make(5), start);
    BOOST_TEST(number(p.take(&here, "a", false, start + 30s)) == 5);
}

BOOST_AUTO_TEST_CASE(the_oldest_makes_room) {
    pool p{limits(2, 3)};
    p.put(&here, "a", make(1), start);
    p.put(&here, "a", make(2), start);
    p.put(&here, "a", make(3), start); // instead of 1
    BOOST_TEST(count() == 2);
    p.put(&here, "b", make(4), start);
    p.put(&here, "c", make(5), start); // instead of 2
    BOOST_TEST(p.size() == 3u);
    BOOST_TEST(count() == 3);
    BOOST_TEST(number(p.take(&here, "a", false, start)) == 3);
    BOOST_TEST(number(p.take(&here, "a", false, start)) == 0);
    BOOST_TEST(number(p.take(&here, "c", false, start)) == 5);
}

BOOST_AUTO_TEST_CASE(no_room_at_all_keeps_nothing) {
    for (auto const& l : {limits(0, 3), limits(3, 0)}) {
        pool p{l};
        p.put(&here, "a", make(1), start);
        BOOST_TEST(count() == 0);
    }
}

BOOST_AUTO_TEST_CASE(old_connections_are_closed_instead_of_used) {
    pool p{limits(2, 3, 10s)};
    p.put(&here, "a", make(1), start);
    p.put(&here, "b", make(2), start + 5s);
    BOOST_TEST(number(p.take(&here, "a", false, start + 10001ms)) == 0);
    BOOST_TEST(count() == 1);
    BOOST_TEST(number(p.take(&here, "b", false, start + 15s)) == 2);
}

BOOST_AUTO_TEST_CASE(a_closed_pool_keeps_nothing) {
    pool p{pool_limits()};
    p.put(&here, "a", make(1), start);
    BOOST_TEST(!p.closed());
    p.close();
    BOOST_TEST(p.closed());
    BOOST_TEST(count() == 0);
    p.put(&here, "a", make(2), start);
    BOOST_TEST(count() == 0);
}

BOOST_AUTO_TEST_CASE(sessions_are_kept_for_a_bounded_number_of_peers) {
    pool p{pool_limits()};
    BOOST_TEST(p.find_session("0") == nullptr);
    for (int i = 0; i != 1000; ++i) p.keep_session(std::to_string(i), std::make_shared<int>(i));
    BOOST_TEST(p.find_session("0") == nullptr);
    BOOST_TEST(*static_cast<int*>(p.find_session("999").get()) == 999);
    p.keep_session("999", std::make_shared<int>(7));
    BOOST_TEST(*static_cast<int*>(p.find_session("999").get()) == 7);
}

BOOST_AUTO_TEST_CASE(threads_may_use_it_at_once) {
    pool p{limits(4, 8)};
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t)
        threads.emplace_back([&, t] {
            std::string const origin = t % 2 == 0 ? "a" : "b";
            for (int i = 0; i != 2000; ++i) {
                auto got = p.take(&here, origin, false, start);
                p.put(&here, origin, got ? std::move(got->connection) : make(t), start);
                if (i % 100 == 0) p.drop_context(&here);
            }
        });
    for (auto& t : threads) t.join();
    BOOST_TEST(p.size() <= 8u);
    BOOST_TEST(count() == static_cast<long>(p.size()));
}

BOOST_AUTO_TEST_SUITE_END()
