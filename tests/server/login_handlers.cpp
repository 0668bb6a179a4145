// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/login_handlers.hpp"

#include "support/login_site.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>

using namespace authmod;
using authmod_test::bitbucket_script;
using authmod_test::browser;
using authmod_test::login_site;

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

recorded_script many_logins(unsigned n) {
    recorded_script script = bitbucket_script();
    for (std::size_t i = 0; i != script.size(); ++i) script[i].times(n);
    return script;
}

boost::json::object with(std::string_view name, boost::json::value value) {
    boost::json::object object;
    object[name] = std::move(value);
    return object;
}

} // namespace

BOOST_AUTO_TEST_SUITE(login_pages)

BOOST_AUTO_TEST_CASE(K4_one_address_starts_so_many_logins_and_is_then_told_to_wait) {
    login_site site;
    std::string const id = site.add_module();
    auto const start = [&] { return site.ask(site.people, "GET", "/login/" + id); };
    for (int i = 0; i != login_start_rate.burst; ++i) BOOST_REQUIRE(start().status == 303);
    auto const told = start();
    BOOST_TEST(told.status == 429);
    BOOST_TEST(told.header("Retry-After") == "1");
    BOOST_TEST(has(told.body, "too_many_requests"));
    BOOST_TEST(told.header("Set-Cookie").empty());
    BOOST_TEST(site.log.text.empty()); // a flood must not fill the log

    site.address = "192.0.2.8"; // a neighbour
    BOOST_TEST(start().status == 303);
    site.address = "192.0.2.7";
    site.parts.time.advance(login_start_rate.interval);
    BOOST_TEST(start().status == 303);
    BOOST_TEST(start().status == 429);
}

BOOST_AUTO_TEST_CASE(K4_callbacks_that_belong_to_no_login_do_not_fill_the_audit) {
    login_site site;
    std::string const id = site.add_module();
    auto const last_row = [&] {
        return authmod_test::run(site.parts.data.list_audit(audit_filter())).value().front().number;
    };
    auto const forge = [&] { return site.ask(site.people, "GET", "/callback/" + id + "?state=x&code=y"); };
    for (int i = 0; i != stranger_rate.burst; ++i) BOOST_REQUIRE(forge().status == 400);
    auto const before = last_row();
    auto const told = forge();
    BOOST_TEST(told.status == 429);
    BOOST_TEST(told.header("Retry-After") == "1");
    BOOST_TEST(last_row() == before);

    site.address = "192.0.2.8"; // somebody else is not in the way of this
    browser b(site);
    BOOST_TEST(b.log_in(id).status == 303);
}

BOOST_AUTO_TEST_CASE(K4_logins_that_work_are_never_counted_as_forged) {
    unsigned const many = static_cast<unsigned>(stranger_rate.burst) + 20;
    login_site site(many_logins(many));
    std::string const id = site.add_module();
    for (unsigned i = 0; i != many; ++i) {
        browser b(site);
        BOOST_REQUIRE(b.log_in(id).status == 303);
    }
}

BOOST_AUTO_TEST_CASE(K4_logout_tokens_that_prove_nothing_fill_no_audit) {
    login_site site;
    std::string const path = "/backchannel-logout/" + site.add_module();
    auto const forge = [&] { return site.ask(site.people, "POST", path, {}, "logout_token=x"); };
    for (int i = 0; i != stranger_rate.burst; ++i) BOOST_REQUIRE(forge().status == 400);
    auto const told = forge();
    BOOST_TEST(told.status == 429);
    BOOST_TEST(!told.header("Retry-After").empty());
    site.parts.time.advance(stranger_rate.interval);
    BOOST_TEST(forge().status == 400);
}

