// SPDX-License-Identifier: BSL-1.0
#include <authmod/transport/find_peer.hpp>

#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

result<outbound_peer> find(std::string_view url, url_origin origin = url_origin::administrator) {
    http_request request("GET", url);
    request.origin = origin;
    outbound_gate const gate;
    return authmod_test::run(find_peer(gate, request));
}

} // namespace

BOOST_AUTO_TEST_SUITE(find_peer_suite)

BOOST_AUTO_TEST_CASE(a_url_becomes_the_address_to_connect_to) {
    auto const peer = find("https://127.0.0.1:8443?a=1").value();
    BOOST_TEST(peer.https);
    BOOST_TEST(peer.host == "127.0.0.1");
    BOOST_TEST(peer.port == 8443);
    BOOST_TEST(peer.target == "/?a=1");
    BOOST_TEST(peer.address.to_string() == "127.0.0.1");
    BOOST_TEST(peer.authority() == "127.0.0.1:8443");
    auto const six = find("https://[::1]/x").value();
    BOOST_TEST(six.host == "::1");
    BOOST_TEST(six.authority() == "[::1]");
}

BOOST_AUTO_TEST_CASE(j2_what_may_not_be_connected_to_is_refused_before_and_after_the_look_up) {
    BOOST_TEST((find("http://id.example/").error() == errc::address_refused));
    BOOST_TEST((find("https://127.0.0.1/", url_origin::provider).error() == errc::address_refused));
    BOOST_TEST((find("https://169.254.169.254/").error() == errc::address_refused));
    BOOST_TEST((find("https://nowhere.invalid/").error() == errc::provider_unreachable));
}

BOOST_AUTO_TEST_SUITE_END()
