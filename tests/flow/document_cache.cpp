// SPDX-License-Identifier: BSL-1.0
#include "authmod/flow/document_cache.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace authmod;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(document_cache_)

using cache = document_cache<std::string>;
using verdict = cache::verdict;

constexpr time_point start = from_milliseconds(1'000'000'000'000);

/// The verdict, and the document after a colon.
std::string said(cache::answer const& a) {
    constexpr char const* words[] = {"use", "fetch", "wait", "unavailable"};
    auto const word = std::string(words[static_cast<int>(a.what)]);
    return a.document ? word + ":" + *a.document : word;
}

BOOST_AUTO_TEST_CASE(one_login_fetches_and_the_others_wait_for_it) {
    cache c;
    BOOST_TEST(said(c.ask(start)) == "fetch");
    BOOST_TEST(said(c.ask(start)) == "wait");
    BOOST_TEST(said(c.ask(start + seconds(19))) == "wait");
    c.fetched("one", start + seconds(19));
    BOOST_TEST(said(c.ask(start + seconds(20))) == "use:one");
}

BOOST_AUTO_TEST_CASE(a_document_is_fetched_again_when_it_is_old) {
    cache c;
    (void)c.ask(start);
    c.fetched("one", start);
    BOOST_TEST(said(c.ask(start + hours(1) - milliseconds(1))) == "use:one");
    BOOST_TEST(said(c.ask(start + hours(1))) == "fetch:one");
    BOOST_TEST(said(c.ask(start + hours(1))) == "use:one"); // nobody waits for what is only old
    c.fetched("two", start + hours(1));
    BOOST_TEST(said(c.ask(start + hours(1))) == "use:two");
}

BOOST_AUTO_TEST_CASE(d4_what_is_there_carries_logins_through_an_outage) {
    cache c;
    (void)c.ask(start);
    c.fetched("one", start);
    int fetches = 0;
    for (auto t = start + hours(1); t < start + hours(24); t += seconds(10)) {
        auto const answer = c.ask(t);
        BOOST_TEST_REQUIRE((answer.document && *answer.document == "one"));
        if (answer.what != verdict::fetch) continue;
        ++fetches;
        c.failed(t);
    }
    BOOST_TEST(fetches == 23 * 60); // once a minute
    BOOST_TEST(said(c.ask(start + hours(24))) == "fetch");
    c.failed(start + hours(24));
    BOOST_TEST(said(c.ask(start + hours(24))) == "fetch"); // with nothing there every login tries
}

BOOST_AUTO_TEST_CASE(a_provider_that_cannot_be_reached_is_asked_by_every_login_one_after_the_other) {
    cache c;
    for (int i = 0; i != 3; ++i) {
        BOOST_TEST(said(c.ask(start)) == "fetch");
        BOOST_TEST(said(c.ask(start)) == "wait");
        c.failed(start);
    }
}

BOOST_AUTO_TEST_CASE(who_can_do_without_waits_for_nobody_and_tries_again_once_a_minute) {
    constexpr auto optional = document_need::optional;
    cache c;
    BOOST_TEST(said(c.ask(start, optional)) == "fetch");
    BOOST_TEST(said(c.ask(start, optional)) == "unavailable");
    BOOST_TEST(said(c.ask(start)) == "wait"); // somebody who needs it
    c.failed(start);
    BOOST_TEST(said(c.ask(start, optional)) == "unavailable");
    BOOST_TEST(said(c.ask(start + seconds(59), optional)) == "unavailable");
    BOOST_TEST(said(c.ask(start + seconds(59))) == "fetch"); // who needs it tries at once
    c.failed(start + seconds(59));
    BOOST_TEST(said(c.ask(start + seconds(118), optional)) == "unavailable");
    BOOST_TEST(said(c.ask(start + seconds(119), optional)) == "fetch");
    c.fetched("one", start + seconds(119));
    BOOST_TEST(said(c.ask(start + seconds(120), optional)) == "use:one");
}

BOOST_AUTO_TEST_CASE(who_can_do_without_uses_what_is_there_for_a_day_of_outage) {
    constexpr auto optional = document_need::optional;
    cache c;
    (void)c.ask(start, optional);
    c.fetched("one", start);
    BOOST_TEST(said(c.ask(start + hours(1), optional)) == "fetch:one");
    BOOST_TEST(said(c.ask(start + hours(1), optional)) == "use:one");
    c.failed(start + hours(1));
    BOOST_TEST(said(c.ask(start + hours(1), optional)) == "use:one");
    BOOST_TEST(said(c.ask(start + hours(23), optional)) == "fetch:one");
    c.failed(start + hours(24));
    BOOST_TEST(said(c.ask(start + hours(24), optional)) == "unavailable"); // too old, and asked for a moment ago
}