BOOST_AUTO_TEST_CASE(a_person_logs_in_is_known_and_logs_out) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    BOOST_TEST(has(b.get("/").body, "You are not signed in"));
    BOOST_TEST(b.get("/me").status == 401);
    BOOST_TEST(b.get("/verify").status == 401);
    BOOST_TEST(!b.get("/verify").header("WWW-Authenticate").empty());

    auto const page = b.get("/login");
    BOOST_TEST(page.status == 200);
    BOOST_TEST(has(page.body, "href=\"/login/" + id + "\""));
    BOOST_TEST(has(page.body, "Log in with Bitbucket Cloud"));
    BOOST_TEST(has(page.body, "<svg"));

    std::string const back = b.start("/login/" + id + "?return_to=%2Fdocs%3Fpage%3D2");
    auto const done = b.get(back);
    BOOST_TEST(done.status == 303);
    BOOST_TEST(done.header("Location") == "/docs?page=2");
    BOOST_TEST(site.transport.mismatch() == "");

    auto const me = b.me();
    BOOST_TEST(me.at("username").as_string() == "nferro");
    BOOST_TEST(me.at("full_name").as_string() == "Nadia Ferro");
    BOOST_TEST(me.at("email").as_string() == "nadia@ferro.example");
    BOOST_TEST(me.at("email_verified").as_bool());
    BOOST_TEST(!me.at("id").as_string().empty());
    BOOST_TEST(me.at("groups").as_array().at(0).as_string() == "All Users");
    std::string const csrf(me.at("csrf").as_string());
    BOOST_TEST(csrf.size() == 43u);

    auto const verified = b.get("/verify");
    BOOST_TEST(verified.status == 200);
    BOOST_TEST(verified.header("X-Auth-User") == "nferro");
    BOOST_TEST(verified.header("X-Auth-Email") == "nadia@ferro.example");
    BOOST_TEST(verified.header("X-Auth-Email-Verified") == "true");
    BOOST_TEST(has(verified.header("X-Auth-Groups"), "All Users"));
    BOOST_TEST(has(b.get("/").body, "Nadia Ferro"));
    BOOST_TEST(has(b.get("/").body, csrf));
    BOOST_TEST(has(b.get("/login").body, "You are signed in as Nadia Ferro"));

    auto const out = b.ask("POST", "/logout", {}, "csrf=" + csrf);
    BOOST_TEST(out.status == 303);
    BOOST_TEST(out.header("Location") == "/login?choose=1");
    BOOST_TEST(b.jar.empty());
    BOOST_TEST(b.get("/me").status == 401);
}

BOOST_AUTO_TEST_CASE(G3_a_session_that_was_logged_out_is_over_for_a_copied_cookie_too) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site), thief(site);
    b.log_in(id);
    thief.jar = b.jar;
    BOOST_TEST(thief.get("/me").status == 200);
    b.ask("POST", "/logout", {{"Sec-Fetch-Site", "same-origin"}});
    BOOST_TEST(thief.get("/me").status == 401);
}

BOOST_AUTO_TEST_CASE(A5_A7_nothing_of_the_request_reaches_the_authorization_request) {
    login_site site;
    std::string const id = site.add_module();
    auto const reply = site.ask(
        site.people, "GET", "/login/" + id + "?scope=evil&redirect_uri=https%3A%2F%2Fevil.example&state=evil&evil=1",
        {{"Host", "evil.example"}, {"X-Forwarded-Host", "evil.example"}});
    BOOST_TEST(reply.status == 303);
    BOOST_TEST(!has(reply.header("Location"), "evil"));
    BOOST_TEST(authmod_test::parameter(reply.header("Location"), "redirect_uri") ==
               "https://login.example/callback/" + id);
}

BOOST_AUTO_TEST_CASE(A8_B8_redirects_are_303_without_code_and_are_not_stored) {
    login_site site;
    browser b(site);
    std::string const id = site.add_module();
    auto const begun = b.get("/login/" + id);
    auto const done = b.get(browser::callback(begun.header("Location")));
    for (auto const& reply : {begun, done}) {
        BOOST_TEST(reply.status == 303);
        BOOST_TEST(reply.header("Cache-Control") == "no-store");
        BOOST_TEST(reply.header("Referrer-Policy") == "no-referrer");
    }
    BOOST_TEST(done.header("Location") == "/");
}

BOOST_AUTO_TEST_CASE(B1_B10_a_callback_of_another_browser_sends_nothing) {
    login_site site;
    std::string const id = site.add_module();
    browser mine(site), attacker(site);
    std::string const back = attacker.start("/login/" + id);
    auto const reply = mine.get(back);
    BOOST_TEST(reply.status == 400);
    BOOST_TEST(mine.jar.empty());
    for (std::string_view query : {"", "?code=x", "?state=x&code=x", "?state=&code="})
        BOOST_TEST(mine.get("/callback/" + id + std::string(query)).status == 400);
    BOOST_TEST(site.transport.requests().empty());
}

