// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/test_report.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

numbered_request sent(unsigned number, std::string_view url) { return numbered_request(number, http_request("GET", url)); }

test_step const& find(test_report const& report, std::string_view name) {
    return *std::ranges::find(report.steps, name, &test_step::name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_report_suite)

BOOST_AUTO_TEST_CASE(each_step_keeps_its_request_its_answer_and_the_first_failure) {
    redactor secrets;
    secrets.know(secret("canary-code"));
    test_recorder recorder(std::move(secrets));
    recorder.passed("authorization");
    result<http_response> const token = http_response(200, R"({"access_token":"canary-token"})");
    recorder.answered(sent(login_flow::token, "https://p.example/token"), token);
    recorder.judged(login_flow::token, nullptr);
    result<http_response> const profile = http_response(200, R"({"id":1,"echo":"canary-token canary-code"})");
    recorder.answered(sent(login_flow::profile, "https://p.example/user"), profile);
    recorder.judged(login_flow::profile, nullptr);
    result<http_response> const down = errc::timed_out;
    recorder.answered(sent(login_flow::groups, "https://p.example/groups"), down);
    failure const late(errc::timed_out, diagnostics("groups"));
    recorder.judged(login_flow::groups, &late);
    failure const missing(errc::user_id_missing, diagnostics("mapping"));
    recorder.judged(login_flow::mapping, &missing);

    auto const report = recorder.take();
    BOOST_TEST(!report.ok);
    BOOST_TEST(report.outcome == "would refuse: the profile has no user id"); // groups alone refuse nobody
    BOOST_TEST(find(report, "profile").request == "GET https://p.example/user");
    BOOST_TEST(find(report, "profile").http_status == 200);
    BOOST_TEST((find(report, "groups").status == step_status::failed));
    BOOST_TEST((find(report, "email").status == step_status::skipped));
    BOOST_TEST((find(report, "mapping").code == errc::user_id_missing));
    auto const json = boost::json::serialize(to_json(report));
    BOOST_TEST(json.find("canary") == std::string::npos); // N2
    BOOST_TEST(json.find(R"("name":"groups","status":"failed","code":"timed_out")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(n2_a_good_step_tells_what_an_administrator_should_know_without_secrets) {
    redactor secrets;
    secrets.know(secret("canary-code"));
    test_recorder recorder(std::move(secrets));
    recorder.passed("authorization");
    failure why(errc::discovery_malformed, diagnostics("discovery"));
    why.details.status = 404;
    why.details.quote("no canary-code here");
    recorder.noted("authorization", "no metadata", why);
    auto const report = recorder.take();
    BOOST_TEST((find(report, "authorization").status == step_status::ok));
    auto const step = to_json(report)["steps"].as_array()[0].as_object();
    BOOST_TEST(step.at("message").as_string().starts_with("no metadata: "));
    BOOST_TEST(step.at("message").as_string().find("HTTP status 404") != std::string::npos);
    BOOST_TEST(step.at("message").as_string().find("canary") == std::string::npos);
    BOOST_TEST(step.at("cure").is_null());
}

BOOST_AUTO_TEST_CASE(the_account_rules_have_the_last_word) {
    login_decision decision;
    decision.what = login_decision::kind::link;
    decision.result.username = "nferro";
    BOOST_TEST(outcome_text(decision) == "would link to nferro");
    decision.what = login_decision::kind::refresh;
    BOOST_TEST(outcome_text(decision) == "would refresh nferro");
    decision.what = login_decision::kind::create;
    test_recorder good{redactor()};
    good.decided(decision);
    auto const report = good.take();
    BOOST_TEST(report.ok);
    BOOST_TEST(report.outcome == "would create nferro");
    decision.what = login_decision::kind::refuse;
    decision.reason = errc::creation_off;
    test_recorder bad{redactor()};
    bad.decided(decision);
    auto const refused = bad.take();
    BOOST_TEST(!refused.ok);
    BOOST_TEST(refused.outcome.starts_with("would refuse: there is no account"));
    BOOST_TEST((find(refused, "account").code == errc::creation_off));
}

BOOST_AUTO_TEST_CASE(documents_are_kept_for_the_preview_within_bounds) {
    test_recorder recorder{redactor()};
    result<http_response> const big = http_response(200, std::string(max_kept_document_bytes + 10, ' '));
    recorder.answered(sent(login_flow::profile, "https://p.example/user"), big);
    for (int i = 0; i != 3; ++i) {
        result<http_response> const page = http_response(200, "{\"page\":" + std::to_string(i) + "}");
        recorder.answered(sent(login_flow::emails, "https://p.example/emails"), page);
    }
    auto const report = recorder.take();
    BOOST_TEST(report.documents.profile.size() == max_kept_document_bytes);
    BOOST_TEST(report.documents.emails.size() == 3u);
    BOOST_TEST(find(report, "profile").answer.size() < max_shown_answer_bytes + 10);
}

BOOST_AUTO_TEST_SUITE_END()
