// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/token_proof.hpp>

#include <authmod/provider/bitbucket_cloud.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

provider_info info(proof_method method, path_view client) {
    provider_info made = info_of<bitbucket_cloud>();
    made.extras.proof.method = method;
    made.extras.proof.client = client;
    return made;
}

module_plan plan(provider_info const& provider) {
    auto text = provider.defaults;
    text.client_id = "key";
    auto made = make_plan(provider, text).value();
    made.proof_url = "https://p.example/proof";
    return made;
}

http_request request(proof_method method) {
    auto const provider = info(method, static_path<"client_id">::view());
    client_credentials const client("key", secret("sec"));
    return proof_request(plan(provider), client, secret("at/1"));
}

std::string header(http_request const& from, std::string_view name) {
    for (auto const& h : from.headers)
        if (h.name == name) return h.value;
    return {};
}

bool accepts(proof_method method, path_view client, std::string_view body, int status = 200) {
    auto const provider = info(method, client);
    return judge_proof(plan(provider), http_response(status, std::string(body))).has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_proof_suite)

BOOST_AUTO_TEST_CASE(l2_each_way_to_ask_puts_the_token_where_that_provider_wants_it) {
    auto const introspection = request(proof_method::introspection);
    BOOST_TEST(introspection.method == "POST");
    BOOST_TEST(introspection.body == "token=at%2F1");
    BOOST_TEST(header(introspection, "Authorization") == "Basic a2V5OnNlYw==");
    auto const github = request(proof_method::github_token);
    BOOST_TEST(github.body == R"({"access_token":"at/1"})");
    BOOST_TEST(header(github, "Authorization") == "Basic a2V5OnNlYw==");
    BOOST_TEST(request(proof_method::token_info).body == "access_token=at%2F1");
    auto const query = request(proof_method::token_query);
    BOOST_TEST(query.method == "GET");
    BOOST_TEST(query.url == "https://p.example/proof?access_token=at%2F1");
    auto const debug = request(proof_method::debug_token);
    BOOST_TEST(debug.url == "https://p.example/proof?input_token=at%2F1");
    BOOST_TEST(header(debug, "Authorization") == "Bearer key|sec");
    auto const bearer = request(proof_method::bearer);
    BOOST_TEST(bearer.url == "https://p.example/proof");
    BOOST_TEST(header(bearer, "Authorization") == "Bearer at/1");
}

BOOST_AUTO_TEST_CASE(l2_only_an_answer_that_names_our_client_proves_anything) {
    auto const path = static_path<"app/client_id ?: aud">::view();
    BOOST_TEST(accepts(proof_method::token_info, path, R"({"aud":"key"})"));
    BOOST_TEST(accepts(proof_method::token_info, path, R"({"app":{"client_id":"key"}})"));
    BOOST_TEST(accepts(proof_method::token_info, path, R"({"aud":["other","key"]})"));
    for (std::string_view bad : {R"({"aud":"other"})", R"({"aud":"KEY"})", R"({"aud":null})", "{}", "[]", "", "<html>", R"({"aud":"key","aud":"key"})"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!accepts(proof_method::token_info, path, bad));
    for (int status : {201, 204, 302, 400, 401, 404, 429, 500}) BOOST_TEST(!accepts(proof_method::token_info, path, R"({"aud":"key"})", status));
}

BOOST_AUTO_TEST_CASE(l2_an_introspected_token_must_be_active) {
    auto const path = static_path<"client_id">::view();
    BOOST_TEST(accepts(proof_method::introspection, path, R"({"active":true,"client_id":"key"})"));
    for (std::string_view bad : {R"({"client_id":"key"})", R"({"active":false,"client_id":"key"})", R"({"active":"yes","client_id":"key"})", R"({"active":true,"client_id":"other"})"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!accepts(proof_method::introspection, path, bad));
}

BOOST_AUTO_TEST_CASE(a_fault_of_the_provider_is_not_taken_for_a_foreign_token) {
    auto const provider = info(proof_method::token_info, static_path<"aud">::view());
    auto const with = plan(provider);
    BOOST_TEST((judge_proof(with, http_response(503, "")).error().code == errc::provider_failed));
    BOOST_TEST((judge_proof(with, http_response(429, "")).error().code == errc::provider_rate_limited));
    BOOST_TEST((judge_proof(with, http_response(404, "")).error().code == errc::token_not_ours));
}

BOOST_AUTO_TEST_CASE(l2_where_the_profile_names_the_client_it_must_name_ours) {
    auto const provider = info(proof_method::profile, static_path<"client_id">::view());
    auto const with = plan(provider);
    BOOST_TEST(!asks_for_proof(with));
    BOOST_TEST(judge_profile_client(with, R"({"client_id":"key"})").has_value());
    BOOST_TEST((judge_profile_client(with, R"({"client_id":"other"})").error().code == errc::token_not_ours));
}

BOOST_AUTO_TEST_SUITE_END()
