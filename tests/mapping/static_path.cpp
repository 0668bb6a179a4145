// SPDX-License-Identifier: BSL-1.0
#include "authmod/mapping/static_path.hpp"

#include "authmod/mapping/attribute_path.hpp"
#include "support/path_rows.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace authmod::literals;
using authmod::path_view;

namespace {

constexpr path_view emails = "values[is_primary]/email ?: email"_path;
static_assert(emails.text == "values[is_primary]/email ?: email");
static_assert(authmod_test::description(emails).view() == "'values'[is_primary]/'email' ?: 'email'");
static_assert(!emails.empty() && path_view().empty());

} // namespace

BOOST_AUTO_TEST_SUITE(static_path)

BOOST_AUTO_TEST_CASE(a_literal_and_the_same_text_typed_have_the_same_steps) {
    auto const typed = authmod::attribute_path::parse(emails.text).value();
    BOOST_TEST(typed.text() == emails.text);
    BOOST_TEST(std::ranges::equal(typed.view().steps, emails.steps));
}

BOOST_AUTO_TEST_CASE(equal_literals_share_one_place) {
    path_view const again = "values[is_primary]/email ?: email"_path;
    BOOST_TEST(again.steps.data() == emails.steps.data());
}

BOOST_AUTO_TEST_SUITE_END()
