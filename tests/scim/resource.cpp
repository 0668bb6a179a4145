#include "authmod/scim/resource.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod::scim;
namespace json = boost::json;

namespace {

constexpr std::string_view core = R"("schemas":["urn:ietf:params:scim:schemas:core:2.0:User"])";
constexpr std::string_view enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

authmod::result<json::object, error> read(std::string const& text, resource_type const& type = user_type) {
    auto const body = read_json(text);
    if (!body) return body.error();
    return read_resource(*body, type);
}

json::object user_with(std::string_view members) {
    return read("{" + std::string(core) + R"(,"userName":"bob",)" + std::string(members) + "}").value();
}

error_type why(std::string_view members) {
    auto const r = read("{" + std::string(core) + R"(,"userName":"bob",)" + std::string(members) + "}");
    return r ? error_type::none : r.error().type;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_resource)

BOOST_AUTO_TEST_CASE(a_body_comes_out_in_canonical_form) {
    auto const u =
        read(R"({"SCHEMAS":["urn:ietf:params:scim:schemas:CORE:2.0:User"],"id":"theirs","USERNAME":"Bob@Example.com",
        "Active":"True","meta":{"created":"2019-09-18T18:15:26.5788954+00:00"},"groups":[],"password":"secret","shoeSize":43,
        "name":{"FamilyName":"B","givenName":null,"x":1},"roles":[],"title":null,
        "emails":[{"Primary":"true","type":"work","value":"Bob@Example.com"},null,{}],
        "phoneNumbers":{"value":"+1 23"},
        "URN:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeenumber":"7","manager":[{"value":"m"}]},
        "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group":{
    "a" : 1
}
})")
            .value();
    BOOST_TEST(
        json::serialize(u) ==
        R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],)"
        R"("userName":"Bob@Example.com","active":true,"name":{"familyName":"B"},)"
        R"("emails":[{"primary":true,"type":"work","value":"Bob@Example.com"}],"phoneNumbers":[{"value":"+1 23"}],)"
        R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"7","manager":{"value":"m"}}})");
}

BOOST_AUTO_TEST_CASE(schemas_have_to_name_the_resource_and_user_names_have_to_be_there) {
    for (auto text : {R"([])", R"("x")", R"({"userName":"bob"})", R"({"schemas":[],"userName":"bob"})",
                      R"({"schemas":"urn:ietf:params:scim:schemas:core:2.0:User","userName":"bob"})",
                      R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"userName":"bob"})",
                      R"({"schemas":[1,"urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bob"})",
                      R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a","username":"b"})"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const r = read(text);
            BOOST_TEST_REQUIRE(!r);
            BOOST_TEST(r.error().status == 400);
            BOOST_TEST((r.error().type == error_type::invalid_syntax));
        }
    }
    for (auto name : {"", R"(,"userName":"")", R"(,"userName":"  ")", R"(,"userName":null)", R"(,"userName":[])",
                      R"(,"userName":5)", R"(,"userName":"a\nb")", R"(,"userName":{"value":"x"})"}) {
        BOOST_TEST_CONTEXT(name) {
            auto const r = read("{" + std::string(core) + name + "}");
            BOOST_TEST_REQUIRE(!r);
            BOOST_TEST((r.error().type == error_type::invalid_value));
        }
    }
    BOOST_TEST(!!read("{" + std::string(core) + R"(,"userName":")" + std::string(255, 'x') + "\"}"));
    BOOST_TEST(!read("{" + std::string(core) + R"(,"userName":")" + std::string(256, 'x') + "\"}"));
}

