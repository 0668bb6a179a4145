#include "authmod/scim/error.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace authmod::scim;

BOOST_AUTO_TEST_SUITE(scim_error)

BOOST_AUTO_TEST_CASE(the_status_is_a_text_and_the_word_is_there_only_when_there_is_one) {
    BOOST_TEST(
        to_json(error(404, error_type::none, "there is no such user")) ==
        R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"there is no such user"})");
    BOOST_TEST(to_json(error(409, error_type::uniqueness, "a \"name\"\n\x01")) ==
               R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness",)"
               R"("detail":"a \"name\"\u000a\u0001"})");
    BOOST_TEST(
        to_json(error(error_type::invalid_filter, "no value", 12)) ==
        R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidFilter",)"
        R"("detail":"no value at byte 12"})");
}

BOOST_AUTO_TEST_CASE(words_are_those_of_the_rfc) {
    BOOST_TEST(to_word(error_type::too_many) == "tooMany");
    BOOST_TEST(to_word(error_type::uniqueness) == "uniqueness");
    BOOST_TEST(to_word(error_type::mutability) == "mutability");
    BOOST_TEST(to_word(error_type::invalid_syntax) == "invalidSyntax");
    BOOST_TEST(to_word(error_type::invalid_path) == "invalidPath");
    BOOST_TEST(to_word(error_type::no_target) == "noTarget");
    BOOST_TEST(to_word(error_type::invalid_value) == "invalidValue");
    BOOST_TEST(to_word(error_type::invalid_version) == "invalidVers");
    BOOST_TEST(to_word(error_type::sensitive) == "sensitive");
}

BOOST_AUTO_TEST_CASE(value_of_a_failure_throws_what_it_says) {
    authmod::result<int, error> const r = error(error_type::no_target, "nothing there");
    BOOST_CHECK_EXCEPTION((void)r.value(), std::invalid_argument, [](std::invalid_argument const& e) {
        return std::string(e.what()) == "SCIM 400 noTarget: nothing there";
    });
}

BOOST_AUTO_TEST_SUITE_END()
