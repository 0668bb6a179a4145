#include "authmod/scim/patch.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace authmod::scim;
namespace json = boost::json;

namespace {

constexpr std::string_view enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

json::object const person = json::parse(R"({
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
  "userName": "bob", "name": {"givenName": "Bob", "familyName": "Old"}, "title": "t", "active": true,
  "emails": [{"value": "w@x", "type": "work", "primary": true}, {"value": "h@x", "type": "home"}],
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "d", "manager": {"value": "m", "displayName": "M"}}
})")
                                .as_object();

json::object const team =
    json::parse(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"G"})").as_object();

json::value body(std::string_view operations) {
    return json::parse(R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[)" +
                       std::string(operations) + "]}");
}

authmod::result<json::object, error> patched(std::string_view operations, json::object from = person) {
    auto const p = patch::parse(body(operations), user_type);
    if (!p) return p.error();
    if (auto done = p->apply(from); !done) return done.error();
    return from;
}

json::object good(std::string_view operations, json::object const& from = person) {
    auto r = patched(operations, from);
    if (!r) BOOST_ERROR(operations << ": " << r.error().detail);
    return r ? *r : json::object();
}

error_type why(std::string_view operations) {
    auto const r = patched(operations);
    return r ? error_type::none : r.error().type;
}

std::string part(json::object const& o, std::string_view name) {
    auto const* v = o.if_contains(name);
    return v ? json::serialize(*v) : "-";
}

member_changes members(std::string_view operations, std::vector<member> const& present = {}) {
    auto attributes = team;
    member_changes changes;
    auto const p = patch::parse(body(operations), group_type).value();
    p.apply(attributes, changes, present).value();
    return changes;
}

using ids = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(scim_patch)

BOOST_AUTO_TEST_CASE(the_body_names_its_schema_and_operations_in_any_case) {
    for (
        auto text :
        {"[]", "{}", R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]})", R"({"Operations":[]})",
         R"({"schemas":["x"],"Operations":[]})",
         R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":{}})",
         R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[1]})",
         R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"move","path":"title"}]})",
         R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"path":"title","value":"x"}]})"})
        BOOST_TEST_CONTEXT(text)
    BOOST_TEST((patch::parse(json::parse(text), user_type).error().type == error_type::invalid_syntax));
    BOOST_TEST(good("") == person); // no operations: nothing happens
    BOOST_TEST(!!patch::parse(
        json::parse(
            R"({"SCHEMAS":["urn:IETF:params:scim:api:messages:2.0:PatchOp"],"operations":[{"OP":"Add","PATH":"title","VALUE":"x"}]})"),
        user_type));
}

BOOST_AUTO_TEST_CASE(operations_are_read_in_any_case) {
    for (auto op : {"add", "Add", "ADD", "replace", "Replace"})
        BOOST_TEST(part(good(R"({"op":")" + std::string(op) + R"(","path":"title","value":"x"})"), "title") == "\"x\"");
    for (auto op : {"remove", "Remove"})
        BOOST_TEST(part(good(R"({"op":")" + std::string(op) + R"(","path":"title"})"), "title") == "-");
}

