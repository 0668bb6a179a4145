// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/service_options.hpp>

#include <boost/test/unit_test.hpp>
#include <type_traits>

using namespace authmod;

static_assert(!std::is_aggregate_v<service_options> && !std::is_aggregate_v<cache_options>); // why: auth_module.cpp

BOOST_AUTO_TEST_SUITE(service_options_suite)

BOOST_AUTO_TEST_CASE(what_another_node_ends_is_over_within_the_second_that_is_promised) {
    BOOST_TEST((service_options().cache.age < std::chrono::seconds(1)));
    BOOST_TEST((service_options().cache.age > milliseconds(0)));
}

BOOST_AUTO_TEST_CASE(nothing_that_weakens_a_service_is_on_unless_asked_for) {
    service_options const options("https://service.example");
    BOOST_TEST(options.base_url == "https://service.example");
    BOOST_TEST(!options.allow_loopback_http);
    BOOST_TEST(!options.keep_tokens);
}

BOOST_AUTO_TEST_SUITE_END()
