// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/login_engine.hpp>

#include "support/bitbucket_login.hpp"

#include <authmod/crypto/token.hpp>
#include <authmod/flow/login_attempt.hpp>
#include <authmod/protocol/pkce.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>
#include <atomic>
#include <set>

using namespace authmod;
using namespace authmod_test;

BOOST_AUTO_TEST_SUITE(login_engine_suite)

BOOST_AUTO_TEST_CASE(a_person_logs_in_and_is_remembered) {
    login_bench bench;
    auto login = bench.log_in();
    BOOST_REQUIRE_MESSAGE(login, login.error().message());
    BOOST_TEST(login->user.username == "nferro");
    BOOST_TEST(login->user.full_name == "Nadia Ferro");
    BOOST_TEST(login->user.email == "nadia@ferro.example");
    BOOST_TEST(login->user.email_verified);
    BOOST_TEST(login->user.avatar == "https://avatars.example/nadia.png");
    BOOST_TEST(login->return_to == "/");
    BOOST_TEST((login->profile.groups == std::vector<std::string>{"bbworkspace1"}));
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST(bench.transport.unused() == "");

    auto session = run(bench.module.check_session(std::string(login->session_id.expose())));
    BOOST_REQUIRE(session);
    BOOST_TEST((*session)->user.id == login->user.id);
    BOOST_TEST((*session)->groups.front() == all_users);
    BOOST_TEST(bench.accounts() == 1u);
}

