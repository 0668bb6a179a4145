#include "authmod/scim/projection.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod::scim;
namespace json = boost::json;

namespace {

constexpr std::string_view base = "https://x/scim/v2";

user person() {
    user u;
    u.id = "u1";
    set_resource(u, json::parse(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"bob","title":"a \"b\"",
        "name":{"givenName":"B","familyName":"O"},"emails":[{"value":"b@x","type":"work"}],"active":true,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d","employeeNumber":"1"}})")
                        .as_object());
    return u;
}

std::vector<member> const groups{{"g1", "Guides"}};

json::object shown(std::string_view attributes, std::string_view excluded) {
    auto const p = projection::parse(attributes, excluded, user_type).value();
    return json::parse(show(person(), groups, base, p)).as_object();
}

std::string names(json::object const& o) {
    std::string all;
    for (auto const& [name, value] : o) {
        std::string_view const text = name;
        all += std::string(text.substr(text.rfind(':') + 1)) + ' ';
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_projection)

BOOST_AUTO_TEST_CASE(nothing_asked_shows_all_and_the_bytes_mean_what_the_tree_means) {
    BOOST_TEST(json::parse(show(person(), groups, base)) == to_object(person(), groups, base));
    group g;
    g.id = "g\"1";
    set_resource(
        g, json::parse(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"G"})").as_object());
    std::vector<member> const members{{"u1", "B\\ob"}, {"u2", ""}};
    BOOST_TEST(json::parse(show(g, members, base)) == to_object(g, members, base));
    BOOST_TEST(json::parse(show(g, {}, base)).at("members").as_array().empty());
}

BOOST_AUTO_TEST_CASE(id_and_schemas_always_stay) {
    BOOST_TEST(names(shown("userName", "")) == "schemas userName id ");
    BOOST_TEST(names(shown("shoeSize", "")) == "schemas id ");
    BOOST_TEST(shown("", "id,schemas") == json::parse(show(person(), groups, base)));
    BOOST_TEST(!shown("", "userName,meta").contains("userName"));
    BOOST_TEST(!shown("", "userName, META").contains("meta"));
}

BOOST_AUTO_TEST_CASE(parts_and_urns_name_attributes_too) {
    BOOST_TEST(json::serialize(shown("name.familyName", "").at("name")) == R"({"familyName":"O"})");
    BOOST_TEST(json::serialize(shown("", "name.familyName").at("name")) == R"({"givenName":"B"})");
    BOOST_TEST(json::serialize(shown("emails.value", "").at("emails")) == R"([{"value":"b@x"}])");
    BOOST_TEST(names(shown("urn:ietf:params:scim:schemas:core:2.0:User:userName,emails", "")).find("emails") !=
               std::string::npos);
    constexpr std::string_view urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    BOOST_TEST(json::serialize(shown(std::string(urn) + ":department", "").at(urn)) == R"({"department":"d"})");
    BOOST_TEST(json::serialize(shown(urn, "").at(urn)) == R"({"department":"d","employeeNumber":"1"})");
    BOOST_TEST(!shown("", urn).contains(urn));
    BOOST_TEST(!shown("userName", "").contains(urn));
    BOOST_TEST(json::serialize(shown("", std::string(urn) + ":department").at(urn)) == R"({"employeeNumber":"1"})");
}

BOOST_AUTO_TEST_CASE(a_filter_in_a_name_means_nothing) {
    BOOST_TEST(shown(R"(emails[type eq "home, or work"],userName)", "").contains("emails"));
    BOOST_TEST(shown(R"(emails[value eq "]\",["],userName)", "").contains("userName"));
}

BOOST_AUTO_TEST_CASE(members_that_are_not_shown_need_not_be_loaded) {
    auto const p = [](std::string_view attributes, std::string_view excluded) {
        return projection::parse(attributes, excluded, group_type).value();
    };
    BOOST_TEST(!p("", "members").shows("members"));
    BOOST_TEST(!p("", "Members").shows("members"));
    BOOST_TEST(!p("", "urn:ietf:params:scim:schemas:core:2.0:Group:members").shows("members"));
    BOOST_TEST(p("", "displayName").shows("members"));
    BOOST_TEST(p("", "members.display").shows("members"));
    BOOST_TEST(!p("displayName", "").shows("members"));
    BOOST_TEST(p("members.value", "").shows("members"));
    BOOST_TEST(p("", "").shows("members"));
    group g;
    g.id = "g1";
    set_resource(
        g, json::parse(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"G"})").as_object());
    BOOST_TEST(names(json::parse(show(g, {}, base, p("", "members"))).as_object()) == "schemas displayName id meta ");
}

BOOST_AUTO_TEST_CASE(both_lists_at_once_are_refused) {
    BOOST_TEST((projection::parse("userName", "name", user_type).error().type == error_type::invalid_value));
    BOOST_TEST(!projection::parse(std::string(4097, 'x'), "", user_type));
}

BOOST_AUTO_TEST_SUITE_END()
