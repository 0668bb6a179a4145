// SPDX-License-Identifier: BSL-1.0
#include "authmod/transport/outbound_gate.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

asio::ip::address at(std::string_view text) { return asio::ip::make_address(std::string(text)); }

ip_network net(std::string_view text) { return ip_network::parse(text).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(transport_outbound_gate)

BOOST_AUTO_TEST_CASE(J2_every_spelling_of_an_internal_address_is_known) {
    struct row {
        std::string_view address;
        address_kind kind;
    };
    using enum address_kind;
    constexpr row rows[] = {
        // public
        {"8.8.8.8", open},
        {"104.192.141.1", open},
        {"172.15.255.255", open},
        {"172.32.0.0", open},
        {"100.63.255.255", open},
        {"100.128.0.0", open},
        {"126.255.255.255", open},
        {"128.0.0.0", open},
        {"192.167.255.255", open},
        {"198.17.255.255", open},
        {"223.255.255.255", open},
        {"2606:4700::1111", open},
        {"2a00:1450:4001:80b::200e", open},
        {"2001:4860:4860::8888", open},
        // IPv4 that is not public
        {"127.0.0.1", internal},
        {"127.255.255.254", internal},
        {"10.0.0.1", internal},
        {"172.16.0.1", internal},
        {"172.31.255.255", internal},
        {"192.168.1.1", internal},
        {"100.64.0.1", internal},
        {"100.127.255.255", internal},
        {"0.1.2.3", internal},
        {"192.0.0.8", internal},
        {"192.0.2.1", internal},
        {"192.88.99.1", internal},
        {"198.18.0.1", internal},
        {"198.19.255.255", internal},
        {"198.51.100.7", internal},
        {"203.0.113.7", internal},
        {"240.0.0.1", internal},
        {"255.255.255.254", internal},
        // IPv6 that is not public
        {"::1", internal},
        {"fc00::1", internal},
        {"fd12:3456::1", internal},
        {"fec0::1", internal},
        {"2001:db8::1", internal},
        {"3fff::1", internal},
        {"2001:2::1", internal},
        {"2001:10::1", internal},
        {"100::1", internal},
        {"4000::1", internal},
        // IPv4 inside IPv6
        {"::ffff:127.0.0.1", internal},
        {"::ffff:10.0.0.1", internal},
        {"::ffff:8.8.8.8", internal},
        {"::127.0.0.1", internal},
        {"::ffff:0:127.0.0.1", internal},
        {"64:ff9b::127.0.0.1", internal},
        {"64:ff9b::8.8.8.8", internal},
        {"64:ff9b:1::10.0.0.1", internal},
        {"2002:7f00:1::1", internal},
        {"2002:808:808::1", internal},
        {"2001:0:4136:e378:8000:63bf:80ff:fffe", internal},
        {"2a00::5efe:10.0.0.1", internal},
        {"2a00::200:5efe:127.0.0.1", internal},
        // metadata services, and addresses at which no host is
        {"169.254.169.254", never},
        {"169.254.170.2", never},
        {"169.254.0.1", never},
        {"100.100.100.200", never},
        {"168.63.129.16", never},
        {"192.0.0.192", never},
        {"0.0.0.0", never},
        {"224.0.0.1", never},
        {"239.255.255.255", never},
        {"255.255.255.255", never},
        {"::", never},
        {"fd00:ec2::254", never},
        {"fd00:ec2::23", never},
        {"fd20:ce::254", never},
        {"fe80::1", never},
        {"fe80::a9fe:a9fe", never},
        {"fe80::1%1", never},
        {"ff02::1", never},
        {"::ffff:169.254.169.254", never},
        {"::ffff:a9fe:a9fe", never},
        {"::ffff:100.100.100.200", never},
        {"::169.254.169.254", never},
        {"::ffff:0:169.254.169.254", never},
        {"64:ff9b::169.254.169.254", never},
        {"64:ff9b:1::a9fe:a9fe", never},
        {"64:ff9b:1:a9fe:a9:fe00::", never},
        {"2002:a9fe:a9fe::1", never},
        {"2001:0:a9fe:a9fe::1", never},
        {"2001:0:808:808::5601:5601", never},
        {"2a00::5efe:169.254.169.254", never},
    };
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.address) BOOST_TEST((classify(at(r.address)) == r.kind));
}

BOOST_AUTO_TEST_CASE(J2_each_kind_opens_to_those_it_is_for) {
    outbound_gate const gate(false, {net("10.1.0.0/16"), net("fd12::/16"), net("169.254.0.0/16"), net("64:ff9b::/96")});
    auto const url = gate.check_url("https://p.example/").value();

    struct row {
        std::string_view address;
        bool administrator, provider;
    };

    constexpr row rows[] = {
        {"8.8.8.8", true, true},           {"2606:4700::1111", true, true},
        {"127.0.0.1", true, false},        {"::1", true, false},
        {"192.168.1.1", true, false},      {"fd00::1", true, false},
        {"10.1.2.3", true, true},          {"10.2.2.3", true, false},
        {"fd12::1", true, true},           {"::ffff:10.1.2.3", true, false},
        {"169.254.169.254", false, false}, {"::ffff:169.254.169.254", false, false},
        {"64:ff9b::8.8.8.8", true, true},  {"64:ff9b::169.254.169.254", false, false},
        {"fd00:ec2::254", false, false},   {"100.100.100.200", false, false},
        {"0.0.0.0", false, false},         {"224.0.0.1", false, false},
    };
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.address) {
            BOOST_TEST(gate.allows(url, url_origin::administrator, at(r.address)) == r.administrator);
            BOOST_TEST(gate.allows(url, url_origin::provider, at(r.address)) == r.provider);
        }
}

