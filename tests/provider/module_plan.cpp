// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/module_plan.hpp"

#include "authmod/mapping/profile_reader.hpp"
#include "authmod/mapping/static_path.hpp"
#include "authmod/provider/bitbucket_cloud.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace authmod;

namespace {

provider_info const& preset() { return info_of<bitbucket_cloud>(); }

settings changed(std::string settings::*field, std::string_view text) {
    settings s = preset().defaults;
    s.*field = text;
    return s;
}

/// The one error of settings that have one, as "field reason offset"; "ok" for none.
std::string error_of(settings const& s, plan_options options = plan_options()) {
    auto const plan = make_plan(preset(), s, options);
    if (plan) return "ok";
    auto const errors = plan.error();
    BOOST_TEST(errors.size() == 1u);
    auto const& error = errors.front();
    BOOST_TEST(!error.message.empty());
    return error.field + ' ' + error.reason + ' ' + std::to_string(error.offset);
}

struct text_row {
    std::string settings::*field;
    std::string_view text;
    std::string_view expected;
};

text_row const rows[] = {
    {&settings::client_id, "K3y with spaces ~!", "ok"},
    {&settings::client_id, "key\n", "client_id bad_character 3"},
    {&settings::client_id, "\xc3\xa9", "client_id bad_character 0"},
    {&settings::scopes, "", "ok"},
    {&settings::scopes, "  account   email ", "ok"},
    {&settings::scopes, "account \"email\"", "scopes bad_character 8"},
    {&settings::authorization_url, "http://bitbucket.org/authorize", "authorization_url not_https 0"},
    {&settings::token_url, "https://me@bitbucket.org/token", "token_url has_userinfo 8"},
    {&settings::token_url, "https://127.0.0.1:8443/token", "ok"},
    {&settings::user_info_url, "https://api.bitbucket.org/2.0/user#x", "user_info_url has_fragment 34"},
    {&settings::logout_url, "https://", "logout_url bad_host 8"},
    {&settings::email_url, "https://api.bitbucket.org/ emails", "email_url bad_character 26"},
    {&settings::avatar_url, "https://api.bitbucket.org:0/", "avatar_url bad_port 26"},
    {&settings::groups_url, "//api.bitbucket.org/", "groups_url not_https 0"},
    {&settings::groups_url, "", "ok"},
    {&settings::user_id, "uuid ?: ", "user_id empty_alternative 8"},
    {&settings::username, "a[b", "username unclosed_selector 1"},
    {&settings::full_name, "/a", "full_name empty_segment 0"},
    {&settings::email, "\"a\"b", "email text_after_quote 3"},
    {&settings::email_verified, "a /b", "email_verified edge_blank 1"},
    {&settings::avatar, " ", "avatar empty_path 0"},
    {&settings::groups, "values/*x", "groups bad_character 8"},
    {&settings::groups, "", "ok"},
    {&settings::image_url_pattern, "https://a.example/", "image_url_pattern no_picture_id 18"},
    {&settings::image_url_pattern, "https://a.example/<picture-id>", "ok"},
};

settings many(std::size_t attributes) {
    settings s = preset().defaults;
    for (std::size_t i = 0; i != attributes; ++i) s.custom_attributes.emplace_back("a" + std::to_string(i), "a");
    return s;
}

/// Every setting that only some providers have, but the other two limits.
struct company_id {
    static constexpr std::string_view id = "company_id", label = "Company ID", icon_svg = "<svg></svg>";
    static constexpr authmod::endpoints endpoints{.authorization_url = "{server_url}/realms/{realm}/auth",
                                                  .token_url = "{server_url}/realms/{realm}/token",
                                                  .user_info_url = "{api_url}/me",
                                                  .logout_url = "https://login.example/{tenant}/logout",
                                                  .groups_url = "https://{okta_domain}/groups",
                                                  .issuer = "https://login.example/{tenant}/v2.0",
                                                  .jwks_url = "https://login.example/{tenant}/keys"};
    static constexpr std::string_view scopes = "openid email", email_scope = "email";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::required;
    static constexpr mapping_paths mapping{.user_id = "sub"_path, .email = "email"_path, .groups = "groups"_path};
    static constexpr provider_extras extras{
        .openid = openid_traits{.tenant_issuer = "https://login.example/{tid}/v2.0"},
        .server_url = "https://id.example",
        .api = {.hosted = "id.example", .hosted_below = "cloud.example", .path = "/api/v3"},
        .limit = {.setting = "allowed_organizations",
                  .url = "{api_url}/orgs",
                  .path = "*/login"_path,
                  .scope = "read:org",
                  .ignores_case = true},
        .revocation_url = "{server_url}/revoke",
        .proof = {.method = proof_method::github_token,
                  .url = "{api_url}/applications/{client_id}/token",
                  .client = "app/client_id"_path}};
    static constexpr set_up_step set_up[] = {{"Register", "Register a client."}};
};

static_assert(provider<company_id>);

settings company() {
    settings s = default_settings<company_id>();
    s.client_id = "our client";
    s.realm = "staff & friends";
    s.tenant = "example.com";
    s.okta_domain = "dev-1.okta.example";
    return s;
}

module_plan company_plan(settings const& s = company()) { return make_plan(info_of<company_id>(), s).value(); }

std::string company_error(std::string settings::*field, std::string_view text) {
    settings s = company();
    s.*field = text;
    auto const plan = make_plan(info_of<company_id>(), s);
    if (plan) return "ok";
    auto const errors = plan.error();
    auto const& error = errors.front();
    return error.field + ' ' + error.reason + ' ' + std::to_string(error.offset);
}

} // namespace

