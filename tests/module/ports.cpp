// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/ports.hpp>

#include <authmod/storage/memory_store.hpp>
#include <authmod/testing/recorded_transport.hpp>

#include "support/run.hpp"

#include <authmod/module/policies.hpp>

#include <boost/test/unit_test.hpp>
#include <string>
#include <type_traits>
#include <vector>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(ports_suite)

BOOST_AUTO_TEST_CASE(adapters_are_final_and_small) {
    BOOST_TEST(std::is_final_v<detail::store_adapter<memory_store>>);
    BOOST_TEST(std::is_final_v<detail::transport_adapter<recorded_transport>>);
    BOOST_TEST(sizeof(detail::store_adapter<memory_store>) == 2 * sizeof(void*));
    BOOST_TEST(std::is_trivially_destructible_v<ports>);
}

BOOST_AUTO_TEST_CASE(calls_are_measured_where_somebody_counts) {
    struct kept {
        std::vector<std::string> lines;

        void note(std::string_view kind, std::string_view what, std::string_view outcome) noexcept {
            lines.push_back(std::string(kind) + " " + std::string(what) + " " + std::string(outcome));
        }

        void login_ended(std::string_view p, std::string_view o) noexcept { note("login", p, o); }

        void session_checked(std::string_view o) noexcept { note("session", "", o); }

        void provider_called(std::string_view s, std::string_view o, std::chrono::nanoseconds) noexcept {
            note("call", s, o);
        }

        void store_used(std::string_view f, std::string_view o, std::chrono::nanoseconds) noexcept {
            note("store", f, o);
        }

        void request_answered(std::string_view r, int, std::chrono::nanoseconds) noexcept { note("request", r, ""); }
    };

    policies<recorded_transport, memory_store, system_clock, os_random, key_ring, kept> bag;
    auto const parts = bag.as_ports();
    bag.transport.expect("GET", "https://a.example/").reply(500, "");
    http_request request("GET", "https://a.example/");
    request.step = "profile";
    BOOST_TEST(authmod_test::run(parts.transport->send(request, timeouts{})).value().status == 500);
    BOOST_TEST(authmod_test::run(parts.data->ping()).has_value());
    BOOST_TEST(!authmod_test::run(parts.data->find_session("none")).has_value());
    parts.metrics->login_ended("github", "state_missing");
    parts.metrics->session_checked("ok");
    parts.metrics->request_answered("me", 200, std::chrono::nanoseconds(1));
    std::vector<std::string> const expected{
        "call profile ok", "store ping ok", "store find_session not_found", "login github state_missing",
        "session  ok",     "request me "};
    BOOST_TEST(bag.metrics.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_null_model_leaves_calls_as_they_are) {
    policies<recorded_transport> bag;
    auto const parts = bag.as_ports();
    BOOST_TEST(authmod_test::run(parts.data->ping()).has_value());
    parts.metrics->login_ended("github", "ok"); // goes nowhere
    ports const bare;
    BOOST_TEST(bare.metrics);
    bare.metrics->session_checked("ok");
}

BOOST_AUTO_TEST_SUITE_END()
