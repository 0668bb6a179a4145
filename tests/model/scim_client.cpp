// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/scim_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(scim_client_)

BOOST_AUTO_TEST_CASE(clients_of_different_modules_differ) {
    scim_client const made;
    scim_client other = made;
    BOOST_TEST((other == made));
    other.module_id = "module";
    BOOST_TEST((other != made));
}

BOOST_AUTO_TEST_CASE(tokens_of_different_digests_differ) {
    scim_token const made;
    scim_token other = made;
    BOOST_TEST((other == made));
    other.digest = "digest";
    BOOST_TEST((other != made));
}

BOOST_AUTO_TEST_SUITE_END()
