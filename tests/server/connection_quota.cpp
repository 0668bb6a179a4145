// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/connection_quota.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string_view>
#include <vector>

using namespace authmod;

namespace {

std::vector<ip_network> const proxies{ip_network::parse("10.0.0.0/8").value(), ip_network::parse("fd00::/8").value()};

auto take(connection_quota& quota, std::string_view address) { return quota.take(asio::ip::make_address(address)); }

/// How many connections this address gets, thirty at the most.
int taken(connection_quota& quota, std::string_view address) {
    int n = 0;
    while (n != 30 && take(quota, address)) ++n;
    return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(connection_quota_suite)

BOOST_AUTO_TEST_CASE(one_address_gets_so_many_and_the_others_as_many) {
    connection_quota quota(20, {});
    BOOST_TEST(taken(quota, "192.0.2.1") == 20);
    BOOST_TEST(taken(quota, "::ffff:192.0.2.1") == 0); // the same one
    BOOST_TEST(taken(quota, "192.0.2.2") == 20);
}

BOOST_AUTO_TEST_CASE(ipv6_addresses_of_one_network_share_their_places) {
    connection_quota quota(20, {});
    for (int i = 0; i != 10; ++i) BOOST_TEST(take(quota, "2001:db8:1:2::1").has_value());
    BOOST_TEST(taken(quota, "2001:db8:1:2:ffff::9") == 10);
    BOOST_TEST(taken(quota, "2001:db8:1:3::1") == 20);
}

BOOST_AUTO_TEST_CASE(a_place_that_is_given_back_is_free) {
    connection_quota quota(2, {});
    auto const one = take(quota, "192.0.2.1"), two = take(quota, "192.0.2.1");
    BOOST_REQUIRE((one && two));
    BOOST_TEST(!take(quota, "192.0.2.1"));
    quota.give_back(*one);
    auto const again = take(quota, "192.0.2.1");
    BOOST_REQUIRE(again);
    BOOST_TEST(!take(quota, "192.0.2.1"));
    quota.give_back(*two);
    quota.give_back(*again);
    BOOST_TEST(taken(quota, "192.0.2.1") == 2);
}

BOOST_AUTO_TEST_CASE(loopback_and_reverse_proxies_are_not_counted) {
    connection_quota quota(2, proxies);
    for (std::string_view address :
         {"127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3", "fd00::1"})
        BOOST_TEST(taken(quota, address) == 30, address);
    BOOST_TEST(taken(quota, "11.1.2.3") == 2);
    quota.give_back(take(quota, "10.1.2.3").value()); // nothing happens
    BOOST_TEST(taken(quota, "11.1.2.3") == 0);
}

BOOST_AUTO_TEST_CASE(no_figure_is_no_limit) {
    connection_quota quota(0, {});
    BOOST_TEST(taken(quota, "192.0.2.1") == 30);
}

BOOST_AUTO_TEST_SUITE_END()
