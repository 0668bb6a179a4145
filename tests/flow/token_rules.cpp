// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/token_rules.hpp>

#include <authmod/provider/google.hpp>
#include <authmod/provider/microsoft_entra.hpp>
#include <authmod/provider/oidc.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(token_rules)

template <provider P>
module_plan plan_for(std::string tenant = {}) {
    auto text = default_settings<P>();
    text.client_id = "key";
    text.tenant = std::move(tenant);
    if (text.issuer.empty()) text.issuer = "https://op.example";
    return make_plan(info_of<P>(), text).value();
}

BOOST_AUTO_TEST_CASE(d1_the_issuer_is_the_settings_and_the_audience_our_client) {
    auto const plan = plan_for<oidc>();
    auto const rules = token_rules_of(plan);
    BOOST_TEST(rules.issuer == "https://op.example");
    BOOST_TEST(rules.client_id == "key");
    BOOST_TEST(rules.other_audiences.empty());
}

BOOST_AUTO_TEST_CASE(d1_where_one_service_signs_for_many_tenants_the_token_names_its_own) {
    auto const any = plan_for<microsoft_entra>("organizations");
    BOOST_TEST(token_rules_of(any).issuer == "https://login.microsoftonline.com/{tid}/v2.0");
    auto const one = plan_for<microsoft_entra>("9188040d-6c67-4c5b-b112-36a304b66dad");
    BOOST_TEST(token_rules_of(one).issuer ==
               "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0");
}

BOOST_AUTO_TEST_CASE(d2_the_algorithms_are_the_traits) {
    auto const one = plan_for<google>();
    BOOST_TEST((token_rules_of(one).algorithms == algorithm_set{signature_algorithm::rs256}));
    auto const four = plan_for<oidc>();
    BOOST_TEST(
        (token_rules_of(four).algorithms == algorithm_set{signature_algorithm::rs256, signature_algorithm::ps256,
                                                          signature_algorithm::es256, signature_algorithm::eddsa}));
}

BOOST_AUTO_TEST_SUITE_END()
