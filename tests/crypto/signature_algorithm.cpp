// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/signature_algorithm.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(signature_algorithm_)

static_assert(find_signature_algorithm("RS256") == signature_algorithm::rs256);
static_assert(find_signature_algorithm("EdDSA") == signature_algorithm::eddsa);

BOOST_AUTO_TEST_CASE(every_algorithm_has_a_word_that_finds_it) {
    for (int i = 0; i != 10; ++i) {
        auto const algorithm = static_cast<signature_algorithm>(i);
        BOOST_TEST((find_signature_algorithm(to_word(algorithm)) == algorithm));
        BOOST_TEST(algorithm_set::all().contains(algorithm));
    }
    BOOST_TEST((find_signature_algorithm("Ed25519") == signature_algorithm::eddsa)); // RFC 9864
}

BOOST_AUTO_TEST_CASE(d2_none_and_hmac_cannot_be_spelled) {
    for (auto word : {"none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "rs256", "RS256 ", " RS256", "RS1",
                      "ES256K", "ES521", "PS224", "Ed448", "eddsa", "dir", "RSA-OAEP"})
        BOOST_TEST(!find_signature_algorithm(word).has_value(), word);
}

BOOST_AUTO_TEST_CASE(a_key_fits_the_algorithms_of_its_type_only) {
    using enum signature_algorithm;
    constexpr key_type types[] = {key_type::rsa, key_type::ec_p256, key_type::ec_p384, key_type::ec_p521,
                                  key_type::ed25519};
    constexpr algorithm_set fitting[] = {
        {rs256, rs384, rs512, ps256, ps384, ps512}, {es256}, {es384}, {es512}, {eddsa}};
    for (std::size_t t = 0; t != 5; ++t)
        for (int i = 0; i != 10; ++i) {
            auto const algorithm = static_cast<signature_algorithm>(i);
            BOOST_TEST(fits(types[t], algorithm) == fitting[t].contains(algorithm), to_word(algorithm) << " and " << t);
        }
}

BOOST_AUTO_TEST_CASE(a_set_holds_what_was_put_in) {
    algorithm_set set;
    BOOST_TEST(set.empty());
    set.insert(signature_algorithm::es256);
    set.insert(signature_algorithm::es256);
    BOOST_TEST(!set.empty());
    BOOST_TEST((set == algorithm_set{signature_algorithm::es256}));
    BOOST_TEST(!set.contains(signature_algorithm::es384));
}

BOOST_AUTO_TEST_SUITE_END()