BOOST_AUTO_TEST_SUITE(module_plan_)

BOOST_AUTO_TEST_CASE(places_of_urls_are_filled_for_the_flow_and_kept_in_the_settings) {
    auto const plan = company_plan();
    BOOST_TEST(plan.text.authorization_url == "https://id.example/realms/staff%20%26%20friends/auth");
    BOOST_TEST(plan.text.user_info_url == "https://api.id.example/me");
    BOOST_TEST(plan.text.logout_url == "https://login.example/example.com/logout");
    BOOST_TEST(plan.text.groups_url == "https://dev-1.okta.example/groups");
    BOOST_TEST(plan.text.issuer == "https://login.example/example.com/v2.0");
    BOOST_TEST(plan.revocation_url == "https://id.example/revoke");
    BOOST_TEST(plan.proof_url == "https://api.id.example/applications/our%20client/token");
    BOOST_TEST(company().token_url == "{server_url}/realms/{realm}/token");
}

BOOST_AUTO_TEST_CASE(the_api_of_a_server_lies_where_the_traits_say) {
    constexpr std::pair<std::string_view, std::string_view> servers[] = {
        {"https://id.example", "https://api.id.example/me"},
        {"https://ID.example/", "https://api.ID.example/me"},
        {"https://acme.cloud.example", "https://api.acme.cloud.example/me"},
        {"https://cloud.example", "https://cloud.example/api/v3/me"},
        {"https://acloud.example", "https://acloud.example/api/v3/me"},
        {"https://id.example.org", "https://id.example.org/api/v3/me"},
        {"https://git.corp.example:8443/hub//", "https://git.corp.example:8443/hub/api/v3/me"}};
    for (auto [server, me] : servers) BOOST_TEST_CONTEXT(server) {
            settings s = company();
            s.server_url = server;
            BOOST_TEST(company_plan(s).text.user_info_url == me);
        }
}

BOOST_AUTO_TEST_CASE(urls_whose_places_are_empty_are_empty_and_the_settings_are_named_as_missing) {
    settings s = default_settings<company_id>();
    s.server_url.clear();
    auto const plan = company_plan(s);
    BOOST_TEST(plan.text.authorization_url == "");
    BOOST_TEST(plan.text.user_info_url == "");
    using names = std::vector<std::string>;
    BOOST_TEST((missing_for_enable(info_of<company_id>(), s, true) ==
                names{"client_id", "server_url", "realm", "tenant", "okta_domain"}));
    BOOST_TEST(missing_for_enable(info_of<company_id>(), company(), true).empty());
    s = company();
    s.okta_domain.clear();
    s.groups_url.clear(); // nothing else needs it
    BOOST_TEST(missing_for_enable(info_of<company_id>(), s, true).empty());
}

