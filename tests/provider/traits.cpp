// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/traits.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(traits)

BOOST_AUTO_TEST_CASE(a_provider_without_extras_is_plain_oauth_without_limits) {
    constexpr provider_extras nothing;
    BOOST_TEST(!nothing.generic);
    BOOST_TEST(!nothing.openid.has_value());
    BOOST_TEST(nothing.limit.setting.empty());
    BOOST_TEST((nothing.proof.method == proof_method::none));
}

BOOST_AUTO_TEST_CASE(openid_connect_starts_with_the_standard_subject_and_one_algorithm) {
    constexpr openid_traits standard;
    BOOST_TEST(standard.subject.text == "sub");
    BOOST_TEST(standard.subject_claim == "sub");
    BOOST_TEST_REQUIRE(standard.algorithms.size() == 1u);
    BOOST_TEST(standard.algorithms[0] == "RS256");
    BOOST_TEST(standard.tenant_issuer.empty());
}

BOOST_AUTO_TEST_SUITE_END()
