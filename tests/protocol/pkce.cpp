// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/pkce.hpp"

#include "authmod/crypto/token.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(pkce)

BOOST_AUTO_TEST_CASE(A3_the_challenge_is_that_of_rfc_7636_appendix_b) {
    BOOST_TEST(s256_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

BOOST_AUTO_TEST_CASE(A3_a_verifier_has_43_to_128_unreserved_characters) {
    BOOST_TEST(!is_code_verifier(std::string(42, 'a')));
    BOOST_TEST(is_code_verifier(std::string(43, 'a')));
    BOOST_TEST(is_code_verifier(std::string(124, 'a') + "-._~"));
    BOOST_TEST(!is_code_verifier(std::string(129, 'a')));
    for (char c : {'+', '/', '=', ' ', '%', '\0', '\xe9'}) BOOST_TEST(!is_code_verifier(std::string(42, 'a') + c));
    std::array<std::byte, token_random_bytes> bytes{};
    for (int i = 0; i != 256; ++i) {
        bytes.fill(static_cast<std::byte>(i));
        BOOST_REQUIRE(is_code_verifier(new_token(bytes)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