BOOST_AUTO_TEST_CASE(an_issuer_makes_up_for_endpoints_that_its_metadata_names) {
    settings s = company();
    BOOST_TEST(!company_plan(s).needs_discovery());
    s.authorization_url.clear();
    s.token_url.clear();
    s.user_info_url.clear();
    BOOST_TEST(missing_for_enable(info_of<company_id>(), s, true).empty());
    BOOST_TEST(company_plan(s).needs_discovery());
    s.issuer.clear();
    using names = std::vector<std::string>;
    BOOST_TEST((missing_for_enable(info_of<company_id>(), s, true) ==
                names{"authorization_url", "token_url", "user_info_url", "issuer"}));
}

BOOST_AUTO_TEST_CASE(metadata_is_read_of_issuers_that_have_one_document) {
    settings s = company(); // its tenants share the service
    BOOST_TEST(!company_plan(s).reads_metadata());
    s.tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    BOOST_TEST(company_plan(s).reads_metadata());
    s.issuer.clear();
    BOOST_TEST(!company_plan(s).reads_metadata());
    s = company();
    s.token_url.clear(); // it cannot do without
    BOOST_TEST(company_plan(s).reads_metadata());
    s = preset().defaults;
    s.token_url.clear();
    BOOST_TEST(!make_plan(preset(), s).value().reads_metadata());
}

BOOST_AUTO_TEST_CASE(what_fills_places_cannot_change_the_host) {
    constexpr std::pair<std::string settings::*, std::string_view> server[] = {
        {&settings::server_url, "http://id.example"},
        {&settings::server_url, "https://id.example?x="},
        {&settings::server_url, "https://a@id.example"},
        {&settings::server_url, "https://id.example#"},
        {&settings::server_url, "id.example"},
        {&settings::okta_domain, "https://dev-1.okta.example"},
        {&settings::okta_domain, "evil.example/"},
        {&settings::okta_domain, "evil.example#.okta.example"},
        {&settings::okta_domain, "a@evil.example"},
        {&settings::okta_domain, "evil.example:443"},
        {&settings::okta_domain, "10.1"},
        {&settings::tenant, "../x"},
        {&settings::tenant, ".."},
        {&settings::tenant, "a/b"},
        {&settings::tenant, "a b"},
        {&settings::tenant, "a?b"},
        {&settings::realm, "a/b"},
        {&settings::realm, ".."},
        {&settings::realm, "."},
        {&settings::realm, "a\\b"},
        {&settings::realm, "a%2fb"},
        {&settings::realm, "a\nb"},
        {&settings::realm, "{tenant}"}};
    for (auto [field, text] : server) BOOST_TEST_CONTEXT(text) BOOST_TEST(company_error(field, text) != "ok");
    for (std::string_view tenant : {"organizations", "contoso.onmicrosoft.com", "72f988bf-86f1-41af-91ab-2d7cd011db47"})
        BOOST_TEST_CONTEXT(tenant) BOOST_TEST(company_error(&settings::tenant, tenant) == "ok");
    BOOST_TEST(company_error(&settings::server_url, "https://10.0.0.1:8443/auth") == "ok");
}

BOOST_AUTO_TEST_CASE(typed_urls_may_use_the_places_of_their_provider_only) {
    BOOST_TEST(company_error(&settings::token_url, "{server_url}/other/{realm}/token") == "ok");
    BOOST_TEST(company_error(&settings::token_url, "https://x.example/{nope}") == "token_url bad_placeholder 18");
    BOOST_TEST(company_error(&settings::token_url, "https://x.example/{client_id}") == "token_url bad_placeholder 18");
    BOOST_TEST(company_error(&settings::issuer, "https://x.example/?a") == "issuer has_query 18");
    BOOST_TEST(company_error(&settings::issuer, "https://x.example/#a") == "issuer has_fragment 18");
    BOOST_TEST(company_error(&settings::jwks_url, "https://x.example/keys?v=2") == "ok");
    BOOST_TEST(error_of(changed(&settings::token_url, "https://x.example/{tenant}")) == "token_url bad_placeholder 18");
}

