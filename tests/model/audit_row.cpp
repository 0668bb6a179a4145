// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/audit_row.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(audit_row_)

BOOST_AUTO_TEST_CASE(a_row_starts_with_its_event_and_target) {
    audit_row const row("login", "01hxaccount");
    BOOST_TEST(row.event == "login");
    BOOST_TEST(row.target == "01hxaccount");
    BOOST_TEST(row.number == 0);
    audit_row other = row;
    other.reason = "access_denied";
    BOOST_TEST((other != row));
}

BOOST_AUTO_TEST_SUITE_END()