BOOST_AUTO_TEST_CASE(paths_of_every_form_are_set) {
    BOOST_TEST(part(good(R"({"op":"replace","path":"name.familyName","value":"New"})"), "name") ==
               R"({"givenName":"Bob","familyName":"New"})");
    BOOST_TEST(part(good(R"({"op":"add","path":"nickName","value":"B"})"), "nickName") == "\"B\"");
    BOOST_TEST(part(good(R"({"op":"replace","path":"NAME","value":{"GivenName":"R"}})"), "name") ==
               R"({"givenName":"R","familyName":"Old"})");
    BOOST_TEST(part(good(R"({"op":"replace","path":"name","value":{"givenName":null}})"), "name") ==
               R"({"familyName":"Old"})");
    BOOST_TEST(part(good(R"({"op":"replace","path":"name","value":null})"), "name") == "-");
    BOOST_TEST(part(good(R"({"op":"replace","path":"emails[type eq \"work\"].value","value":"n@x"})"), "emails") ==
               R"([{"value":"n@x","type":"work","primary":true},{"value":"h@x","type":"home"}])");
    BOOST_TEST(
        part(good(R"({"op":"replace","path":"emails[type eq \"home\"]","value":{"value":"n@x","type":"other"}})"),
             "emails") == R"([{"value":"w@x","type":"work","primary":true},{"value":"n@x","type":"other"}])");
    BOOST_TEST(part(good(R"({"op":"replace","path":"emails","value":[{"value":"n@x"}]})"), "emails") ==
               R"([{"value":"n@x"}])");
    BOOST_TEST(part(good(R"({"op":"replace","path":"emails.type","value":"other"})"), "emails") ==
               R"([{"value":"w@x","type":"other","primary":true},{"value":"h@x","type":"other"}])");
    BOOST_TEST(part(good(R"({"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:title","value":"x"})"),
                    "title") == "\"x\"");
    auto const path = [](std::string_view rest) {
        return R"({"op":"Replace","path":")" + std::string(enterprise) + std::string(rest);
    };
    BOOST_TEST(part(good(path(R"(:department","value":"n"})")), enterprise) ==
               R"({"department":"n","manager":{"value":"m","displayName":"M"}})");
    BOOST_TEST(part(good(path(R"(","value":{"department":"n"}})")), enterprise) ==
               R"({"department":"n","manager":{"value":"m","displayName":"M"}})");
    BOOST_TEST(part(good(R"({"op":"remove","path":")" + std::string(enterprise) + "\"}"), enterprise) == "-");
}

BOOST_AUTO_TEST_CASE(a_manager_is_set_however_it_is_written) {
    for (auto path : {":manager", ".manager", ":manager.value"})
        for (auto value : {R"("new")", R"({"value":"new"})", R"([{"value":"new"}])"}) {
            bool const text_only = std::string_view(path).ends_with("value");
            if (text_only && value[0] != '"') continue;
            auto const u =
                good(R"({"op":"Replace","path":")" + std::string(enterprise) + path + R"(","value":)" + value + "}");
            BOOST_TEST_CONTEXT(path << value) BOOST_TEST(u.at(enterprise).at("manager").at("value") == "new");
            if (!text_only)
                BOOST_TEST(!u.at(enterprise).at("manager").as_object().contains("displayName")); // the old one's
        }
    BOOST_TEST(!good(R"({"op":"replace","path":"manager","value":""})").at(enterprise).as_object().contains("manager"));
    BOOST_TEST(!good(R"({"op":"remove","path":"manager"})").at(enterprise).as_object().contains("manager"));
}

BOOST_AUTO_TEST_CASE(without_a_path_plain_dotted_and_urn_names_are_merged) {
    auto const u =
        good(R"({"op":"Replace","value":{"id":"other","displayName":"D","name.givenName":"N","shoeSize":5,"groups":[],
        "meta":{},"password":"secret","schemas":["x"],"name.shoe":"y","not a name":1,"urn:example:x":"y","active":"False",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"7",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"e"},
        "emails[type eq \"home\"].value":"n@x"}})");
    BOOST_TEST(part(u, "id") == "-");
    BOOST_TEST(part(u, "displayName") == "\"D\"");
    BOOST_TEST(part(u, "name") == R"({"givenName":"N","familyName":"Old"})");
    BOOST_TEST(part(u, "active") == "false");
    BOOST_TEST(part(u, "password") == "-");
    BOOST_TEST(part(u, "schemas") == part(person, "schemas"));
    BOOST_TEST(part(u, enterprise) ==
               R"({"department":"e","manager":{"value":"m","displayName":"M"},"employeeNumber":"7"})");
    BOOST_TEST(u.at("emails").at(1).at("value") == "n@x");
    BOOST_TEST(part(good(R"({"op":"replace","value":{"active":false}})"), "active") == "false"); // Okta deactivates
    BOOST_TEST(part(good(R"({"op":"add","value":{"emails":[{"value":"o@x"}]}})"), "emails") ==
               R"([{"value":"w@x","type":"work","primary":true},{"value":"h@x","type":"home"},{"value":"o@x"}])");
}

BOOST_AUTO_TEST_CASE(adding_what_is_there_changes_nothing) {
    BOOST_TEST(good(R"({"op":"add","path":"emails","value":[{"type":"home","value":"h@x"}]})") == person);
    BOOST_TEST(good(R"({"op":"add","path":"title","value":"t"})") == person);
    BOOST_TEST(good(R"({"op":"add","path":"name","value":{"givenName":"Bob"}})") == person);
    BOOST_TEST(good(R"({"op":"remove","path":"nickName"},{"op":"remove","path":"emails[type eq \"other\"]"},
        {"op":"remove","path":"name.middleName"},{"op":"remove","path":"emails","value":[{"value":"no@x"}]})") ==
               person);
    BOOST_TEST(
        part(
            good(
                R"({"op":"add","path":"emails","value":{"value":"o@x"}},{"op":"add","path":"emails","value":[{"value":"o@x"}]})"),
            "emails") ==
        R"([{"value":"w@x","type":"work","primary":true},{"value":"h@x","type":"home"},{"value":"o@x"}])");
}

