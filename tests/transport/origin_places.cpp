// SPDX-License-Identifier: BSL-1.0
#include "authmod/transport/origin_places.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(places_at_origins)

BOOST_AUTO_TEST_CASE(K3_an_origin_has_so_many_places_and_takes_none_of_others) {
    origin_places places(2);
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

BOOST_AUTO_TEST_CASE(places_may_outlive_what_gave_them) {
    std::vector<origin_places::place> held;
    {
        origin_places places(1);
        held.push_back(std::move(*places.take("origin")));
    }
    held.clear();
    BOOST_TEST(held.empty());
}

BOOST_AUTO_TEST_SUITE_END()