BOOST_AUTO_TEST_CASE(A1_only_the_code_grant_is_asked_for) {
    login_bench bench;
    auto const start = bench.begin();
    BOOST_TEST(start.location.starts_with("https://bitbucket.org/site/oauth2/authorize?"));
    BOOST_TEST(parameter(start.location, "response_type") == "code");
    BOOST_TEST(parameter(start.location, "client_id") == "key");
    BOOST_TEST(parameter(start.location, "scope") == "account email");
    BOOST_TEST(start.location.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(A2_a_thousand_starts_have_a_thousand_states) {
    login_bench bench;
    std::set<std::string> states;
    for (int i = 0; i != 1000; ++i) {
        auto const state = parameter(bench.begin().location, "state");
        BOOST_TEST(state.size() == token_length);
        states.insert(state);
    }
    BOOST_TEST(states.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(A2_another_browser_a_second_use_and_a_late_use_send_nothing) {
    login_bench bench;
    auto const mine = bench.begin();
    auto const foreign = bench.begin();
    BOOST_TEST((bench.finish(login_bench::callback(mine), foreign.attempt).error().code == errc::state_mismatch));
    BOOST_TEST((bench.finish(login_bench::callback(mine), "").error().code == errc::state_missing));
    BOOST_TEST((bench.finish(login_bench::callback(mine), "scribble").error().code == errc::state_missing));
    auto tampered = mine.attempt;
    tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
    BOOST_TEST((bench.finish(login_bench::callback(mine), tampered).error().code == errc::state_missing));
    BOOST_TEST(bench.transport.requests().size() == 0u);

    BOOST_TEST(bench.finish(mine).has_value());
    auto const sent = bench.transport.requests().size();
    BOOST_TEST((bench.finish(mine).error().code == errc::state_used));

    auto const late = bench.begin();
    bench.policies.time.advance(attempt_lifetime);
    BOOST_TEST((bench.finish(late).error().code == errc::state_expired));
    BOOST_TEST(bench.transport.requests().size() == sent);
    BOOST_TEST(bench.last_audit().reason == "state_expired");
}

BOOST_AUTO_TEST_CASE(A3_the_challenge_is_the_sha256_of_the_verifier_sent_with_the_code) {
    login_bench bench;
    auto const start = bench.begin();
    BOOST_TEST(parameter(start.location, "code_challenge_method") == "S256");
    BOOST_REQUIRE(bench.finish(start).has_value());
    auto const body = bench.transport.requests().front().request.body;
    auto const verifier = parameter("https://x/?" + body, "code_verifier");
    BOOST_TEST(verifier.size() == token_length);
    BOOST_TEST(s256_challenge(verifier) == parameter(start.location, "code_challenge"));
    BOOST_TEST(start.location.find(verifier) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(A5_the_redirect_uri_is_the_configured_one_in_both_legs) {
    login_bench bench;
    auto const start = bench.begin();
    BOOST_REQUIRE(bench.finish(start).has_value());
    auto const body = bench.transport.requests().front().request.body;
    BOOST_TEST(parameter(start.location, "redirect_uri") == "https://service.example/callback/bitbucket_cloud");
    BOOST_TEST(parameter("https://x/?" + body, "redirect_uri") == parameter(start.location, "redirect_uri"));
}

/// The same as Bitbucket under another id, for crossing modules.
struct other_module : bitbucket_cloud {
    static constexpr std::string_view id = "other_module";
};

BOOST_AUTO_TEST_CASE(A6_a_state_of_one_module_is_worthless_at_another) {
    login_bench bench;
    auth_module<other_module, login_bench::bag> other{bench.policies, credentials("key", "secret", "https://service.example/callback/other_module")};
    auto const start = bench.begin();
    auto const crossed = run(other.finish_login(login_bench::callback(start), start.attempt));
    BOOST_TEST((crossed.error().code == errc::state_mismatch));
    BOOST_TEST(bench.transport.requests().size() == 0u);
    BOOST_TEST(bench.finish(start).has_value()); // and it was not burnt by the stranger
}

BOOST_AUTO_TEST_CASE(B3_B4_B5_bad_answers_of_the_browser_send_nothing) {
    struct row {
        std::string_view more;
        errc expected;
    };
    constexpr row rows[] = {
        {"", errc::callback_malformed},
        {"&code=a&code=b", errc::callback_malformed},
        {"&code=a&state=x", errc::callback_malformed},
        {"&code=a&iss=https%3A%2F%2Fa&iss=https%3A%2F%2Fa", errc::callback_malformed},
        {"&code=%zz", errc::callback_malformed},
        {"&code=a%00b", errc::callback_malformed},
        {"&code=a&iss=https%3A%2F%2Fevil.example", errc::issuer_mismatch},
        {"&error=access_denied", errc::access_denied},
        {"&error=access_denied&code=c-1", errc::access_denied},
        {"&error=invalid_scope&error_description=no", errc::authorization_refused},
        {"&error=server_error", errc::provider_failed},
        {"&error=%3Cscript%3E", errc::authorization_refused},
    };
    for (auto const& r : rows)
        BOOST_TEST_CONTEXT(r.more) {
            login_bench bench;
            auto const start = bench.begin();
            auto const refused = bench.finish(login_bench::callback(start, r.more), start.attempt);
            BOOST_TEST((refused.error().code == r.expected));
            BOOST_TEST(bench.transport.requests().size() == 0u);
            BOOST_TEST(bench.accounts() == 0u);
            BOOST_TEST(bench.last_audit().reason == to_word(r.expected));
        }
}

BOOST_AUTO_TEST_CASE(B1_a_state_is_burnt_by_a_refusal_too) {
    login_bench bench;
    auto const start = bench.begin();
    BOOST_TEST((bench.finish(login_bench::callback(start, "&error=access_denied"), start.attempt).error().code == errc::access_denied));
    BOOST_TEST((bench.finish(start).error().code == errc::state_used));
    BOOST_TEST(bench.transport.requests().size() == 0u);
}

BOOST_AUTO_TEST_CASE(B6_every_printable_code_reaches_the_token_call_unchanged) {
    login_bench bench;
    auto const start = bench.begin();
    std::string code, encoded;
    for (char c = 0x20; c != 0x7f; ++c) {
        char hex[8];
        std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned>(c));
        code += c;
        encoded += hex;
    }
    BOOST_REQUIRE(bench.finish(login_bench::callback(start, "&code=" + encoded), start.attempt).has_value());
    auto const body = bench.transport.requests().front().request.body;
    std::string sent = body.substr(body.find("code=") + 5);
    sent = sent.substr(0, sent.find('&'));
    std::string decoded;
    for (std::size_t i = 0; i != sent.size(); ++i) {
        if (sent[i] == '%') decoded += static_cast<char>(std::stoi(sent.substr(i + 1, 2), nullptr, 16)), i += 2;
        else decoded += sent[i] == '+' ? ' ' : sent[i];
    }
    BOOST_TEST(decoded == code);
}

BOOST_AUTO_TEST_CASE(B7_fifty_parallel_callbacks_make_one_token_call_and_one_session) {
    login_bench bench;
    auto const start = bench.begin();
    asio::thread_pool pool(4);
    std::atomic<int> good = 0, used = 0;
    for (int i = 0; i != 50; ++i)
        asio::co_spawn(pool, bench.module.finish_login(login_bench::callback(start), start.attempt),
                       [&](std::exception_ptr, result<login_finish, failure> r) {
                           if (r) ++good;
                           else if (r.error().code == errc::state_used) ++used;
                       });
    pool.join();
    BOOST_TEST(good == 1);
    BOOST_TEST(used == 49);
    BOOST_TEST(bench.transport.count("POST", token_url) == 1u);
}

BOOST_AUTO_TEST_CASE(B10_a_login_does_not_swap_the_account_that_is_signed_in) {
    auto script = bitbucket_script();
    script.expect("POST", token_url).reply(200, token_body);
    script.expect("GET", user_url).reply(200, R"({"uuid":"{other}","username":"other"})");
    script.expect("GET", emails_url).reply(404, "{}");
    script.expect("GET", groups_url).reply(403, "{}");
    login_bench bench(script);
    auto const first = bench.log_in();
    BOOST_REQUIRE(first);
    auto const start = bench.begin();
    login_callback callback(login_bench::callback(start), start.attempt);
    callback.session = first->session_id.expose();
    auto const second = run(bench.module.engine().finish_login("bitbucket_cloud", callback));
    BOOST_TEST((second.error().code == errc::signed_in_as_another));
    BOOST_TEST(bench.accounts() == 1u);
    BOOST_TEST(run(bench.module.check_session(std::string(first->session_id.expose()))).has_value());
}

BOOST_AUTO_TEST_CASE(G1_the_session_id_is_new_at_every_login_and_the_old_one_ends) {
    auto script = bitbucket_script();
    auto again = bitbucket_script();
    for (std::size_t i = 0; i != again.size(); ++i) script[i].times(2);
    login_bench bench(script);
    auto const first = bench.log_in();
    auto const start = bench.begin();
    login_callback callback(login_bench::callback(start), start.attempt);
    callback.session = first->session_id.expose();
    auto const second = run(bench.module.engine().finish_login("bitbucket_cloud", callback));
    BOOST_REQUIRE(second);
    BOOST_TEST(second->session_id.expose() != first->session_id.expose());
    BOOST_TEST((run(bench.module.check_session(std::string(first->session_id.expose()))).error() == errc::not_signed_in));
    BOOST_TEST(run(bench.module.check_session(std::string(second->session_id.expose()))).has_value());
    BOOST_TEST((run(bench.module.check_session(std::string(token_length, 'A'))).error() == errc::not_signed_in)); // planted
}

BOOST_AUTO_TEST_CASE(G2_sessions_end_idle_and_end_absolutely) {
    login_bench idle;
    std::string const id(idle.log_in()->session_id.expose());
    idle.policies.time.advance(std::chrono::hours(8) - milliseconds(1));
    BOOST_TEST(run(idle.module.check_session(id)).has_value());
    idle.policies.time.advance(std::chrono::hours(8));
    BOOST_TEST((run(idle.module.check_session(id)).error() == errc::not_signed_in));

    login_bench busy;
    std::string const used(busy.log_in()->session_id.expose());
    for (int hours = 0; hours < 7 * 24 - 6; hours += 6) {
        busy.policies.time.advance(std::chrono::hours(6));
        BOOST_TEST(run(busy.module.check_session(used)).has_value());
    }
    busy.policies.time.advance(std::chrono::hours(6));
    BOOST_TEST((run(busy.module.check_session(used)).error() == errc::not_signed_in));
}

BOOST_AUTO_TEST_CASE(G2_a_clock_set_back_ends_sessions_instead_of_prolonging_them) {
    login_bench bench;
    std::string const id(bench.log_in()->session_id.expose());
    bench.policies.time.advance(-std::chrono::hours(1));
    BOOST_TEST((run(bench.module.check_session(id)).error() == errc::not_signed_in));
}

BOOST_AUTO_TEST_CASE(G3_logout_ends_the_session_for_good) {
    login_bench bench;
    std::string const id(bench.log_in()->session_id.expose());
    BOOST_TEST(run(bench.module.end_session(id)).has_value());
    BOOST_TEST((run(bench.module.check_session(id)).error() == errc::not_signed_in));
    BOOST_TEST(run(bench.module.end_session(id)).has_value());
    BOOST_TEST(bench.last_audit().event == "logout");
}

BOOST_AUTO_TEST_CASE(C2_a_code_that_was_hung_up_on_is_never_sent_again_but_the_authorization_restarts_once) {
    recorded_script script;
    script.expect("POST", token_url).times(2).fail(errc::no_response);
    login_bench bench(script);
    auto const start = bench.begin("/page");
    auto const first = bench.finish(start);
    BOOST_REQUIRE(first);
    BOOST_REQUIRE(first->restart.has_value());
    BOOST_TEST(parameter(first->restart->location, "state") != parameter(start.location, "state"));
    BOOST_TEST(parameter(first->restart->location, "code_challenge") != parameter(start.location, "code_challenge"));
    BOOST_TEST(bench.transport.requests().size() == 1u);
    auto const second = bench.finish(*first->restart);
    BOOST_TEST((second.error().code == errc::no_response));
    BOOST_TEST((second.error().code == condition::try_again));
    BOOST_TEST(bench.transport.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_the_page_to_return_to) {
    auto script = bitbucket_script();
    recorded_script restarted;
    restarted.expect("POST", token_url).fail(errc::no_response);
    restarted.expect("POST", token_url).reply(200, token_body);
    for (std::size_t i = 1; i != script.size(); ++i) restarted.expect("GET", i == 1 ? user_url : i == 2 ? emails_url : groups_url).reply(200, i == 1 ? user_body : i == 2 ? emails_body : groups_body);
    login_bench bench(restarted);
    auto const first = bench.finish(bench.begin("/page?x=1"));
    auto const second = bench.finish(first.value().restart.value());
    BOOST_TEST(second.value().return_to == "/page?x=1");
}

BOOST_AUTO_TEST_CASE(every_broken_reply_leaves_no_half_made_login) {
    for_each_broken_reply(bitbucket_script(), [](broken_reply const& what, recorded_transport transport) {
        BOOST_TEST_CONTEXT(what.name) {
            login_bench bench(transport);
            auto const outcome = bench.log_in();
            if (what.index == 3) { // groups: a failure means that they are missing
                BOOST_TEST(outcome.has_value());
                BOOST_TEST(!outcome.value().profile.groups.has_value());
                return;
            }
            if (what.index == 0 && what.how == breakage::no_response) {
                BOOST_TEST(outcome.value().restart.has_value());
                BOOST_TEST(bench.accounts() == 0u);
                return;
            }
            BOOST_TEST(!outcome.has_value());
            BOOST_TEST(bench.accounts() == 0u);
            BOOST_TEST(bench.last_audit().event == "login_refused");
            BOOST_TEST(bench.last_audit().reason == to_word(outcome.error().code));
            BOOST_TEST(bench.transport.count("POST", "*") == 1u); // C2
        }
    });
}

BOOST_AUTO_TEST_CASE(C3_redirects_of_the_provider_are_not_followed) {
    auto script = bitbucket_script();
    http_response redirect(302, "");
    redirect.headers.emplace_back("Location", "https://evil.example/");
    script[0].reply(redirect);
    login_bench bench(script);
    BOOST_TEST((bench.log_in().error().code == errc::redirect_refused));
    BOOST_TEST(bench.transport.count("*", "https://evil.example/*") == 0u);

    script = bitbucket_script(); // a good profile under a redirect's status is no profile
    redirect.body = user_body;
    script[1].reply(redirect);
    login_bench other(script);
    BOOST_TEST((other.log_in().error().code == errc::redirect_refused));
    BOOST_TEST(other.accounts() == 0u);
}

BOOST_AUTO_TEST_CASE(E3_profiles_that_are_none_make_no_account) {
    for (std::string_view body : {"{}", "[]", "null", "\"x\"", "<html></html>", "", R"({"uuid":""})", R"({"uuid":{}})", R"({"uuid":true})", R"({"uuid":1.5})"})
        BOOST_TEST_CONTEXT(body) {
            auto script = bitbucket_script();
            script[1].reply(200, body);
            login_bench bench(script);
            BOOST_TEST(!bench.log_in().has_value());
            BOOST_TEST(bench.accounts() == 0u);
        }
    for (int status : {204, 401, 403, 404, 429, 500})
        BOOST_TEST_CONTEXT(status) {
            auto script = bitbucket_script();
            script[1].reply(status, "{}");
            login_bench bench(script);
            BOOST_TEST(!bench.log_in().has_value());
            BOOST_TEST(bench.accounts() == 0u);
        }
}

BOOST_AUTO_TEST_CASE(the_email_call_ends_the_login_only_where_it_must) {
    for (int status : {401, 429, 500, 503}) {
        auto script = bitbucket_script();
        script[2].reply(status, "{}");
        login_bench bench(script);
        BOOST_TEST(!bench.log_in().has_value());
    }
    for (int status : {403, 404}) {
        auto script = bitbucket_script();
        script[2].reply(status, "{}");
        login_bench bench(script);
        auto const login = bench.log_in();
        BOOST_REQUIRE(login);
        BOOST_TEST(login->user.email == "");
    }
}

BOOST_AUTO_TEST_CASE(app_users_and_teams_do_not_log_in) {
    for (std::string_view type : {"app_user", "team", "workspace"}) {
        auto script = bitbucket_script();
        script[1].reply(200, R"({"uuid":"{x}","type":")" + std::string(type) + "\"}");
        login_bench bench(script);
        BOOST_TEST((bench.log_in().error().code == errc::account_type_refused));
    }
}

BOOST_AUTO_TEST_CASE(E7_pages_are_followed_on_the_same_origin_only_and_twenty_at_most) {
    auto script = bitbucket_script();
    script[2].reply(200, R"({"values":[{"email":"a@x.example","is_primary":false}],"next":"https://api.bitbucket.org/2.0/user/emails?page=2"})");
    script.expect("GET", "https://api.bitbucket.org/2.0/user/emails?page=2").reply(200, emails_body);
    script[3].reply(200, R"({"values":[{"workspace":{"slug":"one"}}],"next":"https://evil.example/2.0/user/workspaces?page=2"})");
    login_bench bench(script);
    auto const login = bench.log_in();
    BOOST_REQUIRE(login);
    BOOST_TEST(login->user.email == "nadia@ferro.example");
    BOOST_TEST(bench.transport.mismatch() == "");
    BOOST_TEST((login->profile.groups == std::vector<std::string>{"one"}));

    auto endless = bitbucket_script();
    endless[3].reply(200, R"({"values":[],"next":"https://api.bitbucket.org/2.0/user/workspaces?page=2"})");
    endless.expect("GET", "https://api.bitbucket.org/2.0/user/workspaces?page=2").times(50).reply(200, R"({"values":[],"next":"https://api.bitbucket.org/2.0/user/workspaces?page=3"})");
    endless.expect("GET", "https://api.bitbucket.org/2.0/user/workspaces?page=3").times(50).reply(200, R"({"values":[],"next":"https://api.bitbucket.org/2.0/user/workspaces?page=2"})");
    login_bench loop(endless);
    BOOST_TEST(loop.log_in().has_value());
    BOOST_TEST(loop.transport.count("GET", "https://api.bitbucket.org/2.0/user/workspaces*") == 20u);
}

BOOST_AUTO_TEST_CASE(F5_F8_settings_that_change_in_between_decide) {
    login_bench bench;
    auto const start = bench.begin();
    auto changed = bench.module.current();
    changed.token_url = "https://bitbucket.org/site/oauth2/other";
    BOOST_REQUIRE(bench.module.change(changed).has_value());
    BOOST_TEST((bench.finish(start).error().code == errc::settings_changed));
    BOOST_TEST(bench.transport.requests().size() == 0u);

    login_bench off;
    auto const under_way = off.begin();
    auto closed = off.module.current();
    closed.user_creation = false; // not one of the settings that end a login: it applies to it
    BOOST_REQUIRE(off.module.change(closed).has_value());
    BOOST_TEST((off.finish(under_way).error().code == errc::creation_off));
    BOOST_TEST(off.accounts() == 0u);
    BOOST_TEST(off.last_audit().reason == "creation_off");
}

BOOST_AUTO_TEST_CASE(N4_a_bad_change_is_refused_whole_and_the_old_settings_go_on) {
    login_bench bench;
    auto bad = bench.module.current();
    bad.user_id = "a//b";
    bad.scopes = "other";
    auto const refused = bench.module.change(bad);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == errc::setting_refused));
    BOOST_TEST(refused.error().details.field == "user_id");
    BOOST_TEST(bench.module.current().scopes == "account email");
    BOOST_TEST(bench.log_in().has_value());
}

BOOST_AUTO_TEST_CASE(modules_are_created_edited_enabled_and_take_the_default_from_each_other) {
    login_bench bench;
    auto& engine = bench.module.engine();
    auto const create = [&](char const* name) {
        boost::json::object changes;
        changes["type"] = "bitbucket_cloud";
        changes["name"] = name;
        changes["default"] = true;
        return run(engine.catalog().create(changes, change_author("admin-token", "127.0.0.1"))).value();
    };
    auto const one = create("one");
    auto const two = create("two");
    auto modules = engine.modules();
    BOOST_TEST(!modules->find(one)->record.is_default);
    BOOST_TEST(modules->find(two)->record.is_default);
    BOOST_TEST(modules->find(one)->redirect_uri == engine.catalog().redirect_uri(one));

    // Enabling says what is missing; nothing of a refused edit is kept.
    auto const early = run(engine.catalog().enable(one, change_author()));
    BOOST_REQUIRE(!early);
    BOOST_TEST(early.error().errors.at(0).field == "client_id");
    boost::json::object edit;
    edit["client_id"] = "key";
    edit["client_secret"] = "canary-secret";
    BOOST_TEST((run(engine.catalog().update(one, edit, change_author())).error().code == errc::revision_missing));
    edit["revision"] = modules->find(one)->record.revision + 1;
    BOOST_TEST((run(engine.catalog().update(one, edit, change_author())).error().code == errc::revision_stale));
    edit["revision"] = modules->find(one)->record.revision;
    edit["full_name"] = "a//b";
    auto const refused = run(engine.catalog().update(one, edit, change_author()));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().errors.at(0).field == "full_name");
    BOOST_TEST(refused.error().errors.at(0).offset == 2u);
    BOOST_TEST(engine.modules()->find(one)->text.client_id == "");
    edit["full_name"] = "display_name";
    BOOST_REQUIRE(run(engine.catalog().update(one, edit, change_author())).has_value());
    BOOST_REQUIRE(run(engine.catalog().enable(one, change_author())).has_value());
    BOOST_TEST(run(engine.begin_login(one, "/")).value().location.find("client_id=key") != std::string::npos);

    // What REST shows can be sent back; the secret is not in it, nor in the audit.
    auto shown = module_catalog::module_json(*engine.modules()->find(one));
    BOOST_TEST(shown["client_secret_set"].as_bool());
    BOOST_TEST(!shown.contains("client_secret"));
    BOOST_TEST(run(engine.catalog().update(one, shown, change_author())).has_value());
    shown["type"] = "other";
    BOOST_TEST((run(engine.catalog().update(one, shown, change_author())).error().errors.at(0).reason == "read_only"));
    for (auto const& row : run(bench.policies.data.list_audit(audit_filter())).value())
        BOOST_TEST((row.old_value + row.new_value).find("canary-secret") == std::string::npos);

    // N1: sealed in the store, and read again from there.
    auto const stored = run(bench.policies.data.list_modules()).value();
    for (auto const& record : stored)
        BOOST_TEST((record.settings + record.sealed_secret).find("canary-secret") == std::string::npos);
    BOOST_REQUIRE(run(engine.catalog().reload()).has_value());
    BOOST_TEST(engine.modules()->find(one)->client_secret.expose() == "canary-secret");
    BOOST_TEST(run(engine.catalog().disable(one, false, change_author())).has_value()); // the program's own one is left
    BOOST_TEST((run(engine.begin_login(one, "/")).error().code == errc::module_disabled));
}

BOOST_AUTO_TEST_CASE(random_bytes_that_fail_begin_no_login) {
    login_bench bench;
    bench.policies.random.set_broken(true);
    BOOST_TEST((run(bench.module.begin_login("/")).error().code == errc::random_failed));
}

BOOST_AUTO_TEST_CASE(N2_no_secret_is_in_the_audit) {
    login_bench bench;
    auto const start = bench.begin();
    BOOST_REQUIRE(bench.finish(login_bench::callback(start, "&code=canary-code"), start.attempt).has_value());
    for (auto const& row : run(bench.policies.data.list_audit(audit_filter())).value())
        for (auto const* text : {&row.author, &row.event, &row.target, &row.field, &row.old_value, &row.new_value, &row.reason})
            for (std::string_view canary : {"canary-code", "at-1", "rt-1", "secret"})
                BOOST_TEST(text->find(canary) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
