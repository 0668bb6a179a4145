// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/refresh_flow.hpp>

#include "support/oidc_provider.hpp"

#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/provider/oidc.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <variant>

using namespace authmod;
using namespace authmod_test;

namespace {

module_plan openid_plan() {
    auto text = default_settings<oidc>();
    text.client_id = oidc_client;
    text.issuer = oidc_issuer;
    text.token_url = "https://op.example/token";
    return make_plan(info_of<oidc>(), text).value();
}

kept_tokens kept() {
    kept_tokens tokens;
    tokens.access_token = secret("at-1");
    tokens.refresh_token = secret("rt-1");
    tokens.id_token = secret("it-1");
    tokens.subject = "person-1";
    return tokens;
}

/// A refresh at the OpenID provider.
struct refreshing {
    module_plan plan = openid_plan();
    refresh_flow flow;

    explicit refreshing(kept_tokens tokens = kept())
        : flow(plan, secret("s3cret"), std::move(tokens), secret("seed"), oidc_now) {}

    static std::string word(action const& end) {
        if (std::holds_alternative<done>(end)) return "done";
        if (std::holds_alternative<await_keys>(end)) return "await_keys";
        auto const* bad = std::get_if<fail>(&end);
        return bad ? verdict(result<void, failure>(bad->why)) : "send";
    }

    action answered(int status, std::string body) {
        return flow.resume(refresh_flow::token, http_response(status, std::move(body)));
    }

    /// What becomes of an answer with an ID token.
    std::string with_id_token(json_members const& claims) {
        static_cast<void>(flow.start());
        auto const wish =
            answered(200, R"({"access_token":"at-2","refresh_token":"rt-2","token_type":"Bearer","id_token":")" +
                              signed_with_k1(claims) + "\"}");
        if (word(wish) != "await_keys") return word(wish);
        return word(flow.resume_with_keys(std::make_shared<key_set const>(usual_keys()), 1));
    }
};

json_members refreshed_claims() { return good_id_claims().without("nonce"); }

} // namespace

BOOST_AUTO_TEST_SUITE(refresh_flow_suite)

BOOST_AUTO_TEST_CASE(the_refresh_token_goes_to_the_token_url_once_by_post) {
    refreshing one;
    auto const first = one.flow.start();
    auto const& request = std::get<send_requests>(first).requests.at(0).request;
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.url == "https://op.example/token");
    BOOST_TEST(request.body == "grant_type=refresh_token&refresh_token=rt-1");
    BOOST_TEST(request.single_use);
}

BOOST_AUTO_TEST_CASE(c7_a_rotated_token_takes_the_place_of_the_old_one_and_the_id_token_stays_where_none_comes) {
    refreshing one;
    static_cast<void>(one.flow.start());
    BOOST_TEST(one.word(one.answered(200, R"({"access_token":"at-2","refresh_token":"rt-2","token_type":"Bearer"})")) ==
               "done");
    BOOST_TEST(one.flow.tokens().access_token.expose() == "at-2");
    BOOST_TEST(one.flow.tokens().refresh_token.expose() == "rt-2");
    BOOST_TEST(one.flow.tokens().id_token.expose() == "it-1");
    BOOST_TEST(one.flow.tokens().subject == "person-1");
}

BOOST_AUTO_TEST_CASE(c7_a_refreshed_id_token_is_validated_and_of_the_same_issuer_and_person) {
    BOOST_TEST(refreshing().with_id_token(refreshed_claims()) == "done");
    BOOST_TEST(refreshing().with_id_token(refreshed_claims().with("sub", "\"person-2\"")) == "subject_mismatch:sub");
    BOOST_TEST(refreshing().with_id_token(refreshed_claims().with("iss", "\"https://other.example\"")) ==
               "issuer_mismatch:iss");
    BOOST_TEST(refreshing().with_id_token(refreshed_claims().with("aud", "\"other\"")) == "jwt_audience_refused:aud");
    BOOST_TEST(refreshing().with_id_token(refreshed_claims().with("exp", std::to_string(oidc_seconds - 61))) ==
               "jwt_expired:exp");
    refreshing bad;
    static_cast<void>(bad.with_id_token(refreshed_claims().with("sub", "\"person-2\"")));
    BOOST_TEST(bad.flow.tokens().access_token.expose() == "at-1", "nothing of a refused answer is kept");
}