BOOST_AUTO_TEST_CASE(why_there_is_no_newer_document_is_remembered_until_there_is_one) {
    cache c;
    BOOST_TEST(!c.trouble());
    (void)c.ask(start);
    c.failed(start, errc::timed_out);
    BOOST_TEST((c.trouble().value().code == errc::timed_out));
    (void)c.ask(start);
    c.fetched("one", start);
    BOOST_TEST(!c.trouble());
}

BOOST_AUTO_TEST_CASE(d4_an_unknown_key_fetches_at_once_but_once_a_minute) {
    cache c;
    (void)c.ask(start);
    c.fetched("one", start);
    auto const first = c.ask(start + seconds(1));
    auto const again = c.ask_again(first.generation, start + seconds(1)); // the first fetch a second ago does not count
    BOOST_TEST(said(again) == "fetch:one");
    c.fetched("two", start + seconds(2));
    auto const second = c.ask(start + seconds(2));
    BOOST_TEST(said(second) == "use:two");
    BOOST_TEST(said(c.ask_again(second.generation, start + seconds(60))) == "unavailable:two");
    BOOST_TEST(said(c.ask_again(second.generation, start + seconds(61))) == "fetch:two");
}

BOOST_AUTO_TEST_CASE(d4_a_flood_of_unknown_keys_makes_one_fetch_a_minute) {
    cache c;
    (void)c.ask(start);
    c.fetched("one", start);
    int fetches = 0;
    for (auto t = start; t < start + minutes(10); t += milliseconds(100)) {
        auto const answer = c.ask(t);
        if (c.ask_again(answer.generation, t).what != verdict::fetch) continue;
        ++fetches;
        if (fetches % 2 == 0)
            c.failed(t);
        else
            c.fetched("same", t);
    }
    BOOST_TEST(fetches == 10);
}

BOOST_AUTO_TEST_CASE(logins_that_miss_together_share_one_fetch) {
    cache c;
    (void)c.ask(start);
    c.fetched("one", start);
    auto const seen = c.ask(start).generation;
    BOOST_TEST(said(c.ask_again(seen, start)) == "fetch:one");
    BOOST_TEST(said(c.ask_again(seen, start)) == "wait:one");
    c.fetched("two", start);
    BOOST_TEST(said(c.ask_again(seen, start)) == "use:two"); // what the other one fetched
}

BOOST_AUTO_TEST_CASE(a_fetch_that_is_never_reported_is_taken_for_dead) {
    cache c;
    BOOST_TEST(said(c.ask(start)) == "fetch");
    BOOST_TEST(said(c.ask(start + seconds(20))) == "fetch");
    c.fetched("one", start + seconds(21));
    auto const seen = c.ask(start + seconds(21)).generation;
    BOOST_TEST(said(c.ask_again(seen, start + seconds(21))) == "fetch:one");
    BOOST_TEST(said(c.ask_again(seen, start + seconds(40))) == "wait:one");
    BOOST_TEST(said(c.ask_again(seen, start + seconds(41))) == "unavailable:one");
    BOOST_TEST(said(c.ask_again(seen, start + seconds(81))) == "fetch:one");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_stops_nothing) {
    cache c;
    (void)c.ask(start);
    c.fetched("one", start);
    BOOST_TEST(said(c.ask(start - hours(2))) == "fetch");
    c.fetched("two", start - hours(2));
    BOOST_TEST(said(c.ask(start - hours(2))) == "use:two");
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_make_one_fetch) {
    cache c;
    std::vector<std::thread> threads;
    std::atomic<int> fetches = 0;
    for (int i = 0; i != 8; ++i)
        threads.emplace_back([&] {
            for (int j = 0; j != 1000; ++j) {
                if (c.ask(start).what != verdict::fetch) continue;
                ++fetches;
                c.fetched("one", start);
            }
        });
    for (auto& t : threads) t.join();
    BOOST_TEST(fetches == 1);
}

BOOST_AUTO_TEST_CASE(strangers_do_not_use_up_what_logins_need) {
    cache c;
    static_cast<void>(c.ask(start));
    c.fetched("one", start);
    auto const seen = c.ask(start).generation;
    BOOST_TEST(said(c.ask_again(seen, start, key_asker::stranger)) == "fetch:one");
    c.failed(start);
    BOOST_TEST(said(c.ask_again(seen, start, key_asker::stranger)) == "unavailable:one");
    BOOST_TEST(said(c.ask_again(seen, start)) == "fetch:one");
}

BOOST_AUTO_TEST_SUITE_END()
