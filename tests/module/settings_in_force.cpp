// SPDX-License-Identifier: BSL-1.0
// Every setting of a module, changed while a login is under way: what it does to that login and to the very next one, and
// a value that it refuses.
#include <authmod/module/login_engine.hpp>

#include "support/module_bench.hpp"

#include <authmod/provider/settings_json.hpp>

#include <boost/test/unit_test.hpp>
#include <functional>
#include <iterator>

using namespace authmod;
using namespace authmod_test;

namespace {

namespace json = boost::json;

/// Bitbucket at its own addresses and at others; two of its people's custom members.
recorded_script two_places() {
    auto script = repeated_bitbucket_script();
    constexpr unsigned often = 1000;
    script.expect("POST", "https://other.example/token").times(often).reply(200, token_body);
    script.expect("GET", "https://other.example/user").times(often).reply(200, user_body);
    script.expect("GET", "https://other.example/emails").times(often).reply(200, emails_body);
    script.expect("GET", "https://other.example/groups").times(often).reply(200, groups_body);
    script.expect("GET", "https://other.example/avatar").times(often).reply(200, "\x89PNG\r\n\x1a\n...");
    return script;
}

struct site : module_bench {
    site() : module_bench(two_places()) {
        group const team("g1", "Team");
        audit_row const row("group_created", "g1");
        BOOST_REQUIRE(run(parts.data.insert_group(team, row)).has_value());
        id = add("one");
    }

    [[nodiscard]] std::size_t sent(std::string_view url) const { return transport.count("*", url); }

    [[nodiscard]] http_request last(std::string_view method) const {
        http_request found;
        for (auto const& r : transport.requests())
            if (r.request.method == method) found = r.request;
        return found;
    }

    [[nodiscard]] std::string location() { return begin(id).location; }

