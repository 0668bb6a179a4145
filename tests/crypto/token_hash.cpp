// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/token_hash.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using enum signature_algorithm;

BOOST_AUTO_TEST_SUITE(token_hash_)

BOOST_AUTO_TEST_CASE(the_example_of_openid_connect_core_is_met) {
    // Core A.3 and A.4
    BOOST_TEST(token_hash(rs256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ");
    BOOST_TEST(token_hash(rs256, "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk") ==
               "LDktKdoQak3Pk0cnXxCltA");
}

BOOST_AUTO_TEST_CASE(the_digest_is_the_algorithm_s) {
    for (auto algorithm : {rs256, ps256, es256}) BOOST_TEST(token_hash(algorithm, "a") == "ypeBEsobvcr6wjGzmiPcTQ");
    for (auto algorithm : {rs384, ps384, es384})
        BOOST_TEST(token_hash(algorithm, "a") == "VKWbnyKwuAiA2EJ-VIt8I6vYc0huHwNd");
    for (auto algorithm : {rs512, ps512, es512, eddsa})
        BOOST_TEST(token_hash(algorithm, "a") == "H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU0FYOD1M");
}

BOOST_AUTO_TEST_SUITE_END()
