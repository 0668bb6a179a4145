// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/login_steps.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(login_steps_suite)

BOOST_AUTO_TEST_CASE(a_callback_of_one_attempt_holds_it_and_no_session) {
    login_callback const callback("https://service.example/callback?state=s&code=c", "sealed");
    BOOST_TEST(callback.query == "https://service.example/callback?state=s&code=c");
    BOOST_TEST(callback.attempts == std::vector<std::string>{"sealed"});
    BOOST_TEST(callback.session.empty());
}

BOOST_AUTO_TEST_CASE(a_login_that_has_not_finished_signs_nobody_in) {
    login_finish const login;
    BOOST_TEST(login.session_id.empty());
    BOOST_TEST(!login.restart);
    BOOST_TEST(!login.tested);
}

BOOST_AUTO_TEST_SUITE_END()
