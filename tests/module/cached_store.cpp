// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/cached_store.hpp>

#include "support/module_bench.hpp"
#include "support/run.hpp"
#include "support/store_login.hpp"

#include <authmod/crypto/token.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace authmod;
using namespace authmod_test;

namespace {

/// One signed-in person; `calls` counts how often the store was asked for a session.
struct cache_bench {
    /// A memory store that counts.
    struct counting_store : memory_store {
        int asked = 0;

        asio::awaitable<result<session_view>> find_session(std::string_view digest) {
            ++asked;
            return memory_store::find_session(digest);
        }
    };

    using bag = policies<recorded_transport, counting_store, fixed_clock, counting_random>;

    explicit cache_bench(cache_options cache = cache_options())
        : parts(recorded_transport(repeated_bitbucket_script())),
          engine(parts.as_ports(), registry<bitbucket_cloud>(), options(cache)) {
        BOOST_REQUIRE(run(engine.catalog().reload()).has_value());
        boost::json::object changes;
        changes["type"] = "bitbucket_cloud";
        changes["name"] = "one";
        changes["client_id"] = "key";
        changes["client_secret"] = "secret";
        module = run(engine.catalog().create(std::move(changes), by)).value();
        BOOST_REQUIRE(run(engine.catalog().enable(module, by)).has_value());
        id = log_in();
        BOOST_REQUIRE(signed_in());
        user = run(engine.check_session(id)).value()->user;
        parts.data.asked = 0;
    }

    static service_options options(cache_options cache) {
        service_options all("https://service.example");
        all.cache = cache;
        return all;
    }

    std::string log_in() {
        auto const start = run(engine.begin_login(module, "/")).value();
        login_callback callback(module_bench::callback(start), start.attempt);
        auto const finish = run(engine.finish_login(module, std::move(callback)));
        BOOST_REQUIRE(finish.has_value());
        return std::string(finish->session_id.expose());
    }

    bool signed_in() { return run(engine.check_session(id)).has_value(); }

    bag parts;
    login_engine engine;
    change_author by{"admin-token", "192.0.2.1"};
    std::string module, id;
    account user;
};

audit_row const row("test", "test");

} // namespace

BOOST_AUTO_TEST_SUITE(cached_store_suite)

BOOST_AUTO_TEST_CASE(a_session_is_read_once_for_many_checks) {
    cache_options forever;
    forever.age = std::chrono::hours(1);
    cache_bench bench(forever); // has checked it once
    for (int i = 0; i < 100; ++i) BOOST_TEST(bench.signed_in());
    BOOST_TEST(bench.parts.data.asked == 0);
}

BOOST_AUTO_TEST_CASE(without_an_age_the_store_is_asked_every_time) {
    cache_options off;
    off.age = milliseconds(0);
    cache_bench bench(off);
    for (int i = 0; i < 10; ++i) BOOST_TEST(bench.signed_in());
    BOOST_TEST(bench.parts.data.asked == 10);
}

// Each change acts at the very next check, although a copy was there a moment ago.
BOOST_AUTO_TEST_CASE(G3_a_write_of_this_process_acts_at_once) {
    using change = std::function<result<void>(cache_bench&)>;
    std::pair<char const*, change> const changes[] = {
        {"logout", [](cache_bench& b) { return run(b.engine.end_session(b.id, "")); }},
        {"logout everywhere", [](cache_bench& b) { return run(b.engine.data().end_sessions_of(b.user.id, row)); }},
        {"ban",
         [](cache_bench& b) {
             account banned = b.user;
             banned.banned = true;
             return run(b.engine.data().update_account(banned, banned.revision, row));
         }},
        {"account removed", [](cache_bench& b) { return run(b.engine.data().remove_account(b.user.id, row)); }},
        {"module removed", [](cache_bench& b) { return run(b.engine.data().remove_module(b.module, "", row, false)); }},
    };
    for (auto const& [name, make] : changes) {
        BOOST_TEST_CONTEXT(name) {
            cache_options forever;
            forever.age = std::chrono::hours(1);
            cache_bench bench(forever);
            BOOST_TEST(bench.signed_in());
            BOOST_TEST((bench.engine.recent_session(bench.id) != nullptr));
            BOOST_TEST(make(bench).has_value());
            BOOST_TEST((bench.engine.recent_session(bench.id) == nullptr));
            BOOST_TEST((run(bench.engine.check_session(bench.id)).error() == errc::not_signed_in));
        }
    }
}

