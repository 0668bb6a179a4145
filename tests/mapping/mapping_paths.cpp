// SPDX-License-Identifier: BSL-1.0
#include "authmod/mapping/mapping_paths.hpp"

#include "authmod/mapping/static_path.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;
using namespace authmod::literals;

BOOST_AUTO_TEST_SUITE(mapping_paths_of_a_module)

constexpr mapping_paths only_user_id{.user_id = "uuid"_path};

BOOST_AUTO_TEST_CASE(what_is_not_named_is_unset) {
    BOOST_TEST(!only_user_id.user_id.empty());
    for (auto path : {only_user_id.username, only_user_id.full_name, only_user_id.email, only_user_id.email_verified,
                      only_user_id.avatar, only_user_id.groups, only_user_id.account_type})
        BOOST_TEST(path.empty());
    BOOST_TEST(only_user_id.custom_attributes.empty());
    BOOST_TEST(only_user_id.image_url_pattern.empty());
}

BOOST_AUTO_TEST_SUITE_END()
