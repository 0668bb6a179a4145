// What the OpenID Foundation's conformance suite asks of a relying party with the code flow, re-made as far as values
// can show it: its plans basic (14 modules), config (6), refresh token (3) and back-channel logout (8), by the suite's
// names.
#include "authmod/flow/document_cache.hpp"
#include "authmod/protocol/authorization_request.hpp"
#include "authmod/protocol/discovery.hpp"
#include "authmod/protocol/end_session.hpp"
#include "authmod/protocol/id_token.hpp"
#include "authmod/protocol/kept_tokens.hpp"
#include "authmod/protocol/logout_token.hpp"
#include "authmod/protocol/token_request.hpp"
#include "authmod/protocol/token_response.hpp"
#include "authmod/protocol/user_info.hpp"

#include "support/oidc_provider.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using namespace authmod_test;
using enum signature_algorithm;

BOOST_AUTO_TEST_SUITE(relying_party_conformance)

/// What a login makes of an ID token in the token endpoint's answer.
std::string log_in(std::string_view jwt, key_set const& keys = usual_keys()) {
    http_response const answer(200, R"({"access_token":"access-token","token_type":"Bearer","id_token":")" +
                                        std::string(jwt) + R"("})");
    auto const tokens = read_token_response(answer).value();
    return verdict(read_id_token(tokens.id_token.expose(), keys, usual_rules(),
                                 {oidc_nonce, {}, tokens.access_token.expose()}, oidc_now));
}

// oidcc-client-basic-certification-test-plan

BOOST_AUTO_TEST_CASE(basic_client_test) {
    authorization_request request;
    request.authorization_url = "https://op.example/authorize";
    request.client_id = oidc_client;
    request.scope = "openid";
    request.nonce = oidc_nonce;
    BOOST_TEST(request.to_url().find("response_type=code&") != std::string::npos);
    BOOST_TEST(request.to_url().find("&nonce=nonce-of-this-login") != std::string::npos);
    BOOST_TEST(log_in(signed_with_k1(good_id_claims())) == "ok");
}

BOOST_AUTO_TEST_CASE(basic_invalid_iss) {
    BOOST_TEST(log_in(signed_with_k1(good_id_claims().with("iss", quoted("https://op.example/other")))) ==
               "issuer_mismatch:iss");
}

BOOST_AUTO_TEST_CASE(basic_missing_sub) {
    BOOST_TEST(log_in(signed_with_k1(good_id_claims().without("sub"))) == "jwt_claim_refused:sub");
}

BOOST_AUTO_TEST_CASE(basic_invalid_aud) {
    BOOST_TEST(log_in(signed_with_k1(good_id_claims().with("aud", quoted("client-1-other")))) ==
               "jwt_audience_refused:aud");
}

BOOST_AUTO_TEST_CASE(basic_missing_iat) {
    BOOST_TEST(log_in(signed_with_k1(good_id_claims().without("iat"))) == "jwt_claim_refused:iat");
}

BOOST_AUTO_TEST_CASE(basic_kid_absent_single_jwks) {
    BOOST_TEST(log_in(signed_with_k1(good_id_claims(), R"({"alg":"RS256"})")) == "ok");
}

BOOST_AUTO_TEST_CASE(basic_kid_absent_multiple_jwks) {
    // The suite lets a client refuse or try them all. Here it is refused: Core 10.1 demands a kid.
    auto const several =
        key_set::parse(jwks({rsa_signer(0).jwk(R"("kid":"k1")"), rsa_signer(1).jwk(R"("kid":"k2")")})).value();
    BOOST_TEST(log_in(signed_with_k1(good_id_claims(), R"({"alg":"RS256"})"), several) == "jwt_key_unknown");
}

BOOST_AUTO_TEST_CASE(basic_idtoken_sig_rs256) {
    BOOST_TEST(log_in(signed_with_k1(good_id_claims(), R"({"typ":"JWT","alg":"RS256","kid":"k1"})")) == "ok");
}

