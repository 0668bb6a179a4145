// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/ports.hpp>

#include <authmod/storage/memory_store.hpp>
#include <authmod/testing/recorded_transport.hpp>

#include <boost/test/unit_test.hpp>
#include <type_traits>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(ports_suite)

BOOST_AUTO_TEST_CASE(adapters_are_final_and_small) {
    BOOST_TEST(std::is_final_v<detail::store_adapter<memory_store>>);
    BOOST_TEST(std::is_final_v<detail::transport_adapter<recorded_transport>>);
    BOOST_TEST(sizeof(detail::store_adapter<memory_store>) == 2 * sizeof(void*));
    BOOST_TEST(std::is_trivially_destructible_v<ports>);
}

BOOST_AUTO_TEST_SUITE_END()
