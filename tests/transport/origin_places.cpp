// SPDX-License-Identifier: BSL-1.0
#include "authmod/transport/origin_places.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <vector>

using namespace authmod;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::chrono::steady_clock::time_point start{std::chrono::hours(1)};

} // namespace

BOOST_AUTO_TEST_SUITE(places_at_origins)

BOOST_AUTO_TEST_CASE(K3_an_origin_has_so_many_places_and_takes_none_of_others) {
    place_limits limits;
    limits.each = 2;
    origin_places places(limits);
    std::vector<origin_places::place> held;
    for (int i = 0; i != 2; ++i) {
        auto place = places.take("https hung.example 443");
        BOOST_REQUIRE(place.has_value());
        held.push_back(std::move(*place));
    }
    for (int i = 0; i != 3; ++i) BOOST_TEST(!places.take("https hung.example 443").has_value());
    BOOST_TEST(places.take("https other.example 443").has_value());
    held.pop_back();
    BOOST_TEST(places.take("https hung.example 443").has_value());
}

BOOST_AUTO_TEST_CASE(K3_while_an_origin_answers_nobody_few_open_connections) {
    origin_places places;
    auto taken = [&] { return std::move(*places.take("https hung.example 443")); };
    std::deque<origin_places::place> held;
    for (int i = 0; i != 9; ++i) held.push_back(taken());
    for (int i = 0; i != 8; ++i) BOOST_TEST(held[std::size_t(i)].may_open(start));
    BOOST_TEST(places.take("https other.example 443")->may_open(start + milliseconds(500)));
    BOOST_TEST(!held[8].may_open(start + milliseconds(500)));
    BOOST_TEST(held[7].may_open(start + milliseconds(500))); // it does already
    held[3].answered(start + milliseconds(600));
    BOOST_TEST(held[8].may_open(start + milliseconds(1000)));
    held.push_back(taken());
    BOOST_TEST(!held[9].may_open(start + milliseconds(1100)));
    for (int i = 0; i != 2; ++i) held.pop_front(); // they have waited long enough
    BOOST_TEST(held.back().may_open(start + milliseconds(1100)));
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_there_waits_for_no_turn_but_counts) {
    origin_places places;
    std::vector<origin_places::place> held;
    for (int i = 0; i != 9; ++i) {
        held.push_back(std::move(*places.take("origin")));
        held.back().ask(start + seconds(i));
    }
    auto next = places.take("origin");
    BOOST_TEST(!next->may_open(start + seconds(9)));
    held.clear();
    BOOST_TEST(next->may_open(start + seconds(9)));
}

BOOST_AUTO_TEST_CASE(many_may_open_connections_at_once_where_nobody_has_waited_long) {
    origin_places places;
    std::vector<origin_places::place> held;
    for (int i = 0; i != 100; ++i) {
        held.push_back(std::move(*places.take("origin")));
        BOOST_TEST(held.back().may_open(start + milliseconds(i)));
    }
}

BOOST_AUTO_TEST_CASE(places_may_outlive_what_gave_them) {
    std::vector<origin_places::place> held;
    {
        origin_places places;
        held.push_back(std::move(*places.take("origin")));
    }
    held.clear();
    BOOST_TEST(held.empty());
}

BOOST_AUTO_TEST_SUITE_END()
