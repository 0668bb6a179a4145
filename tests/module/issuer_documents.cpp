// SPDX-License-Identifier: BSL-1.0
// Logins by OpenID Connect on the recorded transport: what is fetched when, and which answers end them.
#include <authmod/module/issuer_documents.hpp>

#include "support/bitbucket_login.hpp"
#include "support/oidc_provider.hpp"

#include <authmod/provider/oidc.hpp>
#include <authmod/provider/registry.hpp>

#include <boost/test/unit_test.hpp>
#include <functional>

using namespace authmod;
using namespace authmod_test;

namespace {

constexpr std::string_view metadata_url = "https://op.example/.well-known/openid-configuration";
constexpr std::string_view keys_url = "https://op.example/jwks";
constexpr std::string_view info_url = "https://op.example/me";

std::string metadata(std::string_view more = "") {
    return R"({"issuer":"https://op.example","authorization_endpoint":"https://op.example/auth",)"
           R"("token_endpoint":"https://op.example/token","userinfo_endpoint":"https://op.example/me",)"
           R"("jwks_uri":"https://op.example/jwks")" +
           std::string(more) + "}";
}

std::string key_named(std::string_view id, std::size_t i = 0) {
    return rsa_signer(i).jwk(R"("use":"sig","kid":")" + std::string(id) + '"');
}

/// A module of the generic OpenID Connect provider that knows nothing but its issuer.
struct openid_bench {
    recorded_transport transport;
    login_bench::bag parts{transport};
    service_options options{"https://service.example"};
    login_engine engine{parts.as_ports(), registry<oidc>(), options};

    explicit openid_bench(std::function<void(settings&)> const& change = [](settings&) {}) {
        parts.time.set(oidc_now);
        settings text = default_settings<oidc>();
        text.client_id = oidc_client;
        text.issuer = oidc_issuer;
        change(text);
        auto installed = engine.catalog().install("oidc", text, secret("s3cret"), "https://service.example/callback");
        BOOST_REQUIRE(installed.has_value());
    }

    void serve_metadata(std::string_view more = "") {
        transport.expect("GET", metadata_url).reply(200, metadata(more));
    }

    void serve_keys(std::string_view id = "k1", std::size_t i = 0) {
        transport.expect("GET", keys_url).reply(200, jwks({key_named(id, i)}));
    }

    result<login_start, failure> begin() { return run(engine.begin_login("oidc", "/")); }

    /// The claims of a good ID token for this login.
    static json_members claims(login_start const& start) {
        return good_id_claims().with("nonce", quoted(parameter(start.location, "nonce")));
    }

    /// Serves a token answer with this ID token.
    void serve_token(std::string_view token) {
        transport.expect("POST", "https://op.example/token")
            .reply(200, R"({"access_token":"at","token_type":"Bearer","id_token":")" + std::string(token) + "\"}");
    }

    void serve_person(std::string_view sub = "person-1") {
        transport.expect("GET", info_url)
            .reply(200, R"({"sub":")" + std::string(sub) + R"(","preferred_username":"nferro"})");
    }

    /// `ok` or the word of the refusal.
    std::string finish(login_start const& start, std::string_view more = "&code=c-1") {
        std::string query = "state=" + parameter(start.location, "state") + std::string(more);
        login_callback back(std::move(query), start.attempt);
        auto const done = run(engine.finish_login("oidc", std::move(back)));
        return verdict(done);
    }

    /// A login whose ID token is `token`, without keys or person served.
    std::string finish_with(login_start const& start, std::string_view token) {
        serve_token(token);
        return finish(start);
    }

    /// Logs in well; the documents are served by the caller if they are to be fetched.
    std::string log_in() {
        auto const start = begin();
        if (!start) return verdict(start);
        serve_token(signed_with_k1(claims(*start)));
        serve_person();
        return finish(*start);
    }
};

} // namespace

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
    bench.transport.expect("GET", "https://typed.example/me").reply(200, R"({"sub":"person-1","preferred_username":"n"})");
    BOOST_TEST(bench.finish(start) == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
    for (auto const& one : bench.transport.requests())
        BOOST_TEST((one.request.origin == url_origin::provider) == one.request.url.starts_with("https://internal.example/"),
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

BOOST_AUTO_TEST_CASE(endpoints_set_by_hand_need_no_metadata) {
    openid_bench bench([](settings& text) {
        text.authorization_url = "https://op.example/auth";
        text.token_url = "https://op.example/token";
        text.user_info_url = info_url;
        text.jwks_url = keys_url;
    });
    bench.serve_keys();
    BOOST_TEST(bench.log_in() == "ok");
    BOOST_TEST(bench.transport.mismatch() == "");
}

BOOST_AUTO_TEST_SUITE_END()
