// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/token_engine.hpp>

#include "support/module_bench.hpp"

#include <authmod/core/base64.hpp>
#include <authmod/crypto/hash.hpp>
#include <authmod/crypto/token.hpp>
#include <authmod/provider/registry.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace authmod;
using namespace authmod_test;

namespace {

struct grant_bench : module_bench {
    using module_bench::module_bench;

    /// A module with the extension grant on, and a service that may use it.
    std::string add_granting(std::string_view name = "one", std::string_view type = "urn:example:bitbucket") {
        auto const id = add(name, {{"extension_grant_type", type}});
        return id;
    }

    std::string add_service(std::string const& id, std::vector<std::string> modules) {
        service_client service;
        service.id = id;
        service.name = id;
        service.secret_digest = sha256("canary-service-secret");
        service.modules = std::move(modules);
        audit_row const row("service_created", id);
        BOOST_REQUIRE(run(parts.data.insert_service(service, row)).has_value());
        return "Basic " + base64_encode(id + ":canary-service-secret");
    }

    result<grant_answer, grant_error> ask(std::string who, std::string body = "grant_type=urn:example:bitbucket&token=at-1") {
        return run(tokens.grant(std::move(who), std::move(body), "192.0.2.9"));
    }

    std::string error(std::string who, std::string body = "grant_type=urn:example:bitbucket&token=at-1") {
        auto const answer = ask(std::move(who), std::move(body));
        return answer ? "" : std::string(answer.error().error);
    }

    std::size_t accounts() { return run(parts.data.list_accounts(account_filter())).value().size(); }

    token_engine tokens{engine};
};

/// Bitbucket as if it could tell for whom a token is.
struct telling_cloud : bitbucket_cloud {
    static constexpr std::string_view id = "telling_cloud";
    static constexpr provider_extras extras{.proof = {.method = proof_method::token_info,
                                                      .url = "https://api.bitbucket.org/tokeninfo",
                                                      .client = static_path<"aud">::view()}};
};

} // namespace

BOOST_AUTO_TEST_SUITE(token_engine_suite)

BOOST_AUTO_TEST_CASE(a_service_gets_a_token_of_ours_for_the_person_behind_the_providers) {
    grant_bench bench;
    auto const id = bench.add_granting();
    auto const who = bench.add_service("s1", {id});
    auto const answer = bench.ask(who);
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->access_token.expose().size() == token_length);
    BOOST_TEST(answer->user.username == "nferro");
    auto const json = answer->to_json();
    BOOST_TEST(json.at("token_type") == "Bearer");
    BOOST_TEST(json.at("expires_in") == 3600);
    BOOST_TEST(json.at("scope") == "account email");
    BOOST_TEST(!json.contains("issued_token_type"));
    BOOST_TEST(bench.transport.count("POST", "*") == 0u); // no code was exchanged
    auto const view = run(bench.tokens.check_token(std::string(answer->access_token.expose())));
    BOOST_REQUIRE(view);
    BOOST_TEST((*view)->user.id == answer->user.id);
    BOOST_TEST(bench.log_in(id).value().user.id == answer->user.id); // the same person as at a login
}

BOOST_AUTO_TEST_CASE(l1_the_grant_is_off_until_configured_and_the_client_proves_itself) {
    grant_bench bench;
    auto const off = bench.add("off");
    auto const who = bench.add_service("s1", {off});
    BOOST_TEST(bench.error(who) == "unsupported_grant_type");
    BOOST_TEST(bench.error(who, "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&audience=" + off +
                                    "&subject_token=at-1&subject_token_type=urn:ietf:params:oauth:token-type:access_token") == "invalid_target");
    auto const id = bench.add_granting();
    BOOST_TEST(bench.error(who) == "unauthorized_client"); // the service is not allowed to use that module
    auto const good = bench.add_service("s2", {id});
    for (std::string const& bad : {std::string(), std::string("Bearer x"), "Basic " + base64_encode("s2:wrong"), "Basic " + base64_encode("nobody:canary-service-secret")}) {
        auto const refused = bench.ask(bad);
        BOOST_REQUIRE(!refused);
        BOOST_TEST(refused.error().error == "invalid_client");
        BOOST_TEST(refused.error().status == 401);
    }
    for (auto const* grant : {"password", "client_credentials", "refresh_token", "authorization_code"})
        BOOST_TEST(bench.error(good, std::string("token=at-1&grant_type=") + grant) == "unsupported_grant_type");
    BOOST_REQUIRE(run(bench.engine.catalog().disable(id, true, bench.by)).has_value());
    BOOST_TEST(bench.error(good) == "unsupported_grant_type"); // a disabled module grants nothing
    BOOST_TEST(bench.transport.requests().empty());
    BOOST_TEST(bench.accounts() == 0u);
}

