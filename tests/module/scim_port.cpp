// SPDX-License-Identifier: BSL-1.0
#include "authmod/module/scim_port.hpp"

#include "authmod/storage/memory_store.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;
using authmod_test::run;

BOOST_AUTO_TEST_SUITE(scim_port_)

BOOST_AUTO_TEST_CASE(the_port_reaches_the_store) {
    memory_store store;
    no_metrics metrics;
    detail::scim_adapter<memory_store> adapter(store, metrics);
    scim_port& port = *detail::scim_port_of(adapter);
    scim_client client;
    client.id = client.name = "okta";
    scim_token token;
    token.id = "first";
    token.client_id = client.id;
    token.digest = "digest";
    BOOST_REQUIRE(run(port.insert_scim_client(client, token, {})).has_value());
    BOOST_TEST((run(port.find_scim_access("digest")).value().client == client));
    BOOST_TEST((run(port.find_scim_access("other")).error() == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_store_without_scim_has_no_port) {
    struct plain {};

    detail::no_scim none{plain(), no_metrics()};
    BOOST_TEST(detail::scim_port_of(none) == nullptr);
    static_assert(std::is_same_v<detail::scim_port_for<plain, no_metrics>::type, detail::no_scim>);
}

BOOST_AUTO_TEST_SUITE_END()
