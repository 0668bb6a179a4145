// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/login_attempt.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

login_attempt sample() {
    login_attempt a;
    a.state = "state:1";
    a.code_verifier = std::string("v\0:7", 4);
    a.nonce = "n";
    a.dpop_key = std::string(32, '\x01');
    a.module_id = "3:abc";
    a.fingerprint = "";
    a.return_to = "/x?y=1:2";
    a.expires_at = from_milliseconds(1'767'225'600'123);
    a.tester = "admin-token";
    a.restarted = true;
    return a;
}

} // namespace

BOOST_AUTO_TEST_SUITE(login_attempt_suite)

BOOST_AUTO_TEST_CASE(bytes_give_the_attempt_back) {
    auto const back = login_attempt::from_bytes(sample().to_bytes());
    BOOST_REQUIRE(back);
    BOOST_TEST((*back == sample()));
    BOOST_TEST((login_attempt::from_bytes(login_attempt().to_bytes()).value() == login_attempt()));
    for (bool const restarted : {false, true})
        for (bool const promised : {false, true}) {
            auto a = sample();
            a.restarted = restarted;
            a.iss_promised = promised;
            BOOST_TEST((login_attempt::from_bytes(a.to_bytes()).value() == a));
        }
}

BOOST_AUTO_TEST_CASE(bytes_that_were_cut_or_lengthened_are_refused) {
    auto const bytes = sample().to_bytes();
    for (std::size_t n = 0; n != bytes.size(); ++n) BOOST_TEST(!login_attempt::from_bytes(std::string_view(bytes).substr(0, n)).has_value());
    BOOST_TEST(!login_attempt::from_bytes(bytes + "r").has_value());
    BOOST_TEST(!login_attempt::from_bytes("1" + bytes.substr(1)).has_value());
    BOOST_TEST(!login_attempt::from_bytes("199999999999999999999:").has_value());
    BOOST_TEST(!login_attempt::from_bytes("1-1:").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