BOOST_AUTO_TEST_CASE(l2_a_token_that_the_provider_does_not_take_gives_nothing) {
    for (int status : {400, 401, 403, 404}) {
        auto script = bitbucket_script();
        script[1].reply(status, "{}");
        grant_bench bench(script);
        auto const id = bench.add_granting();
        auto const who = bench.add_service("s1", {id});
        BOOST_TEST(bench.error(who) == "invalid_grant");
        BOOST_TEST(bench.accounts() == 0u);
        BOOST_TEST(bench.audit().front().event == "token_refused");
        BOOST_TEST(bench.audit().front().author == "service:s1");
        BOOST_TEST(bench.audit().front().reason == "user_info_refused");
    }
    for (int status : {429, 500, 503}) { // the provider's fault says nothing about the token
        auto script = bitbucket_script();
        script[1].reply(status, "{}");
        grant_bench bench(script);
        auto const id = bench.add_granting();
        auto const who = bench.add_service("s1", {id});
        auto const refused = bench.ask(who);
        BOOST_REQUIRE(!refused);
        BOOST_TEST(refused.error().error == "temporarily_unavailable");
        BOOST_TEST(refused.error().status == 503);
    }
}

BOOST_AUTO_TEST_CASE(l2_where_the_provider_can_tell_the_token_must_be_our_clients) {
    for (bool ours : {true, false}) {
        auto script = bitbucket_script();
        script.expect("POST", "https://api.bitbucket.org/tokeninfo").with_body("access_token=at-1").reply(200, ours ? R"({"aud":"key"})" : R"({"aud":"stranger"})");
        recorded_transport transport(script);
        module_bench::bag parts(transport);
        login_engine engine(parts.as_ports(), registry<telling_cloud>(), service_options("https://service.example"));
        token_engine tokens(engine);
        boost::json::object settings{{"type", "telling_cloud"}, {"name", "x"}, {"client_id", "key"}, {"client_secret", "s"}, {"extension_grant_type", "urn:x:y"}};
        auto const id = run(engine.catalog().create(settings, change_author())).value();
        BOOST_REQUIRE(run(engine.catalog().enable(id, change_author())).has_value());
        service_client service;
        service.id = service.name = "s1";
        service.secret_digest = sha256("p");
        service.modules = {id};
        audit_row const row("service_created", "s1");
        BOOST_REQUIRE(run(parts.data.insert_service(service, row)).has_value());
        auto const answer = run(tokens.grant("Basic " + base64_encode("s1:p"), "grant_type=urn:x:y&token=at-1", ""));
        BOOST_TEST(answer.has_value() == ours);
        if (!ours) {
            BOOST_TEST(answer.error().error == "invalid_grant");
            BOOST_TEST(transport.count("GET", "*") == 0u); // not even the profile was read
        }
    }
}

BOOST_AUTO_TEST_CASE(the_account_is_decided_about_as_at_a_login) {
    grant_bench bench;
    auto const id = bench.add_granting();
    auto const who = bench.add_service("s1", {id});
    bench.set(id, "user_creation", false);
    BOOST_TEST(bench.error(who) == "invalid_grant");
    BOOST_TEST(bench.accounts() == 0u);
    BOOST_TEST(bench.audit().front().reason == "creation_off");
    bench.set(id, "user_creation", true);
    bench.set(id, "allowed_workspaces", boost::json::array{"another"});
    BOOST_TEST(bench.error(who) == "invalid_grant");
    BOOST_TEST(bench.audit().front().reason == "organization_refused");
    bench.set(id, "allowed_workspaces", boost::json::array{"bbworkspace1"});
    BOOST_TEST(bench.error(who) == "");
}

