// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/admin_handlers.hpp"

#include "authmod/core/base64.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/server/metrics_registry.hpp"
#include "authmod/server/token_handlers.hpp"
#include "support/login_site.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace authmod;
using authmod_test::browser;
using authmod_test::login_site;
using authmod_test::run;

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

boost::json::object object_of(outgoing_reply const& reply) { return boost::json::parse(reply.body).as_object(); }

std::string text_of(boost::json::object const& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

/// The code of an error reply.
std::string code_of(outgoing_reply const& reply) {
    auto const body = object_of(reply);
    auto const& error = body.at("error").as_object();
    BOOST_TEST(error.size() == 4u);
    return text_of(error, "code");
}

std::string id_of(outgoing_reply const& reply) {
    BOOST_REQUIRE(reply.status == 201);
    return text_of(object_of(reply), "id");
}

/// The path of a route with `id` at its holes.
std::string filled(std::string_view pattern, std::string_view id) {
    std::string path(pattern);
    for (auto hole = path.find("{}"); hole != std::string::npos; hole = path.find("{}")) path.replace(hole, 2, id);
    return path;
}

constexpr std::string_view new_module =
    R"({"type":"bitbucket_cloud","name":"Bitbucket","client_id":"key","client_secret":"canary-client-secret"})";

} // namespace

BOOST_AUTO_TEST_SUITE(admin_api)

