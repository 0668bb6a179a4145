// SPDX-License-Identifier: BSL-1.0
// Test logins through the engine: the real flow, and nothing of it stays but the report.
#include <authmod/module/login_engine.hpp>

#include "support/module_bench.hpp"

#include <authmod/flow/test_report.hpp>
#include <authmod/provider/registry.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace authmod;
using namespace authmod_test;

namespace {

struct test_bench : module_bench {
    using module_bench::module_bench;

    std::shared_ptr<test_report const> test(std::string const& id) {
        auto const start = run(engine.begin_test_login(id, "admin-token")).value();
        auto done = finish(id, start);
        BOOST_REQUIRE(done);
        BOOST_REQUIRE(done->tested);
        BOOST_TEST(done->session_id.empty());
        BOOST_TEST(done->user.id == "");
        return done->tested;
    }

    std::size_t accounts() { return run(parts.data.list_accounts(account_filter())).value().size(); }
};

std::string statuses(test_report const& report) {
    std::string all;
    for (auto const& step : report.steps) all += std::string(step.name) + ":" + std::string(to_word(step.status)) + " ";
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_login_suite)

BOOST_AUTO_TEST_CASE(a_test_of_a_disabled_module_shows_every_step_and_creates_nobody) {
    test_bench bench;
    auto const id = bench.create("one");
    auto const report = bench.test(id);
    BOOST_TEST(report->ok);
    BOOST_TEST(report->outcome == "would create nferro");
    BOOST_TEST(statuses(*report) == "authorization:ok token:ok profile:ok email:ok groups:ok membership:skipped avatar:skipped mapping:ok account:ok ");
    BOOST_TEST(report->fields.value().email.value() == "nadia@ferro.example");
    BOOST_TEST(report->documents.profile == user_body);
    BOOST_TEST(bench.accounts() == 0u);
    BOOST_TEST(bench.audit().front().event == "module_tested");
    BOOST_TEST(bench.audit().front().author == "admin-token");

    // N2: what was planted comes out nowhere.
    auto const kept = run(bench.engine.test_result(id)).value();
    BOOST_TEST(kept.at("author") == "admin-token");
    BOOST_TEST(kept.at("at").is_string());
    auto const text = boost::json::serialize(kept);
    for (std::string_view canary : {"canary-secret", "at-1", "rt-1", "c-1"})
        BOOST_TEST_CONTEXT(canary) BOOST_TEST(text.find(canary) == std::string::npos);
    auto const stored = run(bench.parts.data.load_test_result(id)).value();
    BOOST_TEST(stored.find("nferro") == std::string::npos); // sealed
}

BOOST_AUTO_TEST_CASE(a_test_says_what_would_happen_to_people_who_are_known) {
    test_bench bench;
    auto const id = bench.add("one"), other = bench.create("two");
    BOOST_REQUIRE(bench.log_in(id).has_value());
    BOOST_TEST(bench.test(id)->outcome == "would refresh nferro");
    BOOST_TEST(bench.test(other)->outcome == "would link to nferro");
    bench.set(other, "account_linking", "never");
    bench.set(other, "user_creation", false);
    auto const refused = bench.test(other);
    BOOST_TEST(!refused->ok);
    BOOST_TEST(refused->outcome.starts_with("would refuse: there is no account"));
    BOOST_TEST(bench.accounts() == 1u);
    auto const view = run(bench.parts.data.find_account(run(bench.parts.data.list_accounts(account_filter())).value().at(0).id)).value();
    BOOST_TEST(view.links.size() == 1u);
}

BOOST_AUTO_TEST_CASE(every_broken_reply_is_a_red_step_and_leaves_nothing) {
    for_each_broken_reply(bitbucket_script(), [](broken_reply const& what, recorded_transport transport) {
        BOOST_TEST_CONTEXT(what.name) {
            policies<recorded_transport, memory_store, fixed_clock, counting_random> parts{transport};
            login_engine engine(parts.as_ports(), registry<bitbucket_cloud>(), service_options("https://service.example"));
            boost::json::object settings{{"type", "bitbucket_cloud"}, {"name", "x"}, {"client_id", "key"}, {"client_secret", "s3cret"}};
            auto const id = run(engine.catalog().create(settings, change_author())).value();
            auto const start = run(engine.begin_test_login(id, "admin-token")).value();
            login_callback const back(module_bench::callback(start), start.attempt);
            auto const done = run(engine.finish_login(id, back));
            BOOST_REQUIRE(done);
            constexpr std::string_view names[] = {"token", "profile", "email", "groups"};
            bool const groups = what.index == 3;
            BOOST_TEST(done->tested->ok == groups);
            for (auto const& step : done->tested->steps)
                if (step.name == names[what.index]) BOOST_TEST((step.status == step_status::failed));
            if (what.index == 1) // the others of the batch are judged all the same
                for (auto const& step : done->tested->steps)
                    if (step.name == "email" || step.name == "groups") BOOST_TEST((step.status == step_status::ok));
            BOOST_TEST(run(parts.data.list_accounts(account_filter())).value().empty());
        }
    });
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_person_and_changed_settings_are_reported_too) {
    test_bench bench;
    auto const id = bench.create("one");
    auto const start = run(bench.engine.begin_test_login(id, "admin-token")).value();
    login_callback const denied(test_bench::callback(start, "&error=access_denied"), start.attempt);
    auto const said_no = run(bench.engine.finish_login(id, denied)).value();
    BOOST_TEST((said_no.tested->steps[0].code == errc::access_denied));
    BOOST_TEST(bench.transport.requests().empty());

    auto const again = run(bench.engine.begin_test_login(id, "admin-token")).value();
    bench.set(id, "token_url", "https://bitbucket.org/site/oauth2/other");
    auto const changed = bench.finish(id, again).value();
    BOOST_TEST((changed.tested->steps[0].code == errc::settings_changed));
    BOOST_TEST((bench.finish(id, again).error().code == errc::state_used)); // a test's state is used up as well
}

BOOST_AUTO_TEST_CASE(a_test_is_no_login_and_a_login_is_no_test) {
    test_bench bench;
    auto const id = bench.add("one");
    auto const test = run(bench.engine.begin_test_login(id, "admin-token")).value();
    auto const login = bench.begin(id);
    // Crossing the sealed attempts gets nobody anywhere: each belongs to its own state.
    login_callback const crossed(test_bench::callback(test), login.attempt);
    BOOST_TEST((run(bench.engine.finish_login(id, crossed)).error().code == errc::state_mismatch));
    auto const signed_in = bench.finish(id, login).value();
    BOOST_TEST(!signed_in.tested);
    BOOST_TEST(!signed_in.session_id.empty());
    BOOST_TEST(bench.finish(id, test).value().session_id.empty());
}

BOOST_AUTO_TEST_CASE(only_complete_modules_are_tested) {
    test_bench bench;
    auto const id = bench.create("one");
    bench.set(id, "client_id", "");
    BOOST_TEST((run(bench.engine.begin_test_login(id, "x")).error().code == errc::module_incomplete));
    BOOST_TEST((run(bench.engine.begin_test_login("nobody", "x")).error().code == errc::not_found));
    BOOST_TEST((run(bench.engine.test_result(id)).error() == errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
