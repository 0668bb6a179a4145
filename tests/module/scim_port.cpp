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
    detail::scim_adapter<memory_store> adapter(store);
    scim_port& port = *detail::scim_port_of(adapter);
    scim_client client;
    client.id = client.name = "okta";
    BOOST_REQUIRE(run(port.insert_scim_client(client, "digest", {})).has_value());
    BOOST_TEST((run(port.find_scim_client("digest")).value() == client));
    BOOST_TEST((run(port.find_scim_client("other")).error() == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_store_without_scim_has_no_port) {
    struct plain {};

    detail::no_scim none{plain()};
    BOOST_TEST(detail::scim_port_of(none) == nullptr);
    static_assert(std::is_same_v<detail::scim_port_for<plain>::type, detail::no_scim>);
}

BOOST_AUTO_TEST_SUITE_END()
