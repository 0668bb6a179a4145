// SPDX-License-Identifier: BSL-1.0
// Layer 6. What the checks of the store contract share: asking, expecting, and things to store. Performs real calls.
#pragma once

#include "authmod/policy/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <random>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod::detail {

/// Plain blocking code: each call is spawned on a pool and waited for, so temporaries in arguments live long enough.
template <store S>
class store_contract {
public:
    /// Hears the name of the check and the expectation that was not met.
    using failure_handler = std::function<void(std::string const& check, std::string what)>;

    store_contract(S& s, failure_handler on_failure) : store_(s), on_failure_(std::move(on_failure)) {
        std::random_device random; // fresh names, so that the contract may run again on the same database
        tag_ = std::to_string(random()) + "-" + std::to_string(random());
    }

    store_contract(store_contract const&) = delete;
    store_contract& operator=(store_contract const&) = delete;

    ~store_contract() { pool_.join(); }

    void run(char const* name, void (store_contract::*check)()) {
        check_ = name;
        try {
            (this->*check)();
        } catch (std::exception const& e) { // thrown by the store, or by `value()` of a result it should not give
            expect(false, std::string("no exception, not ") + e.what());
        }
    }

    // contract_basics.hpp
    void answers();
    void resumes_at_home();
    void not_found();
    void odd_texts();

    // contract_modules.hpp
    void modules();
    void module_names();
    void revisions();
    void defaults();
    void module_removal();
    void successor();
    void module_images();
    void test_results();

    // contract_lock_out.hpp
    void way_in();
    void way_in_race();
    void switch_module(std::string_view module_id, bool enabled);
    std::vector<std::string> disable_all();

    // contract_logins.hpp
    void states();
    void state_race();
    void first_login();
    void first_login_race();
    void username_race();
    void later_logins();
    void refused_login();
    void links();
    void stored_modules();
    void user_ids();

    // contract_sessions.hpp
    void sessions();
    void session_ends();
    void session_replacement();
    void signing_out();
    void sweeping();

    // contract_provider_sessions.hpp
    void provider_logouts();
    void provider_logout_race();
    void kept_tokens();
    void kept_token_pages();
    void kept_token_race();
    void begin_at_provider(std::string_view name, std::string_view subject, std::string_view sid);
    provider_logout logout_of(std::string_view token, std::string_view subject, std::string_view sid) const;

    // contract_tokens.hpp
    void services();
    void tokens();
    void token_ends();
    void service_removal_race();

    // contract_accounts.hpp
    void accounts();
    void account_names();
    void account_revisions();
    void account_pages();
    void account_search();
    void avatars();

    // contract_groups.hpp
    void built_in_groups();
    void groups();
    void grants();

    // contract_audit.hpp
    void refused_changes();
    void audited_changes();
    void audit();

private:
    // asking and expecting

    template <class T>
    std::future<T> spawn(asio::awaitable<T> call) {
        return asio::co_spawn(pool_, std::move(call), asio::use_future);
    }

    template <class T>
    T ask(asio::awaitable<T> call) {
        return spawn(std::move(call)).get();
    }

    bool expect(bool kept, std::string_view what, std::source_location at = std::source_location::current()) {
        if (!kept) on_failure_(check_, std::string(what) + " (" + place(at) + ")");
        return kept;
    }

    template <class T>
    bool expect_ok(result<T> const& r, std::source_location at = std::source_location::current()) {
        return expect(r.has_value(), "success, not " + (r ? std::string() : std::string(to_word(r.error()))), at);
    }

    template <class T>
    void expect_error(result<T> const& r, errc wanted, std::source_location at = std::source_location::current()) {
        std::string const got(r ? std::string_view("success") : to_word(r.error()));
        expect(!r && r.error() == wanted, std::string(to_word(wanted)) + ", not " + got, at);
    }

    static std::string place(std::source_location at) {
        std::string_view const path = at.file_name();
        return std::string(path.substr(path.find_last_of("/\\") + 1)) + ", line " + std::to_string(at.line());
    }

    // things to store

    std::string id(std::string_view name) const { return tag_ + "-" + check_ + "-" + std::string(name); }

    /// 32 bytes of which any may occur, zero too.
    std::string digest(std::string_view name) const {
        auto const text = id(name);
        std::string bytes(32, '\0');
        std::mt19937_64 generator(std::hash<std::string>()(text));
        for (std::size_t i = 1; i < bytes.size(); ++i) bytes[i] = static_cast<char>(generator() & 0xff);
        return bytes;
    }

