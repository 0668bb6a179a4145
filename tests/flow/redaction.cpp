// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/redaction.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(redaction_suite)

BOOST_AUTO_TEST_CASE(N2_tokens_go_by_their_names_wherever_they_stand_and_are_known_from_then_on) {
    redactor secrets;
    auto const token = secrets.show_answer(
        R"({"access_token":"canary\/1","Refresh_Token":"canary-2","token_type":"bearer","nested":[{"client_secret":"canary-3","id":7}]})",
        true, 1000);
    std::string_view const shown =
        R"x({"access_token":"(redacted)","Refresh_Token":"(redacted)","token_type":"bearer","nested":[{"client_secret":"(redacted)","id":7}]})x";
    BOOST_TEST(token == shown);
    BOOST_TEST(secrets.show_text("echo canary/1, canary\\/1 and canary-2") == "echo (redacted), (redacted) and (redacted)");
    auto const profile = secrets.show_answer(R"({"login":"x","echo":"Bearer canary-3"})", false, 1000);
    std::string_view const clean = R"x({"login":"x","echo":"Bearer (redacted)"})x";
    BOOST_TEST(profile == clean);
}

BOOST_AUTO_TEST_CASE(N2_what_may_hold_a_token_and_is_no_json_is_not_shown) {
    redactor secrets;
    BOOST_TEST(secrets.show_answer("access_token=canary&scope=x", true, 1000).find("canary") == std::string::npos);
    BOOST_TEST(secrets.show_answer("<h1>Down</h1>", false, 1000) == "<h1>Down</h1>");
}

BOOST_AUTO_TEST_CASE(long_answers_are_cut_between_characters_and_control_characters_are_blanks) {
    redactor secrets;
    BOOST_TEST(secrets.show_answer("a\x01\xc3\xa4\xc3\xa4", false, 5) == "a \xc3\xa4 (cut)");
}

BOOST_AUTO_TEST_CASE(N2_of_a_text_that_was_cut_the_beginning_of_a_secret_goes_too) {
    redactor secrets;
    secrets.know(secret(std::string("0123456789abcdef")));
    BOOST_TEST(secrets.show_quote("a 0123456789abcdef b") == "a (redacted) b");
    BOOST_TEST(secrets.show_quote("the code 0123456789abc") == "the code (redacted)");
    BOOST_TEST(secrets.show_quote("the code 01234567") == "the code (redacted)");
    BOOST_TEST(secrets.show_quote("the code 0123456") == "the code 0123456");
    BOOST_TEST(secrets.show_quote("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
