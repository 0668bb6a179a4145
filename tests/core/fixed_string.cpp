// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/fixed_string.hpp"

#include <boost/test/unit_test.hpp>
#include <type_traits>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(fixed_string_)

template <fixed_string Text>
struct tagged {
    static constexpr std::string_view text = Text.view();
};

static_assert(std::is_same_v<tagged<"ab">, tagged<"ab">>);
static_assert(!std::is_same_v<tagged<"ab">, tagged<"abc">>);

BOOST_AUTO_TEST_CASE(a_literal_travels_as_a_template_argument) {
    BOOST_TEST(tagged<"links/avatar/href">::text == "links/avatar/href");
    BOOST_TEST(tagged<"">::text.empty());
    BOOST_TEST(tagged<"a\0b">::text.size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
