// SPDX-License-Identifier: BSL-1.0
#include "authmod/testing/recorded_transport.hpp"

#include <boost/test/unit_test.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <set>

using namespace authmod;

namespace {

result<http_response> run(recorded_transport& transport, http_request const& request) {
    asio::io_context io;
    std::optional<result<http_response>> got;
    asio::co_spawn(io, transport.send(request, timeouts{}), [&](std::exception_ptr e, result<http_response> r) {
        BOOST_TEST(!e);
        got = std::move(r);
    });
    io.run();
    BOOST_REQUIRE(got.has_value());
    return std::move(*got);
}

http_request get(std::string_view url) { return http_request("GET", url); }

} // namespace

BOOST_AUTO_TEST_SUITE(testing_recorded_transport)

BOOST_AUTO_TEST_CASE(a_star_stands_for_any_run_of_bytes) {
    struct row {
        std::string_view pattern, text;
        bool matches;
    };
    static constexpr row rows[] = {
        {"", "", true},           {"", "a", false},          {"*", "", true},      {"*", "abc", true},
        {"abc", "abc", true},     {"abc", "abcd", false},    {"abc", "ab", false}, {"a*c", "ac", true},
        {"a*c", "abbbc", true},   {"a*c", "abbbcd", false},  {"*b*", "abc", true}, {"*b*", "acc", false},
        {"*ab", "aab", true},     {"*a*b*", "xxaxxb", true}, {"a**b", "ab", true}, {"*a*b", "ba", false},
        {"a?c", "abc", false},    {"[a]", "[a]", true},      {"**", "", true},     {"a*", "b", false},
        {"*aab", "aaaaab", true},
    };
    static_assert(std::ranges::all_of(
        rows, [](row const& r) { return detail::matches_pattern(r.pattern, r.text) == r.matches; }));
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.pattern << " on " << r.text)
    BOOST_TEST(detail::matches_pattern(r.pattern, r.text) == r.matches);
}

BOOST_AUTO_TEST_CASE(an_expected_request_gets_its_reply_once) {
    recorded_transport t;
    t.expect("GET", "https://p.example/user").reply(200, "{}");
    BOOST_TEST(t.unused() == "never sent: GET https://p.example/user\n");
    auto first = run(t, get("https://p.example/user"));
    BOOST_REQUIRE(first);
    BOOST_TEST(first->status == 200);
    BOOST_TEST(first->body == "{}");
    BOOST_TEST(first->header("content-type") == "application/json");
    BOOST_TEST(t.unused() == "");
    BOOST_TEST(t.mismatch() == "");

    auto second = run(t, get("https://p.example/user"));
    BOOST_TEST((second.error() == errc::provider_unreachable));
    BOOST_TEST(t.mismatch() == "not expected: GET https://p.example/user\n");
}

BOOST_AUTO_TEST_CASE(method_header_and_body_are_compared) {
    recorded_transport t;
    t.expect("POST", "https://p.example/token")
        .with_header("Authorization", "Basic *")
        .with_body("*code=c1*")
        .reply(200, "{}")
        .times(2);

    auto request = http_request("POST", "https://p.example/token");
    request.body = "grant_type=authorization_code&code=c1";
    BOOST_TEST(!run(t, request));
    request.set("authorization", "Bearer x");
    BOOST_TEST(!run(t, request));
    request.headers.front().value = "Basic x";
    BOOST_TEST(run(t, request).has_value());
    request.body = "code=c2";
    BOOST_TEST(!run(t, request));
    request.body = "code=c1";
    request.method = "GET";
    BOOST_TEST(!run(t, request));
    BOOST_TEST(t.mismatch().find("GET https://p.example/token with body code=c1\n") != std::string::npos);
    request.method = "POST";
    BOOST_TEST(run(t, request).has_value());
    BOOST_TEST(t.count("*", "*") == 6u);
    BOOST_TEST(t.count("POST", "*/token") == 5u);
}

BOOST_AUTO_TEST_CASE(parallel_requests_may_come_in_any_order) {
    recorded_script script;
    script.expect("GET", "https://p.example/user").reply(200, "user");
    script.expect("GET", "https://p.example/emails").reply(200, "emails");
    for (bool swapped : {false, true}) {
        recorded_transport t(script);
        auto one = run(t, get(swapped ? "https://p.example/emails" : "https://p.example/user"));
        auto two = run(t, get(swapped ? "https://p.example/user" : "https://p.example/emails"));
        BOOST_TEST(one.value().body == (swapped ? "emails" : "user"));
        BOOST_TEST(two.value().body == (swapped ? "user" : "emails"));
    }
}