BOOST_AUTO_TEST_CASE(B1_a_login_finishes_once) {
    login_site site(many_logins(2));
    std::string const id = site.add_module();
    browser b(site);
    std::string const back = b.start("/login/" + id);
    auto const held = b.jar;
    BOOST_TEST(b.get(back).status == 303);
    b.jar = held; // as if the browser had kept the cookie
    auto const again = b.get(back);
    BOOST_TEST(again.status == 400);
    BOOST_TEST(has(again.body, "state_used"));
    BOOST_TEST(site.transport.count("POST", "*") == 1u);
}

BOOST_AUTO_TEST_CASE(B9_no_return_to_leaves_the_site) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    for (std::string_view evil : {"https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "evil",
                                  "%2F%09%2Fevil.example", "%2F%252f..", "%2Fa&return_to=%2Fb", "%zz"})
        for (std::string const& page : {"/login/" + id, std::string("/login")})
            BOOST_TEST_CONTEXT(page << " " << evil) {
                auto const reply = b.get(page + "?return_to=" + std::string(evil));
                BOOST_TEST(reply.status == 400);
                BOOST_TEST(reply.header("Location") == "");
                BOOST_TEST(!has(reply.body, "evil"));
            }
}

BOOST_AUTO_TEST_CASE(G1_a_planted_session_is_never_adopted) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    std::string const planted(43, 'A');
    b.jar["__Host-authmod_session"] = planted;
    b.log_in(id);
    BOOST_TEST(b.jar["__Host-authmod_session"] != planted);
    BOOST_TEST(b.jar["__Host-authmod_session"].size() == 43u);
    BOOST_TEST(!b.me().empty());
}

BOOST_AUTO_TEST_CASE(G4_N2_no_token_and_no_code_reaches_browser_or_log) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    b.log_in(id);
    b.get("/");
    b.me();
    b.get("/callback/" + id + "?state=canary-state&code=canary-code&error_description=canary-text");
    std::string const session = b.jar["__Host-authmod_session"];
    for (std::string_view canary : {"at-1", "rt-1", "canary-code", "canary-client-secret", "canary-text"})
        BOOST_TEST_CONTEXT(canary) {
            BOOST_TEST(!has(b.seen, canary));
            BOOST_TEST(!has(site.log.text, canary));
        }
    BOOST_TEST(!has(site.log.text, session));
    BOOST_TEST(!has(site.log.text, "canary-state"));
    BOOST_TEST(has(site.log.text, "event=login account="));
}

BOOST_AUTO_TEST_CASE(H1_cookies_are_bound_to_host_and_path) {
    for (bool https : {true, false}) {
        login_site site(bitbucket_script(), https ? "https://login.example" : "http://127.0.0.1:8080");
        std::string const id = site.add_module();
        browser b(site);
        b.start("/login/" + id);
        auto cookies = b.set_cookies;
        b.log_in(id);
        cookies.insert(cookies.end(), b.set_cookies.begin(), b.set_cookies.end());
        BOOST_REQUIRE(cookies.size() >= 3u);
        for (auto const& line : cookies) BOOST_TEST_CONTEXT(line) {
                BOOST_TEST(line.starts_with("__Host-") == https);
                BOOST_TEST(has(line, "; Secure") == https);
                BOOST_TEST(has(line, "; Path=/;"));
                BOOST_TEST(has(line, "; HttpOnly"));
                BOOST_TEST(has(line, "; SameSite=Lax"));
                BOOST_TEST(!has(line, "Domain"));
                BOOST_TEST(line.size() < 4096u);
            }
    }
}

BOOST_AUTO_TEST_CASE(H3_K4_of_two_hundred_starts_the_newest_ten_finish) {
    login_site site(many_logins(10));
    std::string const id = site.add_module();
    browser b(site);
    std::vector<std::string> callbacks;
    for (int i = 0; i != 200; ++i) {
        site.parts.time.advance(milliseconds(5));
        callbacks.push_back(b.start("/login/" + id));
        BOOST_TEST(b.jar.size() <= 12u);
    }
    for (int i = 190; i != 200; ++i) BOOST_TEST(b.get(callbacks[static_cast<std::size_t>(i)]).status == 303);
    BOOST_TEST(b.get(callbacks[0]).status == 400);
    BOOST_TEST(site.transport.count("POST", "*") == 10u);
}