BOOST_AUTO_TEST_CASE(basic_idtoken_sig_none) {
    auto const unsigned_token =
        base64url_encode(R"({"alg":"none"})") + '.' + base64url_encode(good_id_claims().text()) + '.';
    BOOST_TEST(log_in(unsigned_token) == "jwt_algorithm_refused");
}

BOOST_AUTO_TEST_CASE(basic_invalid_sig_rs256) {
    auto jwt = signed_with_k1(good_id_claims());
    jwt[jwt.size() - 20] = jwt[jwt.size() - 20] == 'A' ? 'B' : 'A';
    BOOST_TEST(log_in(jwt) == "jwt_signature_bad");
}

BOOST_AUTO_TEST_CASE(basic_userinfo_invalid_sub) {
    BOOST_TEST(verdict(check_user_info_subject(R"({"sub":"person-1invalid","name":"Mallory"})", "person-1")) ==
               "subject_mismatch:sub");
    BOOST_TEST(verdict(check_user_info_subject(R"({"sub":"person-1","name":"A"})", "person-1")) == "ok");
}

BOOST_AUTO_TEST_CASE(basic_nonce_invalid) {
    BOOST_TEST(log_in(signed_with_k1(good_id_claims().with("nonce", quoted("nonce-of-this-login1")))) ==
               "nonce_mismatch:nonce");
}

BOOST_AUTO_TEST_CASE(basic_scope_userinfo_claims) {
    authorization_request request;
    request.authorization_url = "https://op.example/authorize";
    request.scope = "openid profile email";
    BOOST_TEST(request.to_url().find("scope=openid%20profile%20email") != std::string::npos);
    auto const asked = user_info_request("https://op.example/me", secret("access-token"));
    BOOST_TEST((asked.headers.back() == http_header("Authorization", "Bearer access-token")));
}

BOOST_AUTO_TEST_CASE(basic_client_secret_basic) {
    auto const request = token_request_for_code({"client-1", secret("pw")}, "https://op.example/token", secret("c"),
                                                "https://app.example/callback/m", secret());
    BOOST_TEST((request.headers.back() == http_header("Authorization", "Basic Y2xpZW50LTE6cHc=")));
    BOOST_TEST(request.body.find("client_secret") == std::string::npos);
}

// oidcc-client-config-certification-test-plan

std::string discovery_document(std::string_view issuer = oidc_issuer) {
    return R"({"issuer":")" + std::string(issuer) +
           R"(","authorization_endpoint":"https://op.example/authorize","token_endpoint":"https://op.example/token",)"
           R"("jwks_uri":"https://op.example/jwks","response_types_supported":["code"],)"
           R"("subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]})";
}

BOOST_AUTO_TEST_CASE(config_discovery_openid_config) {
    BOOST_TEST(discovery_url(oidc_issuer) == "https://op.example/.well-known/openid-configuration");
    BOOST_TEST(verdict(parse_discovery(discovery_document(), oidc_issuer)) == "ok");
}

BOOST_AUTO_TEST_CASE(config_discovery_jwks_uri_keys) {
    auto const found = parse_discovery(discovery_document(), oidc_issuer).value();
    BOOST_TEST(metadata_request(found.jwks_uri).url == "https://op.example/jwks");
    auto const keys = key_set::parse(jwks({rsa_signer().jwk(R"("kid":"k1","use":"sig","alg":"RS256")")})).value();
    BOOST_TEST(log_in(signed_with_k1(good_id_claims()), keys) == "ok");
}

BOOST_AUTO_TEST_CASE(config_discovery_issuer_mismatch) {
    BOOST_TEST(verdict(parse_discovery(discovery_document("https://op.example/INVALID"), oidc_issuer)) ==
               "issuer_mismatch:issuer");
}

