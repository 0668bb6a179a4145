// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/provider_info.hpp"

#include "authmod/provider/bitbucket_cloud.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

struct company_bitbucket : bitbucket_cloud {
    static constexpr std::string_view id = "company_bitbucket";
};

} // namespace

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

BOOST_AUTO_TEST_CASE(a_list_finds_its_providers_by_id_and_keeps_their_order) {
    auto const list = provider_list::of<company_bitbucket, bitbucket_cloud>();
    BOOST_TEST(list.size() == 2u);
    BOOST_TEST((*list.begin())->id == "company_bitbucket");
    BOOST_TEST(list.find("bitbucket_cloud") == &info_of<bitbucket_cloud>());
    BOOST_TEST(list.find("company_bitbucket") == &info_of<company_bitbucket>());
    for (std::string_view id : {"", "bitbucket", "Bitbucket_cloud", "bitbucket_cloud2"})
        BOOST_TEST_CONTEXT(id) BOOST_TEST(!list.find(id));
    BOOST_TEST(!provider_list().find("bitbucket_cloud"));
    BOOST_TEST(provider_list::of<>().size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