BOOST_AUTO_TEST_CASE(a_module_is_created_changed_enabled_and_disabled) {
    login_site site;
    auto const created = site.administrate("POST", "/api/modules", new_module);
    std::string const id = id_of(created);
    BOOST_TEST(created.header("Location") == "/api/modules/" + id);
    auto module = object_of(created);
    BOOST_TEST(!module.at("enabled").as_bool());
    BOOST_TEST(module.at("client_secret_set").as_bool());
    BOOST_TEST(module.at("imported_accounts").as_int64() == 0);
    BOOST_TEST(text_of(module, "redirect_uri") == "https://login.example/callback/" + id);

    BOOST_TEST(site.administrate("POST", "/api/modules/" + id + "/enable").status == 200);
    module = object_of(site.administrate("GET", "/api/modules/" + id));
    BOOST_TEST(module.at("enabled").as_bool());

    boost::json::object patch;
    patch["name"] = "Renamed";
    patch["revision"] = module.at("revision");
    auto const changed = site.administrate("PATCH", "/api/modules/" + id, boost::json::serialize(patch));
    BOOST_TEST(changed.status == 200);
    BOOST_TEST(text_of(object_of(changed), "name") == "Renamed");
    BOOST_TEST(site.administrate("PATCH", "/api/modules/" + id, boost::json::serialize(patch)).status == 409);
    auto const list = object_of(site.administrate("GET", "/api/modules"));
    BOOST_TEST(list.at("items").as_array().size() == 1u);
    BOOST_TEST(list.at("next").is_null());

    auto const last = site.administrate("POST", "/api/modules/" + id + "/disable");
    BOOST_TEST(last.status == 409);
    BOOST_TEST(code_of(last) == "last_way_in");
    BOOST_TEST(site.administrate("POST", "/api/modules/" + id + "/disable?force=true").status == 200);

    browser b(site);
    site.enable(id, true);
    b.log_in(id);
    module = object_of(site.administrate("GET", "/api/modules/" + id));
    BOOST_TEST(module.at("imported_accounts").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(N1_no_answer_holds_the_secret) {
    login_site site;
    auto const created = site.administrate("POST", "/api/modules", new_module);
    std::string const id = id_of(created);
    for (auto const& reply :
         {created, site.administrate("GET", "/api/modules"), site.administrate("GET", "/api/modules/" + id),
          site.administrate("GET", "/api/audit"), site.administrate("POST", "/api/modules", new_module)}) {
        BOOST_TEST(!has(reply.body, "canary-client-secret"));
        BOOST_TEST(!has(reply.body, login_site::admin_token));
    }
    BOOST_TEST(!has(site.log.text, "canary"));
}

BOOST_AUTO_TEST_CASE(N4_a_refused_update_changes_nothing) {
    login_site site;
    std::string const id = id_of(site.administrate("POST", "/api/modules", new_module));
    auto const before = site.administrate("GET", "/api/modules/" + id).body;
    auto const refused =
        site.administrate("PATCH", "/api/modules/" + id, R"({"revision":1,"name":"X","email":"values//email"})");
    BOOST_TEST(refused.status == 422);
    auto const body = object_of(refused);
    auto const& error = body.at("error").as_object();
    BOOST_TEST(text_of(error, "code") == "empty_segment");
    BOOST_TEST(text_of(error, "field") == "email");
    BOOST_TEST(error.at("offset").to_number<int>() == 7);
    for (std::string_view bad :
         {R"({"revision":1,"nonsense":1})", R"({"revision":1,"token_url":"http://example.com/"})",
          R"({"revision":1,"redirect_uri":"https://evil.example/"})", R"({"revision":1,"id":"x"})"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(site.administrate("PATCH", "/api/modules/" + id, bad).status == 422);
    BOOST_TEST(site.administrate("PATCH", "/api/modules/" + id, R"({"name":"X"})").status == 400);
    for (std::string_view bad : {"", "[]", "{", R"({"revision":1,"revision":1})"})
        BOOST_TEST(code_of(site.administrate("PATCH", "/api/modules/" + id, bad)) == "malformed_json");
    BOOST_TEST(site.administrate("GET", "/api/modules/" + id).body == before);
}

BOOST_AUTO_TEST_CASE(creations_are_checked) {
    login_site site;
    for (std::string_view bad : {R"({})", R"({"type":"bitbucket_cloud"})", R"({"name":"x"})",
                                 R"({"type":"unheard_of","name":"x"})", R"({"type":"bitbucket_cloud","name":" "})"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(site.administrate("POST", "/api/modules", bad).status == 422);
    std::string const id = id_of(site.administrate("POST", "/api/modules", R"({"type":"bitbucket_cloud","name":"x"})"));
    auto const incomplete = site.administrate("POST", "/api/modules/" + id + "/enable");
    BOOST_TEST(incomplete.status == 422);
    BOOST_TEST(site.administrate("POST", "/api/modules", R"({"type":"bitbucket_cloud","name":"x"})").status == 409);
    BOOST_TEST(site.administrate("POST", "/api/modules/none/enable").status == 404);
    BOOST_TEST(site.administrate("GET", "/api/modules/none").status == 404);
    BOOST_TEST(site.administrate("PATCH", "/api/modules/none", R"({"revision":1})").status == 404);
}

BOOST_AUTO_TEST_CASE(N5_every_route_checks_rights_first) {
    login_site site;
    std::string const id = site.add_module();
    browser person(site);
    person.log_in(id);
    auto names = admin_handlers::routes();
    names.push_back({"GET", "/api/none"});
    for (auto const& [method, pattern] : names) {
        std::string const path = filled(pattern, id);
        BOOST_TEST_CONTEXT(method << " " << path) {
            for (std::string_view wrong : {"", "Bearer ", "Bearer wrong", "Basic YTpi", "admin-token-of-the-test",
                                           "Bearer admin-token-of-the-tes", "Bearer admin-token-of-the-testx"}) {
                browser stranger(site);
                site.parts.time.advance(wrong_token_rate.interval); // or the guesses would be told to wait
                auto const reply = stranger.administrate(method, path, {{"Authorization", wrong}}, "{}");
                BOOST_TEST(reply.status == 401);
                BOOST_TEST(code_of(reply) == "not_signed_in");
                BOOST_TEST(!reply.header("WWW-Authenticate").empty());
                BOOST_TEST(reply.header("Cache-Control") == "no-store");
            }
            auto const reply = person.administrate(method, path, {{"Sec-Fetch-Site", "same-origin"}}, "{}");
            BOOST_TEST(reply.status == 403);
            BOOST_TEST(code_of(reply) == "not_permitted");
        }
    }
    BOOST_TEST(has(person.get("/login?choose=1").body, "Log in with")); // still enabled
}

BOOST_AUTO_TEST_CASE(N5_members_of_the_admin_group_need_the_token_of_their_session) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    b.log_in(id);
    auto const me = b.me();
    BOOST_TEST(b.administrate("GET", "/api/modules").status == 403);
    std::string const member = "/api/groups/authmod-admins/members/" + text_of(me, "id");
    BOOST_TEST(site.administrate("PUT", member).status == 204);
    BOOST_TEST(b.administrate("GET", "/api/modules").status == 200);
    BOOST_TEST(code_of(b.administrate("POST", "/api/groups", {}, R"({"name":"g"})")) == "csrf_refused");
    BOOST_TEST(b.administrate("POST", "/api/groups", {{"X-CSRF-Token", "wrong"}}, R"({"name":"g"})").status == 403);
    std::string const csrf = text_of(me, "csrf");
    BOOST_TEST(b.administrate("POST", "/api/groups", {{"X-CSRF-Token", csrf}}, R"({"name":"g"})").status == 201);
    // The audit says who it was.
    auto const rows = object_of(site.administrate("GET", "/api/audit?event=group_created"));
    BOOST_REQUIRE(rows.at("items").as_array().size() == 1u);
    BOOST_TEST(text_of(rows.at("items").as_array().at(0).as_object(), "author") == text_of(me, "id"));
    BOOST_TEST(site.administrate("DELETE", member).status == 204);
    BOOST_TEST(b.administrate("GET", "/api/modules").status == 403);
}

BOOST_AUTO_TEST_CASE(O3_without_its_store_the_api_says_so_and_changes_nothing) {
    login_site site;
    std::string const id = site.add_module("Enabled"), off = site.add_module("Disabled");
    site.add_module("Another way in");
    site.enable(off, false);
    std::string const patch =
        R"({"name":"Other","revision":)" +
        boost::json::serialize(object_of(site.administrate("GET", "/api/modules/" + id)).at("revision")) + "}";
    std::string const scim = R"({"name":"s","module":")" + id + R"("})";
    std::pair<std::string_view, std::string_view> const bodies[] = {
        {"POST /api/scim-clients", scim},
        {"POST /api/modules", R"({"type":"bitbucket_cloud","name":"New"})"},
        {"PATCH /api/modules/{}", patch},
        {"POST /api/accounts", R"({"username":"ann"})"},
        {"PATCH /api/accounts/{}", R"({"banned":true})"},
        {"POST /api/groups", R"({"name":"g"})"},
        {"POST /api/services", R"({"name":"s"})"}};
    std::string_view const of_the_program[] = {"/api/session", "/api/openapi.json", "/api/providers",
                                               "/api/mapping/preview", "/api/modules/{}/test-login"};
    auto const before = site.administrate("GET", "/api/audit").body;
    site.parts.data.down = true;
    for (auto const& [method, pattern] : admin_handlers::routes()) {
        if (std::ranges::find(of_the_program, pattern) != std::end(of_the_program)) continue;
        std::string const route = std::string(method) + " " + std::string(pattern);
        auto const body = std::ranges::find(bodies, route, &std::pair<std::string_view, std::string_view>::first);
        auto const reply = site.administrate(method, filled(pattern, pattern.ends_with("/enable") ? off : id),
                                             body == std::end(bodies) ? std::string_view() : body->second);
        BOOST_TEST_CONTEXT(route << ": " << reply.body) {
            BOOST_TEST(reply.status == 503);
            BOOST_TEST(!reply.header("Retry-After").empty());
            if (reply.status == 503) BOOST_TEST(code_of(reply) == "store_unavailable");
        }
    }
    site.parts.data.down = false;
    BOOST_TEST(site.administrate("GET", "/api/audit").body == before);
    BOOST_TEST(browser(site).get("/login/" + id).status == 303);
}

BOOST_AUTO_TEST_CASE(without_an_admin_token_no_token_is_right) {
    login_site site;
    admin_handlers closed(site.engine, site.log, secret());
    for (std::string_view wrong : {"Bearer ", "Bearer x"})
        BOOST_TEST(site.ask(closed, "GET", "/api/modules", {{"Authorization", wrong}}).status == 401);
}

BOOST_AUTO_TEST_CASE(G3_a_ban_ends_sessions_and_keeps_the_person_out) {
    recorded_script script = authmod_test::bitbucket_script();
    for (std::size_t i = 0; i != script.size(); ++i) script[i].times(2);
    login_site site(std::move(script));
    std::string const id = site.add_module();
    browser b(site);
    b.log_in(id);
    std::string const account = "/api/accounts/" + text_of(b.me(), "id");
    auto const banned = site.administrate("PATCH", account, R"({"banned":true,"ban_reason":"left"})");
    BOOST_TEST(banned.status == 200);
    BOOST_TEST(object_of(banned).at("banned").as_bool());
    BOOST_TEST(text_of(object_of(banned), "ban_reason") == "left");
    BOOST_TEST(b.get("/me").status == 401);
    BOOST_TEST(b.log_in(id).status == 403);
    BOOST_TEST(site.administrate("PATCH", account, R"({"banned":1})").status == 422);
    BOOST_TEST(site.administrate("PATCH", account, R"({"username":"x"})").status == 422);
    BOOST_TEST(site.administrate("PATCH", account, R"({"banned":false,"email_verified":false})").status == 200);
    auto const shown = object_of(site.administrate("GET", account));
    BOOST_TEST(!shown.at("banned").as_bool());
    BOOST_TEST(shown.at("ban_reason").is_null());
    BOOST_TEST(!shown.at("email_verified").as_bool());
    BOOST_TEST(site.administrate("DELETE", account).status == 204);
    BOOST_TEST(site.administrate("GET", account).status == 404);
}

BOOST_AUTO_TEST_CASE(accounts_and_groups_are_made_by_hand) {
    login_site site;
    auto const made =
        site.administrate("POST", "/api/accounts",
                          R"({"username":"ann","full_name":"Ann","email":"ann@a.example","email_verified":true})");
    std::string const ann = id_of(made);
    BOOST_TEST(object_of(made).at("email_verified").as_bool());
    BOOST_TEST(site.administrate("POST", "/api/accounts", R"({"username":"ANN"})").status == 409);
    for (std::string_view bad : {R"({})", R"({"username":""})", R"({"username":1})", R"({"username":"x","x":1})",
                                 R"({"username":"x","email_verified":"yes"})", R"({"username":"a\u0000b"})"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(site.administrate("POST", "/api/accounts", bad).status == 422);
    BOOST_TEST(site.administrate("POST", "/api/accounts", "nonsense").status == 400);

    std::string const group = id_of(site.administrate("POST", "/api/groups", R"({"name":"writers"})"));
    BOOST_TEST(site.administrate("POST", "/api/groups", R"({"name":"writers"})").status == 409);
    BOOST_TEST(site.administrate("POST", "/api/groups", R"({"name":""})").status == 422);
    BOOST_TEST(site.administrate("PUT", "/api/groups/" + group + "/members/" + ann).status == 204);
    BOOST_TEST(site.administrate("PUT", "/api/groups/" + group + "/members/none").status == 404);
    BOOST_TEST(site.administrate("GET", "/api/groups/" + group + "/members/" + ann).status == 405);
    BOOST_TEST(has(site.administrate("GET", "/api/accounts/" + ann).body, "writers"));
    BOOST_TEST(site.administrate("DELETE", "/api/groups/" + group).status == 204);
    BOOST_TEST(!has(site.administrate("GET", "/api/accounts/" + ann).body, "writers"));
    BOOST_TEST(!has(site.administrate("GET", "/api/groups").body, "writers"));
}

BOOST_AUTO_TEST_CASE(accounts_are_found_by_name_email_group_and_module) {
    login_site site;
    std::string const module = site.add_module();
    browser b(site);
    b.log_in(module);
    std::string const nadia = text_of(b.me(), "id");
    std::string const ann = id_of(
        site.administrate("POST", "/api/accounts", R"({"username":"ann","email":"ann@a.example","full_name":"Ann"})"));
    std::string const group = id_of(site.administrate("POST", "/api/groups", R"({"name":"writers"})"));
    BOOST_REQUIRE(site.administrate("PUT", "/api/groups/" + group + "/members/" + ann).status == 204);
    auto ids = [&](std::string const& query) {
        std::string all;
        auto const page = object_of(site.administrate("GET", "/api/accounts?" + query));
        for (auto const& item : page.at("items").as_array()) all += text_of(item.as_object(), "id") + " ";
        return all;
    };
    BOOST_TEST(ids("search=AN") == ann + " ");
    BOOST_TEST(ids("search=ann%40") == ann + " ");
    BOOST_TEST(ids("search=nn").empty()); // only the beginning counts
    BOOST_TEST(ids("group=" + group) == ann + " ");
    BOOST_TEST(ids("module=" + module) == nadia + " ");
    BOOST_TEST(ids("module=none").empty());

    auto const shown = object_of(site.administrate("GET", "/api/accounts/" + nadia));
    BOOST_REQUIRE(shown.at("links").as_array().size() == 1u);
    BOOST_TEST(text_of(shown.at("links").as_array().at(0).as_object(), "module_id") == module);
    auto const groups = object_of(site.administrate("GET", "/api/groups"));
    for (auto const& item : groups.at("items").as_array()) {
        auto const& one = item.as_object();
        bool const mine = text_of(one, "id") == group;
        BOOST_TEST(one.at("built_in").as_bool() != mine);
        if (mine) BOOST_TEST(one.at("members").as_int64() == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_change_of_an_account_may_insist_on_what_was_read) {
    login_site site;
    std::string const where =
        "/api/accounts/" + id_of(site.administrate("POST", "/api/accounts", R"({"username":"ann"})"));
    auto const revision = boost::json::serialize(object_of(site.administrate("GET", where)).at("revision"));
    BOOST_TEST(site.administrate("PATCH", where, R"({"banned":true,"revision":)" + revision + "}").status == 200);
    auto const late = site.administrate("PATCH", where, R"({"banned":false,"revision":)" + revision + "}");
    BOOST_TEST(late.status == 409);
    BOOST_TEST(code_of(late) == "revision_stale");
    BOOST_TEST(site.administrate("PATCH", where, R"({"banned":false,"revision":"1"})").status == 409);
    BOOST_TEST(site.administrate("PATCH", where, R"({"banned":false})").status == 200);
}

BOOST_AUTO_TEST_CASE(G3_all_sessions_of_a_person_can_be_ended) {
    login_site site;
    browser b(site);
    b.log_in(site.add_module());
    std::string const where = "/api/accounts/" + text_of(b.me(), "id") + "/end-sessions";
    BOOST_TEST(site.administrate("POST", where).status == 204);
    BOOST_TEST(b.get("/me").status == 401);
    BOOST_TEST(site.administrate("POST", "/api/accounts/none/end-sessions").status == 404);
    BOOST_TEST(has(site.administrate("GET", "/api/audit?event=sessions_ended").body, "admin-token"));
}

BOOST_AUTO_TEST_CASE(N1_the_secret_of_a_service_is_shown_once) {
    login_site site;
    std::string const module = site.add_module();
    std::string const body = R"({"name":"exporter","modules":[")" + module + R"(",")" + module + R"("]})";
    auto const made = site.administrate("POST", "/api/services", body);
    std::string const id = id_of(made);
    std::string const secret = text_of(object_of(made), "secret");
    BOOST_TEST(secret.size() == 43u);
    BOOST_TEST(object_of(made).at("modules").as_array().size() == 1u); // twice the same is once
    auto const listed = site.administrate("GET", "/api/services");
    BOOST_TEST(has(listed.body, "exporter"));
    for (auto const& reply :
         {listed, site.administrate("GET", "/api/audit"), site.administrate("POST", "/api/services", body)})
        BOOST_TEST(!has(reply.body, secret));
    BOOST_TEST(!has(site.log.text, secret));
    BOOST_TEST(run(site.parts.data.find_service(id)).value().secret_digest == digest_of(secret));

    for (auto [bad, code] : {std::pair<std::string_view, std::string_view>(R"({})", "missing"),
                             {R"({"name":" "})", "missing"},
                             {R"({"name":"x","more":1})", "unknown_field"},
                             {R"({"name":"x","modules":"y"})", "wrong_type"},
                             {R"({"name":"x","modules":[1]})", "wrong_type"},
                             {R"({"name":"x","modules":["none"]})", "no_such_module"}}) {
        auto const refused = site.administrate("POST", "/api/services", bad);
        BOOST_TEST_CONTEXT(bad) {
            BOOST_TEST(refused.status == 422);
            BOOST_TEST(code_of(refused) == code);
        }
    }
    BOOST_TEST(site.administrate("POST", "/api/services", body).status == 409);
    BOOST_TEST(site.administrate("DELETE", "/api/services/" + id).status == 204);
    BOOST_TEST(site.administrate("DELETE", "/api/services/" + id).status == 404);
}

BOOST_AUTO_TEST_CASE(lists_come_in_pages) {
    login_site site;
    for (char c : {'a', 'b', 'c'}) {
        site.parts.time.advance(milliseconds(1));
        id_of(site.administrate("POST", "/api/accounts", std::string(R"({"username":")") + c + "\"}"));
    }
    auto const first = object_of(site.administrate("GET", "/api/accounts?limit=2"));
    BOOST_TEST(first.at("items").as_array().size() == 2u);
    auto const rest = object_of(site.administrate("GET", "/api/accounts?limit=2&after=" + text_of(first, "next")));
    BOOST_TEST(rest.at("items").as_array().size() == 1u);
    BOOST_TEST(rest.at("next").is_null());
    auto const newest = object_of(site.administrate("GET", "/api/audit?limit=1"));
    BOOST_REQUIRE(newest.at("items").as_array().size() == 1u);
    auto const older = site.administrate("GET", "/api/audit?before=" + boost::json::serialize(newest.at("next")));
    BOOST_TEST(object_of(older).at("items").as_array().size() == 2u);
    BOOST_TEST(
        object_of(site.administrate("GET", "/api/audit?until=2020-01-01T00:00:00Z")).at("items").as_array().empty());
    for (std::string_view bad :
         {"audit?from=yesterday", "audit?limit=0", "audit?limit=501", "audit?limit=x", "audit?limit=1x",
          "audit?before=-1", "audit/export?before=x", "accounts?limit=99999999999999999999"})
        BOOST_TEST_CONTEXT(bad)
    BOOST_TEST(site.administrate("GET", "/api/" + std::string(bad)).status == 422);
    auto const providers = object_of(site.administrate("GET", "/api/providers"));
    auto const& one = providers.at("items").as_array().at(0).as_object();
    BOOST_TEST(text_of(one, "id") == "bitbucket_cloud");
    BOOST_TEST(!one.at("set_up").as_array().empty());
}

BOOST_AUTO_TEST_CASE(one_module_at_most_is_the_default) {
    login_site site;
    std::string const first = site.add_module("First"), second = site.add_module("Second");
    auto is_default = [&](std::string const& id) {
        return object_of(site.administrate("GET", "/api/modules/" + id)).at("default").as_bool();
    };
    BOOST_TEST(site.administrate("POST", "/api/modules/" + first + "/make-default").status == 200);
    BOOST_TEST(is_default(first));
    auto const moved = site.administrate("POST", "/api/modules/" + second + "/make-default");
    BOOST_TEST(object_of(moved).at("default").as_bool());
    BOOST_TEST(!is_default(first));
    BOOST_TEST(browser(site).get("/login").header("Location") == "/login/" + second);
    BOOST_TEST(site.administrate("POST", "/api/modules/" + second + "/clear-default").status == 200);
    BOOST_TEST(!is_default(second));
    BOOST_TEST(site.administrate("POST", "/api/modules/none/make-default").status == 404);
}

BOOST_AUTO_TEST_CASE(a_test_login_comes_back_with_a_report_and_signs_nobody_in) {
    login_site site;
    std::string const id = id_of(site.administrate("POST", "/api/modules", new_module)); // disabled
    BOOST_TEST(site.administrate("GET", "/api/modules/" + id + "/test-result").status == 404);
    browser b(site);
    std::string const form = "token=" + std::string(login_site::admin_token);
    BOOST_REQUIRE(b.administrate("POST", "/admin/sign-in", {{"Sec-Fetch-Site", "same-origin"}}, form).status == 303);
    std::string const csrf = text_of(object_of(b.administrate("GET", "/api/session")), "csrf");
    auto const begun = b.administrate("POST", "/api/modules/" + id + "/test-login", {{"X-CSRF-Token", csrf}});
    BOOST_REQUIRE(begun.status == 200);
    BOOST_TEST(has(b.set_cookies.front(), "__Host-authmod_login_"));
    auto const page = b.get(browser::callback(text_of(object_of(begun), "location")));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(has(page.body, "A person could log in like this"));
    for (std::string_view shown : {"nferro", "nadia@ferro.example", "bbworkspace1", "Access token", "Would create"})
        BOOST_TEST_CONTEXT(shown) BOOST_TEST(has(page.body, shown));
    BOOST_TEST(!has(page.body, "at-1"));
    BOOST_TEST(b.me().empty());
    BOOST_TEST(object_of(site.administrate("GET", "/api/accounts")).at("items").as_array().empty());

    auto const result = object_of(site.administrate("GET", "/api/modules/" + id + "/test-result"));
    BOOST_TEST(result.at("ok").as_bool());
    BOOST_TEST(text_of(result, "author") == "admin-token");
    auto preview = [&](std::string const& paths) {
        auto const reply = site.administrate("POST", "/api/mapping/preview",
                                             R"({"module":")" + id + R"(","last_test":true,"paths":)" + paths + "}");
        return object_of(reply).at("fields").as_object();
    };
    BOOST_TEST(text_of(preview("{}"), "full_name") == "Nadia Ferro");
    BOOST_TEST(text_of(preview(R"({"full_name":"nickname"})"), "full_name") == "nadia");
    BOOST_TEST(text_of(preview(R"({"email":"values/0/email"})"), "email") == "old@ferro.example");
    auto const attributes = preview(R"({"custom_attributes":{"kind":"type"}})");
    BOOST_TEST(text_of(attributes.at("custom_attributes").as_object(), "kind") == "user");
    BOOST_TEST(site.administrate("POST", "/api/modules/none/test-login").status == 404);
}

BOOST_AUTO_TEST_CASE(paths_are_tried_on_pasted_answers) {
    login_site site;
    auto preview = [&](std::string_view body) { return site.administrate("POST", "/api/mapping/preview", body); };
    // As an object or as text; lists of emails and groups beside the profile.
    for (std::string_view profile :
         {R"({"uuid":"u1","display_name":"Ann"})", R"("{\"uuid\":\"u1\",\"display_name\":\"Ann\"}")"}) {
        auto const shown = object_of(preview(R"({"type":"bitbucket_cloud","profile":)" + std::string(profile) +
                                             R"(,"email_doc":{"values":[{"email":"a@a.example","is_primary":true}]},)"
                                             R"("groups_doc":{"values":[{"workspace":{"slug":"team"}}]}})"));
        auto const& fields = shown.at("fields").as_object();
        BOOST_TEST(text_of(fields, "user_id") == "u1");
        BOOST_TEST(text_of(fields, "full_name") == "Ann");
        BOOST_TEST(text_of(fields, "email") == "a@a.example");
        BOOST_TEST(fields.at("groups").as_array().size() == 1u);
        BOOST_TEST(shown.at("user_id_refused").is_null());
    }
    auto const wrong = object_of(preview(
        R"({"type":"bitbucket_cloud","profile":"{\"uuid\":","groups_doc":[1],"paths":{"email":"a//b","username":"x"}})"));
    BOOST_TEST(wrong.at("errors").as_array().size() == 1u);
    BOOST_TEST(wrong.at("errors").as_array().at(0).as_object().at("offset").to_number<int>() == 2);
    BOOST_TEST(text_of(wrong.at("document_errors").as_array().at(0).as_object(), "document") == "profile");
    BOOST_TEST(text_of(wrong, "user_id_refused") == "user_id_missing");

    for (auto [bad, field] : {std::pair<std::string_view, std::string_view>(R"({})", "type"),
                              {R"({"type":"none"})", "type"},
                              {R"({"module":"none"})", "module"},
                              {R"({"type":7})", "module"},
                              {R"({"type":"bitbucket_cloud","more":1})", "more"},
                              {R"({"type":"bitbucket_cloud","last_test":true})", "last_test"},
                              {R"({"type":"bitbucket_cloud","paths":[]})", "paths"},
                              {R"({"type":"bitbucket_cloud","paths":{"token_url":"x"}})", "token_url"},
                              {R"({"type":"bitbucket_cloud","paths":{"email":1}})", "email"}}) {
        auto const refused = preview(bad);
        BOOST_TEST_CONTEXT(bad) {
            BOOST_TEST(refused.status == 422);
            auto const body = object_of(refused);
            BOOST_TEST(text_of(body.at("error").as_object(), "field") == field);
        }
    }
    BOOST_TEST(preview("[").status == 400);
}

BOOST_AUTO_TEST_CASE(a_module_is_removed_with_its_sessions) {
    login_site site;
    std::string const id = site.add_module(), other = site.add_module("Other");
    browser b(site);
    b.log_in(id);
    BOOST_TEST(b.get("/me").status == 200);
    BOOST_TEST(site.administrate("DELETE", "/api/modules/" + id + "?successor=none").status == 422);
    BOOST_TEST(site.administrate("DELETE", "/api/modules/" + id + "?successor=" + other).status == 204);
    BOOST_TEST(b.get("/me").status == 401);
    BOOST_TEST(site.administrate("DELETE", "/api/modules/" + id).status == 404);
    BOOST_TEST(code_of(site.administrate("DELETE", "/api/modules/" + other)) == "last_way_in");
    BOOST_TEST(site.administrate("DELETE", "/api/modules/" + other + "?force=true").status == 204);
}

BOOST_AUTO_TEST_CASE(a_module_has_its_own_picture_or_its_providers) {
    login_site site;
    std::string const id = site.add_module();
    std::string const where = "/modules/" + id + "/image";
    browser b(site);
    BOOST_TEST(b.get(where).header("Content-Type") == "image/svg+xml");
    boost::json::object patch;
    patch["revision"] = object_of(site.administrate("GET", "/api/modules/" + id)).at("revision");
    patch["button_image"] = base64_encode(std::string("\x89PNG\r\n\x1a\n") + std::string(100, 'x'));
    BOOST_REQUIRE(site.administrate("PATCH", "/api/modules/" + id, boost::json::serialize(patch)).status == 200);
    auto const picture = b.get(where);
    BOOST_TEST(picture.header("Content-Type") == "image/png");
    BOOST_TEST(picture.header("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(has(picture.header("Content-Security-Policy"), "default-src 'none'; sandbox"));
    BOOST_TEST(has(b.get("/login?choose=1").body, "<img src=\"" + where + "?revision="));
    BOOST_TEST(b.get("/modules/none/image").status == 404);
}

BOOST_AUTO_TEST_CASE(the_session_tells_who_administrates) {
    login_site site;
    auto const token = object_of(site.administrate("GET", "/api/session"));
    BOOST_TEST(text_of(token, "author") == "admin-token");
    BOOST_TEST(token.at("csrf").is_null());
    browser b(site);
    std::string const form = "token=" + std::string(login_site::admin_token);
    BOOST_TEST(b.administrate("POST", "/admin/sign-in", {{"Sec-Fetch-Site", "same-origin"}}, form).status == 303);
    auto const who = object_of(b.administrate("GET", "/api/session"));
    BOOST_TEST(text_of(who, "author") == "admin-token");
    BOOST_TEST(text_of(who, "csrf").size() == 43u);
    BOOST_TEST(
        b.administrate("POST", "/api/groups", {{"X-CSRF-Token", text_of(who, "csrf")}}, R"({"name":"g"})").status ==
        201);
    BOOST_TEST(code_of(b.administrate("POST", "/api/groups", {}, R"({"name":"h"})")) == "csrf_refused");
    BOOST_TEST(b.administrate("POST", "/admin/sign-out").status == 403);
    BOOST_TEST(b.administrate("GET", "/api/session").status == 200);
    auto const out = b.administrate("POST", "/admin/sign-out", {{"X-CSRF-Token", text_of(who, "csrf")}});
    BOOST_TEST(out.header("Location") == "/admin/");
    BOOST_TEST(b.administrate("GET", "/api/session").status == 401);
}

BOOST_AUTO_TEST_CASE(I1_signing_in_takes_the_token_and_a_page_of_this_site) {
    login_site site;
    browser b(site);
    std::string const form = "token=" + std::string(login_site::admin_token);
    std::vector<request_field> const own{{"Sec-Fetch-Site", "same-origin"}};
    std::vector<request_field> const own_json{{"Origin", "https://login.example"}, {"Accept", "application/json"}};
    auto const foreign = b.administrate("POST", "/admin/sign-in", {{"Sec-Fetch-Site", "cross-site"}}, form);
    BOOST_TEST(foreign.status == 403);
    BOOST_TEST(has(foreign.body, "csrf_refused"));
    for (std::string_view wrong : {"", "token=", "token=wrong", "token=%zz", "TOKEN=admin-token-of-the-test"}) {
        auto const refused = b.administrate("POST", "/admin/sign-in", own, wrong);
        BOOST_TEST(refused.status == 403);
        BOOST_TEST(has(refused.body, "not the admin token"));
        BOOST_TEST(code_of(b.administrate("POST", "/admin/sign-in", own_json, wrong)) == "not_signed_in");
    }
    BOOST_TEST(b.jar.empty());
    BOOST_TEST(
        has(b.administrate("POST", "/admin/sign-in", own, "return_to=/admin/audit").body, "value=\"/admin/audit\""));
    for (auto [wish, goes_to] :
         {std::pair<std::string_view, std::string_view>("/admin/audit?event=x", "/admin/audit?event=x"),
          {"/me", "/admin/"},
          {"//evil.example/admin/", "/admin/"},
          {"/admin/%0d%0ax", "/admin/"},
          {"/admin/../x", "/admin/"}}) {
        auto const moved = b.administrate("POST", "/admin/sign-in", own, form + "&return_to=" + percent_encode(wish));
        BOOST_TEST(moved.status == 303);
        BOOST_TEST_CONTEXT(wish) BOOST_TEST(moved.header("Location") == goes_to);
    }
    BOOST_TEST(b.administrate("POST", "/admin/sign-in", own_json, form).status == 204);
    BOOST_TEST(b.jar.size() == 1u);
    BOOST_TEST(!has(b.seen + site.log.text, login_site::admin_token));
    BOOST_TEST(has(site.log.text, "event=admin_signed_in"));
    BOOST_TEST(b.administrate("GET", "/admin/sign-in").header("Allow") == "POST");
}

BOOST_AUTO_TEST_CASE(the_audit_comes_as_a_file) {
    login_site site;
    for (char c : {'a', 'b', 'c'})
        id_of(site.administrate("POST", "/api/groups", std::string(R"({"name":")") + c + "\"}"));
    auto const file = site.administrate("GET", "/api/audit/export?event=group_created");
    BOOST_TEST(file.status == 200);
    BOOST_TEST(file.header("Content-Disposition") == "attachment; filename=\"audit.json\"");
    BOOST_TEST(object_of(file).at("items").as_array().size() == 3u);
    BOOST_TEST(object_of(file).at("next").is_null());
    BOOST_TEST(site.administrate("GET", "/api/audit/export?from=x").status == 422);
    // More rows than one page of the store.
    for (int i = 0; i != 1100; ++i)
        BOOST_REQUIRE(run(site.parts.data.append_audit(audit_row("many", "x"))).has_value());
    auto const all = object_of(site.administrate("GET", "/api/audit/export?event=many"));
    BOOST_TEST(all.at("items").as_array().size() == 1100u);
    BOOST_TEST(all.at("next").is_null());
}

BOOST_AUTO_TEST_CASE(the_description_names_exactly_the_routes_there_are) {
    login_site site;
    std::vector<std::string> served{"POST /admin/sign-in", "POST /admin/sign-out"}, described;
    for (auto const& names :
         {admin_handlers::routes(), login_handlers::routes(), token_handlers::routes(), metrics_handler::routes()})
        for (auto const& name : names) served.push_back(std::string(name.method) + " " + std::string(name.pattern));
    auto const document = object_of(site.administrate("GET", "/api/openapi.json"));
    for (auto const& path : document.at("paths").as_object()) {
        std::string pattern(path.key());
        for (auto hole = pattern.find('{'); hole != std::string::npos; hole = pattern.find('{', hole + 1))
            pattern.erase(hole + 1, pattern.find('}', hole) - hole - 1);
        for (auto const& operation : path.value().as_object()) {
            if (operation.key() == "parameters") continue;
            std::string method(operation.key());
            for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
            described.push_back(method + " " + pattern);
        }
    }
    std::ranges::sort(served);
    std::ranges::sort(described);
    BOOST_TEST(served == described, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(I5_unknown_paths_and_methods) {
    login_site site;
    BOOST_TEST(site.administrate("GET", "/api/none").status == 404);
    auto const reply = site.administrate("DELETE", "/api/modules");
    BOOST_TEST(reply.status == 405);
    BOOST_TEST(reply.header("Allow") == "GET, HEAD, POST");
}

BOOST_AUTO_TEST_CASE(N5_whoever_guesses_tokens_is_told_to_wait_in_the_form_he_asks_in) {
    login_site site;
    std::vector<request_field> const page{{"Sec-Fetch-Site", "same-origin"}};
    std::vector<request_field> const json{{"Sec-Fetch-Site", "same-origin"}, {"Accept", "application/json"}};
    auto const guess = [&](std::vector<request_field> const& how) {
        return site.ask(site.admin, "POST", "/admin/sign-in", how, "token=wrong");
    };
    for (int i = 0; i != wrong_token_rate.burst; ++i) BOOST_REQUIRE(guess(page).status == 403);
    for (auto const& told : {guess(page), guess(json), site.administrate("GET", "/api/modules")}) {
        BOOST_TEST(told.status == 429);
        BOOST_TEST(told.header("Retry-After") == "6");
        BOOST_TEST(has(told.body, "too_many_requests"));
    }
    BOOST_TEST(guess(page).header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(guess(json).header("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_SUITE_END()
