#include "authmod/account/text_rules.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