BOOST_AUTO_TEST_CASE(changed_groups_and_names_show_at_the_next_check) {
    cache_options forever;
    forever.age = std::chrono::hours(1);
    cache_bench bench(forever);
    auto const groups = [&] { return run(bench.engine.check_session(bench.id)).value()->groups; };
    auto const has = [&] { return std::ranges::count(groups(), "staff") == 1; };
    auto& data = bench.engine.data();
    BOOST_REQUIRE(run(data.insert_group(group("g-1", "staff"), row)).has_value());
    BOOST_TEST(!has());
    BOOST_REQUIRE(run(data.put_member("g-1", bench.user.id, row)).has_value());
    BOOST_TEST(has());
    BOOST_REQUIRE(run(data.remove_member("g-1", bench.user.id, row)).has_value());
    BOOST_TEST(!has());
    BOOST_REQUIRE(run(data.put_member("g-1", bench.user.id, row)).has_value());
    BOOST_TEST(has());
    BOOST_REQUIRE(run(data.remove_group("g-1", row)).has_value());
    BOOST_TEST(!has());
    account renamed = run(bench.engine.check_session(bench.id)).value()->user;
    renamed.full_name = "Somebody Else";
    BOOST_REQUIRE(run(data.update_account(renamed, renamed.revision, row)).has_value());
    BOOST_TEST(run(bench.engine.check_session(bench.id)).value()->user.full_name == "Somebody Else");
    bench.log_in(); // in another browser; a login brings the provider's name back
    BOOST_TEST(run(bench.engine.check_session(bench.id)).value()->user.full_name == "Nadia Ferro");
}

BOOST_AUTO_TEST_CASE(G3_what_another_node_has_ended_is_over_when_the_store_hears_of_it) {
    cache_options forever;
    forever.age = std::chrono::hours(1);
    cache_bench bench(forever);
    BOOST_TEST(bench.signed_in());
    BOOST_REQUIRE(run(bench.parts.data.end_session(digest_of(bench.id), row)).has_value()); // past the engine
    BOOST_TEST(bench.signed_in());
    bench.engine.data().forget("somebody else");
    BOOST_TEST(bench.signed_in());
    bench.engine.data().forget(digest_of(bench.id));
    BOOST_TEST(!bench.signed_in());
}

namespace {

/// Tells what the test has it tell, as PostgreSQL tells what other nodes do.
struct telling_store : cache_bench::counting_store {
    std::vector<std::string> keys;

    asio::awaitable<result<store_news>> wait_for_news(long long, milliseconds) {
        store_news news;
        news.keys = std::exchange(keys, {});
        co_return news;
    }
};

static_assert(shared_store<telling_store>);

} // namespace

BOOST_AUTO_TEST_CASE(G3_news_of_other_nodes_end_copies_and_lost_ones_leave_it_to_their_age) {
    auto const still_signed_in = [](milliseconds age, bool heard) {
        cache_options options;
        options.age = age;
        policies<recorded_transport, telling_store, fixed_clock, counting_random> parts{recorded_transport()};
        login_engine engine(parts.as_ports(), registry<bitbucket_cloud>(), cache_bench::options(options));
        std::string const id(token_length, 'x');
        auto c = candidate("ann");
        c.new_session.digest = digest_of(id);
        c.now = c.new_session.created_at = c.new_session.seen_at = parts.time.now();
        BOOST_REQUIRE(run(parts.data.finish_login(c)).has_value());
        BOOST_REQUIRE(run(engine.check_session(id)).has_value());
        BOOST_REQUIRE(run(parts.data.end_sessions_of("ann", row)).has_value()); // past this engine: another node
        if (heard) parts.data.keys = {"ann"};
        BOOST_REQUIRE(run(engine.catalog().follow(0, milliseconds(1))).has_value());
        return run(engine.check_session(id)).has_value();
    };
    BOOST_TEST(!still_signed_in(std::chrono::hours(1), true));
    BOOST_TEST(still_signed_in(std::chrono::hours(1), false));
    BOOST_TEST(!still_signed_in(milliseconds(0), false)); // older than its age at once
}

BOOST_AUTO_TEST_CASE(G3_by_itself_a_copy_is_too_old_before_a_second_has_passed) {
    BOOST_TEST((cache_options().age < std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_CASE(G2_a_copy_alone_answers_for_no_session_that_is_over_or_whose_use_must_be_written) {
    cache_options forever;
    forever.age = std::chrono::hours(24 * 30);
    cache_bench bench(forever);
    bench.engine.data().forget({});
    BOOST_TEST((bench.engine.recent_session(bench.id) == nullptr));
    BOOST_TEST(bench.signed_in());
    BOOST_TEST((bench.engine.recent_session(bench.id)->user.id == bench.user.id));
    BOOST_TEST((bench.engine.recent_session(bench.id + "x") == nullptr));
    bench.parts.time.advance(std::chrono::minutes(1));
    BOOST_TEST((bench.engine.recent_session(bench.id) == nullptr));
    bench.parts.time.advance(std::chrono::hours(9));
    BOOST_TEST((bench.engine.recent_session(bench.id) == nullptr));
}

BOOST_AUTO_TEST_CASE(G2_a_copy_never_says_that_a_session_is_over) {
    cache_options forever;
    forever.age = std::chrono::hours(24 * 30);
    cache_bench bench(forever);
    bench.parts.time.advance(std::chrono::hours(7));
    BOOST_REQUIRE(
        run(bench.parts.data.touch_session(digest_of(bench.id), bench.parts.time.now())).has_value()); // another node
    bench.parts.time.advance(std::chrono::hours(7));
    BOOST_TEST(bench.signed_in()); // 14 hours after what the copy tells, 7 after what the store tells
    bench.parts.time.advance(std::chrono::hours(8));
    BOOST_TEST(!bench.signed_in());
}

BOOST_AUTO_TEST_SUITE_END()
