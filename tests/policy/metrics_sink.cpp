// SPDX-License-Identifier: BSL-1.0
#include "authmod/policy/metrics_sink.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

using namespace authmod;

namespace {

using text = std::string_view;
using span_of_time = std::chrono::nanoseconds;

struct smallest {
    void login_ended(text, text) noexcept;
    void session_checked(text) noexcept;
    void provider_called(text, text, span_of_time) noexcept;
    void store_used(text, text, span_of_time) noexcept;
    void request_answered(text, int, span_of_time) noexcept;
};

struct may_throw : smallest {
    void session_checked(text);
};

struct tells_something : smallest {
    bool login_ended(text, text) noexcept;
};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_metrics_sink)

BOOST_AUTO_TEST_CASE(models_are_accepted) {
    BOOST_TEST(metrics_sink<smallest>);
    BOOST_TEST(metrics_sink<no_metrics>);
}

BOOST_AUTO_TEST_CASE(everything_else_is_rejected) {
    BOOST_TEST(!metrics_sink<may_throw>);
    BOOST_TEST(!metrics_sink<tells_something>);
    BOOST_TEST(!metrics_sink<int>);
}

BOOST_AUTO_TEST_CASE(counting_nothing_takes_no_room) { BOOST_TEST(std::is_empty_v<no_metrics>); }

BOOST_AUTO_TEST_SUITE_END()
