// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/service_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(service_client_)

BOOST_AUTO_TEST_CASE(a_new_service_may_use_no_module) {
    service_client const made;
    BOOST_TEST(made.modules.empty());
    service_client other = made;
    other.modules.emplace_back("module");
    BOOST_TEST((other != made));
}

BOOST_AUTO_TEST_SUITE_END()
