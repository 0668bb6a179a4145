// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/policies.hpp>

#include "support/run.hpp"

#include <authmod/testing/counting_random.hpp>
#include <authmod/testing/fixed_clock.hpp>
#include <authmod/testing/recorded_transport.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(policies_suite)

BOOST_AUTO_TEST_CASE(the_bag_has_a_default_for_everything_but_the_transport) {
    policies<recorded_transport> bag;
    auto const parts = bag.as_ports();
    BOOST_TEST(parts.transport);
    BOOST_TEST(parts.data);
    BOOST_TEST((parts.time->now() > from_milliseconds(1'600'000'000'000)));
    auto const sealed = parts.sealer->seal("purpose", "plain");
    BOOST_REQUIRE(sealed);
    BOOST_TEST(parts.sealer->open("purpose", *sealed).value().expose() == "plain");
    BOOST_TEST(!parts.sealer->open("other", *sealed).has_value());
}

BOOST_AUTO_TEST_CASE(two_bags_do_not_open_each_other_s_values) {
    policies<recorded_transport> one, two;
    BOOST_TEST(!two.sealer.open("p", one.sealer.seal("p", "x").value()).has_value());
}

BOOST_AUTO_TEST_CASE(ports_reach_the_members_of_the_bag) {
    policies<recorded_transport, memory_store, fixed_clock, counting_random> bag;
    auto const parts = bag.as_ports();
    bag.time.advance(std::chrono::hours(1));
    BOOST_TEST((parts.time->now() == bag.time.now()));
    bag.random.set_broken(true);
    std::byte byte{};
    BOOST_TEST((parts.random->fill({&byte, 1}).error() == errc::random_failed));
    BOOST_TEST(authmod_test::run(parts.data->ping()).has_value());
    bag.transport.expect("GET", "https://a.example/").reply(204, "");
    http_request const request("GET", "https://a.example/");
    BOOST_TEST(authmod_test::run(parts.transport->send(request, timeouts{})).value().status == 204);
}

BOOST_AUTO_TEST_SUITE_END()
