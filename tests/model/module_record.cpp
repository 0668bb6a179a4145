// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/module_record.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(module_record_)

BOOST_AUTO_TEST_CASE(a_new_module_is_disabled_no_default_and_at_revision_one) {
    module_record const m;
    BOOST_TEST(!m.enabled);
    BOOST_TEST(!m.is_default);
    BOOST_TEST(m.revision == 1);
    BOOST_TEST(m.sealed_secret.empty());
    BOOST_TEST(m.image_type.empty());
    BOOST_TEST(!m.new_image.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
