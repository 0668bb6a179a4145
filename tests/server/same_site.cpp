// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/same_site.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(same_site)

BOOST_AUTO_TEST_CASE(I1_the_token_the_fetch_metadata_or_the_origin_is_proof) {
    incoming_request request;
    BOOST_TEST(proves_same_site(request, "t", "t", ""));
    BOOST_TEST(!proves_same_site(request, "x", "t", "https://a"));
    BOOST_TEST(!proves_same_site(request, "", "", "https://a")); // no token is no proof
    for (std::string_view site : {"cross-site", "same-site", "none", ""}) {
        request.fields = {{"Sec-Fetch-Site", site}};
        BOOST_TEST(!proves_same_site(request, "", "t", "https://a"));
    }
    request.fields = {{"Sec-Fetch-Site", "same-origin"}};
    BOOST_TEST(proves_same_site(request, "", "t", "https://a"));
    request.fields = {{"Origin", "https://a"}};
    BOOST_TEST(proves_same_site(request, "", "t", "https://a"));
    BOOST_TEST(!proves_same_site(request, "", "t", "https://b"));
    request.fields = {{"Origin", ""}};
    BOOST_TEST(!proves_same_site(request, "", "t", ""));
}

BOOST_AUTO_TEST_SUITE_END()
