// SPDX-License-Identifier: BSL-1.0
// Logins by OpenID Connect on the recorded transport: a bench whose module knows nothing but its issuer.
#pragma once

#include "support/bitbucket_login.hpp"
#include "support/oidc_provider.hpp"

#include <authmod/module/login_engine.hpp>
#include <authmod/provider/microsoft_entra.hpp>
#include <authmod/provider/oidc.hpp>
#include <authmod/provider/registry.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod_test {

using namespace authmod;

inline constexpr std::string_view metadata_url = "https://op.example/.well-known/openid-configuration";
inline constexpr std::string_view keys_url = "https://op.example/jwks";
inline constexpr std::string_view info_url = "https://op.example/me";

/// What every provider says of itself, without the closing brace.
inline constexpr std::string_view short_metadata =
    R"({"issuer":"https://op.example","authorization_endpoint":"https://op.example/auth",)"
    R"("token_endpoint":"https://op.example/token","jwks_uri":"https://op.example/jwks")";

inline std::string op_metadata(std::string_view more = "") {
    return std::string(short_metadata) + R"(,"userinfo_endpoint":"https://op.example/me")" + std::string(more) + "}";
}

inline std::string key_named(std::string_view id, std::size_t i = 0) {
    return rsa_signer(i).jwk(R"("use":"sig","kid":")" + std::string(id) + '"');
}

/// A module of an OpenID Connect provider; it knows nothing but its issuer unless `change` says more.
template <provider Provider>
struct openid_bench_of {
    recorded_transport transport;
    login_bench::bag parts{transport};
    service_options options;
    login_engine engine{parts.as_ports(), registry<Provider>(), options};

    explicit openid_bench_of(std::function<void(settings&)> const& change = [](settings&) {},
                             service_options with = service_options("https://service.example"))
        : options(std::move(with)) {
        parts.time.set(oidc_now);
        settings text = default_settings<Provider>();
        text.client_id = oidc_client;
        if (text.issuer.empty()) text.issuer = oidc_issuer;
        change(text);
        auto installed =
            engine.catalog().install(Provider::id, text, secret("s3cret"), "https://service.example/callback");
        BOOST_REQUIRE(installed.has_value());
    }

    void serve_metadata(std::string_view more = "") {
        transport.expect("GET", metadata_url).reply(200, op_metadata(more));
    }

    void serve_keys(std::string_view id = "k1", std::size_t i = 0) {
        transport.expect("GET", keys_url).reply(200, jwks({key_named(id, i)}));
    }

    /// The value of a field in the form of the last request; empty: it has none.
    std::string pushed(std::string_view field) {
        auto const sent = transport.requests().back().request.body;
        auto const form = read_form(sent).value();
        auto const at = std::ranges::find(
            form, field, [](auto const& pair) -> auto const& { return pair.name; });
        return at == form.end() ? std::string() : at->value;
    }

    /// The value of a header of request `i`; empty: it has none.
    std::string sent_header(std::size_t i, std::string_view name) {
        auto const all = transport.requests();
        for (auto const& h : all.at(i).request.headers)
            if (h.name == name) return h.value;
        return {};
    }

    result<login_start, failure> begin() { return run(engine.begin_login(std::string(Provider::id), "/")); }

    /// The claims of a good ID token for this login.
    static json_members claims(login_start const& start) {
        return good_id_claims().with("nonce", quoted(parameter(start.location, "nonce")));
    }

    /// Serves a token answer with this ID token.
    void serve_token(std::string_view token) {
        transport.expect("POST", "https://op.example/token")
            .reply(200, R"({"access_token":"at","token_type":"Bearer","id_token":")" + std::string(token) + "\"}");
    }

    void serve_person(std::string_view sub = "person-1") {
        transport.expect("GET", info_url)
            .reply(200, R"({"sub":")" + std::string(sub) + R"(","preferred_username":"nferro"})");
    }

    /// `ok` or the word of the refusal.
    std::string finish(login_start const& start, std::string_view more = "&code=c-1") {
        std::string query = "state=" + start.state + std::string(more);
        login_callback back(std::move(query), start.attempt);
        auto const done = run(engine.finish_login(std::string(Provider::id), std::move(back)));
        return verdict(done);
    }

    /// A login whose ID token is `token`, without keys or person served.
    std::string finish_with(login_start const& start, std::string_view token) {
        serve_token(token);
        return finish(start);
    }

    /// Logs in well; the documents are served by the caller if they are to be fetched.
    std::string log_in() {
        auto const start = begin();
        if (!start) return verdict(start);
        serve_token(signed_with_k1(claims(*start)));
        serve_person();
        return finish(*start);
    }
};

using openid_bench = openid_bench_of<oidc>;

} // namespace authmod_test
