// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/login_limit.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

using names = std::vector<std::string>;

login_limit limit(bool ignores_case) {
    return login_limit("hosted_domain", {"Acme", "umbrella"}, ignores_case, "", mapping_plan(mapping_paths()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(login_limit_)

BOOST_AUTO_TEST_CASE(one_of_the_names_lets_a_person_in) {
    BOOST_TEST(limit(false).admits(names{"other", "umbrella"}));
    BOOST_TEST(!limit(false).admits(names{"other", "umbrella2", "umbrell", "", " umbrella"}));
    BOOST_TEST(!limit(false).admits(names{"acme"}));
    BOOST_TEST(limit(true).admits(names{"acme"}));
    BOOST_TEST(!limit(true).admits(names{"acm\xc3\xa9"}));
}

BOOST_AUTO_TEST_CASE(names_that_are_missing_let_nobody_in) {
    BOOST_TEST(!limit(true).admits(std::nullopt));
    BOOST_TEST(!limit(true).admits(names{}));
}

BOOST_AUTO_TEST_CASE(domains_stand_between_spaces_and_commas) {
    BOOST_TEST(
        (split_domains(" example.com,example.org  ,, a.example ") == names{"example.com", "example.org", "a.example"}));
    BOOST_TEST(split_domains("").empty());
    BOOST_TEST(split_domains(" , ").empty());
}

BOOST_AUTO_TEST_SUITE_END()