    audit_row row(std::string_view event, std::string_view target) const {
        audit_row r(event, target);
        r.at = now_;
        r.author = "contract";
        return r;
    }

    audit_row row(std::string_view target) const { return row("contract", target); }

    module_record module(std::string_view name) const {
        module_record m;
        m.id = id(name);
        m.type = "bitbucket_cloud";
        m.name = "Module " + m.id;
        m.created_at = m.updated_at = now_;
        m.settings = R"({"scopes":"account email"})";
        return m;
    }

    account person(std::string_view name) const {
        account a;
        a.id = id(name);
        a.username = id(name);
        a.full_name = "Person " + a.id;
        a.created_at = a.updated_at = now_;
        return a;
    }

    login_candidate candidate(std::string_view name) const {
        login_candidate c;
        c.module_id = id("module");
        c.profile.user_id = id(name);
        c.profile.username = id(name);
        c.new_account_id = id(name);
        c.new_session = fresh_session(name);
        c.new_session.module_id = c.module_id;
        c.now = now_;
        return c;
    }

    session fresh_session(std::string_view name) const {
        session s;
        s.digest = digest(name);
        s.module_id = id("module");
        s.csrf = "csrf";
        s.created_at = s.seen_at = now_;
        return s;
    }

    service_client service(std::string_view name) const {
        service_client s;
        s.id = id(name);
        s.name = "Service " + s.id;
        s.secret_digest = digest(name);
        s.modules = {id("module")};
        s.created_at = now_;
        return s;
    }

    /// A login without a session, for a token of service "service".
    login_candidate exchange(std::string_view name) const {
        auto c = candidate(name);
        c.new_session.digest.clear();
        auto& t = c.new_token.emplace();
        t.digest = digest(std::string("token of ") + std::string(name));
        t.module_id = c.module_id;
        t.service_id = id("service");
        t.scope = "read write";
        t.created_at = now_;
        t.expires_at = now_ + std::chrono::hours(1);
        return c;
    }

    std::vector<audit_row> rows_about(std::string_view target) {
        audit_filter filter;
        filter.target = target;
        auto list = ask(store_.list_audit(filter));
        expect_ok(list);
        return list ? std::move(*list) : std::vector<audit_row>();
    }

    module_record stored_module(std::string_view module_id) {
        auto list = ask(store_.list_modules());
        if (list)
            for (auto const& m : *list)
                if (m.id == module_id) return m;
        return {};
    }

    account stored_account(std::string_view account_id) {
        auto view = ask(store_.find_account(account_id));
        return view ? view->user : account();
    }

    std::vector<std::string> groups_of(std::string_view account_id) {
        auto view = ask(store_.find_account(account_id));
        return view ? view->groups : std::vector<std::string>();
    }

    std::string email_holder(login_candidate const& c) {
        auto const facts = ask(store_.load_login_facts(c));
        return facts && facts->email_holder ? facts->email_holder->id : std::string();
    }

    void put_account(account const& a) { expect_ok(ask(store_.insert_account(a, row(a.id)))); }

    void put_group(group const& g) { expect_ok(ask(store_.insert_group(g, row(g.id)))); }

    login_outcome log_in(login_candidate const& c, std::source_location at = std::source_location::current()) {
        auto outcome = ask(store_.finish_login(c));
        expect_ok(outcome, at);
        return outcome ? std::move(*outcome) : login_outcome();
    }

    void put_service(service_client const& s) { expect_ok(ask(store_.insert_service(s, row(s.id)))); }

    bool has_token(login_candidate const& c) { return ask(store_.find_token(c.new_token->digest)).has_value(); }

    std::vector<std::string> ids_of(account_filter const& filter) {
        auto const list = ask(store_.list_accounts(filter));
        std::vector<std::string> ids;
        if (expect_ok(list))
            for (auto const& a : *list) ids.push_back(a.id);
        return ids;
    }

    bool signed_in(std::string_view name) { return ask(store_.find_session(digest(name))).has_value(); }

    S& store_;
    failure_handler const on_failure_;
    std::string tag_;
    std::string check_;
    int logins_ = 0;
    time_point const now_ = from_milliseconds(1'790'000'000'000);
    asio::thread_pool pool_{4}; // last: its threads use all of the above
};

} // namespace authmod::detail
