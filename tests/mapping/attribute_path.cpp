// SPDX-License-Identifier: BSL-1.0
#include "authmod/mapping/attribute_path.hpp"

#include "support/path_rows.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <utility>

using authmod::attribute_path, authmod::caret_lines;
using authmod_test::description;

BOOST_AUTO_TEST_SUITE(attribute_path_suite)

BOOST_AUTO_TEST_CASE(the_running_program_reports_what_the_compiler_reports) {
    for (auto const& row : authmod_test::malformed) BOOST_TEST_CONTEXT(row.text) {
            auto const parsed = attribute_path::parse(row.text);
            BOOST_TEST_REQUIRE(parsed.has_error());
            BOOST_TEST((parsed.error() == row.expected));
        }
}

BOOST_AUTO_TEST_CASE(the_running_program_reads_what_the_compiler_reads) {
    for (auto const& row : authmod_test::well_formed) BOOST_TEST_CONTEXT(row.text) {
            auto const parsed = attribute_path::parse(row.text);
            BOOST_TEST_REQUIRE(parsed.has_value());
            BOOST_TEST(parsed->text() == row.text);
            BOOST_TEST(description(parsed->view()).view() == row.steps);
        }
}

BOOST_AUTO_TEST_CASE(copies_and_moved_paths_stand_on_their_own) {
    auto first = attribute_path::parse("a/b").value();
    auto copy = first;
    auto moved = std::move(first);
    first = attribute_path::parse("another/longer/path/than/any/small/string").value();
    BOOST_TEST(description(copy.view()).view() == "'a'/'b'");
    BOOST_TEST(description(moved.view()).view() == "'a'/'b'");
    BOOST_TEST((copy.view().text.data() != moved.view().text.data()));
    BOOST_TEST(attribute_path().empty());
}

BOOST_AUTO_TEST_CASE(a_value_that_is_not_there_throws_with_reason_and_offset) {
    BOOST_CHECK_EXCEPTION((void)attribute_path::parse("a//b").value(), std::invalid_argument, [](auto const& e) {
        return e.what() == std::string("malformed attribute path: empty_segment at byte 2");
    });
}

BOOST_AUTO_TEST_CASE(the_caret_counts_code_points) {
    BOOST_TEST(caret_lines("a//b", 2) == "a//b\n  ^");
    BOOST_TEST(caret_lines("a/", 2) == "a/\n  ^");
    BOOST_TEST(caret_lines("", 0) == "\n^");
    BOOST_TEST(caret_lines("\xc3\xa9/\xf0\x9f\x98\x80//b", 8) == "\xc3\xa9/\xf0\x9f\x98\x80//b\n    ^");
    BOOST_TEST(caret_lines("a\t b/", 5) == "a\t b/\n \t   ^");
}

BOOST_AUTO_TEST_CASE(the_caret_message_holds_nothing_that_moves_a_terminal) {
    BOOST_TEST(caret_lines("a\x1b[2J", 1) == "a?[2J\n ^");
    BOOST_TEST(caret_lines("\xc3\xa9\x80z", 2) == "\xc3\xa9?z\n ^");
}

BOOST_AUTO_TEST_SUITE_END()
