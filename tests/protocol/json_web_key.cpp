// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/json_web_key.hpp"

#include "support/oidc_provider.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using authmod_test::ec_signer;
using authmod_test::jose_signer;
using authmod_test::jwks;
using authmod_test::rsa_signer;

BOOST_AUTO_TEST_SUITE(json_web_key_)

bool is_key(std::string const& jwk) { return parse_json_web_key(jwk).has_value(); }

std::string rsa_jwk(std::string_view n, std::string_view e) {
    return R"({"kty":"RSA","n":")" + base64url_encode(n) + R"(","e":")" + base64url_encode(e) + R"("})";
}

BOOST_AUTO_TEST_CASE(keys_of_every_type_are_read) {
    for (auto const& signer : {rsa_signer(), ec_signer(), jose_signer::ec(key_type::ec_p384),
                               jose_signer::ec(key_type::ec_p521), jose_signer::ed25519()}) {
        auto const key = parse_json_web_key(signer.jwk(R"("kid":"a","x5t":"ignored","more":{"k":[1]})")).value();
        BOOST_TEST(key.id == "a");
        BOOST_TEST(!key.algorithm.has_value());
        BOOST_TEST((key.key.type() == signer.type()));
        BOOST_TEST(key.key.verify(signer.algorithm(), "m", signer.sign(signer.algorithm(), "m")));
        for (int i = 0; i != 10; ++i) {
            auto const algorithm = static_cast<signature_algorithm>(i);
            BOOST_TEST(key.serves(algorithm) == fits(signer.type(), algorithm));
        }
    }
}

BOOST_AUTO_TEST_CASE(alg_limits_a_key_to_one_algorithm) {
    auto const key = parse_json_web_key(rsa_signer().jwk(R"("alg":"PS384")")).value();
    for (int i = 0; i != 10; ++i)
        BOOST_TEST(key.serves(static_cast<signature_algorithm>(i)) ==
                   (i == static_cast<int>(signature_algorithm::ps384)));
    for (auto alg :
         {"\"ES256\"", "\"HS256\"", "\"none\"", "\"RSA-OAEP\"", "\"RSA1_5\"", "\"rs256\"", "\"\"", "null", "1"})
        BOOST_TEST(!is_key(rsa_signer().jwk(std::string("\"alg\":") + alg)), alg);
    BOOST_TEST(!is_key(ec_signer().jwk(R"("alg":"ES384")")));
}

BOOST_AUTO_TEST_CASE(d4_use_and_key_ops_must_allow_verification) {
    for (auto good : {R"("use":"sig")", R"("key_ops":["verify"])", R"("key_ops":["sign","verify"])",
                      R"("use":"sig","key_ops":["verify"])"})
        BOOST_TEST(is_key(rsa_signer().jwk(good)), good);
    for (auto bad : {R"("use":"enc")", R"("use":"SIG")", R"("use":"")", R"("use":null)", R"("use":["sig"])",
                     R"("key_ops":[])", R"("key_ops":["sign"])", R"("key_ops":["encrypt"])", R"("key_ops":"verify")",
                     R"("key_ops":["verify","verify"])", R"("key_ops":["verify",1])", R"("key_ops":null)",
                     R"("use":"enc","key_ops":["verify"])", R"("use":"sig","key_ops":["sign"])"})
        BOOST_TEST(!is_key(rsa_signer().jwk(bad)), bad);
}

