// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/json_web_signature.hpp"

#include "support/oidc_provider.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using authmod_test::ec_signer;
using authmod_test::hmac_jws;
using authmod_test::jose_signer;
using authmod_test::jwks;
using authmod_test::rsa_signer;
using authmod_test::usual_keys;
using authmod_test::verdict;
using enum signature_algorithm;

BOOST_AUTO_TEST_SUITE(json_web_signature_)

std::string check(std::string_view text, key_set const& keys = usual_keys(),
                  algorithm_set allowed = algorithm_set::all()) {
    return verdict(verify_compact_jws(text, keys, allowed));
}

std::string with_header(std::string_view header) { return rsa_signer().jws(rs256, header, "payload"); }

BOOST_AUTO_TEST_CASE(d2_every_algorithm_verifies_where_it_is_allowed_and_nowhere_else) {
    for (auto const& signer : {rsa_signer(), ec_signer(), jose_signer::ec(key_type::ec_p384),
                               jose_signer::ec(key_type::ec_p521), jose_signer::ed25519()}) {
        auto const keys = key_set::parse(jwks({signer.jwk(R"("kid":"k")")})).value();
        for (int i = 0; i != 10; ++i) {
            auto const algorithm = static_cast<signature_algorithm>(i);
            if (!fits(signer.type(), algorithm)) continue;
            auto const header = R"({"alg":")" + std::string(to_word(algorithm)) + R"(","kid":"k","typ":"JWT"})";
            auto const text = signer.jws(algorithm, header, "payload");
            BOOST_TEST_CONTEXT(header) {
                auto const jws = verify_compact_jws(text, keys, {algorithm}).value();
                BOOST_TEST(jws.payload == "payload");
                BOOST_TEST(jws.header.key_id == "k");
                BOOST_TEST(jws.header.type == "JWT");
                BOOST_TEST((jws.header.algorithm == algorithm));
                algorithm_set others;
                for (int j = 0; j != 10; ++j)
                    if (j != i) others.insert(static_cast<signature_algorithm>(j));
                BOOST_TEST(check(text, keys, others) == "jwt_algorithm_refused");
                BOOST_TEST(check(text, keys, {}) == "jwt_algorithm_refused");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(d2_a_header_that_names_another_algorithm_than_the_signature_s_fails) {
    for (auto header : {R"({"alg":"RS384","kid":"k1"})", R"({"alg":"PS256","kid":"k1"})"})
        BOOST_TEST(check(with_header(header)) == "jwt_signature_bad", header);
    for (auto header : {R"({"alg":"ES256","kid":"k1"})", R"({"alg":"EdDSA","kid":"k1"})"}) // no such key
        BOOST_TEST(check(with_header(header)) == "jwt_key_unknown", header);
}

BOOST_AUTO_TEST_CASE(d2_none_and_missing_algorithms_are_refused) {
    auto const unsigned_token = [](std::string_view header) { return base64url_encode(header) + ".cGF5bG9hZA."; };
    for (auto alg : {"none", "None", "NONE", "nOnE", "", "HS256", "RS1", "ES256K"}) {
        auto const header = R"({"alg":")" + std::string(alg) + R"(","kid":"k1"})";
        BOOST_TEST(check(unsigned_token(header)) == "jwt_algorithm_refused", alg);
        BOOST_TEST(check(with_header(header)) == "jwt_algorithm_refused", alg);
    }
    for (auto header : {R"({"kid":"k1"})", R"({"alg":null,"kid":"k1"})", R"({"alg":["RS256"],"kid":"k1"})",
                        R"({"Alg":"RS256"})", R"({"alg":5})", R"({"alg":{"RS256":1}})"}) {
        BOOST_TEST(check(unsigned_token(header)) == "jwt_malformed", header);
        BOOST_TEST(check(with_header(header)) == "jwt_malformed", header);
    }
}

BOOST_AUTO_TEST_CASE(d2_a_public_key_is_no_hmac_key) {
    auto const jwk = rsa_signer().jwk(R"("kid":"k1","use":"sig")");
    for (std::string const& shared : {jwk, rsa_signer().number("n"), std::string("k1"), std::string(1, '\0')})
        for (auto alg : {"HS256", "RS256"})
            BOOST_TEST(check(hmac_jws(std::string(R"({"kid":"k1","alg":")") + alg + R"("})", "payload", shared)) !=
                       "ok");
}

BOOST_AUTO_TEST_CASE(d3_keys_and_addresses_in_the_header_are_not_looked_at) {
    auto const evil = jose_signer::rsa();
    for (std::string const& member :
         {R"("jwk":)" + evil.jwk(), std::string(R"("jku":"https://evil.example/keys")"),
          std::string(R"("x5u":"https://evil.example/cert")"), std::string(R"("x5c":["MIIB"])"),
          std::string(R"("x5t":"a")"), std::string(R"("jwk":1,"jku":2,"x5u":3,"x5c":4)")}) {
        BOOST_TEST(check(with_header(R"({"alg":"RS256","kid":"k1",)" + member + "}")) == "ok", member);
        BOOST_TEST(check(evil.jws(rs256, R"({"alg":"RS256","kid":"k1",)" + member + "}", "payload")) ==
                   "jwt_signature_bad");
        BOOST_TEST(check(evil.jws(rs256, R"({"alg":"RS256",)" + member + "}", "payload")) == "jwt_signature_bad");
    }
}

BOOST_AUTO_TEST_CASE(d3_crit_and_b64_are_refused) {
    for (auto member :
         {R"("crit":["exp"])", R"("crit":["b64"],"b64":false)", R"("crit":["b64"],"b64":true)", R"("b64":false)",
          R"("b64":true)", R"("crit":[])", R"("crit":null)", R"("crit":"exp")", R"("crit":["alg"])"})
        BOOST_TEST(check(with_header(std::string(R"({"alg":"RS256","kid":"k1",)") + member + "}")) == "jwt_malformed",
                   member);
}

BOOST_AUTO_TEST_CASE(c6_a_header_that_repeats_a_name_or_is_no_object_is_refused) {
    for (auto header :
         {R"({"alg":"RS256","kid":"k1","kid":"k1"})", R"({"alg":"RS256","alg":"none"})",
          R"({"alg":"none","\u0061lg":"RS256"})", R"({"alg":"RS256","x":{"a":1,"a":2}})", "[]", "null", R"("RS256")",
          "", R"({"alg":"RS256")", R"({"alg":"RS256"}{})", R"({"alg":"RS256","kid":1})",
          R"({"alg":"RS256","typ":["JWT"]})", "{\"alg\":\"RS256\",\"kid\":\"\xff\"}", R"({"alg":"RS256","kid":null})"})
        BOOST_TEST(check(with_header(header)) == "jwt_malformed", header);
    BOOST_TEST(check(with_header(" {\"kid\" : \"k1\",\r\n\t\"alg\":\"\\u0052S256\"} ")) == "ok");
}

BOOST_AUTO_TEST_CASE(the_compact_form_is_strict) {
    auto const good = with_header(R"({"alg":"RS256","kid":"k1"})");
    BOOST_TEST(check(good) == "ok");
    auto const first = good.find('.'), second = good.rfind('.');
    auto const head = good.substr(0, first), body = good.substr(first + 1, second - first - 1),
               tail = good.substr(second + 1);
    for (std::string const& bad :
         {std::string(), std::string("."), std::string(".."), std::string("..."), head, head + "." + body, good + ".",
          "." + good, good + "." + tail, good + "=", head + "=." + body + "." + tail, head + "." + body + "=." + tail,
          good + "\n", " " + good, head + " ." + body + "." + tail, "." + body + "." + tail,
          head + "." + body + std::string("\0.", 2) + tail, std::string(R"({"payload":"cA","signatures":[]})"),
          head + "." + body + "?." + tail})
        BOOST_TEST(check(bad) == "jwt_malformed", bad);
    BOOST_TEST(check(head + "." + body + ".") == "jwt_signature_bad");
    BOOST_TEST(check(head + ".." + tail) == "jwt_signature_bad");
    auto stray = body; // "payload" ends in a character with two bits to spare
    stray.back() = static_cast<char>(stray.back() + 1);
    BOOST_TEST(check(head + "." + stray + "." + tail) == "jwt_malformed");
}

BOOST_AUTO_TEST_CASE(an_empty_payload_can_be_signed) {
    BOOST_TEST(check(rsa_signer().jws(rs256, R"({"alg":"RS256","kid":"k1"})", "")) == "ok");
}

BOOST_AUTO_TEST_CASE(k2_a_token_is_at_most_16_kib_long) {
    auto const text = [](std::size_t payload) {
        return rsa_signer().jws(rs256, R"({"alg":"RS256","kid":"k1"})", std::string(payload, 'x'));
    };
    auto const overhead = text(0).size();
    auto const most = (max_jws_bytes - overhead) / 4 * 3;
    BOOST_TEST(check(text(most)) == "ok");
    BOOST_TEST(check(text(most + 4)) == "jwt_malformed");
}

BOOST_AUTO_TEST_CASE(d4_an_unknown_key_is_told_apart) {
    auto const other = with_header(R"({"alg":"RS256","kid":"k2"})");
    BOOST_TEST(check(other) == "jwt_key_unknown");
    BOOST_TEST(fresh_keys_may_help(errc::jwt_key_unknown));
    BOOST_TEST(fresh_keys_may_help(errc::jwt_signature_bad));
    for (auto code : {errc::jwt_malformed, errc::jwt_algorithm_refused, errc::jwt_expired, errc::issuer_mismatch})
        BOOST_TEST(!fresh_keys_may_help(code));
    auto const rotated = key_set::parse(jwks({rsa_signer().jwk(R"("kid":"k2")")})).value();
    BOOST_TEST(check(other, rotated) == "ok");
}

BOOST_AUTO_TEST_CASE(what_we_sign_verifies) {
    auto const key = signing_key::generate().value();
    auto const jwk = R"({"kty":"EC","crv":"P-256","x":")" + base64url_encode(key.x()) + R"(","y":")" +
                     base64url_encode(key.y()) + R"("})";
    auto const keys = key_set::parse(jwks({jwk})).value();
    auto const text = sign_compact_jws(key, R"({"alg":"ES256"})", R"({"a":1})");
    BOOST_TEST(verify_compact_jws(text, keys, {es256}).value().payload == R"({"a":1})");
}

BOOST_AUTO_TEST_SUITE_END()
