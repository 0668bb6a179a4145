// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/logout_engine.hpp>

#include "support/openid_login.hpp"

#include <algorithm>
#include <vector>

using namespace authmod;
using namespace authmod_test;

namespace {

constexpr std::string_view logout_metadata =
    R"(,"end_session_endpoint":"https://op.example/bye","revocation_endpoint":"https://op.example/revoke")";

service_options options_with(bool keep_tokens) {
    service_options options("https://service.example");
    options.keep_tokens = keep_tokens;
    return options;
}

struct logout_bench : openid_bench {
    logout_engine logout{engine};

    explicit logout_bench(bool keep_tokens = false, std::string_view more = logout_metadata)
        : openid_bench([](settings&) {}, options_with(keep_tokens)) {
        serve_metadata(more);
        serve_keys();
    }

    /// Signs somebody in whom the provider knows by these names; gives the session's id.
    std::string sign_in(std::string_view sub = "person-1", std::string_view sid = "session-1") {
        auto const start = begin().value();
        auto own = claims(start).with("sub", quoted(sub));
        if (!sid.empty()) own = own.with("sid", quoted(sid));
        transport.expect("POST", "https://op.example/token")
            .reply(200, R"({"access_token":"at-1","refresh_token":"rt-1","token_type":"Bearer","id_token":")" +
                            signed_with_k1(own) + "\"}");
        serve_person(sub);
        login_callback back("code=c-1&state=" + start.state, start.attempt);
        auto const done = run(engine.finish_login("oidc", std::move(back)));
        BOOST_REQUIRE(done.has_value());
        return std::string(done->session_id.expose());
    }

    bool signed_in(std::string const& session) { return run(engine.check_session(session)).has_value(); }

    std::string log_out(std::string const& session) { return run(logout.log_out(session, "192.0.2.1")).value(); }

    std::string by_provider(std::string token, std::string module_id = "oidc") {
        return verdict(run(logout.end_by_provider(std::move(module_id), std::move(token), "192.0.2.1")));
    }

    std::vector<std::string> events() {
        std::vector<std::string> names;
        for (auto const& row : run(parts.data.list_audit(audit_filter())).value()) names.push_back(row.event);
        return names;
    }
};

std::string logout_token(json_members const& claims) {
    return signed_with_k1(claims, R"({"alg":"RS256","kid":"k1","typ":"logout+jwt"})");
}

} // namespace

BOOST_AUTO_TEST_SUITE(logout_engine_suite)

