// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/json_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(texts_are_appended_in_quotes) {
    std::string out = "[";
    append_json(out, "");
    out += ',';
    append_json(out, "a/b \xc3\xa9");
    BOOST_TEST(out == "[\"\",\"a/b \xc3\xa9\"");
}

BOOST_AUTO_TEST_CASE(quotes_backslashes_and_control_characters_are_escaped) {
    std::string out;
    append_json(out, "a\"b\\c\n\x1f");
    BOOST_TEST(out == R"("a\"b\\c\u000a\u001f")");
}

BOOST_AUTO_TEST_CASE(a_parser_reads_every_ascii_character_back) {
    std::string text, out;
    for (int c = 0; c != 128; ++c) text += static_cast<char>(c);
    append_json(out, text);
    BOOST_TEST(boost::json::parse(out).as_string() == text);
}

BOOST_AUTO_TEST_SUITE_END()
