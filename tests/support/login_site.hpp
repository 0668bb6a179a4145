// SPDX-License-Identifier: BSL-1.0
// The handlers of the server on a memory store and a scripted Bitbucket, and a browser that keeps their cookies. No
// socket: the handlers are called as the server calls them.
#pragma once

#include "authmod/module/login_engine.hpp"
#include "authmod/module/policies.hpp"
#include "authmod/provider/registry.hpp"
#include "authmod/server/admin_handlers.hpp"
#include "authmod/server/login_handlers.hpp"
#include "support/bitbucket_login.hpp"
#include "support/run.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod_test {

/// Keeps everything that was logged.
class kept_log final : public authmod::service_log {
public:
    void write(authmod::log_level, authmod::log_event const& event) noexcept override {
        text.append(event.to_logfmt()).append("\n");
    }

    std::string text;
};

/// A memory store that can be out of order.
class flaky_store : public authmod::memory_store {
public:
    using view = std::string_view;
    bool down = false;

    auto list_modules() { return or_down(memory_store::list_modules()); }

    auto insert_module(authmod::module_record const& m, authmod::audit_rows r) {
        return or_down(memory_store::insert_module(m, r));
    }

    auto update_module(authmod::module_record const& m, long long n, authmod::audit_rows r, bool k) {
        return or_down(memory_store::update_module(m, n, r, k));
    }

    auto remove_module(view i, view s, authmod::audit_rows r, bool k) {
        return or_down(memory_store::remove_module(i, s, r, k));
    }

    auto load_module_image(view i) { return or_down(memory_store::load_module_image(i)); }

    auto load_test_result(view i) { return or_down(memory_store::load_test_result(i)); }

    auto take_state(view d, authmod::time_point t) { return or_down(memory_store::take_state(d, t)); }

    auto find_session(view d) { return or_down(memory_store::find_session(d)); }

    auto end_sessions_of(view i, authmod::audit_rows r) { return or_down(memory_store::end_sessions_of(i, r)); }

    auto find_token(view d) { return or_down(memory_store::find_token(d)); }

    auto list_services() { return or_down(memory_store::list_services()); }

    auto find_service(view i) { return or_down(memory_store::find_service(i)); }

    auto insert_service(authmod::service_client const& s, authmod::audit_rows r) {
        return or_down(memory_store::insert_service(s, r));
    }

    auto remove_service(view i, authmod::audit_rows r) { return or_down(memory_store::remove_service(i, r)); }

    auto find_account(view i) { return or_down(memory_store::find_account(i)); }

    auto list_accounts(authmod::account_filter const& f) { return or_down(memory_store::list_accounts(f)); }

    auto insert_account(authmod::account const& a, authmod::audit_rows r) {
        return or_down(memory_store::insert_account(a, r));
    }

    auto update_account(authmod::account const& a, long long n, authmod::audit_rows r) {
        return or_down(memory_store::update_account(a, n, r));
    }

    auto remove_account(view i, authmod::audit_rows r) { return or_down(memory_store::remove_account(i, r)); }

    auto count_accounts_made_by(view i) { return or_down(memory_store::count_accounts_made_by(i)); }

    auto list_groups() { return or_down(memory_store::list_groups()); }

    auto insert_group(authmod::group const& g, authmod::audit_rows r) {
        return or_down(memory_store::insert_group(g, r));
    }

    auto remove_group(view i, authmod::audit_rows r) { return or_down(memory_store::remove_group(i, r)); }

    auto put_member(view g, view i, authmod::audit_rows r) { return or_down(memory_store::put_member(g, i, r)); }

    auto remove_member(view g, view i, authmod::audit_rows r) { return or_down(memory_store::remove_member(g, i, r)); }

    auto list_scim_clients() { return or_down(memory_store::list_scim_clients()); }

    auto insert_scim_client(authmod::scim_client const& c, authmod::scim_token const& t, authmod::audit_rows r) {
        return or_down(memory_store::insert_scim_client(c, t, r));
    }

    auto add_scim_token(authmod::scim_token const& t, std::size_t k, authmod::audit_rows r) {
        return or_down(memory_store::add_scim_token(t, k, r));
    }

    auto remove_scim_token(view c, view t, authmod::audit_rows r) {
        return or_down(memory_store::remove_scim_token(c, t, r));
    }

    auto remove_scim_client(view i, authmod::audit_rows r) { return or_down(memory_store::remove_scim_client(i, r)); }

    auto find_scim_access(view d) { return or_down(memory_store::find_scim_access(d)); }

    auto list_audit(authmod::audit_filter const& f) { return or_down(memory_store::list_audit(f)); }

    auto ping() { return or_down(memory_store::ping()); }

private:
    template <class T>
    authmod::asio::awaitable<authmod::result<T>> or_down(authmod::asio::awaitable<authmod::result<T>> real) {
        if (down) co_return authmod::errc::store_unavailable;
        auto answer = co_await std::move(real);
        co_return answer;
    }
};

static_assert(authmod::scim_store<flaky_store>);

