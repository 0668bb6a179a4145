// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/token_handlers.hpp"

#include "authmod/core/base64.hpp"
#include "authmod/core/percent.hpp"
#include "support/login_site.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace authmod;
using authmod_test::browser;
using authmod_test::login_site;

namespace {

constexpr std::string_view grant_type = "urn:example:bitbucket";

std::string text_of(boost::json::object const& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

boost::json::object object_of(outgoing_reply const& reply) { return boost::json::parse(reply.body).as_object(); }

/// A site whose module gives tokens, and a service that may ask for them.
struct token_site : login_site {
    explicit token_site(recorded_script script) : login_site(std::move(script)) {
        boost::json::object more;
        more["extension_grant_type"] = grant_type;
        module = add_module("Bitbucket Cloud", more);
        auto const made =
            object_of(administrate("POST", "/api/services", R"({"name":"exporter","modules":[")" + module + R"("]})"));
        id = text_of(made, "id");
        service_secret = text_of(made, "secret");
    }

    outgoing_reply send(std::string_view where, std::string const& form, std::string_view authorization,
                        std::string_view type = "application/x-www-form-urlencoded") {
        return ask(tokens, "POST", where, {{"Authorization", authorization}, {"Content-Type", type}}, form);
    }

    outgoing_reply send(std::string_view where, std::string const& form) {
        std::string const authorization = "Basic " + base64_encode(id + ":" + service_secret);
        return send(where, form, authorization);
    }

    outgoing_reply grant(std::string_view token = "at-1", std::string const& more = {}) {
        return send("/oauth2/token",
                    "grant_type=" + percent_encode(grant_type) + "&token=" + std::string(token) + more);
    }

    outgoing_reply with_token(std::string_view path, std::string const& token) {
        std::string const authorization = "Bearer " + token;
        return ask(people, "GET", path, {{"Authorization", authorization}});
    }

    std::string module, id, service_secret;
    token_handlers tokens{engine, log};
};

/// What a token of the provider is asked: 0 user, 1 emails, 2 groups.
recorded_script token_script(unsigned times = 1) {
    using namespace authmod_test;
    recorded_script script;
    for (auto [url, body] :
         {std::pair(user_url, user_body), std::pair(emails_url, emails_body), std::pair(groups_url, groups_body)})
        script.expect("GET", url).with_header("Authorization", "Bearer at-1").reply(200, body).times(times);
    return script;
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_endpoint)

BOOST_AUTO_TEST_CASE(L5_a_service_gets_an_opaque_token_that_ends_by_revocation) {
    token_site site(token_script());
    auto const given = site.grant();
    BOOST_TEST(given.status == 200);
    BOOST_TEST(given.header("Cache-Control") == "no-store");
    auto const body = object_of(given);
    std::string const token = text_of(body, "access_token");
    BOOST_TEST(token.size() == 43u);
    BOOST_TEST(text_of(body, "token_type") == "Bearer");
    BOOST_TEST(body.at("expires_in").as_int64() == 3600);
    BOOST_TEST(!body.contains("issued_token_type"));

    auto const me = site.with_token("/me", token);
    BOOST_TEST(me.status == 200);
    BOOST_TEST(text_of(object_of(me), "username") == "nferro");
    BOOST_TEST(object_of(me).at("csrf").is_null());
    BOOST_TEST(site.with_token("/verify", token).header("X-Auth-User") == "nferro");
    // It is no key to anything else.
    BOOST_TEST(site.with_token("/", token).body.find("Nadia") == std::string::npos);
    std::string const authorization = "Bearer " + token;
    BOOST_TEST(site.ask(site.admin, "GET", "/api/modules", {{"Authorization", authorization}}).status == 401);

    BOOST_TEST(site.send("/oauth2/revoke", "token=" + token).status == 200);
    auto const over = site.with_token("/me", token);
    BOOST_TEST(over.status == 401);
    BOOST_TEST(over.header("WWW-Authenticate").find("invalid_token") != std::string_view::npos);
    BOOST_TEST(site.send("/oauth2/revoke", "token=" + token).status == 200); // RFC 7009 2.2
    BOOST_TEST(site.log.text.find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_shown_counts_alone) {
    recorded_script script = authmod_test::bitbucket_script();
    token_site site(std::move(script));
    browser b(site);
    b.log_in(site.module);
    BOOST_TEST(b.get("/me").status == 200);
    BOOST_TEST(b.ask("GET", "/me", {{"Authorization", "Bearer wrong"}}).status == 401);
    BOOST_TEST(b.ask("GET", "/verify", {{"Authorization", "bearer wrong"}}).status == 401);
    // Another scheme is the business of the service behind the proxy.
    BOOST_TEST(b.ask("GET", "/verify", {{"Authorization", "Basic eDp5"}}).status == 200);
}

BOOST_AUTO_TEST_CASE(L1_services_prove_who_they_are_and_forms_are_forms) {
    token_site site(token_script());
    std::string const form = "grant_type=" + percent_encode(grant_type) + "&token=at-1";
    for (std::string const& wrong :
         {std::string(), std::string("Bearer x"), std::string("Basic !"), "Basic " + base64_encode(site.id + ":wrong"),
          "Basic " + base64_encode("none:" + site.service_secret), "Basic " + base64_encode(site.id)}) {
        auto const refused = site.send("/oauth2/token", form, wrong);
        BOOST_TEST_CONTEXT(wrong) {
            BOOST_TEST(refused.status == 401);
            BOOST_TEST(text_of(object_of(refused), "error") == "invalid_client");
            BOOST_TEST(refused.header("WWW-Authenticate").starts_with("Basic"));
            BOOST_TEST(refused.header("Cache-Control") == "no-store");
        }
        BOOST_TEST(site.send("/oauth2/revoke", "token=x", wrong).status == 401);
    }
    std::string const own = "Basic " + base64_encode(site.id + ":" + site.service_secret);
    for (std::string_view type : {"", "application/json", "text/plain"})
        BOOST_TEST(text_of(object_of(site.send("/oauth2/token", form, own, type)), "error") == "invalid_request");
    BOOST_TEST(site.send("/oauth2/token", form, own, "Application/X-WWW-Form-URLEncoded; charset=UTF-8").status == 200);
    for (auto [bad, error] : {std::pair<std::string_view, std::string_view>("", "invalid_request"),
                              {"grant_type=none&token=x", "unsupported_grant_type"},
                              {"grant_type=urn%3Aexample%3Abitbucket", "invalid_request"},
                              {"grant_type=a&grant_type=b&token=x", "invalid_request"}})
        BOOST_TEST_CONTEXT(bad)
    BOOST_TEST(text_of(object_of(site.send("/oauth2/token", std::string(bad))), "error") == error);
    BOOST_TEST(text_of(object_of(site.grant("at-1", "&scope=admin")), "error") == "invalid_scope");
}

BOOST_AUTO_TEST_CASE(I5_unknown_paths_and_methods_of_the_token_endpoint) {
    token_site site(token_script());
    BOOST_TEST(site.ask(site.tokens, "GET", "/oauth2/token").status == 405);
    BOOST_TEST(site.ask(site.tokens, "GET", "/oauth2/token").header("Allow") == "POST");
    BOOST_TEST(site.ask(site.tokens, "POST", "/oauth2/none").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
