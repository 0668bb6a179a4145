// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/version.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(version_)

BOOST_AUTO_TEST_CASE(number_and_text_agree) {
    int const n = AUTHMOD_VERSION;
    auto const text = std::to_string(n / 10000) + '.' + std::to_string(n / 100 % 100) + '.' + std::to_string(n % 100);
    BOOST_TEST(authmod::version == text);
}

BOOST_AUTO_TEST_SUITE_END()
