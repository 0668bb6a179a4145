// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/admin_gate.hpp"

#include "support/login_site.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace authmod;
using authmod_test::login_site;
using authmod_test::run;

namespace {

/// The request of a browser that holds what a Set-Cookie value gave.
incoming_request with_cookie(std::string_view method, std::string_view pair, std::string_view csrf = {}) {
    incoming_request request;
    request.method = method;
    request.path = "/api/modules";
    request.fields = {{"Cookie", pair}};
    if (!csrf.empty()) request.fields.push_back({"X-CSRF-Token", csrf});
    return request;
}

std::string pair_of(std::string const& line) { return line.substr(0, line.find(';')); }

} // namespace

BOOST_AUTO_TEST_SUITE(gate_of_administrators)

BOOST_AUTO_TEST_CASE(the_admin_token_gives_a_cookie_that_is_as_good_for_eight_hours) {
    login_site site;
    admin_gate gate(site.engine, secret(std::string(login_site::admin_token)));
    auto const line = gate.sign_in(login_site::admin_token, "192.0.2.7");
    BOOST_REQUIRE(line.has_value());
    for (std::string_view part :
         {"__Host-authmod_admin=", "; Path=/", "; Max-Age=28800", "; Secure", "; HttpOnly", "; SameSite=Strict"})
        BOOST_TEST_CONTEXT(part) BOOST_TEST(line->find(part) != std::string::npos);
    BOOST_TEST(line->find(login_site::admin_token) == std::string::npos);
    std::string const pair = pair_of(*line);

    auto const who = run(gate.check(with_cookie("GET", pair)));
    BOOST_REQUIRE(who.has_value());
    BOOST_TEST(who->author == "admin-token");
    BOOST_TEST(who->csrf.size() == 43u);
    BOOST_TEST((run(gate.check(with_cookie("POST", pair))).error() == errc::csrf_refused));
    BOOST_TEST((run(gate.check(with_cookie("POST", pair, "wrong"))).error() == errc::csrf_refused));
    BOOST_TEST(run(gate.check(with_cookie("POST", pair, who->csrf))).has_value());

    site.parts.time.advance(admin_cookie_lifetime - milliseconds(1));
    BOOST_TEST(run(gate.check(with_cookie("GET", pair))).has_value());
    site.parts.time.advance(milliseconds(1));
    BOOST_TEST((run(gate.check(with_cookie("GET", pair))).error() == errc::not_signed_in));
}

BOOST_AUTO_TEST_CASE(cookies_of_others_are_worth_nothing) {
    login_site site;
    admin_gate gate(site.engine, secret(std::string(login_site::admin_token)));
    std::string const pair = pair_of(gate.sign_in(login_site::admin_token, "192.0.2.7").value());
    admin_gate renewed(site.engine, secret(std::string("another-token")));
    admin_gate closed(site.engine, secret());
    for (auto* other : {&renewed, &closed})
        BOOST_TEST((run(other->check(with_cookie("GET", pair))).error() == errc::not_signed_in));

    std::string changed = pair;
    changed[pair.size() / 2] = pair[pair.size() / 2] == 'A' ? 'B' : 'A';
    std::string const sealed = pair.substr(pair.find('=') + 1);
    std::string const other_use = "__Host-authmod_admin=" + site.parts.sealer.seal("login-attempt", "x").value();
    for (std::string const& wrong :
         {changed, pair + "A", std::string("__Host-authmod_admin="), "authmod_admin=" + sealed, other_use,
          "__Host-authmod_session=" + sealed, pair + "; __Host-authmod_admin=x"})
        BOOST_TEST_CONTEXT(wrong)
    BOOST_TEST((run(gate.check(with_cookie("GET", wrong))).error() == errc::not_signed_in));
}

BOOST_AUTO_TEST_CASE(only_the_token_signs_in) {
    login_site site;
    admin_gate gate(site.engine, secret(std::string(login_site::admin_token)));
    for (std::string_view wrong : {"", "admin-token-of-the-tes", "admin-token-of-the-testx", "ADMIN-TOKEN-OF-THE-TEST"})
        BOOST_TEST((gate.sign_in(wrong, "192.0.2.7").error() == errc::not_signed_in));
    admin_gate closed(site.engine, secret());
    BOOST_TEST((closed.sign_in("", "192.0.2.7").error() == errc::not_signed_in));
    BOOST_TEST(gate.sign_out().find("Max-Age=0;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(N5_after_too_many_wrong_tokens_an_address_is_not_looked_at_for_a_while) {
    login_site site;
    admin_gate gate(site.engine, secret(std::string(login_site::admin_token)));
    auto const show = [&](std::string_view token, std::string_view address) {
        std::string const line = "Bearer " + std::string(token);
        incoming_request request;
        request.method = "GET";
        request.address = address;
        request.fields.push_back({"Authorization", line});
        auto const who = run(gate.check(request));
        return who ? std::string_view("let in") : to_word(who.error());
    };
    for (int i = 0; i != wrong_token_rate.burst; ++i) {
        BOOST_TEST(show(login_site::admin_token, "192.0.2.7") == "let in"); // the right one does not count
        if (i % 2 == 0)
            BOOST_TEST(show("wrong", "192.0.2.7") == "not_signed_in");
        else
            BOOST_TEST((gate.sign_in("wrong", "192.0.2.7").error() == errc::not_signed_in));
    }
    BOOST_TEST(show("wrong", "192.0.2.7") == "too_many_requests");
    BOOST_TEST(show(login_site::admin_token, "192.0.2.7") == "too_many_requests"); // or guessing would go on
    BOOST_TEST((gate.sign_in(login_site::admin_token, "192.0.2.7").error() == errc::too_many_requests));
    BOOST_TEST(show(login_site::admin_token, "192.0.2.8") == "let in");
    site.parts.time.advance(wrong_token_rate.interval);
    BOOST_TEST(show(login_site::admin_token, "192.0.2.7") == "let in");
}

BOOST_AUTO_TEST_CASE(an_authorization_field_is_judged_alone_and_an_old_cookie_hides_no_session) {
    login_site site;
    admin_gate gate(site.engine, secret(std::string(login_site::admin_token)));
    std::string const pair = pair_of(gate.sign_in(login_site::admin_token, "192.0.2.7").value());
    auto request = with_cookie("GET", pair);
    request.fields.push_back({"Authorization", "Bearer wrong"});
    BOOST_TEST((run(gate.check(request)).error() == errc::not_signed_in));
    request.fields.back().value = "bearer admin-token-of-the-test";
    BOOST_TEST(run(gate.check(request)).value().csrf.empty());

    authmod_test::browser person(site);
    person.log_in(site.add_module());
    std::string const session = "__Host-authmod_session=" + person.jar.at("__Host-authmod_session");
    BOOST_TEST((run(gate.check(with_cookie("GET", session))).error() == errc::not_permitted));
    std::string const id(person.me().at("id").as_string());
    std::string const member = "/api/groups/authmod-admins/members/" + id;
    BOOST_REQUIRE(site.administrate("PUT", member).status == 204);
    auto const admitted = run(gate.check(with_cookie("GET", session + "; __Host-authmod_admin=stale")));
    BOOST_REQUIRE(admitted.has_value());
    BOOST_TEST(admitted->author == id);
    BOOST_TEST(!admitted->name.empty());
}

BOOST_AUTO_TEST_SUITE_END()