BOOST_AUTO_TEST_CASE(config_idtoken_sig_none) {
    auto const found = parse_discovery(discovery_document(), oidc_issuer).value();
    auto rules = usual_rules();
    rules.algorithms = found.id_token_algorithms;
    auto const unsigned_token =
        base64url_encode(R"({"alg":"none"})") + '.' + base64url_encode(good_id_claims().text()) + '.';
    BOOST_TEST(verdict(read_id_token(unsigned_token, usual_keys(), rules, this_login(), oidc_now)) ==
               "jwt_algorithm_refused");
}

/// A login that asks the cache for keys, and once more if the token names others. `published` is what the provider has.
std::string log_in_with(document_cache<key_set>& cache, std::string_view jwt, std::string const& published,
                        time_point now) {
    using verdict_of_cache = document_cache<key_set>::verdict;
    auto answer = cache.ask(now);
    auto const fetch = [&] {
        if (answer.what != verdict_of_cache::fetch) return;
        cache.fetched(key_set::parse(published).value(), now);
        answer = cache.ask(now);
    };
    fetch();
    auto token = read_id_token(jwt, *answer.document, usual_rules(), this_login(), now);
    if (token || !fresh_keys_may_help(token.error().code)) return verdict(token);
    answer = cache.ask_again(answer.generation, now);
    if (answer.what == verdict_of_cache::unavailable) return verdict(token);
    fetch();
    return verdict(read_id_token(jwt, *answer.document, usual_rules(), this_login(), now));
}

BOOST_AUTO_TEST_CASE(config_signing_key_rotation_just_before_signing) {
    document_cache<key_set> cache;
    auto const old_keys = jwks({rsa_signer(0).jwk(R"("kid":"k1")")});
    auto const new_keys = jwks({rsa_signer(1).jwk(R"("kid":"k2")")});
    BOOST_TEST(log_in_with(cache, signed_with_k1(good_id_claims()), old_keys, oidc_now) == "ok");
    auto const later = oidc_now + std::chrono::seconds(2);
    auto const rotated = rsa_signer(1).jws(rs256, R"({"alg":"RS256","kid":"k2"})", good_id_claims().text());
    BOOST_TEST(log_in_with(cache, rotated, new_keys, later) == "ok");
}

BOOST_AUTO_TEST_CASE(config_signing_key_rotation) {
    document_cache<key_set> cache;
    auto const both = jwks({rsa_signer(0).jwk(R"("kid":"k1")"), rsa_signer(1).jwk(R"("kid":"k2")")});
    BOOST_TEST(log_in_with(cache, signed_with_k1(good_id_claims()), jwks({rsa_signer(0).jwk(R"("kid":"k1")")}),
                           oidc_now) == "ok");
    auto const rotated = rsa_signer(1).jws(rs256, R"({"alg":"RS256","kid":"k2"})", good_id_claims().text());
    BOOST_TEST(log_in_with(cache, rotated, both, oidc_now + std::chrono::minutes(2)) == "ok");
    BOOST_TEST(log_in_with(cache, signed_with_k1(good_id_claims()), both, oidc_now + std::chrono::minutes(2)) == "ok");
    // A key that changed under its old name is found, too.
    auto const same_name = rsa_signer(1).jws(rs256, R"({"alg":"RS256","kid":"k1"})", good_id_claims().text());
    auto const swapped = jwks({rsa_signer(1).jwk(R"("kid":"k1")")});
    BOOST_TEST(log_in_with(cache, same_name, swapped, oidc_now + std::chrono::minutes(4)) == "ok");
}

// oidcc-client-refreshtoken-test-plan

std::string refresh_with(json_members const& claims) {
    auto const kept = keep_tokens(
        read_token_response(http_response(200, R"({"access_token":"a1","token_type":"Bearer","refresh_token":"r1"})"))
            .value(),
        "openid", oidc_now);
    BOOST_TEST(
        token_request_for_refresh({"client-1", secret("pw")}, "https://op.example/token", kept.refresh_token).body ==
        "grant_type=refresh_token&refresh_token=r1");
    http_response const answer(200, R"({"access_token":"a2","token_type":"Bearer","refresh_token":"r2","id_token":")" +
                                        signed_with_k1(claims) + R"("})");
    auto const fresh = read_token_response(answer, token_grant::refresh_token).value();
    auto const token = read_id_token(fresh.id_token.expose(), usual_keys(), usual_rules(),
                                     {{}, "person-1", fresh.access_token.expose()}, oidc_now);
    if (token) BOOST_TEST(after_refresh(kept, fresh, oidc_now).refresh_token.expose() == "r2");
    return verdict(token);
}

