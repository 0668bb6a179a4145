// libcjose looks at the same tokens as this library, good ones and changed ones. It knows neither EdDSA nor strictness
// of headers, so the changes are such that both have to have an opinion.
#include "authmod/protocol/json_web_signature.hpp"

#include "support/oidc_provider.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <random>
#include <string>
#include <vector>

#if __has_include(<cjose/cjose.h>)
#include <cjose/cjose.h>

using namespace authmod;
using namespace authmod_test;

BOOST_AUTO_TEST_SUITE(jose_oracle)

using cjose_key = std::unique_ptr<cjose_jwk_t, decltype([](cjose_jwk_t* key) { cjose_jwk_release(key); })>;
using cjose_token = std::unique_ptr<cjose_jws_t, decltype([](cjose_jws_t* jws) { cjose_jws_release(jws); })>;
using cjose_fields =
    std::unique_ptr<cjose_header_t, decltype([](cjose_header_t* header) { cjose_header_release(header); })>;

cjose_key imported(std::string const& jwk) {
    cjose_err error{};
    return cjose_key(cjose_jwk_import(jwk.data(), jwk.size(), &error));
}

bool oracle_accepts(cjose_key const& key, std::string const& token) {
    cjose_err error{};
    cjose_token const jws(cjose_jws_import(token.data(), token.size(), &error));
    return jws && cjose_jws_verify(jws.get(), key.get(), &error);
}

constexpr signature_algorithm known[] = {
    signature_algorithm::rs256, signature_algorithm::rs384, signature_algorithm::rs512,
    signature_algorithm::ps256, signature_algorithm::ps384, signature_algorithm::ps512,
    signature_algorithm::es256, signature_algorithm::es384, signature_algorithm::es512};

std::string header_for(signature_algorithm algorithm) {
    return R"({"alg":")" + std::string(to_word(algorithm)) + R"("})";
}

BOOST_AUTO_TEST_CASE(both_agree_on_good_and_on_changed_tokens) {
    std::vector<jose_signer> const signers{rsa_signer(0), rsa_signer(1), ec_signer(),
                                           jose_signer::ec(key_type::ec_p384), jose_signer::ec(key_type::ec_p521)};
    std::mt19937 random(7);
    auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    int accepted = 0, refused = 0;
    for (int round = 0; round != 2000; ++round) {
        auto const& signer = signers[below(signers.size())];
        signature_algorithm signs = known[below(9)];
        while (!fits(signer.type(), signs)) signs = known[below(9)];

        auto header = header_for(signs);
        std::string payload(below(100), 'p');
        auto signature = signer.sign(signs, base64url_encode(header) + '.' + base64url_encode(payload));
        auto const* checker = &signer;
        switch (below(8)) {
        case 0:
            header = header_for(known[below(9)]);
            break;
        case 1:
            payload += 'q';
            break;
        case 2:
            signature[below(signature.size())] ^= static_cast<char>(1 << below(8));
            break;
        case 3:
            signature.resize(below(signature.size() + 1));
            break;
        case 4:
            signature.append(2, '\0'); // one byte more after ECDSA is cut off by libcjose, and refused here
            break;
        case 5:
            checker = &signers[below(signers.size())];
            break;
        default:
            break; // as it is
        }
        auto const token =
            base64url_encode(header) + '.' + base64url_encode(payload) + '.' + base64url_encode(signature);
        auto const jwk = checker->jwk();
        bool const ours =
            verify_compact_jws(token, key_set::parse(jwks({jwk})).value(), algorithm_set::all()).has_value();
        BOOST_TEST(ours == oracle_accepts(imported(jwk), token), token << " under " << jwk);
        ++(ours ? accepted : refused);
    }
    BOOST_TEST(accepted > 500);
    BOOST_TEST(refused > 500);
}

BOOST_AUTO_TEST_CASE(the_oracle_accepts_what_we_sign) {
    auto const key = signing_key::generate().value();
    auto const public_jwk = R"({"kty":"EC","crv":"P-256","x":")" + base64url_encode(key.x()) + R"(","y":")" +
                            base64url_encode(key.y()) + R"("})";
    auto token = sign_compact_jws(key, R"({"alg":"ES256"})", R"({"a":1})");
    BOOST_TEST(oracle_accepts(imported(public_jwk), token));
    token[token.size() - 5] = token[token.size() - 5] == 'A' ? 'B' : 'A';
    BOOST_TEST(!oracle_accepts(imported(public_jwk), token));
}

BOOST_AUTO_TEST_CASE(we_accept_what_the_oracle_signs) {
    auto const key = signing_key::generate().value();
    auto const x = base64url_encode(key.x()), y = base64url_encode(key.y());
    auto const public_jwk = R"({"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + y + R"("})";
    auto const private_jwk = R"({"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + y + R"(","d":")" +
                             base64url_encode(key.private_bytes().expose()) + R"("})";
    cjose_err error{};
    cjose_fields const header(cjose_header_new(&error));
    BOOST_TEST_REQUIRE(cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, &error));
    std::uint8_t const payload[] = {'a'};
    cjose_token const jws(cjose_jws_sign(imported(private_jwk).get(), header.get(), payload, 1, &error));
    char const* text = nullptr;
    BOOST_TEST_REQUIRE((jws && cjose_jws_export(jws.get(), &text, &error)));
    auto const keys = key_set::parse(jwks({public_jwk})).value();
    BOOST_TEST(verify_compact_jws(text, keys, {signature_algorithm::es256}).value().payload == "a");
}

BOOST_AUTO_TEST_SUITE_END()

#else

BOOST_AUTO_TEST_CASE(jose_oracle) { BOOST_TEST_MESSAGE("skipped: no libcjose here to compare with"); }

#endif