BOOST_AUTO_TEST_CASE(I1_logging_out_needs_a_proof) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    b.log_in(id);
    std::string const csrf(b.me().at("csrf").as_string());
    BOOST_TEST(b.ask("GET", "/logout").status == 405);
    for (std::vector<request_field> const& fields : {std::vector<request_field>{},
                                                     {{"Origin", "https://evil.example"}},
                                                     {{"Origin", "null"}},
                                                     {{"Sec-Fetch-Site", "cross-site"}},
                                                     {{"Sec-Fetch-Site", "same-site"}},
                                                     {{"X-CSRF-Token", "wrong"}}})
        BOOST_TEST(b.ask("POST", "/logout", fields, "csrf=wrong").status == 403);
    BOOST_TEST(!b.me().empty());
    BOOST_TEST(b.ask("POST", "/logout", {{"X-CSRF-Token", csrf}}).status == 303);
    BOOST_TEST(b.me().empty());
}

BOOST_AUTO_TEST_CASE(I2_every_route_answers_with_the_headers) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    b.log_in(id);
    for (std::string const& path :
         {std::string("/"), std::string("/login"), "/login/" + id, std::string("/login/none"), "/callback/" + id,
          std::string("/me"), std::string("/verify"), std::string("/logout"), std::string("/avatars/x"),
          "/modules/" + id + "/image", std::string("/assets/icon.svg"), std::string("/healthz"), std::string("/readyz"),
          std::string("/nothing")})
        for (std::string_view method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
            BOOST_TEST_CONTEXT(method << " " << path) {
                browser other(site);
                auto const reply = other.ask(method, path);
                BOOST_TEST(has(reply.header("Content-Security-Policy"), "frame-ancestors 'none'"));
                BOOST_TEST(reply.header("X-Content-Type-Options") == "nosniff");
                BOOST_TEST(reply.header("Referrer-Policy") == "no-referrer");
                BOOST_TEST(!reply.header("Cache-Control").empty());
                BOOST_TEST(reply.header("Server") == "");
            }
}

BOOST_AUTO_TEST_CASE(I4_error_pages_say_what_and_what_to_do_and_an_id_that_the_log_has) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    std::string const back = b.start("/login/" + id);
    std::string const query = back.substr(0, back.find("&code")) +
                              "&error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    auto const reply = b.get(query);
    BOOST_TEST(reply.status == 403);
    BOOST_TEST(has(reply.body, "Access was not granted at the provider."));
    BOOST_TEST(has(reply.body, "start the login again and grant access"));
    BOOST_TEST(has(reply.body, "access_denied"));
    BOOST_TEST(!has(reply.body, "script"));
    BOOST_TEST(!has(reply.body, "alert"));
    auto const at = reply.body.find("reference <code>");
    BOOST_REQUIRE(at != std::string::npos);
    BOOST_TEST(has(site.log.text, "id=" + reply.body.substr(at + 16, 8)));
    auto const nothing = b.get("/%3Cscript%3E");
    BOOST_TEST(nothing.status == 404);
    BOOST_TEST(!has(nothing.body, "script"));
}

BOOST_AUTO_TEST_CASE(I5_a_wrong_method_is_told_the_right_one) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    BOOST_TEST(b.ask("POST", "/me").status == 405);
    BOOST_TEST(b.ask("POST", "/me").header("Allow") == "GET, HEAD");
    BOOST_TEST(b.ask("GET", "/logout").header("Allow") == "POST");
    BOOST_TEST(b.ask("HEAD", "/login/" + id).header("Allow") == "GET");
    BOOST_TEST(b.ask("HEAD", "/callback/" + id).status == 405);
    BOOST_TEST(b.ask("HEAD", "/login").status == 200);
}

BOOST_AUTO_TEST_CASE(O3_a_store_that_is_down_gives_503_and_lets_nobody_in) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    b.log_in(id);
    std::string const back = b.start("/login/" + id);
    BOOST_TEST(b.get("/readyz").status == 200);
    site.parts.data.down = true;
    for (std::string const& path : {std::string("/"), std::string("/login"), std::string("/me"), std::string("/verify"),
                                    std::string("/readyz"), back})
        BOOST_TEST_CONTEXT(path) {
            auto const reply = b.get(path);
            BOOST_TEST(reply.status == 503);
            BOOST_TEST(!reply.header("Retry-After").empty());
        }
    BOOST_TEST(b.get("/healthz").status == 200);
    BOOST_TEST(site.transport.count("POST", "*") == 1u);
    site.parts.data.down = false;
    BOOST_TEST(b.get("/me").status == 200);
}

