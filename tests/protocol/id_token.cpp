// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/id_token.hpp"

#include "support/oidc_provider.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using namespace authmod_test;

BOOST_AUTO_TEST_SUITE(id_token_)

std::string check(json_members const& claims, id_token_expectation const& expected = this_login()) {
    return verdict(read_id_token(signed_with_k1(claims), usual_keys(), usual_rules(), expected, oidc_now));
}

std::string with(std::string_view name, std::string_view value) { return check(good_id_claims().with(name, value)); }

BOOST_AUTO_TEST_CASE(a_good_token_says_who_logged_in) {
    auto const claims = good_id_claims().with("sid", quoted("session-1")).with("email", quoted("a@x.example"));
    auto const token =
        read_id_token(signed_with_k1(claims), usual_keys(), usual_rules(), this_login(), oidc_now).value();
    BOOST_TEST(token.subject == "person-1");
    BOOST_TEST(token.session_id == "session-1");
    BOOST_TEST((token.issued_at == oidc_now));
    BOOST_TEST((token.expires_at == oidc_now + std::chrono::seconds(300)));
    BOOST_TEST(token.claims == claims.text());
}

BOOST_AUTO_TEST_CASE(d5_the_nonce_is_that_of_the_login) {
    for (auto nonce : {R"("")", R"("another")", R"("nonce-of-this-login ")", R"("Nonce-of-this-login")", "null", "1",
                       R"(["nonce-of-this-login"])"})
        BOOST_TEST(with("nonce", nonce) == "nonce_mismatch:nonce", nonce);
    BOOST_TEST(check(good_id_claims().without("nonce")) == "nonce_mismatch:nonce");
}

BOOST_AUTO_TEST_CASE(d5_the_subject_is_a_text_of_1_to_255_bytes) {
    BOOST_TEST(with("sub", quoted(std::string(255, 's'))) == "ok");
    for (std::string const& sub : {quoted(""), quoted(std::string(256, 's')), std::string("null"), std::string("1"),
                                   std::string("[\"person-1\"]"), std::string("{}"), std::string("true")})
        BOOST_TEST(with("sub", sub) == "jwt_claim_refused:sub", sub.substr(0, 20));
    BOOST_TEST(check(good_id_claims().without("sub")) == "jwt_claim_refused:sub");
}

BOOST_AUTO_TEST_CASE(d5_at_hash_names_the_access_token_if_it_is_there) {
    auto const hash = token_hash(signature_algorithm::rs256, oidc_access_token);
    BOOST_TEST(with("at_hash", quoted(hash)) == "ok");
    for (std::string const& bad :
         {quoted(token_hash(signature_algorithm::rs256, "another")), quoted(""), quoted(hash + "="),
          quoted(token_hash(signature_algorithm::rs512, oidc_access_token)), std::string("null"), std::string("1")})
        BOOST_TEST(with("at_hash", bad) == "jwt_claim_refused:at_hash", bad);
}

BOOST_AUTO_TEST_CASE(d5_at_hash_goes_by_the_algorithm_of_the_token) {
    for (auto const& signer :
         {jose_signer::ec(key_type::ec_p384), jose_signer::ec(key_type::ec_p521), jose_signer::ed25519()}) {
        auto const keys = key_set::parse(jwks({signer.jwk()})).value();
        auto rules = usual_rules();
        rules.algorithms = algorithm_set::all();
        auto const header = R"({"alg":")" + std::string(to_word(signer.algorithm())) + R"("})";
        auto const check_hash = [&](signature_algorithm hashed) {
            auto const claims = good_id_claims().with("at_hash", quoted(token_hash(hashed, oidc_access_token)));
            return verdict(read_id_token(signer.jws(signer.algorithm(), header, claims.text()), keys, rules,
                                         this_login(), oidc_now));
        };
        BOOST_TEST(check_hash(signer.algorithm()) == "ok");
        BOOST_TEST(check_hash(signature_algorithm::rs256) == "jwt_claim_refused:at_hash");
    }
}

BOOST_AUTO_TEST_CASE(tokens_made_for_other_purposes_are_refused) {
    for (auto type : {"at+jwt", "logout+jwt", "dpop+jwt", "application/at+jwt"}) {
        auto const header = R"({"alg":"RS256","kid":"k1","typ":")" + std::string(type) + R"("})";
        BOOST_TEST(verdict(read_id_token(signed_with_k1(good_id_claims(), header), usual_keys(), usual_rules(),
                                         this_login(), oidc_now)) == "jwt_claim_refused:typ",
                   type);
    }
    for (auto type : {"JWT", "jwt", ""}) {
        auto const header = R"({"alg":"RS256","kid":"k1","typ":")" + std::string(type) + R"("})";
        BOOST_TEST(verdict(read_id_token(signed_with_k1(good_id_claims(), header), usual_keys(), usual_rules(),
                                         this_login(), oidc_now)) == "ok",
                   type);
    }
    BOOST_TEST(verdict(read_id_token(signed_with_k1(good_logout_claims()), usual_keys(), usual_rules(), {},
                                     oidc_now)) == "jwt_claim_refused:events");
}

BOOST_AUTO_TEST_CASE(c7_a_refreshed_token_speaks_of_the_same_person) {
    auto const refreshed = good_id_claims().without("nonce");
    BOOST_TEST(check(refreshed, {{}, "person-1", oidc_access_token}) == "ok");
    BOOST_TEST(check(refreshed, {{}, "person-2", oidc_access_token}) == "subject_mismatch:sub");
    BOOST_TEST(check(refreshed.with("iss", quoted("https://other.example")), {{}, "person-1", oidc_access_token}) ==
               "issuer_mismatch:iss");
    BOOST_TEST(check(refreshed.with("exp", "1"), {{}, "person-1", oidc_access_token}) == "jwt_expired:exp");
}

BOOST_AUTO_TEST_CASE(e1_user_info_speaks_of_the_same_person) {
    auto const info = [](std::string_view body) { return verdict(check_user_info_subject(body, "person-1")); };
    BOOST_TEST(info(R"({"sub":"person-1","name":"A"})") == "ok");
    for (auto body :
         {R"({"sub":"person-2"})", R"({"sub":"person-1 "})", R"({"sub":""})", R"({"sub":null})", R"({"sub":1})",
          R"({"sub":["person-1"]})", "{}", R"({"SUB":"person-1"})", R"({"user":{"sub":"person-1"}})"})
        BOOST_TEST(info(body) == "subject_mismatch:sub", body);
    for (auto body : {"", "null", "[]", "<html>", R"({"sub":"person-1","sub":"person-1"})", R"({"sub":"person-1"}x)"})
        BOOST_TEST(info(body) == "profile_malformed", body);
}

BOOST_AUTO_TEST_SUITE_END()
