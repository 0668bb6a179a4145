// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/discovery.hpp"

#include "support/oidc_provider.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using namespace authmod_test;
using enum signature_algorithm;

BOOST_AUTO_TEST_SUITE(discovery)

json_members good() {
    return {{"issuer", quoted(oidc_issuer)},
            {"authorization_endpoint", quoted("https://op.example/authorize")},
            {"token_endpoint", quoted("https://op.example/token")},
            {"jwks_uri", quoted("https://op.example/jwks")},
            {"response_types_supported", R"(["code","id_token"])"},
            {"subject_types_supported", R"(["public"])"},
            {"id_token_signing_alg_values_supported", R"(["RS256"])"}};
}

result<provider_metadata, failure> read(json_members const& document) {
    return parse_discovery(document.text(), oidc_issuer);
}

std::string with(std::string_view name, std::string_view value) { return verdict(read(good().with(name, value))); }

BOOST_AUTO_TEST_CASE(the_least_document_has_defaults) {
    auto const m =
        read(good().without("response_types_supported").without("id_token_signing_alg_values_supported")).value();
    BOOST_TEST(m.issuer == oidc_issuer);
    BOOST_TEST(m.authorization_endpoint == "https://op.example/authorize");
    BOOST_TEST(m.token_endpoint == "https://op.example/token");
    BOOST_TEST(m.jwks_uri == "https://op.example/jwks");
    for (auto const* url : {&m.userinfo_endpoint, &m.end_session_endpoint, &m.revocation_endpoint,
                            &m.pushed_authorization_request_endpoint})
        BOOST_TEST(url->empty());
    BOOST_TEST((m.id_token_algorithms == algorithm_set{rs256}));
    BOOST_TEST(m.dpop_algorithms.empty());
    BOOST_TEST(!m.s256.has_value());
    BOOST_TEST(m.client_secret_basic);
    BOOST_TEST(!m.client_secret_post);
    for (bool flag :
         {m.authorization_response_iss, m.pushed_requests_only, m.backchannel_logout, m.backchannel_logout_session})
        BOOST_TEST(!flag);
}

BOOST_AUTO_TEST_CASE(everything_that_counts_is_read) {
    auto const m =
        read(good()
                 .with("userinfo_endpoint", quoted("https://api.op.example/me"))
                 .with("end_session_endpoint", quoted("https://op.example/logout"))
                 .with("revocation_endpoint", quoted("https://op.example/revoke"))
                 .with("pushed_authorization_request_endpoint", quoted("https://op.example/par"))
                 .with("require_pushed_authorization_requests", "true")
                 .with("id_token_signing_alg_values_supported", R"(["HS256","none","ES256","EdDSA","future"])")
                 .with("dpop_signing_alg_values_supported", R"(["ES256","RS256"])")
                 .with("code_challenge_methods_supported", R"(["plain","S256"])")
                 .with("token_endpoint_auth_methods_supported", R"(["client_secret_post","private_key_jwt"])")
                 .with("authorization_response_iss_parameter_supported", "true")
                 .with("backchannel_logout_supported", "true")
                 .with("backchannel_logout_session_supported", "true")
                 .with("unknown", R"({"a":[1,2,{"b":null}]})"))
            .value();
    BOOST_TEST(m.userinfo_endpoint == "https://api.op.example/me");
    BOOST_TEST(m.end_session_endpoint == "https://op.example/logout");
    BOOST_TEST(m.revocation_endpoint == "https://op.example/revoke");
    BOOST_TEST(m.pushed_authorization_request_endpoint == "https://op.example/par");
    BOOST_TEST((m.id_token_algorithms == algorithm_set{es256, eddsa}));
    BOOST_TEST((m.dpop_algorithms == algorithm_set{es256, rs256}));
    BOOST_TEST(m.s256.value());
    BOOST_TEST(!m.client_secret_basic);
    BOOST_TEST(m.client_secret_post);
    for (bool flag :
         {m.authorization_response_iss, m.pushed_requests_only, m.backchannel_logout, m.backchannel_logout_session})
        BOOST_TEST(flag);
}

BOOST_AUTO_TEST_CASE(pkce_that_is_not_listed_is_told_from_pkce_that_is_not_spoken_of) {
    BOOST_TEST(!read(good().with("code_challenge_methods_supported", R"(["plain"])")).value().s256.value());
    BOOST_TEST(!read(good().with("code_challenge_methods_supported", "[]")).value().s256.value());
    BOOST_TEST(!read(good().with("code_challenge_methods_supported", "null")).value().s256.has_value());
}

BOOST_AUTO_TEST_CASE(j4_the_issuer_is_the_configured_one_byte_for_byte) {
    for (auto issuer : {"https://op.example/", "https://OP.example", "http://op.example", "https://evil.example", ""})
        BOOST_TEST(with("issuer", quoted(issuer)) == "issuer_mismatch:issuer", issuer);
    for (auto issuer : {"null", "1", "[\"https://op.example\"]"})
        BOOST_TEST(with("issuer", issuer) == "issuer_mismatch:issuer");
    BOOST_TEST(verdict(read(good().without("issuer"))) == "issuer_mismatch:issuer");
    BOOST_TEST(read(good().with("issuer", quoted("https://evil.example"))).error().details.provider_said ==
               "https://evil.example");
}

