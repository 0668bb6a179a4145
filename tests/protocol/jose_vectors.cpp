// Signed tokens and keys from files: our own table, and the public vectors of Wycheproof and RFC 7520 where they are.
#include "authmod/protocol/json_web_signature.hpp"

#include "support/samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>

using namespace authmod;
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(jose_vectors)

/// The verdict on a token under a JWK or a JWK Set.
std::string judge(json::value const& keys, std::string_view token) {
    bool const is_set = keys.is_object() && keys.as_object().contains("keys");
    auto const set = key_set::parse(is_set ? json::serialize(keys) : R"({"keys":[)" + json::serialize(keys) + "]}");
    if (!set) return std::string(to_word(set.error()));
    auto const jws = verify_compact_jws(token, *set, algorithm_set::all());
    return jws ? "ok" : std::string(to_word(jws.error()));
}

json::value parsed(std::string const& file) {
    auto const text = authmod_test::read_file(file);
    BOOST_TEST_REQUIRE(text.has_value(), "cannot read " << file);
    return json::parse(*text);
}

BOOST_AUTO_TEST_CASE(tokens_of_another_program_get_the_verdicts_they_should) {
    auto const table = parsed(AUTHMOD_TEST_DATA "/jose/tokens.json");
    json::value const usual{{"keys", table.at("keys")}};
    std::size_t rows = 0;
    for (auto const& row : table.at("rows").as_array()) {
        auto const* own = row.as_object().if_contains("keys");
        BOOST_TEST(judge(own ? *own : usual, row.at("token").as_string()) == row.at("expected").as_string(),
                   row.at("name").as_string());
        ++rows;
    }
    BOOST_TEST(rows > 40u);
}

/// The `alg` a header names, whatever else is wrong with the token.
std::string algorithm_of(std::string_view token) {
    auto const header = base64url_decode(token.substr(0, token.find('.')));
    json::error_code code;
    auto const value = json::parse(header.value_or(""), code);
    auto const* alg = !code && value.is_object() ? value.as_object().if_contains("alg") : nullptr;
    return alg && alg->is_string() ? std::string(alg->as_string()) : "";
}

/// How often what happened: `accepted`, `refused`, and `not ours` for a valid token that is refused because its
/// algorithm is outside the allow-list, of this library or of the key itself.
using tally = std::map<std::string, int>;

tally compare_wycheproof(std::string const& file, std::set<std::int64_t> const& outside_the_keys_list) {
    tally counts;
    std::string const path = AUTHMOD_SHARED "/vectors/jose/wycheproof/" + file;
    if (!authmod_test::read_file(path)) {
        BOOST_TEST_MESSAGE("skipped: no " << path);
        return counts;
    }
    auto const vectors = parsed(path);
    for (auto const& group : vectors.at("testGroups").as_array()) {
        auto const* keys = group.as_object().if_contains("public");
        if (!keys) keys = &group.at("private"); // a shared key, or keys that only decrypt
        for (auto const& test : group.at("tests").as_array()) {
            auto const* text = test.as_object().if_contains("jws");
            if (!text) text = &test.at("jwe");
            auto const token = text->is_string() ? std::string(text->as_string()) : json::serialize(*text);
            bool const valid = test.at("result").as_string() == "valid";
            auto const verdict = judge(*keys, token);
            if (valid && verdict != "ok") {
                bool const known = find_signature_algorithm(algorithm_of(token)).has_value();
                bool const listed = outside_the_keys_list.contains(test.at("tcId").as_int64());
                BOOST_TEST(known == listed, file << ' ' << test.at("tcId") << ": " << verdict);
                ++counts["not ours"];
            } else {
                BOOST_TEST(valid == (verdict == "ok"), file << ' ' << test.at("tcId") << ": " << verdict);
                ++counts[valid ? "accepted" : "refused"];
            }
        }
    }
    return counts;
}

std::string text_of(tally const& counts) {
    std::string text;
    for (auto const& [what, n] : counts) text += (text.empty() ? "" : ", ") + std::to_string(n) + " " + what;
    return text;
}

BOOST_AUTO_TEST_CASE(d6_wycheproof_signatures_agree) {
    // The JWK of 346 and 350 says `PS256` and signs by PS384; that of 347 and 351 says `ES521`, which nothing is
    // called. A key that names an algorithm is used with that one only (RFC 7517 4.4, RFC 8725 3.1).
    auto const counts = compare_wycheproof("json_web_signature_test.json", {346, 347, 350, 351});
    if (!counts.empty()) BOOST_TEST(text_of(counts) == "32 accepted, 14 not ours, 355 refused");
}

