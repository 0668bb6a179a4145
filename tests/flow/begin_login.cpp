// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/begin_login.hpp>

#include <authmod/provider/bitbucket_cloud.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

module_plan plan(pkce_mode pkce) {
    auto text = default_settings<bitbucket_cloud>();
    text.client_id = "key";
    text.pkce = pkce;
    return make_plan(info_of<bitbucket_cloud>(), text).value();
}

login_attempt begin(module_plan const& with) {
    login_entropy entropy;
    entropy.state = "st";
    entropy.code_verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    return begin_login_attempt(with, "m1", "f1", entropy, "/x", from_milliseconds(1000));
}

} // namespace

BOOST_AUTO_TEST_SUITE(begin_login_suite)

BOOST_AUTO_TEST_CASE(an_attempt_remembers_where_and_for_how_long) {
    auto const attempt = begin(plan(pkce_mode::automatic));
    BOOST_TEST(attempt.module_id == "m1");
    BOOST_TEST(attempt.fingerprint == "f1");
    BOOST_TEST(attempt.return_to == "/x");
    BOOST_TEST((attempt.expires_at == from_milliseconds(1000) + attempt_lifetime));
    BOOST_TEST(!attempt.restarted);
}

BOOST_AUTO_TEST_CASE(A3_the_challenge_of_rfc_7636_appendix_b_is_sent_with_s256) {
    auto const with = plan(pkce_mode::automatic);
    BOOST_TEST(authorization_of(with, begin(with), "https://s.example/cb").to_url() ==
               "https://bitbucket.org/site/oauth2/authorize?response_type=code&client_id=key&redirect_uri=https%3A%2F%2Fs."
               "example%2Fcb&scope=account%20email&state=st&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_"
               "challenge_method=S256");
}

BOOST_AUTO_TEST_CASE(pkce_off_sends_and_remembers_no_verifier) {
    auto const with = plan(pkce_mode::off);
    auto const attempt = begin(with);
    BOOST_TEST(attempt.code_verifier.empty());
    BOOST_TEST(authorization_of(with, attempt, "https://s.example/cb").code_challenge.empty());
}

BOOST_AUTO_TEST_CASE(b5_an_attempt_remembers_that_iss_was_promised) {
    auto with = plan(pkce_mode::automatic);
    BOOST_TEST(!begin(with).iss_promised);
    with.must_name_issuer = true;
    BOOST_TEST(begin(with).iss_promised);
}

BOOST_AUTO_TEST_CASE(the_code_is_bound_to_a_key_only_where_the_provider_binds_tokens) {
    auto with = plan(pkce_mode::automatic);
    login_entropy entropy;
    entropy.dpop_key = signing_key::generate().value();
    auto const jkt = dpop_thumbprint(*entropy.dpop_key);
    auto const jkt_of = [&] {
        auto const attempt = begin_login_attempt(with, "m1", "f1", entropy, "/", from_milliseconds(1000));
        return authorization_of(with, attempt, "https://s.example/cb").dpop_jkt;
    };
    BOOST_TEST(jkt_of() == "");
    with.binds_tokens = true;
    BOOST_TEST(jkt_of() == jkt);
}

BOOST_AUTO_TEST_SUITE_END()
