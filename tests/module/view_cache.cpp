// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/view_cache.hpp>

#include <authmod/policy/store.hpp>

#include <boost/test/unit_test.hpp>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace authmod;

namespace {

using cache = view_cache<session_view>;
constexpr cache::clock::time_point start{std::chrono::hours(1)};
constexpr milliseconds age{900};

/// 32 bytes: `row` tells the row of the cache, `name` makes it one of its own.
std::string digest(unsigned char row, std::string_view name) {
    std::string bytes(32, '\0');
    bytes[0] = static_cast<char>(row);
    bytes.replace(8, name.size(), name);
    return bytes;
}

cache::shared view(std::string_view of, std::string_view account = "a-1") {
    auto v = std::make_shared<session_view>();
    v->who.digest = of;
    v->user.id = account;
    return v;
}

} // namespace

BOOST_AUTO_TEST_SUITE(view_cache_suite)

BOOST_AUTO_TEST_CASE(a_copy_is_given_until_its_age_counted_from_the_question) {
    write_log log;
    cache known(log, age, 64);
    auto const key = digest(1, "x");
    BOOST_TEST(!known.find(key, start));
    auto const v = view(key);
    known.put(v, log.now(), start);
    BOOST_TEST((known.find(key, start) == v));
    BOOST_TEST((known.find(key, start + age - milliseconds(1)) == v));
    BOOST_TEST(!known.find(key, start + age));
    BOOST_TEST(!known.find(digest(1, "y"), start));
    BOOST_TEST(!known.find("short", start));
}

BOOST_AUTO_TEST_CASE(no_age_keeps_nothing) {
    write_log log;
    cache known(log, milliseconds(0), 64);
    known.put(view(digest(1, "x")), log.now(), start);
    BOOST_TEST(!known.find(digest(1, "x"), start));
}

BOOST_AUTO_TEST_CASE(a_write_ends_the_copies_of_its_session_or_account_and_no_others) {
    write_log log;
    cache known(log, age, 64);
    auto const one = digest(1, "one"), two = digest(2, "two"), three = digest(3, "three");
    for (auto const& [key, account] : {std::pair(one, "a-1"), std::pair(two, "a-1"), std::pair(three, "a-2")})
        known.put(view(key, account), log.now(), start);
    log.note(one);
    BOOST_TEST(!known.find(one, start));
    BOOST_TEST(bool(known.find(two, start)));
    log.note("a-1");
    BOOST_TEST(!known.find(two, start));
    BOOST_TEST(bool(known.find(three, start)));
    log.note_everything();
    BOOST_TEST(!known.find(three, start));
}

BOOST_AUTO_TEST_CASE(G3_what_was_read_before_a_write_is_not_kept_after_it) {
    write_log log;
    cache known(log, age, 64);
    auto const key = digest(1, "x");
    auto const before = log.now(); // a slow reading begins
    log.note("a-1");               // the account is banned meanwhile
    known.put(view(key), before, start);
    BOOST_TEST(!known.find(key, start));
    known.put(view(key), log.now(), start);
    BOOST_TEST(bool(known.find(key, start)));
    known.put(view(key), before, start); // a reading that is slower still does not replace the newer one
    BOOST_TEST(bool(known.find(key, start)));
}

BOOST_AUTO_TEST_CASE(the_oldest_copy_of_a_full_row_makes_room) {
    write_log log;
    cache known(log, age, 8); // one row
    std::vector<std::string> keys;
    for (int i = 0; i < 9; ++i) {
        keys.push_back(digest(static_cast<unsigned char>(i), std::to_string(i)));
        known.put(view(keys.back()), log.now(), start + milliseconds(i));
    }
    BOOST_TEST(!known.find(keys[0], start + milliseconds(9)));
    for (int i = 1; i < 9; ++i)
        BOOST_TEST(bool(known.find(keys[static_cast<std::size_t>(i)], start + milliseconds(9))));
}

// The account is written and read by many threads at once: nobody is given a copy that is older than a write which had
// ended before the question was asked.
BOOST_AUTO_TEST_CASE(G3_no_order_of_reads_and_writes_lets_an_old_copy_live) {
    write_log log;
    cache known(log, std::chrono::hours(1), 64);
    std::atomic<long long> stored{1}, promised{1}; // revision in the store; revision that a finished write promised
    std::atomic<bool> done{false}, stale{false};
    auto const key = digest(1, "x");
    auto const reader = [&] {
        while (!done) {
            long long const at_least = promised;
            auto found = known.find(key, start);
            if (!found) {
                auto const seen = log.now();
                auto fresh = std::make_shared<session_view>(*view(key));
                fresh->user.revision = stored;
                std::this_thread::yield();
                known.put(fresh, seen, start);
                found = fresh;
            }
            if (found->user.revision < at_least) stale = true;
        }
    };
    auto const writer = [&] {
        for (int i = 0; i < 20'000; ++i) {
            long long const revision = ++stored;
            log.note("a-1");
            for (long long seen = promised; seen < revision && !promised.compare_exchange_weak(seen, revision);) {
            }
        }
    };
    std::vector<std::thread> readers, writers;
    for (int i = 0; i < 3; ++i) readers.emplace_back(reader);
    for (int i = 0; i < 2; ++i) writers.emplace_back(writer);
    for (auto& t : writers) t.join();
    done = true;
    for (auto& t : readers) t.join();
    BOOST_TEST(!stale);
}

BOOST_AUTO_TEST_SUITE_END()
