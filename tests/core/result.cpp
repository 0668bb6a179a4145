// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/result.hpp"

#include "authmod/core/errc.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(result_)

result<std::string> half(bool good) {
    if (!good) return errc::not_found;
    return "found";
}

BOOST_AUTO_TEST_CASE(a_value_or_a_code) {
    BOOST_TEST(half(true).value() == "found");
    BOOST_TEST((half(false).error() == errc::not_found));
    BOOST_TEST(!half(false).has_value());
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_value_that_is_not_there_gets_an_exception_with_the_code) {
    BOOST_CHECK_EXCEPTION(half(false).value(), boost::system::system_error,
                          [](auto const& e) { return e.code() == errc::not_found; });
}

BOOST_AUTO_TEST_SUITE_END()
