// SPDX-License-Identifier: BSL-1.0
#include "authmod/testing/fault_transport.hpp"

#include "support/faulty_login.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;
using namespace authmod_test;

static_assert(http_transport<fault_transport<recorded_transport>>);

BOOST_AUTO_TEST_SUITE(testing_fault_transport)

BOOST_AUTO_TEST_CASE(a_fault_before_the_exchange_sends_nothing_and_one_after_it_loses_the_answer) {
    for (auto when : {fault_moment::before, fault_moment::after}) {
        recorded_transport script;
        script.expect("GET", "https://provider.example/").times(2).reply(200, "{}");
        fault_transport<recorded_transport> transport(script);
        transport.faults.fail_at(1, errc::response_cut, when);
        http_request const request("GET", "https://provider.example/");
        BOOST_TEST((run(transport.send(request, timeouts())).error() == errc::response_cut));
        BOOST_TEST(script.count("GET", "*") == (when == fault_moment::after ? 1u : 0u));
        BOOST_TEST(run(transport.send(request, timeouts())).value().status == 200);
    }
}

BOOST_AUTO_TEST_CASE(whichever_exchange_of_a_login_fails_nothing_is_half_made_and_the_next_login_works) {
    for (auto when : {fault_moment::before, fault_moment::after})
        for (errc why : {errc::timed_out, errc::no_response, errc::response_cut, errc::provider_unreachable}) {
            long long n = 1;
            for (;; ++n) {
                BOOST_TEST_CONTEXT("exchange " << n << ": " << to_word(why)) {
                    faulty_login<memory_store> login;
                    login.parts.transport.faults.fail_at(n, why, when);
                    bool const whole = login.visit();
                    if (!login.parts.transport.faults.has_struck()) {
                        BOOST_TEST(whole);
                        break;
                    }
                    login.check_what_is_left();
                }
            }
            BOOST_TEST(n == 5); // token, user, emails, groups: each has failed once
        }
}

BOOST_AUTO_TEST_SUITE_END()