class login_site {
public:
    static constexpr std::string_view admin_token = "admin-token-of-the-test";

    explicit login_site(authmod::recorded_script script = bitbucket_script(),
                        std::string base_url = "https://login.example")
        : transport(std::move(script)), parts(transport),
          engine(parts.as_ports(), authmod::registry<authmod::bitbucket_cloud>(),
                 authmod::service_options(std::move(base_url))) {
        BOOST_REQUIRE(run(engine.catalog().reload()).has_value());
    }

    /// Makes and enables a Bitbucket module; gives its id.
    std::string add_module(std::string_view name = "Bitbucket Cloud", boost::json::object more = {}) {
        more["type"] = "bitbucket_cloud";
        more["name"] = name;
        more["client_id"] = "key";
        more["client_secret"] = "canary-client-secret";
        auto const id = run(engine.catalog().create(std::move(more), authmod::change_author()));
        BOOST_REQUIRE(id.has_value());
        enable(*id, true);
        return *id;
    }

    void enable(std::string const& module_id, bool on) {
        auto& modules = engine.catalog();
        authmod::change_author const by;
        BOOST_REQUIRE(run(on ? modules.enable(module_id, by) : modules.disable(module_id, true, by)).has_value());
    }

    authmod::outgoing_reply ask(authmod::request_handler& handler, std::string_view method, std::string_view target,
                                std::vector<authmod::request_field> fields = {}, std::string_view body = {}) {
        authmod::incoming_request request;
        request.method = method;
        BOOST_REQUIRE(authmod::read_target(target, request));
        request.fields = std::move(fields);
        request.body = body;
        request.address = address;
        return run(handler.handle(request));
    }

    /// With the admin token.
    authmod::outgoing_reply administrate(std::string_view method, std::string_view target, std::string_view body = {}) {
        std::string const token = "Bearer " + std::string(admin_token);
        return ask(admin, method, target, {{"Authorization", token}}, body);
    }

    std::string address = "192.0.2.7"; ///< where requests come from
    authmod::recorded_transport transport;
    authmod::policies<authmod::recorded_transport, flaky_store, authmod::fixed_clock, authmod::counting_random> parts;
    authmod::login_engine engine;
    kept_log log;
    authmod::login_handlers people{engine, log};
    authmod::admin_handlers admin{engine, log, authmod::secret(std::string(admin_token))};
};

/// A browser: keeps cookies, remembers all it was ever sent.
class browser {
public:
    explicit browser(login_site& site) : site_(site) {}

    authmod::outgoing_reply ask(std::string_view method, std::string_view target,
                                std::vector<authmod::request_field> fields = {}, std::string_view body = {}) {
        return send(site_.people, method, target, std::move(fields), body);
    }

    authmod::outgoing_reply administrate(std::string_view method, std::string_view target,
                                         std::vector<authmod::request_field> fields = {}, std::string_view body = {}) {
        return send(site_.admin, method, target, std::move(fields), body);
    }

    authmod::outgoing_reply get(std::string_view target) { return ask("GET", target); }

    /// The callback that the provider would send this browser to after `GET target`.
    std::string start(std::string_view target) {
        auto const reply = get(target);
        BOOST_REQUIRE(reply.status == 303);
        return callback(reply.header("Location"));
    }

    static std::string callback(std::string_view location, std::string_view more = "&code=canary-code") {
        std::string const back = parameter(location, "redirect_uri");
        return back.substr(back.find("/callback/")) + "?state=" + parameter(location, "state") + std::string(more);
    }

    authmod::outgoing_reply log_in(std::string_view module_id) {
        std::string const back = start("/login/" + std::string(module_id));
        return get(back);
    }

    boost::json::object me() {
        auto const reply = get("/me");
        return reply.status == 200 ? boost::json::parse(reply.body).as_object() : boost::json::object();
    }

    std::map<std::string, std::string> jar;
    std::vector<std::string> set_cookies; ///< of the last reply
    std::string seen;                     ///< head and body of all replies

private:
    authmod::outgoing_reply send(authmod::request_handler& handler, std::string_view method, std::string_view target,
                                 std::vector<authmod::request_field> fields, std::string_view body) {
        std::string cookies;
        for (auto const& [name, value] : jar) cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
        if (!cookies.empty()) fields.push_back({"Cookie", cookies});
        auto reply = site_.ask(handler, method, target, std::move(fields), body);
        set_cookies.clear();
        for (auto const& field : reply.headers) {
            seen += field.name + ": " + field.value + "\n";
            if (field.name != "Set-Cookie") continue;
            set_cookies.push_back(field.value);
            auto const equals = field.value.find('=');
            std::string const name = field.value.substr(0, equals);
            if (field.value.find("Max-Age=0;") != std::string::npos)
                jar.erase(name);
            else
                jar[name] = field.value.substr(equals + 1, field.value.find(';') - equals - 1);
        }
        seen += reply.body;
        return reply;
    }

    login_site& site_;
};

} // namespace authmod_test
