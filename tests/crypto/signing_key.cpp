// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/signing_key.hpp"

#include "authmod/core/base64.hpp"
#include "authmod/crypto/public_key.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(signing_key_)

BOOST_AUTO_TEST_CASE(what_it_signs_verifies) {
    auto const key = signing_key::generate().value();
    auto const seen = public_key::from_ec(key_type::ec_p256, key.x(), key.y()).value();
    std::set<std::string> signatures;
    for (int i = 0; i != 50; ++i) { // numbers with zeros in front come by, too
        auto const signature = key.sign("message");
        BOOST_TEST(signature.size() == 64u);
        BOOST_TEST(seen.verify(signature_algorithm::es256, "message", signature));
        BOOST_TEST(!seen.verify(signature_algorithm::es256, "massage", signature));
        signatures.insert(signature);
    }
    BOOST_TEST(signatures.size() == 50u);
}

BOOST_AUTO_TEST_CASE(keys_are_fresh_and_come_back_from_their_bytes) {
    auto const a = signing_key::generate().value();
    auto const b = signing_key::generate().value();
    BOOST_TEST(a.x() != b.x());
    auto const again = signing_key::from_private_bytes(a.private_bytes().expose()).value();
    BOOST_TEST(again.x() == a.x());
    BOOST_TEST(again.y() == a.y());
    auto const seen = public_key::from_ec(key_type::ec_p256, a.x(), a.y()).value();
    BOOST_TEST(seen.verify(signature_algorithm::es256, "m", again.sign("m")));
}

BOOST_AUTO_TEST_CASE(the_public_point_of_rfc_7515_a_3_is_found) {
    auto const d = base64url_decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI").value();
    auto const key = signing_key::from_private_bytes(d).value();
    BOOST_TEST(base64url_encode(key.x()) == "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
    BOOST_TEST(base64url_encode(key.y()) == "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    BOOST_TEST(key.private_bytes().expose() == d);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_private_key_are_refused) {
    auto const order = base64url_decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE").value();
    auto below = order;
    --below.back();
    BOOST_TEST(signing_key::from_private_bytes(below).has_value());
    for (std::string const& bytes : {std::string(), std::string(31, 'a'), std::string(33, 'a'), std::string(32, '\0'),
                                     std::string(32, '\xff'), order})
        BOOST_TEST(!signing_key::from_private_bytes(bytes).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
