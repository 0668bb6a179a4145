// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/log.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(service_log_events)

BOOST_AUTO_TEST_CASE(I3_foreign_text_stays_on_its_line) {
    BOOST_TEST(log_text("plain /path") == "\"plain /path\"");
    BOOST_TEST(log_text("a\r\nb\x1b[31m\"\\\xc3\xa9") == "\"a\\x0d\\x0ab\\x1b[31m\\x22\\x5c\\xc3\\xa9\"");
    BOOST_TEST(log_text(std::string(10'000, 'x')).size() == 258u);
}

BOOST_AUTO_TEST_CASE(one_event_reads_alike_in_both_formats) {
    auto const event = log_event("request_failed")
                           .add("reason", "state_missing")
                           .add("step", "")
                           .add("path", "/login/a b\n\"=é")
                           .add("address", "2001:db8::7");
    BOOST_TEST(event.fields().size() == 4u); // an empty value is left out
    BOOST_TEST(
        event.to_logfmt() ==
        "event=request_failed reason=state_missing path=\"/login/a b\\x0a\\x22=\\xc3\\xa9\" address=2001:db8::7");
    auto const value = boost::json::parse("{" + event.to_json_members() + "}");
    BOOST_TEST(value.at("event").as_string() == "request_failed");
    BOOST_TEST(value.at("path").as_string() == "/login/a b\\x0a\\x22=\\xc3\\xa9");
    BOOST_TEST(value.as_object().size() == 4u);
}

BOOST_AUTO_TEST_CASE(I3_no_value_can_pass_for_another_field) {
    for (int c = 0; c != 256; ++c) {
        auto const event = log_event("e").add("a", std::string(1, static_cast<char>(c)) + " level=forged");
        std::string const line = event.to_logfmt();
        BOOST_TEST(line.starts_with("event=e a=\""));
        BOOST_TEST(line.find('"', 11) == line.size() - 1);
        BOOST_TEST(line.find('\n') == std::string::npos);
        BOOST_TEST(boost::json::parse("{" + event.to_json_members() + "}").as_object().size() == 2u);
    }
    BOOST_TEST(log_event("e").add("a", std::string(257, 'x')).to_logfmt().size() == 10u + 258u);
}

BOOST_AUTO_TEST_SUITE_END()