BOOST_AUTO_TEST_CASE(a_logout_sends_the_browser_to_the_provider_with_its_own_name_of_the_session) {
    logout_bench bench;
    auto const session = bench.sign_in();
    BOOST_TEST(run(bench.logout.logout_url("oidc")) == "https://op.example/bye");
    BOOST_TEST(bench.log_out(session) == "https://op.example/bye?client_id=client-1&logout_hint=session-1");
    BOOST_TEST(!bench.signed_in(session));
    BOOST_TEST(bench.log_out(session) == "", "no error when there is none");
    BOOST_TEST(bench.log_out(bench.sign_in("person-1", "")) == "https://op.example/bye?client_id=client-1");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(kept_tokens_are_given_back_and_the_id_token_is_the_hint) {
    logout_bench bench(true);
    auto const session = bench.sign_in();
    bench.transport.expect("POST", "https://op.example/revoke")
        .with_header("Authorization", "Basic *")
        .with_body("token=rt-1&token_type_hint=refresh_token")
        .reply(200, "");
    auto const location = bench.log_out(session);
    BOOST_TEST(parameter(location, "id_token_hint").substr(0, 3) == "eyJ");
    BOOST_TEST(parameter(location, "logout_hint") == "");
    BOOST_TEST(location.find("at-1") == std::string::npos);
    BOOST_TEST(bench.transport.unused() == "");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(a_revocation_that_fails_stops_no_logout_and_is_in_the_audit) {
    logout_bench bench(true);
    auto const session = bench.sign_in();
    bench.transport.expect("POST", "https://op.example/revoke").reply(503, "");
    BOOST_TEST(bench.log_out(session) != "");
    BOOST_TEST(!bench.signed_in(session));
    auto const row = run(bench.parts.data.list_audit(audit_filter())).value().front();
    BOOST_TEST(row.event == "tokens_not_revoked");
    BOOST_TEST(row.reason == "provider_failed");
}

BOOST_AUTO_TEST_CASE(tokens_of_another_client_are_not_shown_to_this_one) {
    logout_bench bench(true);
    auto const session = bench.sign_in();
    settings other = bench.engine.modules()->find("oidc")->text;
    other.client_id = "another";
    BOOST_REQUIRE(bench.engine.catalog()
                      .install("oidc", other, secret("s3cret"), "https://service.example/callback")
                      .has_value());
    BOOST_TEST(bench.log_out(session) == "https://op.example/bye?client_id=another&logout_hint=session-1");
    BOOST_TEST(bench.transport.mismatch() == "", "nothing is revoked");
}

BOOST_AUTO_TEST_CASE(a_provider_ends_one_session_or_all_of_a_person) {
    logout_bench bench;
    auto const one = bench.sign_in("person-1", "session-1"), two = bench.sign_in("person-1", "session-2");
    auto const other = bench.sign_in("person-2", "session-3");
    BOOST_TEST(bench.signed_in(one)); // and the answer is remembered
    BOOST_TEST(bench.by_provider(logout_token(good_logout_claims().without("sub"))) == "ok");
    BOOST_TEST(!bench.signed_in(one));
    BOOST_TEST(bench.signed_in(two));
    BOOST_TEST(bench.by_provider(logout_token(good_logout_claims().without("sid").with("jti", "\"token-2\""))) == "ok");
    BOOST_TEST(!bench.signed_in(two));
    BOOST_TEST(bench.signed_in(other));
    BOOST_TEST(bench.by_provider(logout_token(good_logout_claims().with("jti", "\"token-3\""))) == "ok",
               "nobody is left");
    BOOST_TEST(std::ranges::count(bench.events(), "backchannel_logout") == 3);
}

BOOST_AUTO_TEST_CASE(what_is_no_signed_token_makes_nobody_ask_the_provider) {
    logout_bench bench;
    for (auto const* token : {"", "x", "a.b.c", "e30.e30."}) BOOST_TEST(bench.by_provider(token) != "ok");
    BOOST_TEST(bench.transport.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_logout_token_is_good_once) {
    logout_bench bench;
    auto const token = logout_token(good_logout_claims());
    BOOST_TEST(bench.by_provider(token) == "ok");
    auto const session = bench.sign_in();
    BOOST_TEST(bench.by_provider(token) == "state_used");
    BOOST_TEST(bench.signed_in(session));
}

BOOST_AUTO_TEST_CASE(d1_to_d5_what_is_no_logout_token_of_this_provider_for_us_now_ends_nothing) {
    logout_bench bench;
    auto const session = bench.sign_in();
    auto const good = good_logout_claims();
    BOOST_TEST(bench.by_provider("") == "jwt_malformed");
    BOOST_TEST(bench.by_provider(logout_token(good.with("iss", "\"https://other.example\""))) == "issuer_mismatch:iss");
    BOOST_TEST(bench.by_provider(logout_token(good.with("aud", "\"other\""))) == "jwt_audience_refused:aud");
    BOOST_TEST(bench.by_provider(logout_token(good.with("exp", std::to_string(oidc_seconds - 61)))) ==
               "jwt_expired:exp");
    BOOST_TEST(bench.by_provider(logout_token(good.with("nonce", "\"n\""))) == "logout_token_refused:nonce");
    BOOST_TEST(bench.by_provider(logout_token(good.without("events"))) == "logout_token_refused:events");
    BOOST_TEST(bench.by_provider(logout_token(good.without("sub").without("sid"))) == "logout_token_refused:sub");
    BOOST_TEST(bench.by_provider(signed_with_k1(bench.claims(bench.begin().value()))) == "logout_token_refused:nonce",
               "an ID token");
    BOOST_TEST(bench.by_provider(hmac_jws(R"({"alg":"HS256"})", good.text(), "s3cret")) == "jwt_algorithm_refused");
    BOOST_TEST(bench.by_provider(logout_token(good), "another") == "not_found");
    BOOST_TEST(bench.signed_in(session));
    auto const row = run(bench.parts.data.list_audit(audit_filter())).value().front();
    BOOST_TEST(row.event == "backchannel_logout_refused");
    BOOST_TEST(row.reason == "jwt_algorithm_refused");
}

BOOST_AUTO_TEST_CASE(d4_strangers_fetch_keys_once_a_minute_and_leave_logins_their_own_try) {
    logout_bench bench;
    static_cast<void>(bench.sign_in());
    auto const forged = signed_with_k1(good_logout_claims(), R"({"alg":"RS256","kid":"k9"})");
    bench.serve_keys();
    for (int i = 0; i != 5; ++i) BOOST_TEST(bench.by_provider(forged) == "jwt_key_unknown");
    auto const start = bench.begin().value();
    bench.serve_keys("k2", 1);
    bench.serve_token(
        rsa_signer(1).jws(signature_algorithm::rs256, R"({"alg":"RS256","kid":"k2"})", bench.claims(start).text()));
    bench.serve_person();
    BOOST_TEST(bench.finish(start) == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(a_module_with_plain_oauth_logs_out_as_it_is_set) {
    login_bench bench;
    logout_engine logout(bench.module.engine());
    BOOST_TEST(run(logout.log_out(std::string(bench.log_in().value().session_id.expose()), "")).value() == "");
    BOOST_TEST(verdict(run(logout.end_by_provider("bitbucket_cloud", "x.y.z", ""))) == "not_found");
}

BOOST_AUTO_TEST_SUITE_END()
