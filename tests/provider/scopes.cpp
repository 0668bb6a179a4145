// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/scopes.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

static_assert(contains_scope("account email", "email"));
static_assert(contains_scope("  email  account ", "account"));
static_assert(!contains_scope("account emails", "email"));
static_assert(!contains_scope("account:email", "email"));
static_assert(!contains_scope("", "email"));
static_assert(!contains_scope("account email", "")); // no scope is no scope that opens anything
static_assert(!contains_scope("account email", "account email"));

} // namespace

BOOST_AUTO_TEST_SUITE(scopes)

BOOST_AUTO_TEST_CASE(blanks_between_scopes_become_one_space) {
    BOOST_TEST(normalized_scopes("  account   email ") == "account email");
    BOOST_TEST(normalized_scopes("read:user") == "read:user");
    BOOST_TEST(normalized_scopes("  ") == "");
}

BOOST_AUTO_TEST_CASE(characters_outside_the_rfc_are_found) {
    BOOST_TEST(find_bad_scope_character("account email:read !#[]~") == std::string_view::npos);
    for (std::string_view bad : {"ab\"c", "ab\\c", "ab\tc", "ab\nc", "ab\x7f", "ab\xc3\xa9"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(find_bad_scope_character(bad) == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
