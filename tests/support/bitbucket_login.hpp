// SPDX-License-Identifier: BSL-1.0
// A Bitbucket Cloud login on the recorded transport: the script of a good one, and a bench to run it on. Bitbucket is
// simulated here; its answers have the shapes of the real ones.
#pragma once

#include "support/run.hpp"

#include <authmod/module/auth_module.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/testing/counting_random.hpp>
#include <authmod/testing/fixed_clock.hpp>
#include <authmod/testing/recorded_transport.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace authmod_test {

inline constexpr std::string_view token_url = "https://bitbucket.org/site/oauth2/access_token";
inline constexpr std::string_view user_url = "https://api.bitbucket.org/2.0/user";
inline constexpr std::string_view emails_url = "https://api.bitbucket.org/2.0/user/emails";
inline constexpr std::string_view groups_url = "https://api.bitbucket.org/2.0/user/workspaces";

inline constexpr std::string_view token_body =
    R"({"access_token":"at-1","scope":"account email","expires_in":7200,"refresh_token":"rt-1","token_type":"bearer","state":"authorization_code"})";
inline constexpr std::string_view user_body =
    R"({"type":"user","uuid":"{0c9a7d31-5a54-4b7e-9a43-3f1f0d6d2b11}","username":"nferro","nickname":"nadia","display_name":"Nadia Ferro","links":{"avatar":{"href":"https://avatars.example/nadia.png"}}})";
inline constexpr std::string_view emails_body =
    R"({"values":[{"email":"old@ferro.example","is_primary":false,"is_confirmed":true},{"email":"nadia@ferro.example","is_primary":true,"is_confirmed":true}]})";
inline constexpr std::string_view groups_body =
    R"({"values":[{"type":"workspace_access","workspace":{"slug":"bbworkspace1"}}]})";

/// The four exchanges of a good login: 0 token, 1 user, 2 emails, 3 groups.
inline authmod::recorded_script bitbucket_script() {
    authmod::recorded_script script;
    script.expect("POST", token_url).reply(200, token_body);
    script.expect("GET", user_url).with_header("Authorization", "Bearer at-1").reply(200, user_body);
    script.expect("GET", emails_url).with_header("Authorization", "Bearer at-1").reply(200, emails_body);
    script.expect("GET", groups_url).with_header("Authorization", "Bearer at-1").reply(200, groups_body);
    return script;
}

/// The value of a query parameter, decoded; empty when it is not there.
inline std::string parameter(std::string_view url, std::string_view name) {
    auto const parsed = boost::urls::parse_uri(url).value();
    auto const found = parsed.params().find(name);
    return found == parsed.params().end() ? std::string() : std::string((*found).value);
}

/// Everything that a login needs, on a script, a set clock and counted random numbers.
class login_bench {
public:
    using bag = authmod::policies<authmod::recorded_transport, authmod::memory_store, authmod::fixed_clock,
                                  authmod::counting_random>;
    using module_type = authmod::auth_module<authmod::bitbucket_cloud, bag>;

    explicit login_bench(authmod::recorded_script script = bitbucket_script())
        : login_bench(authmod::recorded_transport(std::move(script))) {}
    explicit login_bench(authmod::recorded_transport in_transport) : transport(in_transport), policies(in_transport) {}

    /// Begins a login and gives the callback URL of a provider that says yes.
    authmod::login_start begin(std::string return_to = "/") {
        return run(module.begin_login(std::move(return_to))).value();
    }
    static std::string callback(authmod::login_start const& start, std::string_view more = "&code=c-1") {
        return "https://service.example/callback/bitbucket_cloud?state=" + parameter(start.location, "state") + std::string(more);
    }
    auto finish(std::string url, std::string attempt) { return run(module.finish_login(std::move(url), std::move(attempt))); }
    auto finish(authmod::login_start const& start) { return finish(callback(start), start.attempt); }
    auto log_in() { return finish(begin()); }

    std::size_t accounts() { return run(policies.data.list_accounts(authmod::account_filter())).value().size(); }
    /// The newest audit row.
    authmod::audit_row last_audit() { return run(policies.data.list_audit(authmod::audit_filter())).value().front(); }

    authmod::recorded_transport transport; // shares script and record with the one in the bag
    bag policies;
    module_type module{policies, authmod::credentials("key", "secret", "https://service.example/callback/bitbucket_cloud")};
};

} // namespace authmod_test
