// SPDX-License-Identifier: BSL-1.0
// Two providers with one id are refused in tests/compile.
#include "authmod/provider/registry.hpp"

#include "authmod/provider/bitbucket_cloud.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

namespace {

struct company_bitbucket : bitbucket_cloud {
    static constexpr std::string_view id = "company_bitbucket";
};

} // namespace

BOOST_AUTO_TEST_SUITE(registry_)

BOOST_AUTO_TEST_CASE(a_registry_finds_its_providers_by_id_and_keeps_their_order) {
    provider_list const list = registry<company_bitbucket, bitbucket_cloud>();
    BOOST_TEST(list.size() == 2u);
    BOOST_TEST((*list.begin())->id == "company_bitbucket");
    BOOST_TEST(list.find("bitbucket_cloud") == &info_of<bitbucket_cloud>());
    BOOST_TEST(list.find("company_bitbucket") == &info_of<company_bitbucket>());
    for (std::string_view id : {"", "bitbucket", "Bitbucket_cloud", "bitbucket_cloud2"})
        BOOST_TEST_CONTEXT(id) BOOST_TEST(!list.find(id));
    BOOST_TEST(registry<>().size() == 0u);
}

BOOST_AUTO_TEST_CASE(its_providers_can_be_visited_as_types) {
    std::string ids;
    registry<bitbucket_cloud, company_bitbucket>::for_each([&]<provider P>() { ids.append(P::id).append(" "); });
    BOOST_TEST(ids == "bitbucket_cloud company_bitbucket ");
}

BOOST_AUTO_TEST_SUITE_END()
