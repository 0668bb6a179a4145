// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/avatar_image.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(avatar_image_)

BOOST_AUTO_TEST_CASE(pictures_are_compared_by_type_and_bytes) {
    avatar_image a, b;
    a.media_type = b.media_type = "image/png";
    a.bytes = b.bytes = std::string("\x89PNG\0", 5);
    BOOST_TEST((a == b));
    b.bytes.pop_back();
    BOOST_TEST((a != b));
    b = a;
    b.media_type = "image/gif";
    BOOST_TEST((a != b));
}

BOOST_AUTO_TEST_SUITE_END()
