// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/scim_requests.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using namespace authmod;

namespace {

time_point at(long long ms) { return from_milliseconds(1'790'000'000'000 + ms); }

scim_request request(std::string_view path, long long ms = 0) {
    scim_request one;
    one.at = at(ms);
    one.method = "GET";
    one.path = path;
    one.status = 200;
    return one;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_requests_)

BOOST_AUTO_TEST_CASE(each_client_has_its_own_newest_first_and_no_more_than_are_kept) {
    scim_requests seen;
    for (std::size_t i = 0; i != scim_requests::kept + 5; ++i) seen.add("a", request("/" + std::to_string(i)));
    seen.add("b", request("/b"));
    auto const of_a = seen.of("a");
    BOOST_REQUIRE(of_a.size() == scim_requests::kept);
    BOOST_TEST(of_a.front().path == "/24");
    BOOST_TEST(of_a.back().path == "/5");
    BOOST_REQUIRE(seen.of("b").size() == 1u);
    BOOST_TEST(seen.of("b").front().status == 200);
    BOOST_TEST(seen.of("c").empty());
    seen.forget("a");
    seen.forget("c");
    BOOST_TEST(seen.of("a").empty());
    BOOST_TEST(seen.of("b").size() == 1u);
}

BOOST_AUTO_TEST_CASE(foreign_bytes_are_cut_and_escaped) {
    scim_requests seen;
    std::string const most(scim_requests::max_path, 'x');
    scim_request one = request(most + "secret");
    one.method = "G\nT\"";
    seen.add("a", one);
    BOOST_TEST(seen.of("a").front().path == most + "...");
    BOOST_TEST(seen.of("a").front().method == "G\\x0aT\\x22");
    seen.add("a", request("/\xe2\x80\xae\\"));
    BOOST_TEST(seen.of("a").front().path == "/\\xe2\\x80\\xae\\x5c");
    seen.add("a", request(most));
    BOOST_TEST(seen.of("a").front().path == most);
}

BOOST_AUTO_TEST_CASE(of_too_many_clients_the_quietest_is_forgotten) {
    scim_requests seen;
    for (std::size_t i = 0; i != scim_requests::max_clients; ++i)
        seen.add(std::to_string(i), request("/", static_cast<long long>(i)));
    seen.add("0", request("/again", 1'000'000));
    seen.add("new", request("/", 2'000'000));
    BOOST_TEST(seen.of("1").empty());
    BOOST_TEST(seen.of("0").size() == 2u);
    BOOST_TEST(seen.of("2").size() == 1u);
    BOOST_TEST(seen.of("new").size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
