// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/module_plan.hpp"

#include "authmod/mapping/profile_reader.hpp"
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

void check_same_path(path_view literal, std::string_view text) {
    BOOST_TEST(literal.text == text);
    if (text.empty()) return;
    auto const typed = attribute_path::parse(text).value();
    BOOST_TEST(std::ranges::equal(literal.steps, typed.view().steps));
}

template <provider P>
void check_parity() {
    BOOST_TEST_CONTEXT(P::id) {
        settings const s = default_settings<P>();
        check_same_path(P::mapping.user_id, s.user_id);
        check_same_path(P::mapping.username, s.username);
        check_same_path(P::mapping.full_name, s.full_name);
        check_same_path(P::mapping.email, s.email);
        check_same_path(P::mapping.email_verified, s.email_verified);
        check_same_path(P::mapping.avatar, s.avatar);
        check_same_path(P::mapping.groups, s.groups);
        check_same_path(info_of<P>().account_type, P::mapping.account_type.text);
        BOOST_TEST(make_plan(info_of<P>(), s).has_value());
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(module_plan_)

BOOST_AUTO_TEST_CASE(literals_and_text_give_every_shipped_provider_the_same_plan) {
    check_parity<bitbucket_cloud>(); //
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
    BOOST_TEST((missing_for_enable(s, false) == names{"client_id", "client_secret"}));
    s.client_id = "key";
    BOOST_TEST((missing_for_enable(s, false) == names{"client_secret"}));
    BOOST_TEST(missing_for_enable(s, true).empty());
    s.public_client = true;
    BOOST_TEST(missing_for_enable(s, false).empty());
    BOOST_TEST((missing_for_enable(settings(), true) ==
                names{"client_id", "authorization_url", "token_url", "user_info_url", "user_id"}));
}

BOOST_AUTO_TEST_CASE(only_what_a_login_under_way_depends_on_changes_the_fingerprint) {
    std::string const before = fingerprint_text(preset().defaults);
    for (auto field : {&settings::client_id, &settings::authorization_url, &settings::token_url,
                       &settings::user_info_url, &settings::email_url, &settings::groups_url})
        BOOST_TEST(fingerprint_text(changed(field, "https://other.example/")) != before);
    settings posted = preset().defaults;
    posted.client_authentication = client_auth::post;
    BOOST_TEST(fingerprint_text(posted) != before);

    for (auto field : {&settings::scopes, &settings::logout_url, &settings::avatar_url, &settings::user_id,
                       &settings::email, &settings::groups})
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
