// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/dpop.hpp"

#include "authmod/protocol/token_response.hpp"
#include "authmod/protocol/user_info.hpp"
#include "support/oidc_provider.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using authmod_test::oidc_now;
using authmod_test::oidc_seconds;

BOOST_AUTO_TEST_SUITE(dpop)

/// RFC 9449 figure 2's key is not published with its private part; RFC 7515 A.3's is.
signing_key key() {
    return signing_key::from_private_bytes(base64url_decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI").value())
        .value();
}

/// A server's check of a proof: the key of the header signed it. Gives header and payload.
std::pair<boost::json::value, boost::json::value> opened(std::string const& proof) {
    auto const header = boost::json::parse(base64url_decode(proof.substr(0, proof.find('.'))).value());
    auto const keys = key_set::parse(R"({"keys":[)" + boost::json::serialize(header.at("jwk")) + "]}").value();
    auto const jws = verify_compact_jws(proof, keys, {signature_algorithm::es256}).value();
    return {header, boost::json::parse(jws.payload)};
}

BOOST_AUTO_TEST_CASE(a_proof_for_the_token_endpoint_names_the_request) {
    auto const [header, payload] =
        opened(dpop_proof(key(), "POST", "https://op.example/token?tenant=1", {"id-1", oidc_now, {}, {}}));
    BOOST_TEST(header.as_object().size() == 3u);
    BOOST_TEST(header.at("typ").as_string() == "dpop+jwt");
    BOOST_TEST(header.at("alg").as_string() == "ES256");
    BOOST_TEST(
        boost::json::serialize(header.at("jwk")) ==
        R"({"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})");
    BOOST_TEST(payload.as_object().size() == 4u);
    BOOST_TEST(payload.at("jti").as_string() == "id-1");
    BOOST_TEST(payload.at("htm").as_string() == "POST");
    BOOST_TEST(payload.at("htu").as_string() == "https://op.example/token"); // without its query
    BOOST_TEST(payload.at("iat").as_int64() == oidc_seconds);
}

BOOST_AUTO_TEST_CASE(a_proof_for_a_resource_names_the_token_and_the_nonce) {
    auto const [header, payload] =
        opened(dpop_proof(key(), "GET", "https://op.example/me",
                          {"id-2", oidc_now, "nonce-1", "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"}));
    BOOST_TEST(payload.at("ath").as_string() == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"); // RFC 9449 7.1
    BOOST_TEST(payload.at("nonce").as_string() == "nonce-1");
    BOOST_TEST(payload.as_object().size() == 6u);
}

BOOST_AUTO_TEST_CASE(the_thumbprint_is_that_of_rfc_7638) {
    // sha256 of the JSON above, made by another program.
    BOOST_TEST(dpop_thumbprint(key()) == "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
}

BOOST_AUTO_TEST_CASE(a_request_carries_one_proof_and_the_scheme_of_bound_tokens) {
    auto request = user_info_request("https://op.example/me", secret("token-1"));
    add_dpop_proof(request, key(), {"id-1", oidc_now, {}, "token-1"});
    add_dpop_proof(request, key(), {"id-2", oidc_now, "nonce-1", "token-1"}); // asked for a nonce
    int proofs = 0;
    std::string authorization;
    for (auto const& h : request.headers) {
        if (h.name == "DPoP") {
            ++proofs;
            BOOST_TEST(opened(h.value).second.at("jti").as_string() == "id-2");
        }
        if (h.name == "Authorization") authorization += h.value;
    }
    BOOST_TEST(proofs == 1);
    BOOST_TEST(authorization == "DPoP token-1");
}

BOOST_AUTO_TEST_CASE(the_client_s_own_authorization_stays_at_the_token_endpoint) {
    http_request request("POST", "https://op.example/token");
    request.set("Authorization", "Basic aWQ6cHc=");
    add_dpop_proof(request, key(), {"id-1", oidc_now, {}, {}});
    BOOST_TEST(request.headers.size() == 2u);
    BOOST_TEST(request.headers[0].value == "Basic aWQ6cHc=");
}

http_response answer(int status, std::string body, std::string_view nonce, std::string_view challenge = {}) {
    http_response out(status, std::move(body));
    if (!nonce.empty()) out.headers.emplace_back("dpop-nonce", nonce);
    if (!challenge.empty()) out.headers.emplace_back("WWW-Authenticate", challenge);
    return out;
}

BOOST_AUTO_TEST_CASE(a_nonce_is_taken_where_the_server_asks_for_it) {
    auto const wanted = answer(400, R"({"error":"use_dpop_nonce"})", "n1");
    BOOST_TEST(wants_dpop_nonce(wanted));
    BOOST_TEST(dpop_nonce_of(wanted) == "n1");
    BOOST_TEST(wants_dpop_nonce(answer(401, "", "n1", R"(DPoP error="use_dpop_nonce", error_description="x")")));
    BOOST_TEST(wants_dpop_nonce(answer(401, R"({"error":"use_dpop_nonce"})", "n1")));

    BOOST_TEST(!wants_dpop_nonce(answer(400, R"({"error":"use_dpop_nonce"})", "")));
    BOOST_TEST(!wants_dpop_nonce(answer(400, R"({"error":"invalid_grant"})", "n1")));
    BOOST_TEST(!wants_dpop_nonce(answer(400, R"({"error":"invalid_dpop_proof"})", "n1")));
    BOOST_TEST(!wants_dpop_nonce(answer(400, "use_dpop_nonce", "n1")));
    BOOST_TEST(!wants_dpop_nonce(answer(200, R"({"error":"use_dpop_nonce"})", "n1")));
    BOOST_TEST(!wants_dpop_nonce(answer(500, R"({"error":"use_dpop_nonce"})", "n1")));
    BOOST_TEST(!wants_dpop_nonce(answer(401, "", "n1", "Bearer")));
}

BOOST_AUTO_TEST_CASE(a_nonce_that_could_break_out_of_the_proof_is_none) {
    for (std::string const& bad : {std::string("a\"b"), std::string("a\\b"), std::string("a b"), std::string("a\x01"),
                                   std::string("caf\xc3\xa9"), std::string(1025, 'n')})
        BOOST_TEST(dpop_nonce_of(answer(200, "", bad)).empty());
    BOOST_TEST(dpop_nonce_of(answer(200, "", std::string(1024, 'n'))).size() == 1024u);
    BOOST_TEST(dpop_nonce_of(answer(200, "", "")).empty());
}

BOOST_AUTO_TEST_CASE(c4_bound_tokens_say_that_they_are) {
    auto const word = [](std::string_view type, token_scheme scheme) {
        http_response const response(200, R"({"access_token":"a","token_type":")" + std::string(type) + R"("})");
        auto const r = read_token_response(response, token_grant::authorization_code, scheme);
        return r ? std::string_view("ok") : to_word(r.error().code);
    };
    BOOST_TEST(word("DPoP", token_scheme::dpop) == "ok");
    BOOST_TEST(word("dpop", token_scheme::dpop) == "ok");
    BOOST_TEST(word("Bearer", token_scheme::dpop) == "token_type_refused"); // a token that anybody could use
    BOOST_TEST(word("DPoP", token_scheme::bearer) == "token_type_refused");
}

BOOST_AUTO_TEST_SUITE_END()
