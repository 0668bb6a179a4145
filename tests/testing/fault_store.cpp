// SPDX-License-Identifier: BSL-1.0
#include "authmod/testing/fault_store.hpp"

#include "authmod/testing/store_contract.hpp"
#include "support/faulty_login.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;
using namespace authmod_test;

static_assert(store<fault_store<memory_store>>);

BOOST_AUTO_TEST_SUITE(testing_fault_store)

BOOST_AUTO_TEST_CASE(without_a_fault_it_keeps_every_promise_of_the_store_inside) {
    fault_store<memory_store> data;
    for (auto const& f : check_store_contract(data).failures) BOOST_ERROR(f.check << ": " << f.what);
    BOOST_TEST(data.faults.count() > 100);
}

BOOST_AUTO_TEST_CASE(a_fault_before_the_operation_writes_nothing_and_one_after_it_loses_the_answer) {
    for (auto when : {fault_moment::before, fault_moment::after}) {
        fault_store<memory_store> data;
        data.faults.fail_at(1, errc::store_unavailable, when);
        auto const until = from_milliseconds(1);
        BOOST_TEST((run(data.take_state("digest", until)).error() == errc::store_unavailable));
        BOOST_TEST(run(data.take_state("digest", until)).has_value() == (when == fault_moment::before));
    }
}

BOOST_AUTO_TEST_CASE(whichever_operation_of_a_login_fails_nothing_is_half_made_and_the_next_login_works) {
    for (auto when : {fault_moment::before, fault_moment::after}) {
        long long n = 1;
        for (;; ++n) {
            BOOST_TEST_CONTEXT("operation " << n) {
                faulty_login<memory_store> login;
                login.parts.data.faults.fail_at(n, errc::store_unavailable, when);
                bool const whole = login.visit();
                if (!login.parts.data.faults.has_struck()) {
                    BOOST_TEST(whole);
                    break;
                }
                login.check_what_is_left();
            }
        }
        BOOST_TEST(n > 4); // state, login, session and its end
    }
}

BOOST_AUTO_TEST_CASE(N4_whichever_operation_of_a_change_of_settings_fails_what_serves_is_what_is_stored) {
    for (auto when : {fault_moment::before, fault_moment::after}) {
        for (long long n = 1;; ++n) {
            BOOST_TEST_CONTEXT("operation " << n) {
                faulty_login<memory_store> login;
                auto const change = [&](std::string_view scopes) {
                    auto const revision = login.engine.modules()->find(login.module)->record.revision;
                    boost::json::object fields{{"scopes", scopes}, {"revision", revision}};
                    return run(login.engine.catalog().update(login.module, std::move(fields), login.by)).has_value();
                };
                login.parts.data.faults.fail_at(n, errc::store_unavailable, when);
                bool const changed = change("account");
                bool const struck = login.parts.data.faults.has_struck();
                login.turn_faults_off();
                if (when == fault_moment::after) BOOST_REQUIRE(run(login.engine.catalog().reload()).has_value());
                auto const stored = run(login.parts.data.list_modules()).value();
                auto const& serves = login.engine.modules()->find(login.module)->record;
                BOOST_TEST(serves.settings == stored.front().settings);
                BOOST_TEST(serves.revision == stored.front().revision);
                BOOST_TEST(change("account email"));
                if (!struck) {
                    BOOST_TEST(changed);
                    break;
                }
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