BOOST_AUTO_TEST_CASE(d4_other_keys_are_asked_for_once) {
    refreshing one;
    static_cast<void>(one.flow.start());
    static_cast<void>(one.answered(200, R"({"access_token":"at-2","token_type":"Bearer","id_token":")" +
                                            signed_with_k1(refreshed_claims(), R"({"alg":"RS256","kid":"k2"})") +
                                            "\"}"));
    auto const keys = std::make_shared<key_set const>(usual_keys());
    auto const again = one.flow.resume_with_keys(keys, 7);
    BOOST_REQUIRE(std::holds_alternative<await_keys>(again));
    BOOST_TEST(std::get<await_keys>(again).unlike == 7u);
    BOOST_TEST(one.word(one.flow.resume_with_keys(keys, 8)) == "jwt_key_unknown");
}

BOOST_AUTO_TEST_CASE(n2_a_refusal_shows_none_of_the_tokens) {
    refreshing one;
    static_cast<void>(one.flow.start());
    auto const end =
        one.answered(400, R"({"error":"invalid_grant","error_description":"rt-1-is-long-enough of s3cret"})");
    BOOST_TEST(one.word(end) == "code_refused");
    auto const& why = std::get<fail>(end).why;
    BOOST_TEST(why.details.step == "refresh");
    BOOST_TEST(why.details.provider_said.find("s3cret") == std::string::npos);
    BOOST_TEST(ends_refresh_token(why));
}

BOOST_AUTO_TEST_CASE(a_bound_token_is_refreshed_with_a_proof_and_once_more_with_the_servers_nonce) {
    auto tokens = kept();
    tokens.dpop_key = signing_key::generate().value().private_bytes();
    refreshing one(tokens);
    auto const proof_of = [](action const& sent) {
        for (auto const& h : std::get<send_requests>(sent).requests.at(0).request.headers)
            if (h.name == "DPoP") return h.value;
        return std::string();
    };
    auto const first = proof_of(one.flow.start());
    BOOST_TEST(first != "");
    http_response wants(400, R"({"error":"use_dpop_nonce"})");
    wants.headers.emplace_back("DPoP-Nonce", "n-1");
    auto const second = one.flow.resume(refresh_flow::token, wants);
    BOOST_TEST(one.word(second) == "send");
    BOOST_TEST(proof_of(second) != first);
    BOOST_TEST(one.word(one.answered(200, R"({"access_token":"at-2","token_type":"DPoP"})")) == "done");
    refreshing bearer(tokens);
    static_cast<void>(bearer.flow.start());
    BOOST_TEST(bearer.word(bearer.answered(200, R"({"access_token":"at-2","token_type":"Bearer"})")) ==
               "token_type_refused");
}

BOOST_AUTO_TEST_CASE(a_module_with_plain_oauth_looks_at_no_id_token) {
    auto text = default_settings<bitbucket_cloud>();
    text.client_id = "key";
    auto const plan = make_plan(info_of<bitbucket_cloud>(), text).value();
    kept_tokens tokens;
    tokens.refresh_token = secret("rt-1");
    refresh_flow flow(plan, secret("s"), std::move(tokens), secret("seed"), oidc_now);
    static_cast<void>(flow.start());
    auto const end =
        flow.resume(refresh_flow::token, http_response(200, R"({"access_token":"at-2","id_token":"x.y.z"})"));
    BOOST_TEST(std::holds_alternative<done>(end));
    BOOST_TEST(flow.tokens().id_token.empty());
}

BOOST_AUTO_TEST_SUITE_END()