BOOST_AUTO_TEST_CASE(J2_a_host_that_could_be_read_as_an_address_is_no_host) {
    outbound_gate const gate(true);
    for (std::string_view host : {"0x7f.1",
                                  "2130706433",
                                  "127.1",
                                  "017700000001",
                                  "0177.0.0.1",
                                  "127.0.0.01",
                                  "0x7f000001",
                                  "127.0.0.1.",
                                  "localhost.",
                                  "localhost%00",
                                  "[::1%25lo]",
                                  "[::1%lo]",
                                  "[fe80::1%eth0]",
                                  "[::ffff:127.0.0.1",
                                  "::1",
                                  "[127.0.0.1]",
                                  "1.2.3.4.5",
                                  "256.1.1.1",
                                  "[:::1]",
                                  "[1::2::3]",
                                  "[::g]",
                                  "\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1",
                                  "local\thost",
                                  "a@127.0.0.1",
                                  "a\\127.0.0.1",
                                  "127.0.0.1#.example",
                                  "%31%32%37.0.0.1",
                                  "-a.example",
                                  "a..example",
                                  ""}) {
        std::string const url = "https://" + std::string(host) + "/";
        BOOST_TEST_CONTEXT(url) BOOST_TEST((gate.check_url(url).error() == errc::address_refused));
    }
    for (std::string_view host : {"localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "api.bitbucket.org"})
        BOOST_TEST_CONTEXT(host) BOOST_TEST(gate.check_url("https://" + std::string(host) + "/").has_value());
}

BOOST_AUTO_TEST_CASE(J1_http_needs_a_loopback_host_and_the_flag) {
    outbound_gate const closed(false), open(true);
    for (std::string_view url : {"http://localhost/", "http://127.0.0.1:80/", "http://[::1]/"}) {
        BOOST_TEST_CONTEXT(url) {
            BOOST_TEST(!closed.check_url(url));
            BOOST_TEST(open.check_url(url).has_value());
        }
    }
    for (std::string_view url :
         {"http://p.example/", "http://10.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://localhost.example/",
          "ftp://localhost/", "HTTP://localhost/", "//localhost/", "localhost", "file:///etc/passwd"})
        BOOST_TEST_CONTEXT(url) BOOST_TEST(!open.check_url(url));
}

BOOST_AUTO_TEST_CASE(J1_http_goes_to_loopback_addresses_only_whatever_localhost_resolves_to) {
    outbound_gate const gate(true, {net("127.0.0.0/8")});
    auto const url = gate.check_url("http://localhost/").value();
    BOOST_TEST(gate.allows(url, url_origin::administrator, at("127.0.0.1")));
    BOOST_TEST(gate.allows(url, url_origin::administrator, at("::1")));
    BOOST_TEST(gate.allows(url, url_origin::provider, at("127.0.0.1")));
    BOOST_TEST(!gate.allows(url, url_origin::provider, at("::1")));
    BOOST_TEST(!gate.allows(url, url_origin::administrator, at("10.0.0.1")));
    BOOST_TEST(!gate.allows(url, url_origin::administrator, at("8.8.8.8")));
}

BOOST_AUTO_TEST_CASE(networks_are_read_strictly) {
    for (std::string_view text : {"",
                                  "/",
                                  "/8",
                                  "10.0.0.0/",
                                  "10.0.0.0/33",
                                  "10.0.0.0/-1",
                                  "10.0.0.0/+8",
                                  "10.0.0.0/8 ",
                                  " 10.0.0.0/8",
                                  "10.0.0.1/8",
                                  "10/8",
                                  "10.0.0/8",
                                  "0x0a.0.0.0/8",
                                  "010.0.0.0/8",
                                  "fd00::/129",
                                  "fd00::1/8",
                                  "[fd00::]/8",
                                  "fe80::1%1/128",
                                  "10.0.0.0/8/8",
                                  "localhost",
                                  "10.0.0.0/99999999999999999999"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST((ip_network::parse(text).error() == errc::setting_refused));
    BOOST_TEST(!ip_network::parse(std::string_view("10.0.0.1\0/8", 11)));

    BOOST_TEST(net("0.0.0.0/0").contains(at("255.1.2.3")));
    BOOST_TEST(!net("0.0.0.0/0").contains(at("::1")));
    BOOST_TEST(net("::/0").contains(at("fd00::1")));
    BOOST_TEST(!net("::/0").contains(at("1.2.3.4")));
    BOOST_TEST(net("10.1.2.3").contains(at("10.1.2.3")));
    BOOST_TEST(!net("10.1.2.3").contains(at("10.1.2.2")));
    BOOST_TEST(net("10.1.2.2/31").contains(at("10.1.2.3")));
    BOOST_TEST(!net("10.1.2.2/31").contains(at("10.1.2.4")));
    BOOST_TEST(net("fd00:8000::/17").contains(at("fd00:8001::1")));
    BOOST_TEST(!net("fd00:8000::/17").contains(at("fd00:7fff::1")));
    BOOST_TEST((net("10.0.0.0/8") == net("10.0.0.0/8")));
}

BOOST_AUTO_TEST_CASE(addresses_are_looked_up_without_their_brackets) {
    BOOST_TEST(without_brackets("[2001:db8::1]") == "2001:db8::1");
    BOOST_TEST(without_brackets("id.example") == "id.example");
    BOOST_TEST(without_brackets("192.0.2.1") == "192.0.2.1");
}

BOOST_AUTO_TEST_SUITE_END()
