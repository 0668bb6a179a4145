// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/settings_json.hpp"

#include "authmod/provider/bitbucket_cloud.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;

namespace {

settings full() {
    settings s = default_settings<bitbucket_cloud>();
    s.client_id = "key";
    s.public_client = true;
    s.logout_url = "https://id.example/logout";
    s.avatar_url = "https://id.example/avatar";
    s.issuer = "{server_url}/realms/{realm}";
    s.jwks_url = "https://id.example/keys";
    s.server_url = "https://id.example";
    s.realm = "staff";
    s.tenant = "example.com";
    s.okta_domain = "example.okta.com";
    s.allowed_workspaces = {"one", "two"};
    s.allowed_organizations = {"three"};
    s.hosted_domain = "example.com, example.org";
    s.image_url_pattern = "https://id.example/<picture-id>";
    s.custom_attributes = {{"Phone", "phones/0"}, {"Department", "work/department"}};
    s.group_mappings = {group_mapping("devs", "g1"), group_mapping("ops", "g2")};
    s.user_creation = false;
    s.auto_join_groups = {"g3", "g1"};
    s.client_authentication = client_auth::post;
    s.email_auto_verification = true;
    s.extension_grant_type = "urn:example:grant";
    s.connection_timeout_ms = 1;
    s.read_timeout_ms = 0;
    s.pkce = pkce_mode::required;
    s.linking = account_linking::never;
    s.scim_match_attribute = scim_match::email;
    return s;
}

boost::json::object object(std::string_view text) { return boost::json::parse(text).as_object(); }

settings merged(settings const& s, std::string_view patch) { return merge_settings(s, object(patch)).value(); }

/// The errors of a patch as "field reason" with a blank between them.
std::string errors_of(std::string_view patch) {
    auto const changed = merge_settings(full(), object(patch));
    if (changed) return "ok";
    std::string all;
    for (auto const& error : changed.error()) {
        BOOST_TEST(!error.message.empty());
        all.append(all.empty() ? "" : " ").append(error.field).append(" ").append(error.reason);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(settings_json)

BOOST_AUTO_TEST_CASE(the_object_has_the_documented_names_in_their_order) {
    constexpr std::string_view names[] = {"client_id",
                                          "public_client",
                                          "scopes",
                                          "authorization_url",
                                          "token_url",
                                          "user_info_url",
                                          "logout_url",
                                          "email_url",
                                          "avatar_url",
                                          "groups_url",
                                          "issuer",
                                          "jwks_url",
                                          "server_url",
                                          "realm",
                                          "tenant",
                                          "okta_domain",
                                          "allowed_workspaces",
                                          "allowed_organizations",
                                          "hosted_domain",
                                          "user_id",
                                          "username",
                                          "full_name",
                                          "email",
                                          "email_verified",
                                          "avatar",
                                          "image_url_pattern",
                                          "groups",
                                          "custom_attributes",
                                          "group_mappings",
                                          "user_creation",
                                          "auto_join_groups",
                                          "client_authentication",
                                          "email_auto_verification",
                                          "extension_grant_type",
                                          "connection_timeout_ms",
                                          "read_timeout_ms",
                                          "pkce",
                                          "account_linking",
                                          "scim_match_attribute"};
    auto const json = to_json(settings());
    BOOST_TEST_REQUIRE(json.size() == std::size(names));
    auto const* name = names;
    for (auto const& member : json) BOOST_TEST(std::string_view(member.key()) == *name++);
}

BOOST_AUTO_TEST_CASE(settings_come_back_as_they_were_written) {
    for (settings const& s : {full(), settings(), default_settings<bitbucket_cloud>()}) {
        auto const text = boost::json::serialize(to_json(s));
        BOOST_TEST((merge_settings(settings(), object(text)).value() == s), text);
    }
}

BOOST_AUTO_TEST_CASE(values_have_the_documented_form) {
    auto const json = boost::json::serialize(to_json(full()));
    for (std::string_view part :
         {R"("custom_attributes":{"Phone":"phones/0","Department":"work/department"})",
          R"("group_mappings":[{"external_group":"devs","group":"g1"},{"external_group":"ops","group":"g2"}])",
          R"("auto_join_groups":["g3","g1"])", R"("client_authentication":"post")", R"("pkce":"required")",
          R"("account_linking":"never")", R"("scim_match_attribute":"emails.value")",
          R"("allowed_workspaces":["one","two"])", R"("read_timeout_ms":0)", R"("user_creation":false)"})
        BOOST_TEST((json.find(part) != json.npos), part);
    auto const defaults = boost::json::serialize(to_json(settings()));
    for (std::string_view part : {R"("client_authentication":"basic")", R"("pkce":"auto")",
                                  R"("account_linking":"verified_email")", R"("scim_match_attribute":"userName")"})
        BOOST_TEST((defaults.find(part) != defaults.npos), part);
}

BOOST_AUTO_TEST_CASE(a_patch_changes_what_it_names_and_nothing_else) {
    settings expected = full();
    expected.pkce = pkce_mode::off;
    expected.email = "mail";
    expected.read_timeout_ms = 250;
    BOOST_TEST((merged(full(), R"({"pkce":"off","email":"mail","read_timeout_ms":250})") == expected));
    BOOST_TEST((merged(full(), "{}") == full()));
}

BOOST_AUTO_TEST_CASE(null_and_empty_texts_and_lists_clear) {
    for (std::string_view nothing : {"null", "\"\"", "[]"}) BOOST_TEST_CONTEXT(nothing) {
            std::string patch = "{";
            for (auto const* name : {"email_url", "groups", "custom_attributes", "group_mappings", "auto_join_groups",
                                     "hosted_domain", "allowed_workspaces", "extension_grant_type"})
                patch.append(patch.size() == 1 ? "\"" : ",\"").append(name).append("\":").append(nothing);
            auto const s = merged(full(), patch + "}");
            BOOST_TEST(s.email_url.empty());
            BOOST_TEST(s.groups.empty());
            BOOST_TEST(s.custom_attributes.empty());
            BOOST_TEST(s.group_mappings.empty());
            BOOST_TEST(s.auto_join_groups.empty());
            BOOST_TEST(s.hosted_domain.empty());
            BOOST_TEST(s.allowed_workspaces.empty());
            BOOST_TEST(s.extension_grant_type.empty());
        }
}

BOOST_AUTO_TEST_CASE(custom_attributes_are_merged_and_lists_replaced) {
    auto const s = merged(full(), R"({"custom_attributes":{"Phone":null,"Department":"unit","Site":"site"},
                                      "group_mappings":[{"group":"g9","external_group":"all"}],
                                      "auto_join_groups":["g9"]})");
    BOOST_TEST((s.custom_attributes ==
                std::vector<std::pair<std::string, std::string>>{{"Department", "unit"}, {"Site", "site"}}));
    BOOST_TEST((s.group_mappings == std::vector<group_mapping>{group_mapping("all", "g9")}));
    BOOST_TEST((s.auto_join_groups == std::vector<std::string>{"g9"}));
    BOOST_TEST((merged(full(), R"({"custom_attributes":{}})").custom_attributes == full().custom_attributes));
}

BOOST_AUTO_TEST_CASE(unknown_fields_and_wrong_kinds_are_refused_all_at_once) {
    BOOST_TEST(errors_of(R"({"clientid":"x"})") == "clientid unknown_field");
    BOOST_TEST(errors_of(R"({"linking":"never"})") == "linking unknown_field");
    BOOST_TEST(errors_of(R"({"email":5,"pkce":true,"nope":null})") ==
               "email wrong_type pkce wrong_type nope unknown_field");
    for (std::string_view wrong : {R"({"email":true})",
                                   R"({"email":["a"]})",
                                   R"({"email":{}})",
                                   R"({"user_creation":"true"})",
                                   R"({"user_creation":1})",
                                   R"({"user_creation":null})",
                                   R"({"read_timeout_ms":"5"})",
                                   R"({"read_timeout_ms":1.5})",
                                   R"({"read_timeout_ms":null})",
                                   R"({"pkce":null})",
                                   R"({"auto_join_groups":"g1"})",
                                   R"({"auto_join_groups":[1]})",
                                   R"({"auto_join_groups":{"a":"b"}})",
                                   R"({"group_mappings":{"devs":"g1"}})",
                                   R"({"group_mappings":["devs"]})",
                                   R"({"group_mappings":[{"external_group":"devs"}]})",
                                   R"({"group_mappings":[{"external_group":"devs","group":"g","x":"y"}]})",
                                   R"({"group_mappings":[{"external_group":"devs","group":1}]})",
                                   R"({"custom_attributes":["a"]})",
                                   R"({"custom_attributes":{"a":1}})"})
        BOOST_TEST_CONTEXT(wrong) BOOST_TEST(errors_of(wrong).ends_with(" wrong_type"));
}

BOOST_AUTO_TEST_CASE(words_and_numbers_out_of_their_range_are_refused) {
    BOOST_TEST(errors_of(R"({"pkce":"S256"})") == "pkce unknown_word");
    BOOST_TEST(errors_of(R"({"pkce":""})") == "pkce unknown_word");
    BOOST_TEST(errors_of(R"({"account_linking":"Never"})") == "account_linking unknown_word");
    BOOST_TEST(errors_of(R"({"scim_match_attribute":"id"})") == "scim_match_attribute unknown_word");
    for (std::string_view number : {"2147483648", "-2147483649", "18446744073709551615"}) BOOST_TEST_CONTEXT(number)
    BOOST_TEST(errors_of(R"({"read_timeout_ms":)" + std::string(number) + "}") == "read_timeout_ms out_of_range");
}

BOOST_AUTO_TEST_CASE(members_of_the_record_are_somebody_elses) {
    constexpr std::string_view record[] = {"name", "revision"};
    auto const patch = object(R"({"name":"Bitbucket","revision":7,"email":"mail"})");
    BOOST_TEST(merge_settings(full(), patch, record).value().email == "mail");
    BOOST_TEST(merge_settings(full(), patch).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