BOOST_AUTO_TEST_CASE(private_and_shared_keys_are_not_for_publishing) {
    for (auto member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
        BOOST_TEST(!is_key(rsa_signer().jwk(std::string("\"") + member + R"(":"AQAB")")), member);
    BOOST_TEST(!is_key(ec_signer().jwk(R"("d":"AQAB")")));
    BOOST_TEST(!is_key(
        R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})"));
}

BOOST_AUTO_TEST_CASE(d4_weak_keys_are_refused) {
    auto const n = rsa_signer().number("n"), e = rsa_signer().number("e");
    BOOST_TEST(is_key(rsa_jwk(n, e)));
    BOOST_TEST(!is_key(rsa_jwk(n, "\x01")));
    BOOST_TEST(!is_key(rsa_jwk(n, "\x02")));
    BOOST_TEST(!is_key(rsa_jwk(n.substr(1), e)));
    BOOST_TEST(!is_key(rsa_jwk(n, "")));
    auto const x = base64url_encode(ec_signer().x()), y = base64url_encode(ec_signer().y());
    auto const ec = [&](std::string_view crv, std::string_view a, std::string_view b) {
        return std::string(R"({"kty":"EC","crv":")")
                   .append(crv)
                   .append(R"(","x":")")
                   .append(a)
                   .append(R"(","y":")")
                   .append(b) +
               R"("})";
    };
    BOOST_TEST(is_key(ec("P-256", x, y)));
    BOOST_TEST(!is_key(ec("P-256", y, x)));
    for (auto crv : {"P-384", "P-521", "secp256k1", "p-256", "", "Ed25519"}) BOOST_TEST(!is_key(ec(crv, x, y)), crv);
}

BOOST_AUTO_TEST_CASE(members_are_in_strict_base64url) {
    auto const n = base64url_encode(rsa_signer().number("n"));
    auto const rsa = [](std::string const& modulus) { return R"({"kty":"RSA","n":")" + modulus + R"(","e":"AQAB"})"; };
    BOOST_TEST(is_key(rsa(n)));
    for (std::string const& bad : {n + "=", n + "==", n + "\\n", " " + n, n.substr(0, 340) + "+/", n + "A"})
        BOOST_TEST(!is_key(rsa(bad)), bad.substr(330));
    auto stray = n; // a bit beyond the last byte
    stray.back() = stray.back() == 'Q' ? 'R' : static_cast<char>(stray.back() + 1);
    BOOST_TEST(!is_key(rsa(stray)));
}

BOOST_AUTO_TEST_CASE(c6_what_is_no_object_or_repeats_a_name_is_refused) {
    auto const good = ec_signer().jwk();
    BOOST_TEST(is_key(good));
    for (std::string const& bad :
         {std::string(), std::string("null"), std::string("[]"), "[" + good + "]", good + good, good.substr(1),
          ec_signer().jwk(R"("kty":"EC")"), ec_signer().jwk(R"("kid":"a","k\u0069d":"a")"),
          ec_signer().jwk(R"("more":{"a":1,"a":1})"), ec_signer().jwk("\"kid\":\"\xff\"")})
        BOOST_TEST(!is_key(bad), bad);
    for (auto bad : {R"({"kty":"EC"})", R"({"kty":"RSA"})", R"({"kty":"OKP","crv":"Ed25519"})", R"({"kty":1})", "{}",
                     R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
                     R"({"kty":"ec","crv":"P-256"})"})
        BOOST_TEST(!is_key(bad), bad);
    for (auto bad : {"\"kid\":1", "\"kid\":null", "\"kid\":[\"a\"]"}) BOOST_TEST(!is_key(ec_signer().jwk(bad)), bad);
}

BOOST_AUTO_TEST_CASE(a_set_leaves_out_what_it_cannot_use) {
    auto const set =
        key_set::parse(jwks({R"({"kty":"future","kid":"f"})", "{}", ec_signer().jwk(R"("kid":"enc","use":"enc")"),
                             ec_signer().jwk(R"("kid":"e")"), rsa_signer().jwk(R"("kid":"r")")}))
            .value();
    BOOST_TEST_REQUIRE(set.keys().size() == 2u);
    BOOST_TEST(set.keys()[0].id == "e");
    BOOST_TEST(set.keys()[1].id == "r");
}

BOOST_AUTO_TEST_CASE(a_set_that_is_none_is_refused) {
    auto const key = ec_signer().jwk();
    for (std::string const& bad :
         {std::string(), std::string("{}"), std::string("[]"), std::string(R"({"keys":[]})"),
          std::string(R"({"keys":{}})"), std::string(R"({"keys":null})"), jwks({key, "1"}), jwks({key, "[]"}),
          jwks({"{}"}), jwks({key}) + "x", R"({"keys":[)" + key + R"(],"keys":[)" + key + "]}",
          R"({"keys":[)" + key + R"(],"a":{"b":1,"b":1}})", std::string("<html></html>")})
        BOOST_TEST((key_set::parse(bad).error() == errc::keys_malformed), bad);
    BOOST_TEST(key_set::parse(R"({"more":1,"keys":[)" + key + "]}").has_value());
}

BOOST_AUTO_TEST_CASE(k2_a_set_is_bounded) {
    auto const many = [](std::size_t count, std::string const& key) {
        std::string text = R"({"keys":[)";
        for (std::size_t i = 0; i != count; ++i) text.append(i == 0 ? "" : ",").append(key);
        return text + "]}";
    };
    BOOST_TEST(key_set::parse(many(100, ec_signer().jwk())).has_value());
    BOOST_TEST(!key_set::parse(many(101, ec_signer().jwk())).has_value());
    auto const filled = [](std::size_t count) { // 3 values besides
        std::string list = "0";
        for (std::size_t i = 1; i != count; ++i) list += ",0";
        return R"({"more":[)" + list + R"(],"keys":[)" + ec_signer().jwk() + "]}";
    };
    BOOST_TEST(key_set::parse(filled(9'000)).has_value());
    BOOST_TEST(!key_set::parse(filled(10'000)).has_value());
    auto const nested = [](std::size_t depth) {
        return R"({"keys":[)" + ec_signer().jwk() + R"(],"more":)" + std::string(depth, '[') + std::string(depth, ']') +
               "}";
    };
    BOOST_TEST(key_set::parse(nested(31)).has_value());
    BOOST_TEST(!key_set::parse(nested(32)).has_value());
    BOOST_TEST(!key_set::parse(nested(100'000)).has_value());
}

BOOST_AUTO_TEST_CASE(d4_a_signature_names_its_key_by_id_and_algorithm) {
    using enum signature_algorithm;
    auto const set =
        key_set::parse(jwks({rsa_signer(0).jwk(R"("kid":"a")"), rsa_signer(1).jwk(R"("kid":"b","alg":"RS256")"),
                             ec_signer().jwk(R"("kid":"a")")}))
            .value();
    auto const* const keys = set.keys().data();
    BOOST_TEST(set.find("a", rs256) == &keys[0]); // kid and type
    BOOST_TEST(set.find("a", es256) == &keys[2]);
    BOOST_TEST(set.find("b", rs256) == &keys[1]);
    BOOST_TEST(!set.find("b", rs384)); // alg
    BOOST_TEST(!set.find("c", rs256));
    BOOST_TEST(!set.find("A", rs256));
    BOOST_TEST(set.find("", es256) == &keys[2]);
    BOOST_TEST(set.find("", rs384) == &keys[0]);
    BOOST_TEST(!set.find("", rs256)); // two would do
    BOOST_TEST(!set.find("", eddsa));

    auto const twice =
        key_set::parse(jwks({rsa_signer(0).jwk(R"("kid":"a")"), rsa_signer(1).jwk(R"("kid":"a")")})).value();
    BOOST_TEST(!twice.find("a", rs256));
}

BOOST_AUTO_TEST_SUITE_END()
