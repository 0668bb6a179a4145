// SPDX-License-Identifier: BSL-1.0
// What the rules mean for whole settings is tested in module_plan.cpp.
#include "authmod/provider/settings_check.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

/// The errors that one rule gives, as "reason offset" with blanks between them.
template <class Rule>
std::string errors(Rule rule, plan_options options = plan_options()) {
    detail::settings_check check(options);
    rule(check);
    std::string all;
    for (auto const& error : check.errors) {
        BOOST_TEST(error.field == "field");
        BOOST_TEST(!error.message.empty());
        all.append(all.empty() ? "" : " ").append(error.reason).append(" ").append(std::to_string(error.offset));
    }
    return all;
}

std::string domains(std::string_view text) {
    return errors([&](auto& check) { check.domains("field", text); });
}

std::string segment(std::string_view text) {
    return errors([&](auto& check) { check.segment("field", text); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(settings_check_)

BOOST_AUTO_TEST_CASE(domains_are_names_of_hosts) {
    BOOST_TEST(domains("example.com") == "");
    BOOST_TEST(domains(" example.com, a.example ") == "");
    BOOST_TEST(domains(" ,") == "empty_name 0");
    BOOST_TEST(domains("example.com, https://a.example") == "bad_host 13");
    BOOST_TEST(domains("a.example a.example@b") == "bad_host 10");
    BOOST_TEST(domains("*.example.com") == "bad_host 0");
    BOOST_TEST(domains(std::string(2049, 'a')) == "too_long 2048");
}

BOOST_AUTO_TEST_CASE(a_segment_cannot_end_itself_or_climb) {
    BOOST_TEST(segment("staff & friends \xc3\xa9") == "");
    BOOST_TEST(segment("...") == "");
    for (std::string_view bad : {"a/", "a\\", "a?", "a#", "a%", "a{", "a}", "a\n"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(segment(bad) == "bad_character 1");
    BOOST_TEST(segment(".") == "bad_character 0");
    BOOST_TEST(segment("..") == "bad_character 0");
    BOOST_TEST(segment("a\xff") == "bad_character 1");
    BOOST_TEST(segment(std::string(256, 'a')) == "too_long 255");
}

BOOST_AUTO_TEST_CASE(http_to_this_machine_needs_to_be_allowed) {
    auto const local = [](auto& check) { check.url("field", "http://localhost:8081/token"); };
    BOOST_TEST(errors(local) == "not_https 0");
    BOOST_TEST(errors(local, plan_options(true)) == "");
}

BOOST_AUTO_TEST_SUITE_END()
