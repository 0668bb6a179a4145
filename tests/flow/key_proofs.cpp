// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/key_proofs.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(key_proofs_suite)

key_proofs proofs() { return {signing_key::generate().value(), secret("seed"), from_milliseconds(1'000'000)}; }

http_request token_request() {
    http_request request("POST", "https://op.example/token");
    request.set("Authorization", "Basic x");
    request.body = "code=c";
    return request;
}

std::string header_of(http_request const& request, std::string_view name) {
    for (auto const& h : request.headers)
        if (h.name == name) return h.value;
    return {};
}

boost::json::value claims_of(http_request const& request) {
    auto const proof = header_of(request, "DPoP");
    auto const first = proof.find('.'), second = proof.rfind('.');
    return boost::json::parse(base64url_decode(proof.substr(first + 1, second - first - 1)).value());
}

http_response wants_nonce(std::string_view nonce) {
    http_response response(400, R"({"error":"use_dpop_nonce"})");
    response.headers.emplace_back("DPoP-Nonce", nonce);
    return response;
}

BOOST_AUTO_TEST_CASE(each_request_has_a_proof_of_its_own) {
    auto with = proofs();
    std::set<std::string> names;
    for (unsigned number = 0; number != 20; ++number)
        names.insert(std::string(claims_of(with.first(number, token_request(), secret())).at("jti").as_string()));
    BOOST_TEST(names.size() == 20u);
    BOOST_TEST(names.begin()->size() == 43u);
}

BOOST_AUTO_TEST_CASE(a_request_for_a_token_keeps_its_client_and_one_with_a_token_shows_it_with_the_proof) {
    auto with = proofs();
    auto const asking = with.first(0, token_request(), secret());
    BOOST_TEST(header_of(asking, "Authorization") == "Basic x");
    BOOST_TEST(!claims_of(asking).as_object().contains("ath"));
    http_request info("GET", "https://op.example/me");
    info.set("Authorization", "Bearer at");
    auto const showing = with.first(1, info, secret("at"));
    BOOST_TEST(header_of(showing, "Authorization") == "DPoP at");
    BOOST_TEST(claims_of(showing).as_object().contains("ath"));
}

BOOST_AUTO_TEST_CASE(a_request_that_lacked_only_the_nonce_is_repeated_once) {
    auto with = proofs();
    auto const first = with.first(0, token_request(), secret());
    auto const again = with.again(0, wants_nonce("n-1"), secret());
    BOOST_REQUIRE(again);
    BOOST_TEST(again->body == first.body);
    BOOST_TEST(claims_of(*again).at("nonce").as_string() == "n-1");
    BOOST_TEST(!(claims_of(*again).at("jti") == claims_of(first).at("jti")));
    BOOST_TEST(!with.again(0, wants_nonce("n-2"), secret()).has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_for_another_reason_repeats_nothing) {
    auto with = proofs();
    for (auto const& answer : {http_response(400, R"({"error":"invalid_grant"})"), http_response(200, "{}"),
                               http_response(400, R"({"error":"use_dpop_nonce"})")}) {
        static_cast<void>(with.first(0, token_request(), secret()));
        BOOST_TEST(!with.again(0, answer, secret()).has_value());
    }
}

BOOST_AUTO_TEST_CASE(the_nonce_of_an_earlier_answer_goes_with_the_next_page_of_the_same_server) {
    auto with = proofs();
    static_cast<void>(with.first(2, http_request("GET", "https://op.example/list"), secret("at")));
    http_response page(200, "[]");
    page.headers.emplace_back("DPoP-Nonce", "n-1");
    BOOST_TEST(!with.again(2, page, secret("at")).has_value());
    auto const next = with.first(2, http_request("GET", "https://op.example/list?page=2"), secret("at"));
    BOOST_TEST(claims_of(next).at("nonce").as_string() == "n-1");
    BOOST_TEST(!claims_of(with.first(3, http_request("GET", "https://op.example/other"), secret("at")))
                    .as_object()
                    .contains("nonce"));
}

BOOST_AUTO_TEST_SUITE_END()