BOOST_AUTO_TEST_CASE(refresh_refresh_token) { BOOST_TEST(refresh_with(good_id_claims().without("nonce")) == "ok"); }

BOOST_AUTO_TEST_CASE(refresh_invalid_issuer) {
    BOOST_TEST(refresh_with(good_id_claims().with("iss", quoted("https://op.example/INVALID"))) ==
               "issuer_mismatch:iss");
}

BOOST_AUTO_TEST_CASE(refresh_invalid_sub) {
    BOOST_TEST(refresh_with(good_id_claims().with("sub", quoted("person-1-INVALID"))) == "subject_mismatch:sub");
}

// oidcc-client-backchannel-logout-rp-basic

std::string log_out(json_members const& claims) {
    return verdict(read_logout_token(signed_with_k1(claims), usual_keys(), usual_rules(), oidc_now));
}

BOOST_AUTO_TEST_CASE(backchannel_logout) {
    end_session_request logout;
    logout.end_session_endpoint = "https://op.example/logout";
    logout.id_token_hint = secret("x.y.z");
    logout.post_logout_redirect_uri = "https://app.example/";
    logout.state = "s";
    BOOST_TEST(
        logout.to_url() ==
        "https://op.example/logout?id_token_hint=x.y.z&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&state=s");
    BOOST_TEST(log_out(good_logout_claims()) == "ok");
}

BOOST_AUTO_TEST_CASE(backchannel_logout_alg_none) {
    auto const unsigned_token =
        base64url_encode(R"({"alg":"none"})") + '.' + base64url_encode(good_logout_claims().text()) + '.';
    BOOST_TEST(verdict(read_logout_token(unsigned_token, usual_keys(), usual_rules(), oidc_now)) ==
               "jwt_algorithm_refused");
}

BOOST_AUTO_TEST_CASE(backchannel_logout_no_event) {
    BOOST_TEST(log_out(good_logout_claims().without("events")) == "logout_token_refused:events");
}

BOOST_AUTO_TEST_CASE(backchannel_logout_with_nonce) {
    BOOST_TEST(log_out(good_logout_claims().with("nonce", quoted("n"))) == "logout_token_refused:nonce");
}

BOOST_AUTO_TEST_CASE(backchannel_logout_wrong_alg) {
    auto const keys =
        key_set::parse(jwks({rsa_signer().jwk(R"("kid":"k1")"), ec_signer().jwk(R"("kid":"e1")")})).value();
    auto const other = ec_signer().jws(es256, R"({"alg":"ES256","kid":"e1"})", good_logout_claims().text());
    BOOST_TEST(verdict(read_logout_token(other, keys, usual_rules(), oidc_now)) == "jwt_algorithm_refused");
}

BOOST_AUTO_TEST_CASE(backchannel_logout_wrong_aud) {
    BOOST_TEST(log_out(good_logout_claims().with("aud", quoted("client-1-INVALID"))) == "jwt_audience_refused:aud");
}

BOOST_AUTO_TEST_CASE(backchannel_logout_wrong_event) {
    BOOST_TEST(log_out(good_logout_claims().with("events", R"({"http://schemas.openid.net/event/wrong":{}})")) ==
               "logout_token_refused:events");
}

BOOST_AUTO_TEST_CASE(backchannel_logout_wrong_issuer) {
    BOOST_TEST(log_out(good_logout_claims().with("iss", quoted("https://op.example/INVALID"))) ==
               "issuer_mismatch:iss");
}

BOOST_AUTO_TEST_SUITE_END()
