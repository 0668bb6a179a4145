// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/provider_info.hpp"

#include "authmod/provider/bitbucket_cloud.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(provider_info_)

BOOST_AUTO_TEST_CASE(a_description_holds_the_traits) {
    auto const& info = info_of<bitbucket_cloud>();
    BOOST_TEST(info.id == "bitbucket_cloud");
    BOOST_TEST(info.label == "Bitbucket Cloud");
    BOOST_TEST(info.icon_svg == bitbucket_cloud::icon_svg);
    BOOST_TEST((info.defaults == default_settings<bitbucket_cloud>()));
    BOOST_TEST(info.set_up.size() == std::size(bitbucket_cloud::set_up));
    BOOST_TEST(info.account_type.text == "type");
    BOOST_TEST(info.accepted_account_types.size() == 1u);
    BOOST_TEST(&info == &info_of<bitbucket_cloud>());
}

BOOST_AUTO_TEST_CASE(an_empty_list_finds_nothing) { BOOST_TEST(!provider_list().find("bitbucket_cloud")); }

BOOST_AUTO_TEST_SUITE_END()
