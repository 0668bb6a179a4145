// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/token_keeper.hpp>

#include "support/openid_login.hpp"

#include <authmod/crypto/token.hpp>
#include <authmod/module/detail/token_seal.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <vector>

using namespace authmod;
using namespace authmod_test;

namespace {

service_options keeping() {
    service_options options("https://service.example");
    options.keep_tokens = true;
    return options;
}

/// A person who logged in with tokens that end in an hour.
struct keeper_bench : openid_bench {
    token_keeper keeper{engine};
    std::string session;

    explicit keeper_bench(std::string_view lifetime = R"("expires_in":3600,)", service_options with = keeping())
        : openid_bench([](settings&) {}, std::move(with)) {
        serve_metadata();
        serve_keys();
        auto const start = begin().value();
        transport.expect("POST", "https://op.example/token")
            .reply(200, R"({"access_token":"at-1","refresh_token":"rt-1","token_type":"Bearer",)" +
                            std::string(lifetime) + R"("id_token":")" + signed_with_k1(claims(start)) + "\"}");
        serve_person();
        login_callback back("code=c-1&state=" + start.state, start.attempt);
        auto const done = run(engine.finish_login("oidc", std::move(back)));
        BOOST_REQUIRE(done.has_value());
        session = done->session_id.expose();
    }