BOOST_AUTO_TEST_CASE(equal_requests_get_their_replies_in_order) {
    recorded_transport t;
    t.expect("GET", "https://p.example/*").reply(200, "1");
    t.expect("GET", "https://p.example/*").fail(errc::timed_out);
    BOOST_TEST(run(t, get("https://p.example/a")).value().body == "1");
    BOOST_TEST((run(t, get("https://p.example/a")).error() == errc::timed_out));
}

BOOST_AUTO_TEST_CASE(requests_and_limits_are_written_down) {
    recorded_transport t;
    auto copy = t;
    http_request request("POST", "https://p.example/token");
    request.body = "x";
    request.single_use = true;
    BOOST_TEST(!run(copy, request));
    auto seen = t.requests();
    BOOST_REQUIRE(seen.size() == 1u);
    BOOST_TEST(seen[0].request.body == "x");
    BOOST_TEST(seen[0].request.single_use);
    BOOST_TEST(seen[0].limit.read.count() == 5000);
}

BOOST_AUTO_TEST_CASE(requests_may_be_temporaries) { // g++ 12 destroys some of those twice: run it with a sanitizer
    recorded_transport t;
    t.expect("GET", "https://p.example/a-path-too-long-for-a-small-string").reply(200, "{}");
    asio::io_context io;
    bool ended = false;
    auto one = [&]() -> asio::awaitable<void> {
        auto const got =
            co_await t.send(http_request("GET", "https://p.example/a-path-too-long-for-a-small-string"), timeouts{});
        ended = got.has_value();
    };
    asio::co_spawn(io, one(), [](std::exception_ptr e) { BOOST_TEST(!e); });
    io.run();
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(a_call_suspends_so_that_others_run_meanwhile) {
    recorded_transport t;
    t.expect("GET", "https://p.example/").reply(200, "").times(2);
    asio::io_context io;
    http_request const request("GET", "https://p.example/");
    int under_way = 0, most = 0;
    auto one = [&]() -> asio::awaitable<void> {
        most = std::max(most, ++under_way);
        auto got = co_await t.send(request, timeouts{});
        BOOST_TEST(got.has_value());
        --under_way;
    };
    auto rethrow = [](std::exception_ptr e) { BOOST_TEST(!e); };
    asio::co_spawn(io, one(), rethrow);
    asio::co_spawn(io, one(), rethrow);
    io.run();
    BOOST_TEST(most == 2);
}

BOOST_AUTO_TEST_CASE(each_reply_is_broken_in_each_way_and_the_others_stay_whole) {
    recorded_script script;
    script.expect("POST", "https://p.example/token").reply(200, "{\"access_token\":1}");
    script.expect("GET", "https://p.example/user").reply(201, "{\"id\":1}");

    std::set<std::string> names;
    for_each_broken_reply(script, [&](broken_reply const& what, recorded_transport t) {
        names.insert(what.name);
        auto token = run(t, http_request("POST", "https://p.example/token"));
        auto user = run(t, get("https://p.example/user"));
        auto& whole = what.index == 0 ? user : token;
        auto& broken = what.index == 0 ? token : user;
        BOOST_TEST_CONTEXT(what.name) {
            BOOST_TEST(whole.value().status == (what.index == 0 ? 201 : 200));
            BOOST_TEST(whole.value().body == (what.index == 0 ? "{\"id\":1}" : "{\"access_token\":1}"));
            switch (what.how) {
            case breakage::unreachable:
                BOOST_TEST((broken.error() == errc::provider_unreachable));
                break;
            case breakage::tls_failed:
                BOOST_TEST((broken.error() == errc::tls_failed));
                break;
            case breakage::timed_out:
                BOOST_TEST((broken.error() == errc::timed_out));
                break;
            case breakage::no_response:
                BOOST_TEST((broken.error() == errc::no_response));
                break;
            case breakage::response_cut:
                BOOST_TEST((broken.error() == errc::response_cut));
                break;
            case breakage::too_large:
                BOOST_TEST((broken.error() == errc::response_too_large));
                break;
            case breakage::empty_body:
                BOOST_TEST(broken.value().body == "");
                break;
            case breakage::html:
                BOOST_TEST(broken.value().header("Content-Type") == "text/html");
                break;
            case breakage::not_json:
                BOOST_TEST(broken.value().body == (what.index == 0 ? "{\"access_" : "{\"id"));
                break;
            case breakage::status_500:
                BOOST_TEST(broken.value().status == 500);
                break;
            case breakage::redirect:
                BOOST_TEST(broken.value().status == 302);
                BOOST_TEST(broken.value().header("location") == "https://elsewhere.example/");
                break;
            }
            BOOST_TEST(t.mismatch() == "");
            BOOST_TEST(t.unused() == "");
        }
    });
    BOOST_TEST(names.size() == 2 * std::size(all_breakages));
    BOOST_TEST(names.count("GET https://p.example/user: status_500") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
