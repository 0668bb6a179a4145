#include "authmod/account/text_rules.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(text_rules)

BOOST_AUTO_TEST_CASE(only_ascii_letters_fold) {
    BOOST_TEST(fold_case("JoHn@Example.COM") == "john@example.com");
    BOOST_TEST(fold_case("@[`{") == "@[`{"); // neighbours of the letters
    BOOST_TEST(fold_case("\xc3\x84rger") == "\xc3\x84rger");
    BOOST_TEST(fold_case("") == "");
}

BOOST_AUTO_TEST_CASE(texts_are_the_same_when_their_folded_forms_are) {
    BOOST_TEST(same_folded("John", "jOHN"));
    BOOST_TEST(!same_folded("John", "Johnn"));
    BOOST_TEST(!same_folded("[", "{")); // differ in the bit that tells cases apart
    BOOST_TEST(same_folded("", ""));
}

BOOST_AUTO_TEST_CASE(texts_are_cut_between_code_points) {
    static_assert(cut_code_points("abc", 2) == "ab");
    static_assert(cut_code_points("abc", 3) == "abc");
    static_assert(cut_code_points("abc", 0).empty());
    static_assert(cut_code_points("", 5).empty());
    BOOST_TEST(cut_code_points("a\xc3\xbc\xf0\x9f\x98\x80z", 2) == "a\xc3\xbc");
    BOOST_TEST(cut_code_points("a\xc3\xbc\xf0\x9f\x98\x80z", 3) == "a\xc3\xbc\xf0\x9f\x98\x80");
    std::string long_name;
    for (int i = 0; i < 300; ++i) long_name += "\xc3\xbc";
    BOOST_TEST(cut_code_points(long_name, max_name_code_points).size() == 2 * max_name_code_points);
}

BOOST_AUTO_TEST_SUITE_END()
