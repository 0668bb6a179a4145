// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/errc.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(errc_)

BOOST_AUTO_TEST_CASE(rows_stand_in_the_order_of_the_enum_and_leave_none_out) {
    int expected = 1;
    for (auto const& row : detail::errc_rows) BOOST_TEST(static_cast<int>(row.code) == expected++, row.word);
    BOOST_TEST(static_cast<int>(std::size(detail::errc_rows)) == static_cast<int>(errc::random_failed));
}

BOOST_AUTO_TEST_CASE(words_are_unique_and_fit_labels) {
    std::set<std::string_view> words;
    for (auto const& row : detail::errc_rows) {
        BOOST_TEST(words.insert(row.word).second, "twice: " << row.word);
        BOOST_TEST(!row.word.empty());
        BOOST_TEST(row.word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == row.word.npos, row.word);
    }
    BOOST_TEST(!words.contains("internal"));
}

BOOST_AUTO_TEST_CASE(every_error_says_what_happened_and_what_to_do) {
    for (auto const& row : detail::errc_rows) BOOST_TEST_CONTEXT(row.word) {
            auto const code = make_error_code(row.code);
            BOOST_TEST(code.failed());
            BOOST_TEST(code.message() == row.message);
            BOOST_TEST(!code.message().ends_with('.'));
            BOOST_TEST(to_word(code) == row.word);
            BOOST_TEST(cure(code) == row.cure);
            BOOST_TEST(!row.cure.empty());
            BOOST_TEST((code == row.means));
            BOOST_TEST((code != (row.means == condition::refused ? condition::try_again : condition::refused)));
        }
}

BOOST_AUTO_TEST_CASE(foreign_codes_and_numbers_have_no_word_of_ours) {
    auto const foreign = make_error_code(boost::system::errc::timed_out);
    BOOST_TEST(to_word(foreign) == "internal");
    BOOST_TEST(cure(foreign) == "");
    for (int number : {0, -1, 9999}) {
        boost::system::error_code const unknown(number, category());
        BOOST_TEST(to_word(unknown) == "internal");
        BOOST_TEST(unknown.message() == "unknown error");
    }
    BOOST_TEST((foreign != errc::timed_out));
    BOOST_TEST(std::string_view(category().name()) == "authmod");
}

BOOST_AUTO_TEST_CASE(conditions_have_names) {
    BOOST_TEST(make_error_condition(condition::try_again).message() == "try again");
    BOOST_TEST(make_error_condition(condition::refused).message() == "refused");
}

BOOST_AUTO_TEST_SUITE_END()
