#include "authmod/scim/schema.hpp"

#include <boost/test/unit_test.hpp>
#include <string_view>

using namespace authmod::scim;

static_assert(find_attribute(user_type, "USERNAME") == user_schema.attributes.find("userName"));
static_assert(find_attribute(user_type, "externalid")->case_exact);
static_assert(!find_attribute(user_type, "userName")->case_exact);
static_assert(find_attribute(group_type, "userName") == nullptr);
static_assert(find_attribute(user_type, "emails")->subs.find("Primary")->type == value_type::boolean);

namespace {

void check(attribute_list all) {
    for (auto const& a : all) {
        BOOST_TEST_CONTEXT(a.name) {
            BOOST_TEST(!a.description.empty());
            BOOST_TEST((a.type == value_type::complex) == (a.subs.count != 0));
            for (auto const& b : all) BOOST_TEST((&a == &b || !authmod::ascii::equal_ignoring_case(a.name, b.name)));
            check(a.subs);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_schema)

BOOST_AUTO_TEST_CASE(every_attribute_is_described_and_named_once) {
    check(common_attributes);
    for (auto const* s : all_schemas) check(s->attributes);
}

BOOST_AUTO_TEST_CASE(a_resource_type_finds_its_own_attributes_before_the_common_ones) {
    BOOST_TEST(find_attribute(group_type, "displayName") == group_schema.attributes.find("displayName"));
    BOOST_TEST((find_attribute(group_type, "id")->changes == mutability::read_only));
    BOOST_TEST((find_attribute(user_type, "groups")->changes == mutability::read_only));
    BOOST_TEST((find_attribute(user_type, "password")->shown == returned::never));
    BOOST_TEST(!find_attribute(user_type, "department")); // of the extension
}

BOOST_AUTO_TEST_SUITE_END()