BOOST_AUTO_TEST_CASE(settings_that_a_provider_does_not_have_stay_empty) {
    for (auto [field, name] : {std::pair(&settings::issuer, "issuer"),
                               {&settings::jwks_url, "jwks_url"},
                               {&settings::server_url, "server_url"},
                               {&settings::realm, "realm"},
                               {&settings::tenant, "tenant"},
                               {&settings::okta_domain, "okta_domain"},
                               {&settings::hosted_domain, "hosted_domain"}})
        BOOST_TEST(error_of(changed(field, "https://x.example")) == std::string(name) + " not_for_this_provider 0");
    settings s = preset().defaults;
    s.allowed_organizations = {"acme"};
    BOOST_TEST(error_of(s) == "allowed_organizations not_for_this_provider 0");
}

BOOST_AUTO_TEST_CASE(a_limit_is_off_until_it_names_somebody) {
    BOOST_TEST(!company_plan().limit);
    settings s = company();
    s.allowed_organizations = {"Acme", "umbrella"};
    auto const plan = company_plan(s);
    BOOST_TEST_REQUIRE(plan.limit.has_value());
    BOOST_TEST(plan.limit->setting == "allowed_organizations");
    BOOST_TEST(plan.limit->url == "https://api.id.example/orgs");
    BOOST_TEST(plan.text.scopes == "openid email read:org"); // or the list would not show them
    s.scopes = "read:org openid";
    BOOST_TEST(company_plan(s).text.scopes == "read:org openid");

    profile_reader reader(plan.limit->names.view());
    BOOST_TEST_REQUIRE(reader.read(document_kind::groups, R"([{"login":"other"},{"login":"acme"}])").has_value());
    BOOST_TEST(plan.limit->admits(reader.finish().value().groups));
}

BOOST_AUTO_TEST_CASE(names_that_a_limit_lets_in_are_single_words) {
    auto const with = [](std::string first, std::string second) {
        settings s = preset().defaults;
        s.allowed_workspaces = {std::move(first), std::move(second)};
        return error_of(s);
    };
    BOOST_TEST(with("acme", "um-brella_1") == "ok");
    BOOST_TEST(with("acme", "acme") == "allowed_workspaces duplicate 0");
    BOOST_TEST(with("acme", "") == "allowed_workspaces empty_name 0");
    BOOST_TEST(with("acme", "a b") == "allowed_workspaces bad_character 1");
    BOOST_TEST(with("acme", "https://bitbucket.org/acme") == "allowed_workspaces bad_character 6");
    BOOST_TEST(with("acme", std::string(256, 'a')) == "allowed_workspaces too_long 255");
    settings s = preset().defaults;
    for (int i = 0; i != 1001; ++i) s.allowed_workspaces.push_back(std::to_string(i));
    BOOST_TEST(error_of(s) == "allowed_workspaces too_many 0");
}

