#include "authmod/scim/discovery.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using namespace authmod::scim;
namespace json = boost::json;

namespace {

constexpr std::string_view base = "https://x/scim/v2";

void has_no_null(json::value const& v) {
    BOOST_TEST(!v.is_null());
    if (auto const* object = v.if_object())
        for (auto const& member : *object) has_no_null(member.value());
    if (auto const* array = v.if_array())
        for (auto const& one : *array) has_no_null(one);
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_discovery)

BOOST_AUTO_TEST_CASE(the_configuration_says_what_is_true) {
    auto const c = json::parse(service_provider_config(base));
    has_no_null(c);
    BOOST_TEST(c.at("schemas").at(0) == "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig");
    BOOST_TEST(c.at("patch").at("supported").as_bool());
    BOOST_TEST(!c.at("bulk").at("supported").as_bool());
    BOOST_TEST(c.at("bulk").at("maxOperations").as_int64() == 0);
    BOOST_TEST(c.at("bulk").at("maxPayloadSize").as_int64() == 0);
    BOOST_TEST(c.at("filter").at("maxResults").as_int64() == 200);
    BOOST_TEST(!c.at("changePassword").at("supported").as_bool());
    BOOST_TEST(c.at("sort").at("supported").as_bool());
    BOOST_TEST(c.at("etag").at("supported").as_bool());
    for (auto name : {"type", "name", "description"})
        BOOST_TEST(!c.at("authenticationSchemes").at(0).at(name).as_string().empty());
    BOOST_TEST(c.at("meta").at("location") == "https://x/scim/v2/ServiceProviderConfig");
}

BOOST_AUTO_TEST_CASE(resource_types_name_their_schemas) {
    auto const list = json::parse(resource_types(base));
    has_no_null(list);
    BOOST_TEST(list.at("totalResults").as_int64() == 2);
    BOOST_TEST(list.at("itemsPerPage").as_int64() == 2);
    auto const& first = list.at("Resources").at(0);
    BOOST_TEST(first == json::parse(*resource_type_named("User", base)));
    BOOST_TEST(first.at("endpoint") == "/Users");
    BOOST_TEST(first.at("schema") == "urn:ietf:params:scim:schemas:core:2.0:User");
    BOOST_TEST(first.at("schemaExtensions").at(0).at("schema") ==
               "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User");
    BOOST_TEST(first.at("meta").at("location") == "https://x/scim/v2/ResourceTypes/User");
    BOOST_TEST(!json::parse(*resource_type_named("Group", base)).as_object().contains("schemaExtensions"));
    BOOST_TEST(!resource_type_named("Device", base));
}

BOOST_AUTO_TEST_CASE(schemas_describe_the_tables_and_hold_no_null) {
    auto const list = json::parse(schemas(base));
    has_no_null(list);
    BOOST_TEST(list.at("totalResults").as_int64() == 3);
    for (auto const* s : all_schemas) {
        auto const one = json::parse(*schema_with(s->urn, base));
        BOOST_TEST(one.at("id") == json::value(s->urn));
        BOOST_TEST(one.at("attributes").as_array().size() == s->attributes.count);
        for (auto const& a : one.at("attributes").as_array()) {
            auto const* table = s->attributes.find(a.at("name").as_string());
            BOOST_TEST_REQUIRE(table);
            BOOST_TEST((a.at("type") == "complex") == (table->subs.count != 0));
            BOOST_TEST(!a.at("description").as_string().empty());
            for (auto name : {"multiValued", "required", "caseExact"}) BOOST_TEST(a.at(name).is_bool());
        }
    }
    auto const user = json::parse(*schema_with("urn:ietf:params:scim:schemas:core:2.0:USER", base));
    BOOST_TEST(user.at("description") == "User Account");
    auto const& name = user.at("attributes").at(0);
    BOOST_TEST(name.at("name") == "userName");
    BOOST_TEST(name.at("uniqueness") == "server");
    BOOST_TEST(name.at("required").as_bool());
    BOOST_TEST(!name.at("caseExact").as_bool());
    BOOST_TEST(!schema_with("urn:none", base));
}

BOOST_AUTO_TEST_SUITE_END()
