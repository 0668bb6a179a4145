// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/log.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(service_log_lines)

BOOST_AUTO_TEST_CASE(I3_foreign_text_stays_on_its_line) {
    BOOST_TEST(log_text("plain /path") == "\"plain /path\"");
    BOOST_TEST(log_text("a\r\nb\x1b[31m\"\\\xc3\xa9") == "\"a\\x0d\\x0ab\\x1b[31m\\x22\\x5c\\xc3\\xa9\"");
    BOOST_TEST(log_text(std::string(10'000, 'x')).size() == 258u);
}

BOOST_AUTO_TEST_SUITE_END()