BOOST_AUTO_TEST_CASE(D1_one_service_for_many_tenants_names_the_tenant_as_issuer) {
    constexpr std::string_view number = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    std::string const theirs = "https://login.example/" + std::string(number) + "/v2.0";
    auto const many = company_plan();
    BOOST_TEST(many.accepts_issuer(theirs, number));
    BOOST_TEST(!many.accepts_issuer(theirs, "72f988bf-86f1-41af-91ab-2d7cd011db48"));
    BOOST_TEST(!many.accepts_issuer(theirs));
    BOOST_TEST(!many.accepts_issuer(theirs + "/", number));
    BOOST_TEST(!many.accepts_issuer("https://login.example/x/v2.0", "x"));
    BOOST_TEST(!many.accepts_issuer("https://evil.example/" + std::string(number) + "/v2.0", number));
    BOOST_TEST(!many.accepts_issuer("", ""));

    settings s = company();
    s.tenant = number;
    auto const one = company_plan(s);
    BOOST_TEST(one.accepts_issuer(theirs, number));
    BOOST_TEST(one.accepts_issuer(theirs));
    BOOST_TEST(!one.accepts_issuer("https://login.example/72f988bf-86f1-41af-91ab-2d7cd011db48/v2.0",
                                   "72f988bf-86f1-41af-91ab-2d7cd011db48"));
    BOOST_TEST(!make_plan(preset(), preset().defaults).value().accepts_issuer("https://bitbucket.org"));
}

BOOST_AUTO_TEST_CASE(A4_openid_connect_needs_its_scope) {
    BOOST_TEST(company_error(&settings::scopes, "email") == "scopes openid_missing 0");
    BOOST_TEST(company_error(&settings::scopes, "") == "scopes openid_missing 0");
    BOOST_TEST(company_plan().is_openid());
    BOOST_TEST(!make_plan(preset(), preset().defaults).value().is_openid());
}

BOOST_AUTO_TEST_CASE(E1_the_subject_of_the_profile_has_a_path_of_its_own) {
    settings s = company();
    s.user_id = "number";
    auto const plan = company_plan(s);
    profile_reader reader(plan.subject.value().view());
    BOOST_TEST_REQUIRE(reader.read(document_kind::profile, R"({"sub":"s1","number":7})").has_value());
    BOOST_TEST(reader.finish().value().user_id.value() == "s1");
    BOOST_TEST(!make_plan(preset(), preset().defaults).value().subject);
}

BOOST_AUTO_TEST_CASE(a_client_without_a_secret_needs_pkce) {
    settings s = preset().defaults;
    s.public_client = true;
    BOOST_TEST(error_of(s) == "ok");
    s.pkce = pkce_mode::off;
    BOOST_TEST(error_of(s) == "pkce needed_without_secret 0");
    s.public_client = false;
    BOOST_TEST(error_of(s) == "ok");
}

BOOST_AUTO_TEST_CASE(an_extension_grant_has_a_name_of_its_own) {
    for (std::string_view good :
         {"", "urn:ietf:params:oauth:grant-type:bitbucket", "https://example.com/grant", "bitbucket"})
        BOOST_TEST_CONTEXT(good) BOOST_TEST(error_of(changed(&settings::extension_grant_type, good)) == "ok");
    for (std::string_view taken : {"authorization_code", "refresh_token", "client_credentials", "password",
                                   "urn:ietf:params:oauth:grant-type:token-exchange"})
        BOOST_TEST_CONTEXT(taken)
    BOOST_TEST(error_of(changed(&settings::extension_grant_type, taken)) ==
               "extension_grant_type reserved_grant_type 0");
    BOOST_TEST(error_of(changed(&settings::extension_grant_type, "a b")) == "extension_grant_type bad_character 1");
    BOOST_TEST(error_of(changed(&settings::extension_grant_type, "a\xc3\xa9")) ==
               "extension_grant_type bad_character 1");
    BOOST_TEST(error_of(changed(&settings::extension_grant_type, std::string(256, 'a'))) ==
               "extension_grant_type too_long 255");
}

BOOST_AUTO_TEST_CASE(every_field_is_checked_by_its_rule) {
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.text) BOOST_TEST(error_of(changed(row.field, row.text)) == row.expected);
}

BOOST_AUTO_TEST_CASE(texts_are_bounded) {
    BOOST_TEST(error_of(changed(&settings::client_id, std::string(1024, 'a'))) == "ok");
    BOOST_TEST(error_of(changed(&settings::client_id, std::string(1025, 'a'))) == "client_id too_long 1024");
    BOOST_TEST(error_of(changed(&settings::scopes, std::string(2049, 'a'))) == "scopes too_long 2048");
    BOOST_TEST(error_of(changed(&settings::token_url, "https://a.example/" + std::string(2048, 'a'))) ==
               "token_url too_long 2048");
    BOOST_TEST(error_of(changed(&settings::user_id, std::string(1025, 'a'))) == "user_id too_long 1024");
}