BOOST_AUTO_TEST_CASE(j2_endpoints_pass_the_check_of_all_endpoints) {
    constexpr std::string_view required[] = {"authorization_endpoint", "token_endpoint", "jwks_uri"};
    constexpr std::string_view optional[] = {"userinfo_endpoint", "end_session_endpoint", "revocation_endpoint",
                                             "pushed_authorization_request_endpoint"};
    for (auto name : required) {
        auto const refused = "discovery_malformed:" + std::string(name);
        BOOST_TEST(verdict(read(good().without(name))) == refused);
        BOOST_TEST(with(name, "null") == refused);
    }
    for (auto name : optional) BOOST_TEST(with(name, "null") == "ok");
    for (auto names : {std::span<std::string_view const>(required), std::span<std::string_view const>(optional)})
        for (auto name : names)
            for (auto bad : {R"("")", R"("http://op.example/x")", R"("ftp://op.example")", R"("/relative")",
                             R"("https://a@op.example/")", R"("https://op.example/#x")", R"("javascript:x")",
                             R"("https://op.example/a b")", "1", "[]", R"(["https://op.example/x"])", "true"})
                BOOST_TEST(with(name, bad) == "discovery_malformed:" + std::string(name), name << bad);
}

BOOST_AUTO_TEST_CASE(loopback_http_is_for_those_who_allow_it) {
    auto const document = good()
                              .with("issuer", quoted("http://127.0.0.1:8080"))
                              .with("authorization_endpoint", quoted("http://127.0.0.1:8080/a"))
                              .with("token_endpoint", quoted("http://127.0.0.1:8080/t"))
                              .with("jwks_uri", quoted("http://127.0.0.1:8080/j"))
                              .text();
    BOOST_TEST(verdict(parse_discovery(document, "http://127.0.0.1:8080", true)) == "ok");
    BOOST_TEST(verdict(parse_discovery(document, "http://127.0.0.1:8080")) ==
               "discovery_malformed:authorization_endpoint");
}

BOOST_AUTO_TEST_CASE(members_of_another_type_are_refused) {
    for (auto name : {"authorization_response_iss_parameter_supported", "require_pushed_authorization_requests",
                      "backchannel_logout_supported", "backchannel_logout_session_supported"}) {
        for (auto bad : {"\"true\"", "1", "[]", "{}"})
            BOOST_TEST(with(name, bad) == std::string("discovery_malformed:") + name);
        for (auto good_value : {"true", "false", "null"}) BOOST_TEST(with(name, good_value) == "ok");
    }
    for (auto name :
         {"id_token_signing_alg_values_supported", "dpop_signing_alg_values_supported", "response_types_supported",
          "code_challenge_methods_supported", "token_endpoint_auth_methods_supported"})
        for (auto bad : {"\"S256\"", "1", "{}", "[1]", "[\"S256\",null]", "true"})
            BOOST_TEST(with(name, bad) == std::string("discovery_malformed:") + name, name << bad);
    BOOST_TEST(with("response_types_supported", R"(["id_token"])") == "discovery_malformed:response_types_supported");
}

BOOST_AUTO_TEST_CASE(c6_what_is_no_object_or_repeats_a_name_is_refused) {
    auto const document = good().text();
    auto const inner = document.substr(1, document.size() - 2);
    for (std::string const& bad : {std::string(), std::string("null"), std::string("[]"), std::string("<html></html>"),
                                   document + document, "{" + inner + R"(,"issuer":"https://op.example"})",
                                   "{" + inner + R"(,"token_\u0065ndpoint":"https://evil.example/t"})",
                                   "{" + inner + R"(,"x":{"a":1,"a":1}})"}) {
        auto const r = parse_discovery(bad, oidc_issuer);
        BOOST_TEST(verdict(r) == "discovery_malformed", bad);
        BOOST_TEST(!r.error().details.provider_said.empty()); // why
    }
}

BOOST_AUTO_TEST_CASE(the_document_is_below_the_issuer) {
    BOOST_TEST(discovery_url("https://op.example") == "https://op.example/.well-known/openid-configuration");
    BOOST_TEST(discovery_url("https://op.example/") == "https://op.example/.well-known/openid-configuration");
    BOOST_TEST(discovery_url("https://op.example/realms/a") ==
               "https://op.example/realms/a/.well-known/openid-configuration");
    auto const request = metadata_request(discovery_url("https://op.example"), url_origin::provider);
    BOOST_TEST(request.method == "GET");
    BOOST_TEST((request.origin == url_origin::provider));
    BOOST_TEST(!request.single_use);
    BOOST_TEST(request.body.empty());
    BOOST_TEST((request.headers == std::vector{http_header("Accept", "application/json")}));
}

BOOST_AUTO_TEST_CASE(c3_only_a_200_is_read) {
    auto const word = [](int status) {
        return verdict(judge_metadata_answer(http_response(status, "text"), errc::keys_malformed, "keys"));
    };
    BOOST_TEST(word(200) == "ok");
    for (int status : {0, 201, 204, 400, 401, 403, 404}) BOOST_TEST(word(status) == "keys_malformed");
    for (int status : {301, 302, 307, 308}) BOOST_TEST(word(status) == "redirect_refused");
    BOOST_TEST(word(429) == "provider_rate_limited");
    BOOST_TEST(word(503) == "provider_failed");
    auto const r = judge_metadata_answer(http_response(404, "gone"), errc::discovery_malformed, "discovery");
    BOOST_TEST(r.error().details.text() == "step: discovery, HTTP status 404, the provider said: gone");
}

BOOST_AUTO_TEST_SUITE_END()
