// SPDX-License-Identifier: BSL-1.0
// Logins by OpenID Connect on the recorded transport: what is fetched when, and which answers end them.
#include <authmod/module/issuer_documents.hpp>

#include "support/openid_login.hpp"

#include <authmod/flow/test_report.hpp>
#include <authmod/provider/keycloak.hpp>

using namespace authmod;
using namespace authmod_test;

BOOST_AUTO_TEST_SUITE(issuer_documents_suite)

BOOST_AUTO_TEST_CASE(a_person_logs_in_knowing_nothing_but_the_issuer_and_the_next_one_fetches_nothing) {
    openid_bench bench;
    bench.serve_metadata();
    bench.serve_keys();
    BOOST_TEST(bench.log_in() == "ok");
    BOOST_TEST(bench.log_in() == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(j2_hosts_that_only_metadata_names_are_called_at_public_addresses_alone) {
    openid_bench bench([](settings& text) { text.user_info_url = "https://typed.example/me"; });
    bench.transport.expect("GET", metadata_url)
        .reply(200, R"({"issuer":"https://op.example","authorization_endpoint":"https://op.example/auth",)"
                    R"("token_endpoint":"https://internal.example/token","jwks_uri":"https://OP.example/jwks"})");
    auto const start = bench.begin().value();
    bench.transport.expect("POST", "https://internal.example/token")
        .reply(200, R"({"access_token":"at","token_type":"Bearer","id_token":")" +
                        signed_with_k1(openid_bench::claims(start)) + "\"}");
    bench.transport.expect("GET", "https://OP.example/jwks").reply(200, jwks({key_named("k1")}));
    bench.transport.expect("GET", "https://typed.example/me")
        .reply(200, R"({"sub":"person-1","preferred_username":"n"})");
    BOOST_TEST(bench.finish(start) == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
    for (auto const& one : bench.transport.requests())
        BOOST_TEST((one.request.origin == url_origin::provider) ==
                       one.request.url.starts_with("https://internal.example/"),
                   one.request.url);
}

BOOST_AUTO_TEST_CASE(a4_a_login_asks_for_openid_with_a_fresh_nonce) {
    openid_bench bench;
    bench.serve_metadata();
    auto const one = bench.begin().value(), other = bench.begin().value();
    BOOST_TEST(parameter(one.location, "scope") == "openid profile email");
    BOOST_TEST(parameter(one.location, "nonce").size() == 43u);
    BOOST_TEST(parameter(one.location, "nonce") != parameter(other.location, "nonce"));
    BOOST_TEST(parameter(one.location, "nonce") != parameter(one.location, "state"));
}

BOOST_AUTO_TEST_CASE(a4_a_module_with_plain_oauth_sends_no_nonce) {
    login_bench bench;
    BOOST_TEST(parameter(bench.begin().location, "nonce") == "");
}

BOOST_AUTO_TEST_CASE(b5_iss_is_the_issuer_and_there_where_metadata_promises_it) {
    openid_bench bench;
    bench.serve_metadata(R"(,"authorization_response_iss_parameter_supported":true)");
    BOOST_TEST(bench.finish(bench.begin().value()) == "issuer_mismatch");
    BOOST_TEST(bench.finish(bench.begin().value(), "&error=access_denied") == "issuer_mismatch");
    BOOST_TEST(bench.finish(bench.begin().value(), "&code=c&iss=https://op.example/") == "issuer_mismatch");
    auto const start = bench.begin().value();
    bench.serve_keys();
    bench.serve_token(signed_with_k1(bench.claims(start)));
    bench.serve_person();
    BOOST_TEST(bench.finish(start, "&code=c&iss=https://op.example") == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(d1_to_d5_a_bad_id_token_ends_the_login_before_anything_is_asked_with_its_access_token) {
    openid_bench bench;
    bench.serve_metadata();
    bench.serve_keys();
    auto const refused = [&](auto const& spoil) {
        auto const start = bench.begin().value();
        return bench.finish_with(start, signed_with_k1(spoil(bench.claims(start))));
    };
    using members = json_members;
    BOOST_TEST(refused([](members const& c) { return c.with("iss", "\"https://op.example/\""); }) ==
               "issuer_mismatch:iss");
    BOOST_TEST(refused([](members const& c) { return c.with("aud", "\"other\""); }) == "jwt_audience_refused:aud");
    BOOST_TEST(refused([](members const& c) { return c.with("aud", "[\"client-1\",\"other\"]"); }) ==
               "jwt_audience_refused:aud");
    BOOST_TEST(refused([](members const& c) { return c.with("exp", std::to_string(oidc_seconds - 60)); }) ==
               "jwt_expired:exp");
    BOOST_TEST(refused([](members const& c) { return c.with("nonce", "\"another\""); }) == "nonce_mismatch:nonce");
    BOOST_TEST(refused([](members const& c) { return c.without("nonce"); }) == "nonce_mismatch:nonce");
    BOOST_TEST(refused([](members const& c) { return c.with("sub", "\"\""); }) == "jwt_claim_refused:sub");
    BOOST_TEST(refused([](members const& c) { return c.with("at_hash", "\"x\""); }) == "jwt_claim_refused:at_hash");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(d2_no_signature_and_a_hash_with_the_client_secret_are_refused) {
    openid_bench bench;
    bench.serve_metadata();
    bench.serve_keys();
    auto const start = bench.begin().value();
    auto const text = bench.claims(start).text();
    auto const bare = base64url_encode(R"({"alg":"none"})") + '.' + base64url_encode(text) + '.';
    BOOST_TEST(bench.finish_with(start, bare) != "ok");
    auto const other = bench.begin().value();
    BOOST_TEST(bench.finish_with(other, hmac_jws(R"({"alg":"HS256"})", bench.claims(other).text(), "s3cret")) ==
               "jwt_algorithm_refused");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(d3_addresses_of_keys_in_a_token_are_not_called) {
    openid_bench bench;
    bench.serve_metadata();
    bench.serve_keys();
    auto const start = bench.begin().value();
    bench.serve_token(
        signed_with_k1(bench.claims(start), R"({"alg":"RS256","kid":"k1","jku":"https://evil.example/jwks"})"));
    bench.serve_person();
    BOOST_TEST(bench.finish(start) == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(d4_keys_changed_a_moment_ago_are_found_and_forged_names_fetch_once_a_minute) {
    openid_bench bench;
    bench.serve_metadata();
    bench.serve_keys();
    BOOST_TEST(bench.log_in() == "ok");

    auto const by_new_key = [&](login_start const& start) {
        return rsa_signer(1).jws(signature_algorithm::rs256, R"({"alg":"RS256","kid":"k2"})",
                                 bench.claims(start).text());
    };
    auto const start = bench.begin().value();
    bench.serve_keys("k2", 1);
    bench.serve_token(by_new_key(start));
    bench.serve_person();
    BOOST_TEST(bench.finish(start) == "ok");

    for (int i = 0; i != 5; ++i) {
        auto const forged = bench.begin().value();
        BOOST_TEST(bench.finish_with(forged, signed_with_k1(bench.claims(forged), R"({"alg":"RS256","kid":"k3"})")) ==
                   "jwt_key_unknown");
    }
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(d4_documents_at_hand_carry_logins_through_an_outage) {
    openid_bench bench;
    bench.serve_metadata();
    bench.serve_keys();
    BOOST_TEST(bench.log_in() == "ok");
    bench.parts.time.advance(std::chrono::hours(2));
    bench.transport.expect("GET", metadata_url).reply(503, "");
    bench.transport.expect("GET", keys_url).reply(503, "");
    auto const start = bench.begin().value();
    auto const later = std::to_string(oidc_seconds + 7500), at = std::to_string(oidc_seconds + 7200);
    bench.serve_token(signed_with_k1(bench.claims(start).with("exp", later).with("iat", at)));
    bench.serve_person();
    BOOST_TEST(bench.finish(start) == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(e1_user_info_of_another_person_ends_the_login) {
    openid_bench bench;
    bench.serve_metadata();
    bench.serve_keys();
    auto const start = bench.begin().value();
    bench.serve_token(signed_with_k1(bench.claims(start)));
    bench.serve_person("person-2");
    BOOST_TEST(bench.finish(start) == "subject_mismatch");
    BOOST_TEST(run(bench.parts.data.list_accounts(account_filter())).value().empty());
}

BOOST_AUTO_TEST_CASE(a_token_answer_without_an_id_token_ends_the_login) {
    openid_bench bench;
    bench.serve_metadata();
    auto const start = bench.begin().value();
    bench.transport.expect("POST", "https://op.example/token")
        .reply(200, R"({"access_token":"at","token_type":"Bearer"})");
    BOOST_TEST(bench.finish(start) == "token_malformed:id_token");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(j4_metadata_of_another_issuer_begins_no_login) {
    openid_bench bench([](settings& text) { text.issuer = "https://op.example/"; });
    bench.serve_metadata();
    BOOST_TEST(verdict(bench.begin()) == "issuer_mismatch:issuer");
}

BOOST_AUTO_TEST_CASE(a_module_whose_endpoints_nobody_has_named_yet_sends_browsers_nowhere) {
    openid_bench bench;
    bench.transport.expect("GET", metadata_url).times(2).reply(503, "");
    BOOST_TEST(verdict(bench.begin()) == "provider_failed");
    BOOST_TEST(verdict(run(bench.engine.begin_test_login("oidc", "admin-token"))) == "provider_failed");
    bench.serve_metadata();
    BOOST_TEST(verdict(bench.begin()) == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(metadata_decides_about_pkce) {
    openid_bench without;
    without.serve_metadata(R"(,"code_challenge_methods_supported":["plain"])");
    BOOST_TEST(parameter(without.begin().value().location, "code_challenge") == "");
    openid_bench silent;
    silent.serve_metadata();
    BOOST_TEST(parameter(silent.begin().value().location, "code_challenge_method") == "S256");
    openid_bench required([](settings& text) { text.pkce = pkce_mode::required; });
    required.serve_metadata();
    BOOST_TEST(verdict(required.begin()) == "pkce_not_supported");
}

/// Settings that leave no endpoint open.
void set_by_hand(settings& text) {
    text.authorization_url = "https://op.example/auth";
    text.token_url = "https://op.example/token";
    text.user_info_url = info_url;
    text.jwks_url = keys_url;
}

/// What a provider says that can all of it.
constexpr std::string_view modern_metadata =
    R"(,"pushed_authorization_request_endpoint":"https://op.example/par","dpop_signing_alg_values_supported":["ES256"],)"
    R"("authorization_response_iss_parameter_supported":true)";

BOOST_AUTO_TEST_CASE(what_the_provider_can_do_is_used_where_endpoints_are_set_by_hand_too_and_they_stay) {
    openid_bench bench([](settings& text) {
        set_by_hand(text);
        text.token_url = "https://typed.example/token";
    });
    bench.serve_metadata(modern_metadata);
    bench.transport.expect("POST", "https://op.example/par").reply(201, R"({"request_uri":"urn:1","expires_in":60})");
    auto const start = bench.begin().value();
    BOOST_TEST(start.location == "https://op.example/auth?client_id=client-1&request_uri=urn%3A1");
    BOOST_TEST(bench.pushed("dpop_jkt").size() == 43u);
    BOOST_TEST(bench.finish(start) == "issuer_mismatch"); // it promised to name itself

    bench.transport.expect("POST", "https://op.example/par").reply(201, R"({"request_uri":"urn:2","expires_in":60})");
    auto const again = bench.begin().value();
    bench.transport.expect("POST", "https://typed.example/token")
        .with_header("DPoP", "eyJ*")
        .reply(200, R"({"access_token":"at","token_type":"DPoP","id_token":")" +
                        signed_with_k1(good_id_claims().with("nonce", quoted(bench.pushed("nonce")))) + "\"}");
    bench.serve_keys();
    bench.serve_person();
    BOOST_TEST(bench.finish(again, "&code=c&iss=https://op.example") == "ok");
    BOOST_TEST(bench.transport.count("GET", metadata_url) == 1u);
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(a_preset_whose_endpoints_are_templates_uses_what_its_server_offers) {
    openid_bench_of<keycloak> bench([](settings& text) {
        text.server_url = "https://id.example";
        text.realm = "staff";
    });
    std::string const realm = "https://id.example/realms/staff", to = realm + "/protocol/openid-connect";
    bench.transport.expect("GET", realm + "/.well-known/openid-configuration")
        .reply(200, R"({"issuer":")" + realm + R"(","authorization_endpoint":")" + to + R"(/auth","token_endpoint":")" +
                        to + R"(/token","jwks_uri":")" + to + R"(/certs","pushed_authorization_request_endpoint":")" +
                        to + R"(/ext/par/request","dpop_signing_alg_values_supported":["ES256"],)"
                             R"("code_challenge_methods_supported":["plain","S256"],)"
                             R"("authorization_response_iss_parameter_supported":true})");
    bench.transport.expect("POST", to + "/ext/par/request").reply(201, R"({"request_uri":"urn:1","expires_in":60})");
    auto const start = bench.begin().value();
    BOOST_TEST(start.location == to + "/auth?client_id=client-1&request_uri=urn%3A1");
    for (auto const* field : {"dpop_jkt", "code_challenge"}) BOOST_TEST(bench.pushed(field).size() == 43u, field);
    auto const claims = good_id_claims().with("iss", quoted(realm)).with("nonce", quoted(bench.pushed("nonce")));
    bench.transport.expect("POST", to + "/token")
        .with_header("DPoP", "eyJ*")
        .reply(200, R"({"access_token":"at","token_type":"DPoP","id_token":")" + signed_with_k1(claims) + "\"}");
    bench.transport.expect("GET", to + "/certs").reply(200, jwks({key_named("k1")}));
    bench.transport.expect("GET", to + "/userinfo")
        .with_header("Authorization", "DPoP at")
        .reply(200, R"({"sub":"person-1","preferred_username":"nferro"})");
    BOOST_TEST(bench.finish(start, "&code=c&iss=" + realm) == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(metadata_that_nobody_needs_and_nobody_can_read_stops_no_login_and_is_asked_for_once_a_minute) {
    openid_bench bench(set_by_hand);
    auto const log_in = [&] { // gives how it ended, and what was asked for on the way
        auto const before = bench.transport.count("GET", metadata_url);
        auto const ended = bench.log_in();
        return ended + ' ' + std::to_string(bench.transport.count("GET", metadata_url) - before);
    };
    bench.serve_keys();
    for (auto const& [body, why] :
         {std::pair(std::string("<html>"), errc::discovery_malformed), {op_metadata(R"(,"x":1,"x":2)"), errc::discovery_malformed},
          {R"({"issuer":"https://other.example"})", errc::issuer_mismatch}, {std::string(), errc::timed_out}}) {
        auto& answer = bench.transport.expect("GET", metadata_url);
        if (body.empty())
            answer.fail(errc::timed_out);
        else
            answer.reply(200, body);
        BOOST_TEST(log_in() == "ok 1");
        auto const& plan = *bench.engine.modules()->find("oidc")->plan;
        BOOST_TEST((bench.engine.documents().metadata_trouble(plan).value().code == why));
        bench.parts.time.advance(std::chrono::seconds(59));
        BOOST_TEST(log_in() == "ok 0");
        bench.parts.time.advance(std::chrono::seconds(1));
    }
    BOOST_TEST(bench.transport.mismatch() == "");
    for (auto const& one : bench.transport.requests())
        if (one.request.url == metadata_url) BOOST_TEST((one.limit.total <= metadata_patience));

    bench.serve_metadata(R"(,"dpop_signing_alg_values_supported":["ES256"])");
    BOOST_TEST(parameter(bench.begin().value().location, "dpop_jkt").size() == 43u); // at last
    BOOST_TEST(!bench.engine.documents().metadata_trouble(*bench.engine.modules()->find("oidc")->plan));
    bench.parts.time.advance(std::chrono::hours(2));
    bench.transport.expect("GET", metadata_url).fail(errc::timed_out);
    for (int i = 0; i != 2; ++i) // what was read once holds through an outage
        BOOST_TEST(parameter(bench.begin().value().location, "dpop_jkt").size() == 43u);
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(logins_do_not_wait_for_metadata_that_another_one_reads) {
    openid_bench bench(set_by_hand);
    bench.serve_metadata(R"(,"dpop_signing_alg_values_supported":["ES256"])");
    std::vector<std::string> bound;
    asio::io_context context;
    for (int i = 0; i != 3; ++i)
        asio::co_spawn(context, bench.engine.begin_login("oidc", "/"), [&](std::exception_ptr, auto start) {
            bound.push_back(std::to_string(parameter(start.value().location, "dpop_jkt").size())); // 43 with metadata
        });
    context.run();
    std::ranges::sort(bound);
    BOOST_TEST(bound == (std::vector<std::string>{"0", "0", "43"}), boost::test_tools::per_element());
    BOOST_TEST(bench.transport.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(b5_a_promise_of_iss_and_a_key_hold_where_the_login_ends_without_metadata) {
    openid_bench bench(set_by_hand);
    bench.serve_metadata(
        R"(,"authorization_response_iss_parameter_supported":true,"dpop_signing_alg_values_supported":["ES256"])");
    auto const one = bench.begin().value(), two = bench.begin().value();
    auto const claims = openid_bench::claims(two);

    login_engine other(bench.parts.as_ports(), registry<oidc>(), bench.options); // a node that was started a moment ago
    BOOST_REQUIRE(other.catalog()
                      .install("oidc", bench.engine.modules()->find("oidc")->text, secret("s3cret"),
                               "https://service.example/callback")
                      .has_value());
    bench.transport.expect("GET", metadata_url).fail(errc::timed_out);
    auto const finish = [&](login_start const& start, std::string const& more) {
        return verdict(run(other.finish_login("oidc", login_callback("state=" + start.state + more, start.attempt))));
    };
    BOOST_TEST(finish(one, "&code=c") == "issuer_mismatch");
    bench.transport.expect("POST", "https://op.example/token")
        .with_header("DPoP", "eyJ*")
        .reply(200, R"({"access_token":"at","token_type":"DPoP","id_token":")" + signed_with_k1(claims) + "\"}");
    bench.serve_keys();
    bench.serve_person();
    BOOST_TEST(finish(two, "&code=c&iss=https://op.example") == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
}

BOOST_AUTO_TEST_CASE(what_a_provider_demands_or_excludes_counts_where_endpoints_are_set_by_hand_too) {
    openid_bench required([](settings& text) {
        set_by_hand(text);
        text.pkce = pkce_mode::required;
    });
    required.serve_metadata(); // says nothing about PKCE
    BOOST_TEST(parameter(required.begin().value().location, "code_challenge_method") == "S256");
    required.parts.time.advance(std::chrono::hours(2));
    required.serve_metadata(R"(,"code_challenge_methods_supported":["plain"])");
    BOOST_TEST(verdict(required.begin()) == "pkce_not_supported");

    openid_bench pushed(set_by_hand);
    pushed.serve_metadata(R"(,"require_pushed_authorization_requests":true)");
    BOOST_TEST(verdict(pushed.begin()) == "discovery_malformed:pushed_authorization_request_endpoint");
}

BOOST_AUTO_TEST_CASE(a_test_login_tells_that_metadata_could_not_be_read) {
    openid_bench bench(set_by_hand);
    bench.transport.expect("GET", metadata_url).reply(404, "no s3cret here");
    bench.serve_keys();
    auto const start = run(bench.engine.begin_test_login("oidc", "admin-token")).value();
    bench.serve_token(signed_with_k1(bench.claims(start)));
    bench.serve_person();
    login_callback back("code=c-1&state=" + start.state, start.attempt);
    auto const done = run(bench.engine.finish_login("oidc", std::move(back))).value();
    BOOST_TEST(done.tested->ok);
    auto const& step = done.tested->steps[0];
    BOOST_TEST((step.status == step_status::ok));
    BOOST_TEST(step.detail.find("HTTP status 404") != std::string::npos, step.detail);
    BOOST_TEST(step.detail.find("s3cret") == std::string::npos, step.detail);
}

BOOST_AUTO_TEST_CASE(an_issuer_that_stands_for_many_tenants_has_no_metadata_to_ask_for) {
    openid_bench_of<microsoft_entra> bench([](settings& text) { text.tenant = "organizations"; });
    BOOST_TEST(verdict(bench.begin()) == "ok");
    BOOST_TEST(bench.transport.requests().empty());
}

constexpr std::string_view par_metadata = R"(,"pushed_authorization_request_endpoint":"https://op.example/par")";

BOOST_AUTO_TEST_CASE(a_provider_that_takes_pushed_requests_gets_them_and_the_browser_a_reference) {
    openid_bench bench;
    bench.serve_metadata(par_metadata);
    bench.transport.expect("POST", "https://op.example/par")
        .with_header("Authorization", "Basic *")
        .reply(201, R"({"request_uri":"urn:ref:1","expires_in":60})");
    auto const start = bench.begin().value();
    BOOST_TEST(start.location == "https://op.example/auth?client_id=client-1&request_uri=urn%3Aref%3A1");
    for (auto const* field : {"state", "nonce", "code_challenge"}) BOOST_TEST(bench.pushed(field).size() == 43u, field);
    BOOST_TEST(bench.pushed("state") == start.state);
    BOOST_TEST(bench.pushed("redirect_uri") == "https://service.example/callback");

    bench.serve_keys();
    bench.serve_token(signed_with_k1(good_id_claims().with("nonce", quoted(bench.pushed("nonce")))));
    bench.serve_person();
    BOOST_TEST(bench.finish(start) == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(n2_a_pushed_request_that_is_refused_begins_no_login_and_shows_no_secret) {
    openid_bench bench;
    bench.serve_metadata(par_metadata);
    bench.transport.expect("POST", "https://op.example/par")
        .reply(400, R"({"error":"invalid_request","error_description":"not you: s3cret"})");
    auto const start = bench.begin();
    BOOST_TEST(verdict(start) == "pushed_request_refused");
    BOOST_TEST(start.error().details.provider_said.find("s3cret") == std::string::npos);
    bench.transport.expect("POST", "https://op.example/par").fail(errc::timed_out);
    BOOST_TEST(verdict(bench.begin()) == "timed_out");
}

BOOST_AUTO_TEST_CASE(j2_an_endpoint_for_pushed_requests_at_another_host_is_called_at_public_addresses_alone) {
    openid_bench bench;
    bench.serve_metadata(R"(,"pushed_authorization_request_endpoint":"https://internal.example/par")");
    bench.transport.expect("POST", "https://internal.example/par")
        .reply(201, R"({"request_uri":"urn:1","expires_in":60})");
    BOOST_TEST(verdict(bench.begin()) == "ok");
    BOOST_TEST((bench.transport.requests().back().request.origin == url_origin::provider));
}

BOOST_AUTO_TEST_CASE(pushed_requests_that_are_demanded_but_go_nowhere_begin_no_login) {
    openid_bench bench;
    bench.serve_metadata(R"(,"require_pushed_authorization_requests":true)");
    BOOST_TEST(verdict(bench.begin()) == "discovery_malformed:pushed_authorization_request_endpoint");
}

constexpr std::string_view dpop_metadata = R"(,"dpop_signing_alg_values_supported":["RS256","ES256"])";

/// A bench whose provider binds tokens, and a login begun there. Requests: 0 metadata, 1 token, 2 keys, 3 user info.
struct bound_login {
    openid_bench bench;
    login_start start;
    std::string id_token;

    bound_login() {
        bench.serve_metadata(dpop_metadata);
        start = bench.begin().value();
        id_token = signed_with_k1(bench.claims(start));
    }

    void serve_token(std::string_view type) {
        bench.transport.expect("POST", "https://op.example/token")
            .reply(200, R"({"access_token":"at","token_type":")" + std::string(type) + R"(","id_token":")" + id_token +
                            "\"}");
    }
};

BOOST_AUTO_TEST_CASE(a_provider_that_binds_tokens_gets_proofs_of_one_key_from_the_code_on) {
    bound_login login;
    auto& bench = login.bench;
    BOOST_TEST(parameter(login.start.location, "dpop_jkt").size() == 43u);
    login.serve_token("dpop");
    bench.serve_keys();
    bench.serve_person();
    BOOST_TEST(bench.finish(login.start) == "ok");
    BOOST_TEST(bench.sent_header(1, "DPoP").substr(0, 3) == "eyJ");
    BOOST_TEST(bench.sent_header(1, "Authorization").starts_with("Basic "));
    BOOST_TEST(bench.sent_header(2, "DPoP") == "");
    BOOST_TEST(bench.sent_header(3, "Authorization") == "DPoP at");
    BOOST_TEST(bench.sent_header(3, "DPoP") != bench.sent_header(1, "DPoP"));
    auto const other = bench.begin().value();
    BOOST_TEST(parameter(other.location, "dpop_jkt") != parameter(login.start.location, "dpop_jkt"));
}

BOOST_AUTO_TEST_CASE(a_provider_that_gives_bearer_tokens_all_the_same_gets_no_more_proofs) {
    bound_login login;
    login.serve_token("Bearer");
    login.bench.serve_keys();
    login.bench.serve_person();
    BOOST_TEST(login.bench.finish(login.start) == "ok");
    BOOST_TEST(login.bench.sent_header(3, "Authorization") == "Bearer at");
    BOOST_TEST(login.bench.sent_header(3, "DPoP") == "");
}

BOOST_AUTO_TEST_CASE(c4_a_token_of_a_third_type_is_refused_also_where_tokens_are_bound) {
    bound_login login;
    login.serve_token("mac");
    BOOST_TEST(login.bench.finish(login.start) == "token_type_refused");
}

BOOST_AUTO_TEST_CASE(c2_the_code_is_sent_again_only_for_the_servers_nonce_and_only_once) {
    bound_login login;
    http_response wants(400, R"({"error":"use_dpop_nonce"})");
    wants.headers.emplace_back("DPoP-Nonce", "n-1");
    login.bench.transport.expect("POST", "https://op.example/token").times(2).reply(wants);
    BOOST_TEST(login.bench.finish(login.start) == "token_exchange_refused");
    BOOST_TEST(login.bench.transport.requests().size() == 3u);
    BOOST_TEST(login.bench.sent_header(1, "DPoP") != login.bench.sent_header(2, "DPoP"));
    BOOST_TEST(login.bench.transport.requests()[2].request.single_use);

    bound_login bearer; // without the nonce the answer is a refusal like any other
    bearer.bench.transport.expect("POST", "https://op.example/token").reply(400, R"({"error":"use_dpop_nonce"})");
    BOOST_TEST(bearer.bench.finish(bearer.start) == "token_exchange_refused");
    BOOST_TEST(bearer.bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(a_module_whose_provider_binds_no_tokens_makes_no_key) {
    openid_bench bench;
    bench.serve_metadata(R"(,"dpop_signing_alg_values_supported":["RS256"])");
    auto const start = bench.begin().value();
    BOOST_TEST(parameter(start.location, "dpop_jkt") == "");
    bench.serve_keys();
    bench.serve_token(signed_with_k1(bench.claims(start)));
    bench.serve_person();
    BOOST_TEST(bench.finish(start) == "ok");
    for (auto const& one : bench.transport.requests())
        for (auto const& h : one.request.headers) BOOST_TEST(h.name != "DPoP");
}

BOOST_AUTO_TEST_CASE(d2_algorithms_that_metadata_does_not_list_are_refused) {
    openid_bench bench;
    bench.serve_metadata(R"(,"id_token_signing_alg_values_supported":["ES256","HS256"])");
    bench.serve_keys();
    auto const start = bench.begin().value();
    BOOST_TEST(bench.finish_with(start, signed_with_k1(bench.claims(start))) == "jwt_algorithm_refused");
}

BOOST_AUTO_TEST_CASE(without_a_user_info_endpoint_the_claims_of_the_id_token_are_mapped) {
    openid_bench bench;
    bench.transport.expect("GET", metadata_url).reply(200, std::string(short_metadata) + "}");
    bench.serve_keys();
    auto const start = bench.begin().value();
    bench.serve_token(
        signed_with_k1(bench.claims(start).with("preferred_username", "\"nferro\"").with("name", "\"Nadia Ferro\"")));
    BOOST_TEST(bench.finish(start) == "ok");
    auto const people = run(bench.parts.data.list_accounts(account_filter())).value();
    BOOST_REQUIRE(people.size() == 1u);
    BOOST_TEST(people[0].username == "nferro");
    BOOST_TEST(people[0].full_name == "Nadia Ferro");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(a_test_login_keeps_the_claims_for_the_preview_where_there_is_no_user_info) {
    openid_bench bench;
    bench.transport.expect("GET", metadata_url).reply(200, std::string(short_metadata) + "}");
    bench.serve_keys();
    auto const start = run(bench.engine.begin_test_login("oidc", "admin-token")).value();
    bench.serve_token(signed_with_k1(bench.claims(start).with("preferred_username", "\"nferro\"")));
    login_callback back("code=c-1&state=" + start.state, start.attempt);
    auto const done = run(bench.engine.finish_login("oidc", std::move(back))).value();
    BOOST_TEST(done.tested->ok);
    BOOST_TEST(done.tested->documents.profile.find("nferro") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_completed_plan_is_made_once_for_each_module_and_metadata) {
    openid_bench bench;
    bench.serve_metadata();
    auto const plan = [&] {
        auto const all = bench.engine.modules();
        auto const soon = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        return run(bench.engine.documents().plan_of(*all->find("oidc"), soon)).value();
    };
    auto const first = plan();
    BOOST_TEST((plan() == first));
    settings other = bench.engine.modules()->find("oidc")->text;
    other.scopes = "openid";
    auto installed =
        bench.engine.catalog().install("oidc", other, secret("s3cret"), "https://service.example/callback");
    BOOST_REQUIRE(installed.has_value());
    BOOST_TEST(plan()->text.scopes == "openid");
    bench.parts.time.advance(std::chrono::hours(2));
    bench.serve_metadata(R"(,"authorization_response_iss_parameter_supported":true)");
    BOOST_TEST(!first->must_name_issuer);
    BOOST_TEST(plan()->must_name_issuer);
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_CASE(e1_at_microsoft_the_object_id_of_the_id_token_is_that_of_graph) {
    constexpr std::string_view tenant = "9188040d-6c67-4c5b-b112-36a304b66dad";
    openid_bench_of<microsoft_entra> bench([&](settings& text) {
        text.tenant = tenant;
        text.avatar_url.clear();
    });
    std::string const base = "https://login.microsoftonline.com/" + std::string(tenant);
    bench.transport.expect("GET", base + "/v2.0/.well-known/openid-configuration")
        .reply(200, R"({"issuer":")" + base + R"(/v2.0","authorization_endpoint":"https://login.example/other",)"
                        R"("token_endpoint":"https://login.example/other","jwks_uri":"https://login.example/other"})");
    bench.transport.expect("GET", base + "/discovery/v2.0/keys").reply(200, jwks({key_named("k1")}));
    auto const log_in = [&](json_members const& claims, std::string_view graph_id) {
        auto const start = bench.begin().value();
        auto const own = claims.with("nonce", quoted(parameter(start.location, "nonce")));
        bench.transport.expect("POST", base + "/oauth2/v2.0/token")
            .reply(200, R"({"access_token":"at","token_type":"Bearer","id_token":")" + signed_with_k1(own) + "\"}");
        if (!graph_id.empty())
            bench.transport.expect("GET", "https://graph.microsoft.com/v1.0/me")
                .reply(200, R"({"id":")" + std::string(graph_id) +
                                R"(","userPrincipalName":"n@contoso.example","displayName":"N"})");
        return bench.finish(start);
    };
    auto const claims =
        good_id_claims().with("iss", quoted(base + "/v2.0")).with("sub", "\"pairwise\"").with("oid", "\"object-1\"");
    BOOST_TEST(log_in(claims, "object-1") == "ok");
    BOOST_TEST(log_in(claims, "pairwise") == "subject_mismatch");
    BOOST_TEST(log_in(claims.without("oid"), "") == "jwt_claim_refused:oid");
    BOOST_TEST(log_in(claims.with("iss", quoted("https://login.microsoftonline.com/common/v2.0")), "") ==
               "issuer_mismatch:iss");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");
    auto const people = run(bench.parts.data.list_accounts(account_filter())).value();
    BOOST_REQUIRE(people.size() == 1u);
    BOOST_TEST(people[0].username == "n@contoso.example");
}

BOOST_AUTO_TEST_SUITE_END()