    std::string id;
};

std::string header(http_request const& request, std::string_view name) {
    for (auto const& h : request.headers)
        if (h.name == name) return h.value;
    return {};
}

using shows = std::function<bool(site&, login_finish const&)>;

struct row {
    std::string_view field;
    json::value value; ///< null: `in_force` sets it
    bool ends_logins = false; ///< that are under way
    shows in_force;
    json::value bad;
    std::string_view reason;
};

bool has_group(login_finish const& login, std::string_view name) {
    return std::ranges::find(login.groups, name) != login.groups.end();
}

std::vector<row> rows() {
    json::array const mapped{{{"external_group", "bbworkspace1"}, {"group", "g1"}}};
    json::array const nowhere{{{"external_group", "bbworkspace1"}, {"group", "nobody"}}};
    std::string const png = "iVBORw0KGgo=", svg = "PHN2Zy8+";
    return {
        // general
        {"name", "Renamed", false, [](site& s, auto&) { return s.record(s.id).name == "Renamed"; }, " ", "empty_name"},
        {"button_image", json::value(png), false,
         [](site& s, auto&) { return run(s.parts.data.load_module_image(s.id)).value().media_type == "image/png"; }, json::value(svg), "not_an_image"},
        {"default", true, false, [](site& s, auto&) { return s.engine.modules()->default_module() != nullptr; }, "yes", "wrong_type"},
        {"order", 7, false, [](site& s, auto&) { return s.record(s.id).order == 7; }, -1, "out_of_range"},
        // authentication
        {"client_id", "key-2", true, [](site& s, auto&) { return parameter(s.location(), "client_id") == "key-2"; }, "k\n", "bad_character"},
        {"client_secret", "secret-2", true,
         [](site& s, auto&) { return header(s.last("POST"), "Authorization") == "Basic a2V5OnNlY3JldC0y"; }, "s\n", "bad_character"},
        {"public_client", true, false, [](site& s, auto&) { return s.engine.modules()->find(s.id)->text.public_client; }, "yes", "wrong_type"},
        {"scopes", "account email team", false, [](site& s, auto&) { return parameter(s.location(), "scope") == "account email team"; }, "a\"b", "bad_character"},
        // endpoints
        {"authorization_url", "https://other.example/authorize", true,
         [](site& s, auto&) { return s.location().starts_with("https://other.example/authorize?"); }, "http://other.example/", "not_https"},
        {"token_url", "https://other.example/token", true, [](site& s, auto&) { return s.sent("https://other.example/token") == 1; }, "", "required"},
        {"user_info_url", "https://other.example/user", true, [](site& s, auto&) { return s.sent("https://other.example/user") == 1; },
         "https://u:p@other.example/", "has_userinfo"},
        {"email_url", "https://other.example/emails", true, [](site& s, auto&) { return s.sent("https://other.example/emails") == 1; },
         "https://other.example/#x", "has_fragment"},
        {"groups_url", "https://other.example/groups", true, [](site& s, auto&) { return s.sent("https://other.example/groups") == 1; }, "ftp://other.example/",
         "not_https"},
        {"logout_url", "https://other.example/out", false,
         [](site& s, auto&) { return s.engine.modules()->find(s.id)->plan->text.logout_url == "https://other.example/out"; }, "https:///", "bad_host"},
        {"avatar_url", "https://other.example/avatar", false,
         [](site& s, login_finish const& l) {
             return l.user.avatar == "/avatars/" + l.user.id && run(s.parts.data.load_avatar(l.user.id)).value().media_type == "image/png";
         },
         "https://other.example:99999/", "bad_port"},
        {"issuer", nullptr, false, [](site&, auto&) { return true; }, "https://other.example", "not_for_this_provider"},
        // limits
        {"allowed_workspaces", json::array{"bbworkspace1"}, false, [](site& s, auto&) {
             s.set(s.id, "allowed_workspaces", json::array{"another"});
             bool const refused = s.log_in(s.id).error().code == errc::organization_refused;
             s.set(s.id, "allowed_workspaces", json::array{});
             return refused;
         }, "bbworkspace1", "wrong_type"},
        // mapping
        {"user_id", "username", false, [](site& s, login_finish const& l) {
             return run(s.parts.data.find_account(l.user.id)).value().links.at(0).user_id == "nferro";
         }, "a//b", "empty_segment"},
        {"username", "nickname", false, [](site&, login_finish const& l) { return l.user.username == "nadia"; }, "/a", "empty_segment"},
        {"full_name", "nickname", false, [](site&, login_finish const& l) { return l.user.full_name == "nadia"; }, "a/", "empty_segment"},
        {"email", "values/1/email", false, [](site&, login_finish const& l) { return l.user.email == "nadia@ferro.example"; }, "a[", "unclosed_selector"},
        {"email_verified", "missing", false, [](site&, login_finish const& l) { return !l.user.email_verified; }, "a?:", "empty_alternative"},
        {"avatar", "", false, [](site&, login_finish const& l) { return l.user.avatar.empty(); }, "\"a", "unclosed_quote"},
        {"image_url_pattern", "https://pictures.example/<picture-id>.png", false,
         [](site&, login_finish const& l) { return l.user.avatar == "https://avatars.example/nadia.png"; }, "https://pictures.example/", "no_picture_id"},
        {"groups", "missing", false, [](site&, login_finish const& l) { return !l.profile.groups.has_value(); }, "[]", "empty_selector"},
        {"custom_attributes", json::object{{"nick", "nickname"}}, false,
         [](site&, login_finish const& l) { return l.user.custom_attributes.at(0).second == "nadia"; }, json::object{{"nick", "a//b"}}, "empty_segment"},
        // groups
        {"group_mappings", mapped, false, [](site&, login_finish const& l) { return has_group(l, "Team"); }, nowhere, "no_such_group"},
        {"auto_join_groups", json::array{"g1"}, false, [](site&, login_finish const& l) { return has_group(l, "Team"); }, json::array{"nobody"}, "no_such_group"},
        // additional
        {"user_creation", nullptr, false, [](site& s, login_finish const& l) {
             s.set(s.id, "user_creation", false);
             if (!s.log_in(s.id)) return false; // who is known comes in
             audit_row const gone("account_removed", l.user.id);
             run(s.parts.data.remove_account(l.user.id, gone)).value();
             return s.log_in(s.id).error().code == errc::creation_off;
         }, 1, "wrong_type"},
        {"client_authentication", "post", true,
         [](site& s, auto&) {
             return header(s.last("POST"), "Authorization").empty() && s.last("POST").body.find("client_secret=canary-secret") != std::string::npos;
         },
         "digest", "unknown_word"},
        {"email_auto_verification", true, false, [](site& s, auto&) { return s.engine.modules()->find(s.id)->text.email_auto_verification; }, "yes", "wrong_type"},
        {"extension_grant_type", "urn:example:x", false,
         [](site& s, auto&) { return s.engine.modules()->find(s.id)->text.extension_grant_type == "urn:example:x"; }, "password", "reserved_grant_type"},
        {"connection_timeout_ms", 1234, false, [](site& s, auto&) { return s.transport.requests().back().limit.connect.count() == 1234; }, -1, "out_of_range"},
        {"read_timeout_ms", 0, false, [](site& s, auto&) { return s.transport.requests().back().limit.read.count() == 0; }, 600'001, "out_of_range"},
        {"pkce", "off", false, [](site& s, auto&) { return s.location().find("code_challenge") == std::string::npos; }, "plain", "unknown_word"},
        {"account_linking", "never", false, [](site& s, auto&) { return s.engine.modules()->find(s.id)->text.linking == account_linking::never; }, "always",
         "unknown_word"},
        {"scim_match_attribute", nullptr, false, [](site&, auto&) { return true; }, 5, "wrong_type"},
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(settings_in_force_suite)

BOOST_AUTO_TEST_CASE(n4_every_setting_acts_on_the_very_next_login_and_refuses_what_fails_its_rule) {
    for (auto const& r : rows())
        BOOST_TEST_CONTEXT(r.field) {
            site s;
            auto const under_way = s.begin(s.id);
            if (!r.value.is_null()) s.set(s.id, r.field, r.value);
            auto login = s.finish(s.id, under_way);
            if (r.ends_logins) {
                BOOST_TEST((login.error().code == errc::settings_changed));
                BOOST_TEST(s.transport.requests().empty());
                login = s.log_in(s.id);
            }
            BOOST_REQUIRE_MESSAGE(login, (login ? "" : login.error().message()));
            if (r.in_force) BOOST_TEST(r.in_force(s, *login));
            BOOST_TEST(s.refusal(s.id, r.field, r.bad) == r.reason);
        }
}

BOOST_AUTO_TEST_CASE(the_rows_are_all_the_settings_that_this_provider_has) {
    auto const all = rows();
    auto const known = [&](std::string_view field) { return std::ranges::find(all, field, &row::field) != all.end(); };
    constexpr std::string_view of_others[] = {"jwks_url", "server_url", "realm", "tenant", "okta_domain", "allowed_organizations", "hosted_domain"};
    settings const text;
    for_each_setting(text, [&](std::string_view field, auto const&) {
        bool const of_another = std::ranges::find(of_others, field) != std::end(of_others);
        BOOST_TEST_CONTEXT(field) BOOST_TEST((known(field) || of_another));
    });
}

BOOST_AUTO_TEST_CASE(n4_a_patch_is_whole_or_nothing) {
    site s;
    auto const before = s.engine.modules();
    json::object changes{{"scopes", "account"}, {"full_name", "a//b"}, {"order", -1}, {"nonsense", 1}};
    auto const refused = s.edit(s.id, changes);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().errors.size() >= 2u); // all that is wrong, not the first alone
    BOOST_TEST(s.engine.modules() == before);
    BOOST_TEST((run(s.parts.data.list_modules()).value().at(0) == s.record(s.id)));
    BOOST_TEST(s.log_in(s.id).has_value());
}

BOOST_AUTO_TEST_CASE(k4_a_callback_looks_at_a_bounded_number_of_attempts) {
    module_bench bench;
    auto const id = bench.add("Bitbucket");
    auto const own = bench.begin(id);
    login_callback back(bench.callback(own), own.attempt);
    for (int i = 0; i != 31; ++i) back.attempts.insert(back.attempts.begin(), bench.begin(id).attempt);
    login_callback crowded = back; // its own attempt is one too many now
    crowded.attempts.insert(crowded.attempts.begin(), bench.begin(id).attempt);
    BOOST_TEST((run(bench.engine.finish_login(id, std::move(crowded))).error().code == errc::state_mismatch));
    BOOST_TEST(run(bench.engine.finish_login(id, std::move(back))).has_value());
}

BOOST_AUTO_TEST_CASE(f8_a_module_disabled_or_removed_between_start_and_callback_refuses) {
    site s;
    auto const first = s.begin(s.id), second = s.begin(s.id);
    BOOST_REQUIRE(run(s.engine.catalog().disable(s.id, true, s.by)).has_value());
    BOOST_TEST((s.finish(s.id, first).error().code == errc::module_disabled));
    BOOST_REQUIRE(run(s.engine.catalog().remove(s.id, "", true, s.by)).has_value());
    BOOST_TEST((s.finish(s.id, second).error().code == errc::not_found));
    BOOST_TEST(s.transport.requests().empty());
    BOOST_TEST(run(s.parts.data.list_accounts(account_filter())).value().empty());
}

BOOST_AUTO_TEST_CASE(f8_a_module_disabled_while_the_provider_is_asked_refuses_in_the_store) {
    // The engine has let the login pass; another node has switched the module off since.
    site s;
    auto const under_way = s.begin(s.id);
    auto record = s.record(s.id);
    record.enabled = false;
    ++record.revision;
    audit_row const row("module_disabled", s.id);
    BOOST_REQUIRE(run(s.parts.data.update_module(record, record.revision - 1, row, false)).has_value());
    BOOST_TEST((s.finish(s.id, under_way).error().code == errc::module_disabled));
    BOOST_TEST(run(s.parts.data.list_accounts(account_filter())).value().empty());
}

BOOST_AUTO_TEST_CASE(f7_only_mapped_groups_follow_the_provider_and_junk_changes_nothing) {
    auto const answers = [](std::string_view body, int status = 200) {
        recorded_script script;
        auto const good = bitbucket_script();
        script.expect("POST", token_url).times(10).reply(200, token_body);
        script.expect("GET", user_url).times(10).reply(200, user_body);
        script.expect("GET", emails_url).times(10).reply(200, emails_body);
        script.expect("GET", groups_url).reply(200, groups_body);
        script.expect("GET", groups_url).times(10).reply(status, body);
        return script;
    };
    struct after {
        std::string_view body;
        int status;
        bool stays;
    };
    for (auto const& [body, status, stays] : {after{R"({"values":[]})", 200, false}, after{R"({"values":[{"workspace":{"slug":"x"}}]})", 200, false},
                                              after{"{}", 200, true}, after{R"({"values":null})", 200, true}, after{"<html>", 200, true},
                                              after{"{}", 403, true}, after{"{}", 500, true}, after{R"({"values":{"a":1}})", 200, true}})
        BOOST_TEST_CONTEXT(body << ' ' << status) {
            module_bench bench(answers(body, status));
            for (auto const& [id, name] : {std::pair("g1", "Team"), std::pair("g2", "By hand")}) {
                group const made(id, name);
                audit_row const row("group_created", id);
                BOOST_REQUIRE(run(bench.parts.data.insert_group(made, row)).has_value());
            }
            auto const id = bench.add("one", {{"group_mappings", json::array{{{"external_group", "bbworkspace1"}, {"group", "g1"}}}}});
            auto const first = bench.log_in(id).value();
            BOOST_TEST(has_group(first, "Team"));
            audit_row const row("group_joined", first.user.id);
            BOOST_REQUIRE(run(bench.parts.data.put_member("g2", first.user.id, row)).has_value());
            auto const second = bench.log_in(id).value();
            BOOST_TEST(has_group(second, "Team") == stays);
            BOOST_TEST(has_group(second, "By hand"));
        }
}

BOOST_AUTO_TEST_SUITE_END()
