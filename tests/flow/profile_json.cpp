// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/profile_json.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(profile_json_suite)

BOOST_AUTO_TEST_CASE(what_was_not_given_is_null_and_an_empty_list_is_a_list) {
    BOOST_TEST(boost::json::serialize(profile_json(user_profile())) ==
               R"({"user_id":null,"username":null,"full_name":null,"email":null,"email_verified":null,"avatar":null,"groups":null,"custom_attributes":{}})");
    user_profile person;
    person.user_id = "42";
    person.email_verified = false;
    person.groups.emplace();
    person.custom_attributes.emplace_back("city", "Turin");
    BOOST_TEST(boost::json::serialize(profile_json(person)) ==
               R"({"user_id":"42","username":null,"full_name":null,"email":null,"email_verified":false,"avatar":null,"groups":[],"custom_attributes":{"city":"Turin"}})");
}

BOOST_AUTO_TEST_SUITE_END()
