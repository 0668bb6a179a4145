// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/client_address.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace authmod;

namespace {

struct row {
    std::string_view peer;
    std::vector<request_field> fields;
    std::string_view client;
};

std::vector<ip_network> const proxies{ip_network::parse("127.0.0.1").value(), ip_network::parse("10.0.0.0/8").value(),
                                      ip_network::parse("fd00::/8").value()};

request_field forwarded(std::string_view value) { return {"X-Forwarded-For", value}; }

} // namespace

BOOST_AUTO_TEST_SUITE(client_address_suite)

BOOST_AUTO_TEST_CASE(a_trusted_proxy_is_believed_and_nobody_behind_it) {
    row const rows[] = {
        {"127.0.0.1", {}, "127.0.0.1"},
        {"127.0.0.1", {forwarded("192.0.2.7")}, "192.0.2.7"},
        {"127.0.0.1", {forwarded("6.6.6.6, 192.0.2.7")}, "192.0.2.7"}, // the client's own claim stands further left
        {"127.0.0.1", {forwarded("6.6.6.6,192.0.2.7 ,\t10.1.2.3")}, "192.0.2.7"},
        {"127.0.0.1",
         {forwarded("6.6.6.6"), {"Other", "x"}, forwarded("192.0.2.7")},
         "192.0.2.7"}, // two fields, one list
        {"127.0.0.1", {{"x-forwarded-for", "2001:DB8:0::7"}}, "2001:db8::7"},
        {"::ffff:127.0.0.1", {forwarded("192.0.2.7")}, "192.0.2.7"},
        {"fd00::1", {forwarded("192.0.2.7")}, "192.0.2.7"},
        {"10.9.9.9", {forwarded("10.1.1.1, 10.2.2.2")}, "10.1.1.1"}, // nothing but proxies: the farthest
    };
    for (auto const& r : rows) BOOST_TEST(client_address(r.peer, r.fields, proxies) == r.client);
}

BOOST_AUTO_TEST_CASE(what_is_no_address_ends_the_walk) {
    for (std::string_view bad : {"unknown", "_hidden", "192.0.2.7:4711", "[2001:db8::7]", "fe80::1%eth0", "", " ",
                                 "300.1.1.1", "192.0.2.7\"", "a"})
        BOOST_TEST(client_address("127.0.0.1", std::vector{forwarded("6.6.6.6, " + std::string(bad) + ", 10.1.2.3")},
                                  proxies) == "10.1.2.3");
}

BOOST_AUTO_TEST_CASE(everybody_else_is_who_he_is) {
    std::vector const claim{forwarded("6.6.6.6")};
    BOOST_TEST(client_address("192.0.2.7", claim, proxies) == "192.0.2.7");
    BOOST_TEST(client_address("127.0.0.1", claim, {}) == "127.0.0.1");
    BOOST_TEST(client_address("not an address", claim, proxies) == "not an address");
}

BOOST_AUTO_TEST_SUITE_END()
