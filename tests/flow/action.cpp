// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/action.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(action_suite)

BOOST_AUTO_TEST_CASE(a_failure_keeps_code_and_step) {
    action const next = fail(errc::timed_out, "token");
    auto const* failed = std::get_if<fail>(&next);
    BOOST_REQUIRE(failed);
    BOOST_TEST((failed->why.code == errc::timed_out));
    BOOST_TEST(failed->why.details.step == "token");
}

BOOST_AUTO_TEST_CASE(a_fresh_action_sends_nothing) {
    action const next;
    BOOST_REQUIRE(std::holds_alternative<send_requests>(next));
    BOOST_TEST(std::get<send_requests>(next).requests.empty());
}

BOOST_AUTO_TEST_SUITE_END()