    void serve_refresh(std::string_view from, std::string_view to) {
        transport.expect("POST", "https://op.example/token")
            .with_body("grant_type=refresh_token&refresh_token=" + std::string(from))
            .reply(200, R"({"access_token":"at-)" + std::string(to) + R"(","refresh_token":")" + std::string(to) +
                            R"(","token_type":"Bearer","expires_in":3600})");
    }

    std::string access_token() {
        auto tokens = run(keeper.tokens_of(session));
        return tokens ? std::string(tokens->access_token.expose()) : verdict(tokens);
    }

    std::string sealed() { return run(parts.data.find_kept_tokens(digest_of(session))).value().sealed; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(token_keeper_suite)

BOOST_AUTO_TEST_CASE(without_the_option_no_tokens_are_kept) {
    keeper_bench bench(R"("expires_in":3600,)", service_options("https://service.example"));
    BOOST_TEST(bench.access_token() == "not_found");
}

BOOST_AUTO_TEST_CASE(n1_tokens_rest_sealed_for_their_session_alone) {
    keeper_bench bench;
    auto const sealed = bench.sealed();
    for (auto const* token : {"at-1", "rt-1", "eyJ"}) BOOST_TEST(sealed.find(token) == std::string::npos);
    auto const key = digest_of(bench.session);
    auto& port = *bench.parts.as_ports().sealer;
    BOOST_TEST(detail::open_tokens(port, key, sealed).has_value());
    BOOST_TEST((detail::open_tokens(port, digest_of("another"), sealed).error() == errc::seal_broken));
}

BOOST_AUTO_TEST_CASE(tokens_that_are_good_for_a_while_are_given_without_asking_anybody) {
    keeper_bench bench;
    auto const asked = bench.transport.requests().size();
    auto const tokens = run(bench.keeper.tokens_of(bench.session)).value();
    BOOST_TEST(tokens.access_token.expose() == "at-1");
    BOOST_TEST(tokens.subject == "person-1");
    BOOST_TEST(tokens.scope == "openid profile email");
    BOOST_TEST(tokens.dpop_key.empty());
    BOOST_TEST(bench.transport.requests().size() == asked);
    BOOST_TEST(verdict(run(bench.keeper.tokens_of("nobody"))) == "not_signed_in");
}

BOOST_AUTO_TEST_CASE(c7_a_token_that_ends_soon_is_refreshed_and_the_rotated_one_kept) {
    keeper_bench bench;
    bench.parts.time.advance(std::chrono::minutes(59));
    bench.serve_refresh("rt-1", "2");
    BOOST_TEST(bench.access_token() == "at-2");
    BOOST_TEST(bench.access_token() == "at-2");
    bench.parts.time.advance(std::chrono::minutes(60));
    bench.serve_metadata();
    bench.serve_refresh("2", "3");
    BOOST_TEST(bench.access_token() == "at-3");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(c7_of_many_that_ask_at_once_one_refreshes_and_all_get_what_it_brought) {
    keeper_bench bench;
    bench.parts.time.advance(std::chrono::minutes(59));
    bench.serve_refresh("rt-1", "2"); // a second one would be a mismatch
    asio::io_context context;
    token_keeper other(bench.engine); // as in another process: they share nothing but the store
    std::vector<std::future<result<kept_tokens, failure>>> calls;
    for (int i = 0; i != 10; ++i)
        calls.push_back(
            asio::co_spawn(context, (i % 2 ? other : bench.keeper).tokens_of(bench.session), asio::use_future));
    context.run();
    for (auto& call : calls) BOOST_TEST(call.get().value().access_token.expose() == "at-2");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(a_passing_fault_keeps_the_refresh_token_for_the_next_try) {
    keeper_bench bench;
    bench.parts.time.advance(std::chrono::minutes(59));
    bench.transport.expect("POST", "https://op.example/token").reply(503, "");
    BOOST_TEST(bench.access_token() == "at-1", "it is good for another minute");
    bench.parts.time.advance(std::chrono::minutes(2));
    bench.transport.expect("POST", "https://op.example/token").fail(errc::timed_out);
    BOOST_TEST(bench.access_token() == "timed_out");
    bench.serve_refresh("rt-1", "2");
    BOOST_TEST(bench.access_token() == "at-2");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_the_provider_refuses_is_not_sent_again) {
    keeper_bench bench;
    bench.parts.time.advance(std::chrono::hours(1));
    bench.serve_metadata();
    bench.transport.expect("POST", "https://op.example/token").reply(400, R"({"error":"invalid_grant"})");
    BOOST_TEST(bench.access_token() == "code_refused");
    BOOST_TEST(bench.access_token() == "code_refused");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(who_dies_while_refreshing_is_waited_for_no_longer_than_the_lease) {
    keeper_bench bench;
    bench.parts.time.advance(std::chrono::minutes(59));
    auto const now = bench.parts.time.now();
    BOOST_REQUIRE(
        run(bench.parts.data.claim_kept_tokens(digest_of(bench.session), 1, now, now + refresh_lease)).has_value());
    bench.parts.time.advance(refresh_lease);
    bench.serve_refresh("rt-1", "2");
    BOOST_TEST(bench.access_token() == "at-2");
}

BOOST_AUTO_TEST_CASE(while_somebody_else_refreshes_for_too_long_a_token_that_is_good_still_is_given) {
    auto hasty = keeping();
    hasty.login_deadline = milliseconds(0);
    keeper_bench bench(R"("expires_in":3600,)", hasty);
    bench.parts.time.advance(std::chrono::minutes(59));
    auto const now = bench.parts.time.now();
    BOOST_REQUIRE(run(bench.parts.data.claim_kept_tokens(digest_of(bench.session), 1, now, now + std::chrono::hours(1)))
                      .has_value());
    BOOST_TEST(bench.access_token() == "at-1");
    bench.parts.time.advance(std::chrono::minutes(1));
    BOOST_TEST(bench.access_token() == "timed_out");
}

BOOST_AUTO_TEST_CASE(tokens_of_another_client_are_not_given_any_more) {
    keeper_bench bench;
    settings other = bench.engine.modules()->find("oidc")->text;
    other.client_id = "another";
    BOOST_REQUIRE(bench.engine.catalog()
                      .install("oidc", other, secret("s3cret"), "https://service.example/callback")
                      .has_value());
    BOOST_TEST(bench.access_token() == "settings_changed");
}

BOOST_AUTO_TEST_CASE(tokens_of_plain_oauth_are_kept_and_refreshed_as_well) {
    recorded_transport transport(bitbucket_script());
    login_bench::bag parts(transport);
    login_bench::module_type module(
        parts, credentials("key", "secret", "https://service.example/callback/bitbucket_cloud"), keeping());
    auto const start = run(module.begin_login("/")).value();
    auto const login = run(module.finish_login(login_bench::callback(start), start.attempt)).value();
    std::string const session(login.session_id.expose());
    BOOST_TEST(run(module.provider_tokens(session)).value().access_token.expose() == "at-1");
    parts.time.advance(std::chrono::minutes(119));
    transport.expect("POST", token_url)
        .with_body("grant_type=refresh_token&refresh_token=rt-1")
        .reply(200, R"({"access_token":"at-2","expires_in":7200})"); // as Bitbucket has answered
    auto const fresh = run(module.provider_tokens(session)).value();
    BOOST_TEST(fresh.access_token.expose() == "at-2");
    BOOST_TEST(fresh.refresh_token.expose() == "rt-1");
    BOOST_TEST(run(module.log_out(session)).value() == "");
    BOOST_TEST(transport.mismatch() == "");
}

BOOST_AUTO_TEST_SUITE_END()