BOOST_AUTO_TEST_CASE(a_filter_that_matches_nothing_is_no_target_but_a_type_makes_the_element) {
    BOOST_TEST(
        (why(R"({"op":"replace","path":"emails[value eq \"no@x\"].type","value":"work"})") == error_type::no_target));
    BOOST_TEST(
        (why(R"({"op":"replace","path":"emails[type eq \"other\"]","value":{"value":"x"}})") == error_type::no_target));
    BOOST_TEST(
        (why(R"({"op":"replace","path":"phoneNumbers[type sw \"w\"].value","value":"1"})") == error_type::no_target));
    BOOST_TEST(part(good(R"({"op":"Replace","path":"phoneNumbers[type eq \"Mobile\"].value","value":"1"})"),
                    "phoneNumbers") == R"([{"type":"Mobile","value":"1"}])");
    BOOST_TEST(part(good(R"({"op":"Add","path":"addresses[type eq \"work\"].locality","value":"Y"},
                            {"op":"Add","path":"addresses[type eq \"work\"].country","value":"Z"})"),
                    "addresses") == R"([{"type":"work","locality":"Y","country":"Z"}])");
    BOOST_TEST(part(good(R"({"op":"Add","path":"roles[primary eq \"True\"].value","value":"admin"})"), "roles") ==
               R"([{"primary":true,"value":"admin"}])");
    BOOST_TEST(good(R"({"op":"replace","path":"phoneNumbers[type eq \"fax\"].value","value":null})") == person);
}

BOOST_AUTO_TEST_CASE(every_match_changes) {
    BOOST_TEST(
        part(good(R"({"op":"replace","path":"emails[value ew \"@x\"].display","value":"D"})"), "emails") ==
        R"([{"value":"w@x","type":"work","primary":true,"display":"D"},{"value":"h@x","type":"home","display":"D"}])");
    BOOST_TEST(part(good(R"({"op":"remove","path":"emails[value ew \"@x\"]"})"), "emails") == "-");
    BOOST_TEST(part(good(R"({"op":"remove","path":"emails[type eq \"work\"].primary"})"), "emails") ==
               R"([{"value":"w@x","type":"work"},{"value":"h@x","type":"home"}])");
}

BOOST_AUTO_TEST_CASE(a_new_primary_clears_the_old) {
    constexpr std::string_view both =
        R"([{"value":"w@x","type":"work","primary":false},{"value":"h@x","type":"home","primary":true}])";
    BOOST_TEST(part(good(R"({"op":"replace","path":"emails[type eq \"home\"].primary","value":true})"), "emails") ==
               both);
    BOOST_TEST(part(good(R"({"op":"add","path":"emails[type eq \"home\"]","value":{"primary":"True"}})"), "emails") ==
               both);
    BOOST_TEST(
        part(good(R"({"op":"add","path":"emails","value":[{"value":"n@x","primary":true}]})"), "emails") ==
        R"([{"value":"w@x","type":"work","primary":false},{"value":"h@x","type":"home"},{"value":"n@x","primary":true}])");
    BOOST_TEST((why(R"({"op":"replace","path":"emails.primary","value":true})") == error_type::invalid_value));
    BOOST_TEST(
        (why(R"({"op":"replace","path":"emails[value pr].primary","value":true})") == error_type::invalid_value));
    BOOST_TEST(
        (why(R"({"op":"add","path":"emails","value":[{"value":"a","primary":true},{"value":"b","primary":true}]})") ==
         error_type::invalid_value));
}

BOOST_AUTO_TEST_CASE(a_remove_with_a_value_takes_those_elements_only) {
    BOOST_TEST(part(good(R"({"op":"remove","path":"emails","value":[{"value":"H@X"}]})"), "emails") ==
               R"([{"value":"w@x","type":"work","primary":true}])");
    BOOST_TEST(part(good(R"({"op":"remove","path":"emails","value":"w@x"})"), "emails") ==
               R"([{"value":"h@x","type":"home"}])");
    BOOST_TEST(part(good(R"({"op":"remove","path":"emails","value":[{"value":"w@x"},{"value":"h@x"}]})"), "emails") ==
               "-");
    BOOST_TEST(good(R"({"op":"remove","path":"emails","value":[]})") == person);
    BOOST_TEST(part(good(R"({"op":"remove","path":"emails"})"), "emails") == "-");
}

BOOST_AUTO_TEST_CASE(what_must_not_change_is_refused) {
    for (auto path : {"id", "meta", "groups", "meta.version", "groups[value eq \\\"x\\\"]", "ID"})
        BOOST_TEST_CONTEXT(path)
    BOOST_TEST(
        (why(R"({"op":"replace","path":")" + std::string(path) + R"(","value":"x"})") == error_type::mutability));
    BOOST_TEST((why(R"({"op":"remove","path":"id"})") == error_type::mutability));
    BOOST_TEST((why(R"({"op":"remove","path":"userName"})") == error_type::mutability));
    BOOST_TEST((why(R"({"op":"replace","path":"userName","value":""})") == error_type::invalid_value));
    BOOST_TEST((why(R"({"op":"replace","path":"userName","value":null})") == error_type::invalid_value));
    BOOST_TEST(good(R"({"op":"replace","path":"password","value":"secret"})") == person);
    BOOST_TEST(good(R"({"op":"add","path":"schemas","value":["urn:x"]})") == person);
    BOOST_TEST(good(R"({"op":"remove","path":"active"})") == person);
    BOOST_TEST(good(R"({"op":"replace","path":"active","value":null})") == person);
}

BOOST_AUTO_TEST_CASE(bad_paths_and_values_are_told_apart) {
    BOOST_TEST((why(R"({"op":"replace","path":"name..x","value":1})") == error_type::invalid_path));
    BOOST_TEST((why(R"({"op":"replace","path":"emails[type eq work].value","value":1})") == error_type::invalid_path));
    BOOST_TEST((why(R"({"op":"replace","path":5,"value":1})") == error_type::invalid_path));
    BOOST_TEST((why(R"({"op":"replace","path":"shoeSize","value":1})") == error_type::invalid_path));
    BOOST_TEST((why(R"({"op":"replace","path":"name.shoe","value":1})") == error_type::invalid_path));
    BOOST_TEST(good(R"({"op":"add","path":"urn:example:2.0:User:tag","value":1})") == person); // of a foreign schema
    BOOST_TEST((why(R"({"op":"remove"})") == error_type::no_target));
    BOOST_TEST((why(R"({"op":"remove","value":{"title":"t"}})") == error_type::no_target));
    BOOST_TEST((why(R"({"op":"add","path":"title"})") == error_type::invalid_value));
    BOOST_TEST((why(R"({"op":"add","value":"x"})") == error_type::invalid_value));
    BOOST_TEST((why(R"({"op":"add","path":"title","value":5})") == error_type::invalid_value));
    BOOST_TEST((why(R"({"op":"replace","path":"active","value":"yes"})") == error_type::invalid_value));
    BOOST_TEST((why(R"({"op":"add","path":"emails[type eq \"work\"]","value":[{"value":"a"},{"value":"b"}]})") ==
                error_type::invalid_value));
    BOOST_TEST(part(good(R"({"op":"Replace","path":"active","value":"FALSE"})"), "active") == "false");
}

BOOST_AUTO_TEST_CASE(selectors_reach_single_complex_attributes_too) {
    BOOST_TEST(part(good(R"({"op":"replace","path":"name[familyName eq \"old\"].givenName","value":"X"})"), "name") ==
               R"({"givenName":"X","familyName":"Old"})");
    BOOST_TEST(part(good(R"({"op":"remove","path":"name[familyName eq \"old\"]"})"), "name") == "-");
    BOOST_TEST((why(R"({"op":"replace","path":"name[familyName eq \"no\"].givenName","value":"X"})") ==
                error_type::no_target));
}

BOOST_AUTO_TEST_CASE(members_are_added_and_removed_one_by_one) {
    BOOST_TEST((members(R"({"op":"add","path":"members","value":[{"value":"b"},{"value":"a","display":"A"}]})") ==
                member_changes{}) == false);
    auto m = members(R"({"op":"Add","path":"members","value":[{"value":"b"},{"value":"a"},{"value":"b"}]})");
    BOOST_TEST((m.add == ids{"a", "b"}));
    BOOST_TEST((!m.replaces && m.remove.empty()));
    m = members(R"({"op":"remove","path":"members[value eq \"u\"]"})");
    BOOST_TEST((m.remove == ids{"u"}));
    m = members(R"({"op":"Remove","path":"members","value":[{"value":"u"},{"value":"v"}]})"); // Entra without the flag
    BOOST_TEST((!m.replaces && m.remove == ids{"u", "v"} && m.add.empty()));
    m = members(R"({"op":"Remove","path":"members","value":[]})");
    BOOST_TEST(m.empty());
    m = members(R"({"op":"remove","path":"members"})");
    BOOST_TEST((m.replaces && m.add.empty()));
    m = members(R"({"op":"replace","path":"members","value":[{"value":"a"}]})"); // Okta
    BOOST_TEST((m.replaces && m.add == ids{"a"}));
    m = members(R"({"op":"replace","path":"members","value":[]})");
    BOOST_TEST((m.replaces && m.add.empty()));
    m = members(
        R"({"op":"remove","path":"members[value eq \"u\"]"},{"op":"add","path":"members","value":[{"value":"v"}]})");
    BOOST_TEST((m.remove == ids{"u"} && m.add == ids{"v"}));
    m = members(
        R"({"op":"add","path":"members","value":"u"},{"op":"remove","path":"members[value eq \"u\" or value eq \"w\"]"})");
    BOOST_TEST((m.remove == ids{"u", "w"} && m.add.empty()));
    m = members(
        R"({"op":"add","path":"members","value":"u"},{"op":"remove","path":"members"},{"op":"remove","path":"members[value eq \"x\"]"},{"op":"add","value":{"members":[{"value":"y"}]}})");
    BOOST_TEST((m.replaces && m.add == ids{"y"} && m.remove.empty()));
    m = members(R"({"op":"replace","value":{"id":"g","displayName":"New"}})"); // Okta renames
    BOOST_TEST(m.empty());
}

BOOST_AUTO_TEST_CASE(members_are_put_in_or_taken_out_and_not_changed) {
    auto const refused = [](std::string_view operations) {
        auto attributes = team;
        member_changes changes;
        return patch::parse(body(operations), group_type).value().apply(attributes, changes).error().type;
    };
    BOOST_TEST((refused(R"({"op":"replace","path":"members[value eq \"u\"].display","value":"x"})") ==
                error_type::mutability));
    BOOST_TEST((refused(R"({"op":"replace","path":"members[value eq \"u\"]","value":{"value":"v"}})") ==
                error_type::mutability));
    BOOST_TEST((refused(R"({"op":"add","path":"members.value","value":"v"})") == error_type::mutability));
    BOOST_TEST((refused(R"({"op":"add","path":"members","value":[{"value":"g","type":"Group"}]})") ==
                error_type::invalid_value));
    BOOST_TEST((refused(R"({"op":"add","path":"members","value":[{}]})") == error_type::invalid_value));
    BOOST_TEST((refused(R"({"op":"replace","path":"displayName","value":" "})") == error_type::invalid_value));
    BOOST_TEST((refused(R"({"op":"remove","path":"displayName"})") == error_type::mutability));
}

BOOST_AUTO_TEST_CASE(only_filters_on_other_things_than_ids_need_the_members) {
    auto const needs = [](std::string_view path) {
        return patch::parse(body(R"({"op":"remove","path":")" + std::string(path) + "\"}"), group_type)
            .value()
            .needs_members();
    };
    BOOST_TEST(!needs("members"));
    BOOST_TEST(!needs(R"(members[value eq \"u\"])"));
    BOOST_TEST(!needs(R"(members[value eq \"u\" or value eq \"v\"])"));
    BOOST_TEST(needs(R"(members[value sw \"u\"])"));
    BOOST_TEST(needs(R"(members[value eq \"u\" and display pr])"));
    auto const m = members(
        R"({"op":"add","path":"members","value":["u9","x"]},{"op":"remove","path":"members[value sw \"u\" or display eq \"BOB\"]"})",
        {{"u1", ""}, {"x2", "Bob"}, {"x3", "C"}});
    BOOST_TEST((m.remove == ids{"u1", "u9", "x2"} && m.add == ids{"x"}));
}

BOOST_AUTO_TEST_CASE(hundreds_of_members_fit_into_one_patch) {
    json::array all;
    for (int i = 0; i != 20'000; ++i) all.push_back(json::object{{"value", "u" + std::to_string(i)}});
    auto const m = members(R"({"op":"add","path":"members","value":)" + json::serialize(all) + "}");
    BOOST_TEST(m.add.size() == 20'000u);
}

BOOST_AUTO_TEST_SUITE_END()
