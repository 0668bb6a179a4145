// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/audit_row.hpp"

#include <boost/test/unit_test.hpp>
#include <span>
#include <string>
#include <vector>

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

BOOST_AUTO_TEST_CASE(one_row_and_many_convert_to_rows) {
    auto const events = [](audit_rows rows) {
        std::string all;
        for (auto const& row : rows) all += row.event + " ";
        return all;
    };
    audit_row const one("one", "x");
    std::vector<audit_row> const many{one, audit_row("two", "x")};
    BOOST_TEST(events(one) == "one ");
    BOOST_TEST(events(many) == "one two ");
    BOOST_TEST(events(std::span(many).subspan(1)) == "two ");
    BOOST_TEST(events({}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