BOOST_AUTO_TEST_CASE(http_on_this_machine_is_for_services_that_allow_it) {
    auto const local = changed(&settings::token_url, "http://127.0.0.1:8081/token");
    BOOST_TEST(error_of(local) == "token_url not_https 0");
    BOOST_TEST(error_of(local, plan_options(true)) == "ok");
    BOOST_TEST(error_of(changed(&settings::token_url, "http://10.0.0.1/token"), plan_options(true)) ==
               "token_url not_https 0");
}

BOOST_AUTO_TEST_CASE(all_errors_come_at_once_in_the_order_of_the_page) {
    settings s = preset().defaults;
    s.groups = "/";
    s.token_url = "ftp://x";
    s.user_id = "a//b";
    s.read_timeout_ms = -1;
    auto const plan = make_plan(preset(), s);
    BOOST_TEST_REQUIRE(plan.has_error());
    std::vector<std::string> fields;
    for (auto const& error : plan.error()) fields.push_back(error.field);
    BOOST_TEST(fields == (std::vector<std::string>{"token_url", "user_id", "groups", "read_timeout_ms"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(custom_attributes_have_different_names_and_good_paths) {
    settings s = preset().defaults;
    auto const with = [&](std::string name, std::string path) {
        s.custom_attributes = {{"Department", "a/b"}, {std::move(name), std::move(path)}};
        return error_of(s);
    };
    BOOST_TEST(with("Phone number \xc3\xa9", "c") == "ok");
    BOOST_TEST(with("Phone", "c[") == "custom_attributes/Phone unclosed_selector 1");
    BOOST_TEST(with("Phone", "") == "custom_attributes/Phone empty_path 0");
    BOOST_TEST(with("Department", "c") == "custom_attributes/Department duplicate 0");
    BOOST_TEST(with(" ", "c") == "custom_attributes/  empty_name 0");
    BOOST_TEST(with("a\nb", "c") == "custom_attributes/a\nb bad_character 1");
    BOOST_TEST(with("a\xff", "c") == "custom_attributes/a\xff bad_character 1");
    BOOST_TEST(with(std::string(256, 'a'), "c").ends_with("too_long 255"));
    BOOST_TEST(error_of(many(64)) == "ok");
    BOOST_TEST(error_of(many(65)) == "custom_attributes too_many 0");
}

BOOST_AUTO_TEST_CASE(group_lists_hold_names_once) {
    settings s = preset().defaults;
    auto const with = [&](std::string external, std::string id) {
        s.group_mappings = {group_mapping("devs", "g1"), group_mapping(std::move(external), std::move(id))};
        return error_of(s);
    };
    BOOST_TEST(with("devs", "g2") == "ok"); // one external group may lead into several
    BOOST_TEST(with("ops", "g1") == "ok");
    BOOST_TEST(with("devs", "g1") == "group_mappings duplicate 0");
    BOOST_TEST(with("", "g2") == "group_mappings empty_name 0");
    BOOST_TEST(with("ops", "") == "group_mappings empty_name 0");
    BOOST_TEST(with(std::string(256, 'a'), "g2") == "group_mappings too_long 255");

    s = preset().defaults;
    s.auto_join_groups = {"g1", "g2"};
    BOOST_TEST(error_of(s) == "ok");
    s.auto_join_groups.push_back("g1");
    BOOST_TEST(error_of(s) == "auto_join_groups duplicate 0");
}

BOOST_AUTO_TEST_CASE(limits_are_milliseconds_within_reason) {
    for (auto [value, good] : {std::pair(0, true), {1, true}, {600'000, true}, {-1, false}, {600'001, false}}) {
        BOOST_TEST_CONTEXT(value) {
            settings s = preset().defaults;
            s.connection_timeout_ms = value;
            BOOST_TEST(error_of(s) == (good ? "ok" : "connection_timeout_ms out_of_range 0"));
            s = preset().defaults;
            s.read_timeout_ms = value;
            BOOST_TEST(error_of(s) == (good ? "ok" : "read_timeout_ms out_of_range 0"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_plan_stands_on_its_own) {
    auto plan = [] {
        settings s = preset().defaults;
        s.scopes = " account    email";
        s.user_id = "an/unusually/long/path/to/the/id ?: uuid";
        s.custom_attributes = {{"Where the person works", "location"}};
        s.image_url_pattern = "https://pictures.example/of/<picture-id>";
        return make_plan(preset(), s).value();
    }();
    auto const copy = plan;
    auto const moved = std::move(plan);
    for (auto const* p : {&copy, &moved}) {
        BOOST_TEST(p->text.scopes == "account email");
        profile_reader reader(p->mapping.view());
        BOOST_TEST_REQUIRE(
            reader.read(document_kind::profile, R"({"uuid":"u1","location":"Brno","links":{"avatar":{"href":"a b"}}})")
                .has_value());
        auto const person = reader.finish().value();
        BOOST_TEST(person.user_id.value() == "u1");
        BOOST_TEST(person.avatar.value() == "https://pictures.example/of/a%20b");
        BOOST_TEST_REQUIRE(person.custom_attributes.size() == 1u);
        BOOST_TEST(person.custom_attributes[0].first == "Where the person works");
        BOOST_TEST(person.custom_attributes[0].second == "Brno");
    }
}

BOOST_AUTO_TEST_CASE(a_module_is_complete_with_client_endpoints_and_user_id) {
    settings s = preset().defaults;
    using names = std::vector<std::string>;
    BOOST_TEST((missing_for_enable(preset(), s, false) == names{"client_id", "client_secret"}));
    s.client_id = "key";
    BOOST_TEST((missing_for_enable(preset(), s, false) == names{"client_secret"}));
    BOOST_TEST(missing_for_enable(preset(), s, true).empty());
    s.public_client = true;
    BOOST_TEST(missing_for_enable(preset(), s, false).empty());
    BOOST_TEST((missing_for_enable(preset(), settings(), true) ==
                names{"client_id", "authorization_url", "token_url", "user_info_url", "user_id"}));
}

BOOST_AUTO_TEST_CASE(only_what_a_login_under_way_depends_on_changes_the_fingerprint) {
    std::string const before = fingerprint_text(preset().defaults);
    for (auto field : {&settings::client_id, &settings::authorization_url, &settings::token_url,
                       &settings::user_info_url, &settings::email_url, &settings::groups_url, &settings::issuer,
                       &settings::server_url, &settings::realm, &settings::tenant, &settings::okta_domain})
        BOOST_TEST(fingerprint_text(changed(field, "https://other.example/")) != before);
    settings posted = preset().defaults;
    posted.client_authentication = client_auth::post;
    BOOST_TEST(fingerprint_text(posted) != before);

    for (auto field :
         {&settings::scopes, &settings::logout_url, &settings::avatar_url, &settings::user_id, &settings::email,
          &settings::groups, &settings::jwks_url, &settings::hosted_domain, &settings::extension_grant_type})
        BOOST_TEST(fingerprint_text(changed(field, "other")) == before);
}

BOOST_AUTO_TEST_CASE(no_text_of_a_setting_poses_as_two_in_the_fingerprint) {
    settings a, b;
    a.client_id = "key5:https";
    b.client_id = "key";
    b.authorization_url = "https";
    BOOST_TEST(fingerprint_text(a) != fingerprint_text(b));
}

BOOST_AUTO_TEST_CASE(a_refused_plan_that_is_used_throws_with_the_field) {
    BOOST_CHECK_EXCEPTION((void)make_plan(preset(), changed(&settings::user_id, "a//b")).value(), std::invalid_argument,
                          [](auto const& e) { return std::string_view(e.what()).starts_with("user_id: "); });
}

BOOST_AUTO_TEST_SUITE_END()
