// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/public_key.hpp"

#include "authmod/core/base64.hpp"
#include "support/jose_signer.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include <string>
#include <vector>

using namespace authmod;
using authmod_test::jose_signer;
using enum signature_algorithm;

BOOST_AUTO_TEST_SUITE(public_key_)

std::string decoded(std::string_view text) { return base64url_decode(text).value(); }

public_key public_of(jose_signer const& signer) {
    if (signer.type() == key_type::rsa) return public_key::from_rsa(signer.number("n"), signer.number("e")).value();
    if (signer.type() == key_type::ed25519) return public_key::from_ed25519(signer.x()).value();
    return public_key::from_ec(signer.type(), signer.x(), signer.y()).value();
}

std::vector<jose_signer> const& signers() {
    static std::vector<jose_signer> const all{jose_signer::rsa(), jose_signer::ec(key_type::ec_p256),
                                              jose_signer::ec(key_type::ec_p384), jose_signer::ec(key_type::ec_p521),
                                              jose_signer::ed25519()};
    return all;
}

BOOST_AUTO_TEST_CASE(what_openssl_signs_verifies_and_nothing_else_does) {
    std::string const message = "header.payload";
    for (auto const& signer : signers()) {
        auto const key = public_of(signer);
        BOOST_TEST((key.type() == signer.type()));
        for (int i = 0; i != 10; ++i) {
            auto const algorithm = static_cast<signature_algorithm>(i);
            if (!fits(signer.type(), algorithm)) {
                BOOST_TEST(!key.verify(algorithm, message, std::string(64, 'x')));
                continue;
            }
            BOOST_TEST_CONTEXT(to_word(algorithm)) {
                auto signature = signer.sign(algorithm, message);
                BOOST_TEST(key.verify(algorithm, message, signature));
                BOOST_TEST(!key.verify(algorithm, "header.payloae", signature));
                BOOST_TEST(!key.verify(algorithm, "", signature));
                BOOST_TEST(!key.verify(algorithm, message, ""));
                BOOST_TEST(!key.verify(algorithm, message, signature + '\0'));
                BOOST_TEST(!key.verify(algorithm, message, '\0' + signature));
                BOOST_TEST(!key.verify(algorithm, message, signature.substr(1)));
                for (std::size_t at = 0; at < signature.size(); at += 7) {
                    signature[at] = static_cast<char>(signature[at] ^ 1);
                    BOOST_TEST(!key.verify(algorithm, message, signature));
                    signature[at] = static_cast<char>(signature[at] ^ 1);
                }
                for (int j = 0; j != 10; ++j) // a signature belongs to one algorithm
                    if (i != j) BOOST_TEST(!key.verify(static_cast<signature_algorithm>(j), message, signature));
                for (auto const& other : signers())
                    if (&other != &signer) BOOST_TEST(!public_of(other).verify(algorithm, message, signature));
            }
        }
    }
    BOOST_TEST(ERR_peek_error() == 0u); // a refusal leaves nothing in OpenSSL's queue
}

BOOST_AUTO_TEST_CASE(an_empty_message_can_be_signed) {
    for (auto const& signer : signers())
        BOOST_TEST(public_of(signer).verify(signer.algorithm(), "", signer.sign(signer.algorithm(), "")));
}

BOOST_AUTO_TEST_CASE(a_pss_signature_without_its_leading_zero_is_none) {
    auto const& signer = signers().front();
    auto const key = public_of(signer);
    std::string signature; // one in 256 begins so
    do signature = signer.sign(signature_algorithm::ps256, "message");
    while (signature.front() != '\0');
    BOOST_TEST(key.verify(signature_algorithm::ps256, "message", signature));
    BOOST_TEST(!key.verify(signature_algorithm::ps256, "message", signature.substr(1)));
}

BOOST_AUTO_TEST_CASE(the_salt_of_pss_is_as_long_as_the_digest) {
    auto const& signer = signers().front();
    auto const key = public_of(signer);
    for (int salt : {0, 1, 20, 31, 33, 64}) BOOST_TEST(!key.verify(ps256, "m", signer.sign(ps256, "m", salt)), salt);
    BOOST_TEST(key.verify(ps256, "m", signer.sign(ps256, "m", 32)));
    BOOST_TEST(!key.verify(ps512, "m", signer.sign(ps512, "m", 32)));
}