BOOST_AUTO_TEST_CASE(null_and_nothing_and_an_empty_list_mean_the_same) {
    auto const plain = user_with(R"("active":true)");
    for (auto text :
         {R"("title":null,"active":true)", R"("emails":[],"active":true)", R"("emails":[null,{}],"active":true)",
          R"("name":{},"active":true)", R"("name":{"givenName":null},"active":true)"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(user_with(text) == plain);
    auto const gone = user_with("\"" + std::string(enterprise) + R"(":{"department":null},"active":true)");
    BOOST_TEST(gone == plain);
    BOOST_TEST(user_with(R"("title":"")").at("title") == ""); // a value: it comes back as it was sent
}

BOOST_AUTO_TEST_CASE(active_is_a_boolean_however_it_is_written) {
    for (auto text : {"true", "\"True\"", "\"true\"", "\"TRUE\""})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(user_with(R"("active":)" + std::string(text)).at("active").as_bool());
    for (auto text : {"false", "\"False\"", "\"fAlse\""})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!user_with(R"("active":)" + std::string(text)).at("active").as_bool());
    for (auto text : {"\"yes\"", "1", "\"\"", "{}", "[true]"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST((why(R"("active":)" + std::string(text)) == error_type::invalid_value));
}

BOOST_AUTO_TEST_CASE(a_manager_may_be_a_text_an_object_or_a_list_of_one) {
    for (auto text : {R"("m")", R"({"value":"m"})", R"([{"value":"m"}])", R"({"VALUE":"m","$ref":null})"}) {
        auto const u = user_with("\"" + std::string(enterprise) + R"(":{"manager":)" + std::string(text) + "}");
        BOOST_TEST_CONTEXT(text) BOOST_TEST(json::serialize(u.at(enterprise)) == R"({"manager":{"value":"m"}})");
    }
}

BOOST_AUTO_TEST_CASE(types_primaries_and_sizes_are_checked) {
    for (auto text :
         {R"("title":5)", R"("name":"Bob")", R"("emails":[5])", R"("emails":[{"value":5}])", R"("title":["x"])",
          R"("emails":[{"value":"a","primary":true},{"value":"b","primary":true}])",
          R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":5)",
          R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":[{"value":"a"},{"value":"b"}]})"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST((why(text) == error_type::invalid_value));
    BOOST_TEST((why(R"("name":{"givenName":"a","GIVENNAME":"b"})") == error_type::invalid_syntax));
    BOOST_TEST((why(R"("title":")" + std::string(max_resource_bytes, 'x') + "\"") == error_type::invalid_value));
    BOOST_TEST((why(R"("externalId":")" + std::string(1025, 'x') + "\"") == error_type::invalid_value));
    std::string many = R"("emails":[)";
    for (int i = 0; i != 201; ++i) many += R"({"value":"a"},)";
    many.back() = ']';
    BOOST_TEST((why(many) == error_type::invalid_value));
}

BOOST_AUTO_TEST_CASE(a_body_is_strict_json_of_a_bounded_size) {
    for (auto text : {"", "{", "{\"a\":tre}", R"({"a":1,"a":2})", "{\"a\":\"\xff\"}", R"({"a":"\u0000"})", "{} {}"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const r = read_json(text);
            BOOST_TEST_REQUIRE(!r);
            BOOST_TEST(r.error().status == 400);
            BOOST_TEST((r.error().type == error_type::invalid_syntax));
        }
    }
    BOOST_TEST(read_json(std::string((1 << 20) + 1, ' ')).error().status == 413);
    BOOST_TEST(read_json("[1,-2,18446744073709551615,0.5,true,null,\"x\",{\"a\":[]}]").value() ==
               json::parse("[1,-2,18446744073709551615.0,0.5,true,null,\"x\",{\"a\":[]}]"));
}

BOOST_AUTO_TEST_CASE(members_are_ids_of_users) {
    auto const read_group = [](std::string_view members) {
        return read(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"G","members":)" +
                        std::string(members) + "}",
                    group_type);
    };
    auto g = read_group(R"([{"value":"u2","display":"VP","$ref":null},"u1",{"value":"u2","type":"User"}])").value();
    BOOST_TEST((take_members(g) == std::vector<std::string>{"u2", "u1"}));
    BOOST_TEST(!g.contains("members"));
    BOOST_TEST(take_members(g).empty());
    auto blank = read_group(R"(["string id 1","u1"])").value();
    BOOST_TEST((take_members(blank) == std::vector<std::string>{"u1"}));
    auto none = read_group("null").value();
    BOOST_TEST(take_members(none).empty());
    for (auto text :
         {R"([{"value":"g","type":"Group"}])", R"([{}])", R"([{"value":""}])", R"([5])", R"([{"value":null}])", "5"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST((read_group(text).error().type == error_type::invalid_value));
    BOOST_TEST((read(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"]})", group_type).error().type ==
                error_type::invalid_value));
}

BOOST_AUTO_TEST_CASE(copies_for_indices_are_folded) {
    user u;
    u.id = "u1";
    set_resource(u, user_with(R"("externalId":"E1","displayName":"Bob B","active":false,
        "emails":[{"value":"A@x"},{"value":"a@X"},{"type":"home"},{"value":"b@x"}])"));
    BOOST_TEST(u.user_name == "bob");
    BOOST_TEST(u.external_id == "E1");
    BOOST_TEST(u.display_name == "bob b");
    BOOST_TEST((u.emails == std::vector<std::string>{"a@x", "b@x"}));
    BOOST_TEST(!u.active);
    BOOST_TEST(display_of(u) == "Bob B");
    BOOST_TEST(attributes_of(u) == user_with(R"("externalId":"E1","displayName":"Bob B","active":false,
        "emails":[{"value":"A@x"},{"value":"a@X"},{"type":"home"},{"value":"b@x"}])"));
    set_resource(u, user_with(R"("active":true)"));
    BOOST_TEST(u.emails.empty());
    BOOST_TEST(u.external_id.empty());
    BOOST_TEST(display_of(u) == "bob");
}

BOOST_AUTO_TEST_CASE(a_version_is_compared_weakly_with_a_list) {
    BOOST_TEST(etag(3) == "W/\"3\"");
    for (auto header : {"W/\"3\"", "\"3\"", "*", "W/\"2\", W/\"3\"", " W/\"3\" ,"})
        BOOST_TEST_CONTEXT(header) BOOST_TEST(etag_matches(header, 3));
    for (auto header : {"", "W/\"4\"", "3", "W/3", "W/\"33\"", ",,"})
        BOOST_TEST_CONTEXT(header) BOOST_TEST(!etag_matches(header, 3));
}

BOOST_AUTO_TEST_CASE(a_whole_resource_has_id_groups_and_meta) {
    using namespace std::chrono;
    user u;
    u.id = "u1";
    u.created_at = sys_days(2026y / 1 / 2);
    u.updated_at = u.created_at + 5ms;
    u.version = 2;
    set_resource(u, user_with(R"("active":true)"));
    std::vector<member> const groups{{"g1", "Guides"}};
    BOOST_TEST(to_object(u, groups, "https://x/scim/v2") == json::parse(R"({
        "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bob","active":true,"id":"u1",
        "groups":[{"value":"g1","$ref":"https://x/scim/v2/Groups/g1","display":"Guides","type":"direct"}],
        "meta":{"resourceType":"User","created":"2026-01-02T00:00:00.000Z","lastModified":"2026-01-02T00:00:00.005Z",
                "location":"https://x/scim/v2/Users/u1","version":"W/\"2\""}})"));
}

BOOST_AUTO_TEST_SUITE_END()