BOOST_AUTO_TEST_CASE(l3_a_token_exchange_gives_the_same_and_the_scope_never_grows) {
    grant_bench bench;
    auto const id = bench.add_granting();
    auto const who = bench.add_service("s1", {id});
    std::string const body = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&audience=" + id +
                             "&subject_token=at-1&subject_token_type=urn:ietf:params:oauth:token-type:access_token";
    auto const answer = bench.ask(who, body + "&scope=email");
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->to_json().at("issued_token_type").as_string().starts_with(access_token_type));
    BOOST_TEST(answer->scope == "email");
    BOOST_TEST(bench.error(who, body + "&scope=email+repository:admin") == "invalid_scope");
    BOOST_TEST(bench.error(who, "grant_type=urn:example:bitbucket&token=at-1&scope=team") == "invalid_scope");
    bench.set(id, "user_creation", false);
    bench.set(id, "user_id", "account_id"); // nobody's any more
    BOOST_TEST(bench.error(who, body) == "invalid_request"); // RFC 8693 2.2.2
}

BOOST_AUTO_TEST_CASE(l5_tokens_are_hashed_short_lived_revocable_and_dead_with_their_user) {
    grant_bench bench;
    auto const id = bench.add_granting();
    auto const who = bench.add_service("s1", {id}), other = bench.add_service("s2", {id});
    auto const token = [&] { return std::string(bench.ask(who).value().access_token.expose()); };
    auto const alive = [&](std::string const& t) { return run(bench.tokens.check_token(t)).has_value(); };

    auto const revoked = token();
    BOOST_TEST(run(bench.tokens.revoke(other, "token=" + revoked, "")).has_value()); // tells nobody whose it is
    BOOST_TEST(alive(revoked));
    BOOST_TEST(run(bench.tokens.revoke(who, "token=" + revoked, "")).has_value());
    BOOST_TEST(!alive(revoked));
    BOOST_TEST(run(bench.tokens.revoke(who, "token=" + revoked, "")).has_value()); // RFC 7009 2.2
    BOOST_TEST(run(bench.tokens.revoke("", "token=" + revoked, "")).error().error == "invalid_client");

    auto const old = token();
    bench.parts.time.advance(std::chrono::seconds(3599));
    BOOST_TEST(alive(old));
    bench.parts.time.advance(std::chrono::seconds(1));
    BOOST_TEST(!alive(old));

    auto const gone = bench.add_service("s3", {id});
    auto const orphan = std::string(bench.ask(gone).value().access_token.expose());
    BOOST_TEST(alive(orphan));
    BOOST_REQUIRE(run(bench.engine.data().remove_service("s3", audit_row("service_removed", "s3"))).has_value());
    BOOST_TEST(!alive(orphan));

    auto const banned = token();
    auto user = run(bench.tokens.check_token(banned)).value()->user;
    long long const revision = user.revision;
    user.banned = true;
    ++user.revision;
    audit_row const row("account_banned", user.id);
    BOOST_REQUIRE(run(bench.engine.data().update_account(user, revision, row)).has_value());
    BOOST_TEST(!alive(banned));
    BOOST_TEST(bench.error(who) == "invalid_grant");
    for (auto const& one : bench.audit())
        for (auto const* text : {&one.target, &one.field, &one.old_value, &one.new_value, &one.author})
            for (std::string_view canary : {std::string_view(revoked), std::string_view(banned), std::string_view("at-1"), std::string_view("canary-service-secret")})
                BOOST_TEST(text->find(canary) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_grant_type_has_one_enabled_module) {
    grant_bench bench;
    auto const one = bench.add_granting("one");
    auto const two = bench.create("two", {{"extension_grant_type", "urn:example:bitbucket"}}); // disabled: may say so
    auto const refused = run(bench.engine.catalog().enable(two, bench.by));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().errors.at(0).field == "extension_grant_type");
    bench.set(two, "extension_grant_type", "urn:example:other");
    BOOST_REQUIRE(run(bench.engine.catalog().enable(two, bench.by)).has_value());
    BOOST_TEST(bench.refusal(two, "extension_grant_type", "urn:example:bitbucket") == "not_unique");
    BOOST_REQUIRE(run(bench.engine.catalog().disable(one, false, bench.by)).has_value());
    bench.set(two, "extension_grant_type", "urn:example:bitbucket");
}

BOOST_AUTO_TEST_SUITE_END()