BOOST_AUTO_TEST_CASE(an_ecdsa_signature_of_zeros_or_in_der_is_none) {
    auto const& signer = signers()[1];
    auto const key = public_of(signer);
    BOOST_TEST(!key.verify(es256, "m", std::string(64, '\0')));
    BOOST_TEST(!key.verify(es256, "m", std::string(64, '\xff')));
    // r = n, s = n: as good as zero, had it not been checked.
    auto const n = decoded("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
    BOOST_TEST(!key.verify(es256, "m", n + n));
    auto const good = signer.sign(es256, "m");
    auto const der = std::string("\x30\x44\x02\x20").append(good, 0, 32).append("\x02\x20").append(good, 32);
    BOOST_TEST(!key.verify(es256, "m", der));
}

BOOST_AUTO_TEST_CASE(rfc_7515_and_rfc_8037_examples_verify) {
    // RFC 7515 A.3
    auto const p256 = public_key::from_ec(key_type::ec_p256, decoded("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                          decoded("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
                          .value();
    BOOST_TEST(
        p256.verify(es256,
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
                    decoded("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU"
                            "1Q")));
    // RFC 8037 A.4
    auto const ed = public_key::from_ed25519(decoded("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")).value();
    BOOST_TEST(ed.verify(eddsa, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
                         decoded("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KA"
                                 "g")));
}

BOOST_AUTO_TEST_CASE(d4_rsa_keys_that_anybody_can_break_are_refused) {
    auto const n = signers().front().number("n");
    auto const e = signers().front().number("e");
    BOOST_TEST(public_key::from_rsa(n, e).has_value());
    BOOST_TEST(public_key::from_rsa('\0' + n, '\0' + e).has_value());
    BOOST_TEST(public_key::from_rsa(n, "\x03").has_value());

    for (std::string const& exponent : {std::string(), std::string(1, '\0'), std::string("\x01"), std::string("\x02"),
                                        std::string("\x01\x00\x00", 3), std::string("\x01\0\0\0\0\0\0\0\x01", 9)})
        BOOST_TEST(!public_key::from_rsa(n, exponent).has_value());

    auto even = n;
    even.back() = static_cast<char>(even.back() & ~1);
    BOOST_TEST(!public_key::from_rsa(even, e).has_value());
    BOOST_TEST(!public_key::from_rsa("", e).has_value());
    BOOST_TEST(!public_key::from_rsa(std::string(256, '\0'), e).has_value());

    auto small = n; // 2047 bits
    small.front() = '\x7f';
    BOOST_TEST(!public_key::from_rsa(small, e).has_value());
    BOOST_TEST(!public_key::from_rsa(jose_signer::rsa(1024).number("n"), e).has_value());
    BOOST_TEST(public_key::from_rsa(std::string(1024, '\xff'), e).has_value()); // 8192 bits
    BOOST_TEST(!public_key::from_rsa('\x01' + std::string(1024, '\xff'), e).has_value());
}

BOOST_AUTO_TEST_CASE(d4_a_modulus_of_the_roca_family_is_refused) {
    // 65537^a modulo the product M of the primes up to 167 has the fingerprint; k * M added makes it 2048 bits long.
    BN_CTX* const context = BN_CTX_new();
    BIGNUM *product = nullptr, *n = nullptr, *base = nullptr, *power = nullptr;
    BN_dec2bn(&product, "1");
    for (unsigned prime = 2; prime <= 167; ++prime) {
        bool is_prime = true;
        for (unsigned d = 2; d * d <= prime; ++d) is_prime = is_prime && prime % d != 0;
        if (is_prime) BN_mul_word(product, prime);
    }
    BN_dec2bn(&base, "65537");
    BN_dec2bn(&power, "123456789");
    n = BN_new();
    BN_mod_exp(n, base, power, product, context);
    BIGNUM* const multiple = BN_dup(product);
    BN_lshift(multiple, multiple, 2047 - BN_num_bits(product) + 1);
    BN_add(n, n, multiple);
    BOOST_TEST(BN_num_bits(n) == 2048);
    auto const bytes = [&] {
        std::string text(256, '\0');
        BN_bn2binpad(n, reinterpret_cast<unsigned char*>(text.data()), 256);
        return text;
    };
    BOOST_TEST(!public_key::from_rsa(bytes(), std::string("\x01\x00\x01", 3)).has_value());
    BN_add_word(n, 2); // the neighbour has not
    BOOST_TEST(public_key::from_rsa(bytes(), std::string("\x01\x00\x01", 3)).has_value());
    for (BIGNUM* each : {product, n, base, power, multiple}) BN_free(each);
    BN_CTX_free(context);
}

BOOST_AUTO_TEST_CASE(d4_points_off_the_curve_are_refused) {
    for (std::size_t i = 1; i != 4; ++i) {
        auto const& signer = signers()[i];
        auto const x = signer.x(), y = signer.y();
        BOOST_TEST(public_key::from_ec(signer.type(), x, y).has_value());
        auto moved = y;
        moved.back() = static_cast<char>(moved.back() ^ 1);
        BOOST_TEST(!public_key::from_ec(signer.type(), x, moved).has_value());
        BOOST_TEST(!public_key::from_ec(signer.type(), y, x).has_value());
        BOOST_TEST(
            !public_key::from_ec(signer.type(), std::string(x.size(), '\0'), std::string(x.size(), '\0')).has_value());
        BOOST_TEST(!public_key::from_ec(signer.type(), std::string(x.size(), '\xff'), y).has_value()); // not below p
        for (std::string const& size : {x.substr(1), '\0' + x, std::string()}) {
            BOOST_TEST(!public_key::from_ec(signer.type(), size, y).has_value());
            BOOST_TEST(!public_key::from_ec(signer.type(), x, size).has_value());
        }
    }
    BOOST_TEST(!public_key::from_ec(key_type::ec_p384, signers()[1].x(), signers()[1].y()).has_value());
}

BOOST_AUTO_TEST_CASE(d4_ed25519_points_of_small_order_are_refused) {
    auto const bytes = [](unsigned char first, unsigned char middle, unsigned char last) {
        std::string text(32, static_cast<char>(middle));
        text.front() = static_cast<char>(first);
        text.back() = static_cast<char>(last);
        return text;
    };
    for (std::string point : {bytes(0, 0, 0), bytes(1, 0, 0), bytes(0xec, 0xff, 0x7f), bytes(0xed, 0xff, 0x7f),
                              bytes(0xee, 0xff, 0x7f), decoded("JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU"),
                              decoded("xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o")})
        for (int sign : {0, 0x80}) {
            point.back() = static_cast<char>(point.back() | sign);
            BOOST_TEST(!public_key::from_ed25519(point).has_value());
        }
    auto const x = signers()[4].x();
    BOOST_TEST(public_key::from_ed25519(x).has_value());
    for (std::string const& size : {std::string(), x.substr(1), x + 'a'})
        BOOST_TEST(!public_key::from_ed25519(size).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