BOOST_AUTO_TEST_CASE(a_default_module_is_gone_to_at_once_unless_one_wants_to_choose) {
    login_site site;
    std::string const id = site.add_module("Bitbucket Cloud", with("default", true));
    browser b(site);
    auto const reply = b.get("/login?return_to=%2Fx%3Fy%3D1");
    BOOST_TEST(reply.status == 303);
    BOOST_TEST(reply.header("Location") == "/login/" + id + "?return_to=%2Fx%3Fy%3D1");
    BOOST_TEST(b.get("/login?choose=1").status == 200);
    b.log_in(id);
    BOOST_TEST(b.get("/login").status == 200);
}

BOOST_AUTO_TEST_CASE(modules_that_do_not_serve_are_not_offered) {
    login_site site;
    browser b(site);
    BOOST_TEST(has(b.get("/login").body, "No way to log in is switched on yet"));
    std::string const id = site.add_module("<b>Bitbucket</b>");
    BOOST_TEST(has(b.get("/login").body, "Log in with &lt;b&gt;Bitbucket&lt;/b&gt;"));
    site.enable(id, false);
    BOOST_TEST(!has(b.get("/login").body, "Log in with"));
    BOOST_TEST(b.get("/login/" + id).status == 403);
    BOOST_TEST(b.get("/login/none").status == 404);
    BOOST_TEST(b.get("/callback/none?state=x&code=y").status == 404);
}

BOOST_AUTO_TEST_CASE(C2_a_code_that_met_silence_restarts_the_login_once) {
    recorded_script script;
    script.expect("POST", authmod_test::token_url).fail(errc::no_response).times(2);
    login_site site(std::move(script));
    std::string const id = site.add_module();
    browser b(site);
    std::string const back = b.start("/login/" + id);
    auto const held = b.jar;
    auto const again = b.get(back);
    BOOST_TEST(again.status == 303);
    BOOST_TEST(again.header("Location").starts_with("https://bitbucket.org/site/oauth2/authorize"));
    std::string const second = browser::callback(again.header("Location"));
    BOOST_TEST(second != back);
    BOOST_TEST(b.jar.size() == 1u);
    BOOST_TEST((b.jar != held));
    BOOST_TEST(b.get(second).status == 502);
    BOOST_TEST(b.jar.empty());
}

BOOST_AUTO_TEST_CASE(logging_out_goes_on_to_the_provider_where_that_is_set) {
    login_site site;
    std::string const id = site.add_module("B", with("logout_url", "https://bitbucket.org/account/signout?next=1"));
    browser b(site);
    b.log_in(id);
    BOOST_TEST(has(b.get("/").header("Content-Security-Policy"), "form-action 'self' https://bitbucket.org;"));
    auto const reply = b.ask("POST", "/logout", {{"Sec-Fetch-Site", "same-origin"}});
    BOOST_TEST(reply.status == 303);
    BOOST_TEST(reply.header("Location") == "https://bitbucket.org/account/signout?next=1");
}

BOOST_AUTO_TEST_CASE(assets_and_pictures_may_be_kept) {
    login_site site;
    std::string const id = site.add_module();
    browser b(site);
    auto const page = b.get("/login").body;
    auto const at = page.find("/assets/authmod-");
    BOOST_REQUIRE(at != std::string::npos);
    auto const css = b.get(page.substr(at, page.find('"', at) - at));
    BOOST_TEST(css.status == 200);
    BOOST_TEST(css.header("Content-Type") == "text/css; charset=utf-8");
    BOOST_TEST(has(css.header("Cache-Control"), "immutable"));
    BOOST_TEST(b.get("/assets/other.css").status == 404);
    auto const icon = b.get("/modules/" + id + "/image");
    BOOST_TEST(icon.header("Content-Type") == "image/svg+xml");
    BOOST_TEST(b.get("/modules/none/image").status == 404);
    BOOST_TEST(b.get("/avatars/none").status == 404);
}

BOOST_AUTO_TEST_CASE(I3_header_fields_hold_printable_ascii_only) {
    BOOST_TEST(header_text("plain user") == "plain user");
    BOOST_TEST(header_text("a\r\nX: y\xc3\xa9%") == "a%0D%0AX: y%C3%A9%25");
    BOOST_TEST(header_text("a,b", ",") == "a%2Cb");
}

BOOST_AUTO_TEST_SUITE_END()
