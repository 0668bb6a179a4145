// SPDX-License-Identifier: BSL-1.0
#include <authmod/model/provider_session.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(provider_session)

BOOST_AUTO_TEST_CASE(tokens_begin_at_revision_one_and_differ_by_text_and_revision) {
    sealed_tokens one;
    BOOST_TEST(one.revision == 1);
    auto other = one;
    BOOST_TEST((other == one));
    other.revision = 2;
    BOOST_TEST(!(other == one));
    other = one;
    other.sealed = "x";
    BOOST_TEST(!(other == one));
}

BOOST_AUTO_TEST_CASE(a_logout_names_nobody_by_itself) {
    provider_logout const which;
    BOOST_TEST(which.subject.empty());
    BOOST_TEST(which.provider_session.empty());
}

BOOST_AUTO_TEST_SUITE_END()
