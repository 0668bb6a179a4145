// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/metrics_registry.hpp"

#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

using namespace authmod;
using namespace std::chrono_literals;

namespace {

bool has_line(std::string const& text, std::string_view line) {
    return text.find("\n" + std::string(line) + "\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_registry_suite)

BOOST_AUTO_TEST_CASE(what_was_told_is_shown) {
    metrics_registry registry;
    registry.login_ended("github", "ok");
    registry.login_ended("github", "ok");
    registry.login_ended("github", "state_missing");
    registry.session_checked("not_signed_in");
    registry.provider_called("token", "timed_out", 5s);
    registry.request_answered("me", 401, 3ms);
    registry.store_used("find_session", "ok", 99us);
    registry.store_used("find_session", "ok", 1ms); // limits are inclusive
    registry.store_used("find_session", "ok", 1min + 1ns);
    std::string const text = registry.text();
    for (std::string_view line :
         {"authmod_build_info{version=\"0.1.0\"} 1", "# TYPE authmod_logins counter",
          "authmod_logins_total{provider=\"github\",outcome=\"ok\"} 2",
          "authmod_logins_total{provider=\"github\",outcome=\"state_missing\"} 1",
          "authmod_session_checks_total{outcome=\"not_signed_in\"} 1",
          "authmod_provider_calls_total{step=\"token\",outcome=\"timed_out\"} 1",
          "authmod_http_requests_total{route=\"me\",status=\"401\"} 1",
          "authmod_store_operation_duration_seconds_bucket{operation=\"find_session\",le=\"0.0001\"} 1",
          "authmod_store_operation_duration_seconds_bucket{operation=\"find_session\",le=\"0.0005\"} 1",
          "authmod_store_operation_duration_seconds_bucket{operation=\"find_session\",le=\"0.001\"} 2",
          "authmod_store_operation_duration_seconds_bucket{operation=\"find_session\",le=\"15.0\"} 2",
          "authmod_store_operation_duration_seconds_bucket{operation=\"find_session\",le=\"+Inf\"} 3",
          "authmod_store_operation_duration_seconds_count{operation=\"find_session\"} 3",
          "authmod_store_operation_duration_seconds_sum{operation=\"find_session\"} 60.001099001"})
        BOOST_TEST(has_line(text, line), line);
    BOOST_TEST(text.ends_with("\n# EOF\n"));
}

BOOST_AUTO_TEST_CASE(labels_cannot_break_out) {
    metrics_registry registry;
    registry.session_checked("a\"b\\c\nd");
    BOOST_TEST(has_line(registry.text(), "authmod_session_checks_total{outcome=\"a\\\"b\\\\c\\nd\"} 1"));
}

BOOST_AUTO_TEST_CASE(mistaken_labels_do_not_fill_the_memory) {
    detail::label_table<std::atomic<std::uint64_t>> table;
    for (int i = 0; i != 5000; ++i) {
        auto* value = table.find("word", std::to_string(i));
        BOOST_REQUIRE(value);
        value->fetch_add(1);
    }
    BOOST_TEST(table.rows().size() == table.max_rows + 1);
    BOOST_TEST(table.find("overflow", "overflow")->load() == 4000u);
}

BOOST_AUTO_TEST_CASE(threads_share_rows_and_lose_nothing) {
    metrics_registry registry;
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i != 2000; ++i) registry.login_ended("p" + std::to_string(i % 300), "ok");
        });
    for (auto& thread : threads) thread.join();
    std::string const text = registry.text();
    std::size_t rows = 0, total = 0;
    for (auto at = text.find("authmod_logins_total{"); at != text.npos;
         at = text.find("authmod_logins_total{", at + 1)) {
        ++rows;
        total += std::stoul(text.substr(text.find("} ", at) + 2));
    }
    BOOST_TEST(rows == 300u);
    BOOST_TEST(total == 8000u);
}

BOOST_AUTO_TEST_CASE(the_handler_reads_and_does_nothing_else) {
    metrics_registry registry;
    metrics_handler handler(registry);
    incoming_request request;
    BOOST_TEST(read_target("/metrics", request));
    BOOST_TEST(metrics_handler::serves(request));
    request.method = "GET";
    auto const reply = authmod_test::run(handler.handle(request));
    BOOST_TEST(reply.status == 200);
    BOOST_TEST(reply.header("Content-Type") == "application/openmetrics-text; version=1.0.0; charset=utf-8");
    request.method = "POST";
    BOOST_TEST(authmod_test::run(handler.handle(request)).status == 405);
}

BOOST_AUTO_TEST_SUITE_END()