BOOST_AUTO_TEST_CASE(d6_wycheproof_keys_agree) {
    auto const counts = compare_wycheproof("json_web_key_test.json", {});
    if (!counts.empty()) BOOST_TEST(text_of(counts) == "1 accepted, 4 not ours, 21 refused");
}

BOOST_AUTO_TEST_CASE(d6_wycheproof_mixed_tokens_agree) {
    auto const counts = compare_wycheproof("json_web_crypto_test.json", {});
    if (!counts.empty()) BOOST_TEST(text_of(counts) == "2 accepted, 4 not ours, 77 refused");
}

BOOST_AUTO_TEST_CASE(d6_wycheproof_encrypted_tokens_are_all_refused) {
    auto const counts = compare_wycheproof("json_web_encryption_test.json", {});
    if (!counts.empty()) BOOST_TEST(text_of(counts) == "65 not ours, 74 refused");
}

json::value without_private_members(json::value jwk) {
    for (auto member : {"d", "p", "q", "dp", "dq", "qi"}) jwk.as_object().erase(member);
    return jwk;
}

BOOST_AUTO_TEST_CASE(d6_the_cookbook_of_rfc_7520_agrees) {
    std::string const root = AUTHMOD_SHARED "/vectors/jose/rfc7520/";
    if (!authmod_test::read_file(root + "jwk/3_1.ec_public_key.json")) {
        BOOST_TEST_MESSAGE("skipped: no " << root);
        return;
    }
    // Keys: public ones are read, private and shared ones are not for publishing.
    for (auto file : {"3_1.ec_public_key.json", "3_3.rsa_public_key.json"})
        BOOST_TEST(parse_json_web_key(json::serialize(parsed(root + "jwk/" + file))).has_value(), file);
    for (auto file : {"3_2.ec_private_key.json", "3_4.rsa_private_key.json", "3_5.symmetric_key_mac_computation.json",
                      "3_6.symmetric_key_encryption.json"})
        BOOST_TEST(!parse_json_web_key(json::serialize(parsed(root + "jwk/" + file))).has_value(), file);

    // Signatures in the compact form.
    for (auto file : {"4_1.rsa_v15_signature.json", "4_2.rsa-pss_signature.json", "4_3.ecdsa_signature.json"}) {
        auto const vector = parsed(root + "jws/" + file);
        auto const key = without_private_members(vector.at_pointer("/input/key"));
        std::string token(vector.at_pointer("/output/compact").as_string());
        BOOST_TEST(judge(key, token) == "ok", file);
        auto const set = key_set::parse(R"({"keys":[)" + json::serialize(key) + "]}").value();
        BOOST_TEST(verify_compact_jws(token, set, algorithm_set::all())->payload ==
                   vector.at_pointer("/input/payload").as_string());
        token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
        BOOST_TEST(judge(key, token) == "jwt_signature_bad", file);
        for (auto form : {"/output/json", "/output/json_flat"})
            BOOST_TEST(judge(key, json::serialize(vector.at_pointer(form))) == "jwt_malformed", file);
    }
    // HMAC, detached content, and headers that only the JSON form has.
    for (auto file : {"4_4.hmac-sha2_integrity_protection.json", "4_5.signature_with_detached_content.json"}) {
        auto const vector = parsed(root + "jws/" + file);
        BOOST_TEST(judge(vector.at_pointer("/input/key"), vector.at_pointer("/output/compact").as_string()) ==
                       "keys_malformed",
                   file);
    }
    for (auto file : {"4_6.protecting_specific_header_fields.json", "4_7.protecting_content_only.json",
                      "4_8.multiple_signatures.json"}) {
        auto const vector = parsed(root + "jws/" + file);
        auto const rsa = without_private_members(parsed(root + "jwk/3_4.rsa_private_key.json"));
        BOOST_TEST(judge(rsa, json::serialize(vector.at_pointer("/output/json"))) == "jwt_malformed", file);
    }
    // The first of the several signatures is one by itself.
    auto const several = parsed(root + "jws/4_8.multiple_signatures.json");
    auto const& first = several.at_pointer("/output/json/signatures/0");
    auto const token = std::string(first.at("protected").as_string()) + "." +
                       std::string(several.at_pointer("/output/json/payload").as_string()) + "." +
                       std::string(first.at("signature").as_string());
    BOOST_TEST(judge(without_private_members(several.at_pointer("/input/key/0")), token) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
