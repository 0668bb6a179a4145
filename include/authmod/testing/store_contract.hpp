// SPDX-License-Identifier: BSL-1.0
// Layer 6. What every store must do, as checks that any test framework can run on any store. Performs what it checks:
// real calls, from several threads.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/policy/store.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>
#include <random>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// A promise that was not kept.
struct contract_failure {
    std::string check; ///< name of the check, a sentence with underscores
    std::string what;  ///< the expectation, with its line in store_contract.hpp

    contract_failure(std::string in_check, std::string in_what)
        : check(std::move(in_check)), what(std::move(in_what)) {}
};

struct contract_report {
    std::vector<std::string> checks; ///< names of all that ran
    std::vector<contract_failure> failures;

    contract_report() = default;
};

namespace detail {

/// Plain blocking code: each call is spawned on a pool and waited for, so temporaries in arguments live long enough.
template <store S>
class store_contract {
public:
    explicit store_contract(S& s) : store_(s) {
        std::random_device random; // fresh names, so that the contract may run again on the same database
        tag_ = std::to_string(random()) + "-" + std::to_string(random());
    }

    contract_report run() {
        struct row {
            char const* name;
            void (store_contract::*check)();
        };

        constexpr row all[] = {
            {"it_answers", &store_contract::answers},
            {"coroutines_resume_on_their_own_executor", &store_contract::resumes_at_home},
            {"modules_come_back_as_stored_and_in_order", &store_contract::modules},
            {"module_ids_and_names_are_unique", &store_contract::module_names},
            {"an_update_needs_the_stored_revision", &store_contract::revisions},
            {"at_most_one_module_is_the_default", &store_contract::defaults},
            {"removing_a_module_ends_what_came_through_it", &store_contract::module_removal},
            {"a_successor_takes_over_links_and_grants", &store_contract::successor},
            {"a_state_is_taken_once", &store_contract::states},
            {"B7_ten_threads_take_one_state_once", &store_contract::state_race},
            {"a_first_login_makes_account_link_and_session", &store_contract::first_login},
            {"F6_fifty_parallel_first_logins_make_one_account", &store_contract::first_login_race},
            {"parallel_people_with_one_name_get_different_ones", &store_contract::username_race},
            {"later_logins_refresh_and_link", &store_contract::later_logins},
            {"a_refused_login_writes_its_audit_and_nothing_else", &store_contract::refused_login},
            {"F1_user_ids_are_compared_byte_by_byte", &store_contract::user_ids},
            {"sessions_are_found_touched_and_ended", &store_contract::sessions},
            {"G3_ban_and_removal_end_sessions", &store_contract::session_ends},
            {"a_new_session_replaces_the_one_named", &store_contract::session_replacement},
            {"accounts_come_back_as_stored", &store_contract::accounts},
            {"account_ids_and_usernames_are_unique", &store_contract::account_names},
            {"accounts_are_listed_in_pages", &store_contract::account_pages},
            {"avatars_are_kept", &store_contract::avatars},
            {"two_groups_are_built_in", &store_contract::built_in_groups},
            {"groups_have_members", &store_contract::groups},
            {"only_what_a_module_granted_ends_with_its_mapping", &store_contract::grants},
            {"N3_a_refused_change_leaves_no_audit_row", &store_contract::refused_changes},
            {"N3_changes_are_audited_with_them", &store_contract::audited_changes},
            {"the_audit_is_filtered_and_newest_first", &store_contract::audit},
            {"what_is_not_there_is_not_found", &store_contract::not_found},
            {"any_text_comes_back_unchanged", &store_contract::odd_texts},
            {"a_sweep_removes_what_is_over", &store_contract::sweeping},
        };
        for (auto const& r : all) {
            check_ = r.name;
            report_.checks.emplace_back(r.name);
            try {
                (this->*r.check)();
            } catch (std::exception const& e) { // thrown by the store, or by `value()` of a result it should not give
                expect(false, std::string("no exception, not ") + e.what());
            }
        }
        pool_.join();
        return std::move(report_);
    }

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
        if (!kept)
            report_.failures.emplace_back(check_, std::string(what) + " (line " + std::to_string(at.line()) + ")");
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

    bool signed_in(std::string_view name) { return ask(store_.find_session(digest(name))).has_value(); }

    // the checks, in the order of the list above

    void answers() { expect_ok(ask(store_.ping())); }

    void resumes_at_home() {
        asio::thread_pool home(1);
        auto visit = [this, &home]() -> asio::awaitable<bool> {
            audit_row const r = row(id("home"));
            auto const written = co_await store_.append_audit(r);
            bool const home_after_write = home.get_executor().running_in_this_thread();
            auto const read = co_await store_.list_groups();
            co_return written.has_value() && read.has_value() &&
                home_after_write&& home.get_executor().running_in_this_thread();
        };
        expect(asio::co_spawn(home, visit, asio::use_future).get(), "to go on in the coroutine's own executor");
        home.join();
    }

    void modules() {
        auto first = module("first");
        first.order = 2;
        first.enabled = true;
        first.sealed_secret = "sealed";
        auto second = module("second");
        second.order = 1;
        expect_ok(ask(store_.insert_module(first, row(first.id))));
        expect_ok(ask(store_.insert_module(second, row(second.id))));
        expect(stored_module(first.id) == first, "every member as it was");
        auto const list = ask(store_.list_modules());
        if (!expect_ok(list)) return;
        auto const place = [&](module_record const& m) { return std::ranges::find(*list, m.id, &module_record::id); };
        expect(place(second) < place(first), "ascending order");
    }

    void module_names() {
        auto const first = module("first");
        expect_ok(ask(store_.insert_module(first, row(first.id))));
        auto twin = module("twin");
        twin.name = first.name;
        expect_error(ask(store_.insert_module(twin, row(twin.id))), errc::name_taken);
        auto same_id = module("first");
        same_id.name += " again";
        expect_error(ask(store_.insert_module(same_id, row(same_id.id))), errc::store_conflict);
        auto second = module("second");
        expect_ok(ask(store_.insert_module(second, row(second.id))));
        second.name = first.name;
        expect_error(ask(store_.update_module(second, 1, row(second.id))), errc::name_taken);
        expect(stored_module(second.id).name == module("second").name, "the old name after a refused rename");
    }

    void revisions() {
        auto m = module("edited");
        expect_ok(ask(store_.insert_module(m, row(m.id))));
        m.settings = "{}";
        expect_ok(ask(store_.update_module(m, 1, row(m.id))));
        expect(stored_module(m.id).revision == 2 && stored_module(m.id).settings == "{}",
               "revision 2 and the new text");
        expect_error(ask(store_.update_module(m, 1, row(m.id))), errc::revision_stale);

        std::vector<std::future<result<void>>> calls;
        audit_row const r = row(m.id);
        for (int i = 0; i < 10; ++i) calls.push_back(spawn(store_.update_module(m, 2, r)));
        int wins = 0;
        for (auto& call : calls) {
            auto const answer = call.get();
            wins += answer ? 1 : 0;
            if (!answer) expect_error(answer, errc::revision_stale);
        }
        expect(wins == 1 && stored_module(m.id).revision == 3, "one of ten updates of one revision");
    }

    void defaults() {
        std::vector<module_record> made;
        for (auto name : {"a", "b", "c", "d"}) {
            auto& m = made.emplace_back(module(name));
            m.is_default = true;
            expect_ok(ask(store_.insert_module(m, row(m.id))));
        }
        auto const count = [&] {
            auto const list = ask(store_.list_modules());
            return list ? std::ranges::count(*list, true, &module_record::is_default) : -1;
        };
        expect(count() == 1 && stored_module(made[3].id).is_default, "the last one made default, alone");
        auto const a = stored_module(made[0].id);
        expect(a.revision == 2, "a new revision of the one that is no longer default");

        std::vector<std::future<result<void>>> calls;
        for (auto& m : made) m.revision = stored_module(m.id).revision;
        audit_row const r = row(id("race"));
        for (auto const& m : made) calls.push_back(spawn(store_.update_module(m, m.revision, r)));
        for (auto& call : calls) call.wait();
        expect(count() == 1, "one default after a race");
        for (auto const& m : made) {
            auto plain = stored_module(m.id);
            plain.is_default = false;
            expect_ok(ask(store_.update_module(plain, plain.revision, r)));
        }
        expect(count() == 0, "no default when all are cleared");
    }

    void module_removal() {
        auto const m = module("module");
        expect_ok(ask(store_.insert_module(m, row(m.id))));
        group const g(id("group"), id("group"));
        put_group(g);
        auto c = candidate("somebody");
        c.auto_join_groups = {g.id};
        log_in(c);
        expect(ask(store_.load_login_facts(c)).value().linked.has_value(), "a link");
        expect_error(ask(store_.remove_module(m.id, id("nobody"), row(m.id))), errc::not_found);
        expect_error(ask(store_.remove_module(m.id, m.id, row(m.id))), errc::not_found);
        expect(signed_in("somebody"), "the session after a refused removal");
        expect_ok(ask(store_.remove_module(m.id, "", row("removed", m.id))));
        expect(stored_module(m.id).id.empty(), "no module");
        expect(!signed_in("somebody"), "no session through a removed module");
        expect(stored_account(c.new_account_id).id == c.new_account_id, "the account");
        expect(!ask(store_.load_login_facts(c)).value().linked, "no link of a removed module");
        expect(groups_of(c.new_account_id) == std::vector<std::string>{all_users}, "no grant of a removed module");
        expect_error(ask(store_.remove_module(m.id, "", row(m.id))), errc::not_found);
    }

    void successor() {
        auto const old = module("module");
        auto const next = module("next");
        expect_ok(ask(store_.insert_module(old, row(old.id))));
        expect_ok(ask(store_.insert_module(next, row(next.id))));
        group const g(id("group"), id("group"));
        put_group(g);
        auto c = candidate("somebody");
        c.auto_join_groups = {g.id};
        log_in(c);
        auto both = candidate("both"); // has logged in through either, as two people
        log_in(both);
        both.module_id = next.id;
        both.new_account_id = id("both at next");
        both.new_session.digest = digest("both at next");
        log_in(both);

        expect_ok(ask(store_.remove_module(old.id, next.id, row(old.id))));
        c.module_id = next.id;
        auto const facts = ask(store_.load_login_facts(c)).value();
        expect(facts.linked && facts.linked->id == c.new_account_id, "the link at the successor");
        expect(facts.granted_groups == std::vector<std::string>{g.id}, "the grant in the successor's name");
        auto const kept = ask(store_.load_login_facts(both)).value();
        expect(kept.linked && kept.linked->id == both.new_account_id, "the successor's own link");
    }

    void states() {
        auto const later = now_ + std::chrono::minutes(10);
        expect_ok(ask(store_.take_state(digest("one"), later)));
        expect_error(ask(store_.take_state(digest("one"), later)), errc::state_used);
        expect_ok(ask(store_.take_state(digest("two"), later)));
    }

    void state_race() {
        for (auto name : {"a", "b", "c", "d", "e"}) {
            auto const taken = digest(name);
            std::vector<std::future<result<void>>> calls;
            for (int i = 0; i < 10; ++i) calls.push_back(spawn(store_.take_state(taken, now_ + std::chrono::hours(1))));
            int wins = 0;
            for (auto& call : calls) {
                auto const answer = call.get();
                wins += answer ? 1 : 0;
                if (!answer) expect_error(answer, errc::state_used);
            }
            expect(wins == 1, "exactly one of ten");
        }
    }

    void first_login() {
        group const g(id("group"), "Group " + id("group"));
        put_group(g);
        auto c = candidate("somebody");
        c.profile.full_name = "Some Body";
        c.profile.email = id("somebody") + "@example.com";
        c.profile.email_verified = true;
        c.profile.avatar = "https://example.com/a.png";
        c.profile.custom_attributes = {{"team", "red"}, {"age", "42"}};
        c.auto_join_groups = {g.id, id("gone"), all_users_id};
        auto const facts = ask(store_.load_login_facts(c)).value();
        expect(!facts.linked && !facts.email_holder && facts.free_username == *c.profile.username, "nobody yet");
        expect(facts.known_groups == std::vector<std::string>{g.id}, "the group that exists");

        auto const outcome = log_in(c);
        expect(outcome.what == login_decision::kind::create, "a new account");
        auto const view = ask(store_.find_account(c.new_account_id));
        if (!expect_ok(view)) return;
        expect(view->user == outcome.who, "the account that the outcome shows");
        expect(view->user.full_name == "Some Body" && view->user.email == *c.profile.email &&
                   view->user.email_verified && view->user.avatar == *c.profile.avatar &&
                   view->user.created_by_module == c.module_id &&
                   view->user.custom_attributes == c.profile.custom_attributes && view->user.created_at == now_,
               "every mapped field");
        std::vector<std::string> const names{all_users, g.name};
        expect(view->groups == names && outcome.groups == names, "All Users and the group joined");
        auto const s = ask(store_.find_session(c.new_session.digest));
        if (!expect_ok(s)) return;
        auto wanted = c.new_session;
        wanted.account_id = c.new_account_id;
        expect(s->who == wanted && s->user == view->user && s->groups == names, "the session, its account and groups");
        expect(ask(store_.count_accounts_made_by(c.module_id)).value() == 1, "one account made by the module");
        expect(rows_about(c.new_account_id).size() >= 3, "its rows in the audit");

        auto silent = candidate("no session");
        silent.new_session.digest.clear();
        log_in(silent);
        expect(stored_account(silent.new_account_id).id == silent.new_account_id, "an account without a session");
    }

    void first_login_race() {
        std::vector<login_candidate> all;
        for (int i = 0; i < 50; ++i) {
            auto& c = all.emplace_back(candidate("somebody"));
            c.new_account_id = id("account " + std::to_string(i));
            c.new_session.digest = digest("session " + std::to_string(i));
        }
        std::vector<std::future<result<login_outcome>>> calls;
        for (auto const& c : all) calls.push_back(spawn(store_.finish_login(c)));
        int made = 0;
        std::string who;
        for (auto& call : calls) {
            auto const outcome = call.get();
            if (!expect_ok(outcome)) continue;
            made += outcome->what == login_decision::kind::create ? 1 : 0;
            expect(who.empty() || who == outcome->who.id, "the same account for all");
            who = outcome->who.id;
        }
        expect(made == 1, "exactly one that made it");
        expect(ask(store_.count_accounts_made_by(id("module"))).value() == 1, "one account in the store");
    }

    void username_race() {
        std::vector<login_candidate> all;
        for (int i = 0; i < 20; ++i) {
            auto& c = all.emplace_back(candidate("person " + std::to_string(i)));
            c.profile.username = id("John");
        }
        std::vector<std::future<result<login_outcome>>> calls;
        for (auto const& c : all) calls.push_back(spawn(store_.finish_login(c)));
        std::vector<std::string> names;
        for (auto& call : calls) {
            auto const outcome = call.get();
            if (expect_ok(outcome)) names.push_back(fold_case(outcome->who.username));
        }
        std::ranges::sort(names);
        expect(names.size() == 20 && std::ranges::adjacent_find(names) == names.end(), "twenty different names");
    }

    void later_logins() {
        auto c = candidate("somebody");
        c.profile.email = id("somebody") + "@example.com";
        c.profile.email_verified = true;
        log_in(c);
        c.profile.full_name = "New Name";
        c.new_session.digest = digest("second");
        c.new_account_id = id("never used");
        c.now += std::chrono::hours(1);
        auto const again = log_in(c);
        expect(again.what == login_decision::kind::refresh && again.who.id == id("somebody"), "the same account");
        expect(stored_account(id("somebody")).full_name == "New Name", "the new name");
        expect(stored_account(id("somebody")).updated_at == c.now, "the time of the change");

        auto other = candidate("other");
        other.module_id = id("other module");
        other.profile.email = c.profile.email;
        for (char& letter : *other.profile.email)
            if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
        other.profile.email_verified = true;
        auto const facts = ask(store_.load_login_facts(other)).value();
        expect(facts.email_holder && facts.email_holder->id == id("somebody"),
               "the holder, whatever the case of letters");
        auto const linked = log_in(other);
        expect(linked.what == login_decision::kind::link && linked.who.id == id("somebody"),
               "a link by verified email");
        expect(ask(store_.load_login_facts(other)).value().linked.has_value(), "the link");

        auto twin = person("twin"); // a second account with the address, unverified
        twin.email = *c.profile.email;
        put_account(twin);
        auto third = candidate("third");
        third.profile.email = c.profile.email;
        expect(email_holder(third) == id("somebody"), "the verified holder first");
        expect(email_holder(c) == twin.id, "another account than the linked one");
    }

    void refused_login() {
        auto c = candidate("somebody");
        c.user_creation = false;
        auto const outcome = log_in(c);
        expect(outcome.what == login_decision::kind::refuse && outcome.reason == errc::creation_off, "a refusal");
        expect_error(ask(store_.find_account(c.new_account_id)), errc::not_found);
        expect(!signed_in("somebody"), "no session");
        audit_filter filter;
        filter.module_id = c.module_id;
        filter.event = "login_refused";
        expect(ask(store_.list_audit(filter)).value().size() == 1, "the refusal in the audit");
    }

    void user_ids() {
        std::string const ids[] = {"42",
                                   "042",
                                   "42 ",
                                   "user",
                                   "USER",
                                   "us\xc3\xa9r",
                                   std::string(255, 'x'),
                                   std::string(254, 'x'),
                                   "9007199254740993",
                                   "9007199254740992"};
        int n = 0;
        for (auto const& user_id : ids) {
            auto c = candidate("person " + std::to_string(++n));
            c.profile.user_id = user_id;
            expect(log_in(c).what == login_decision::kind::create, "another person for " + user_id);
        }
        auto elsewhere = candidate("person elsewhere");
        elsewhere.module_id = id("other module");
        elsewhere.profile.user_id = "42";
        expect(log_in(elsewhere).what == login_decision::kind::create, "another person at another module");
    }

    void sessions() {
        log_in(candidate("somebody"));
        auto const key = digest("somebody");
        auto const later = now_ + std::chrono::minutes(5);
        expect_ok(ask(store_.touch_session(key, later)));
        expect(ask(store_.find_session(key)).value().who.seen_at == later, "the later time");
        expect_ok(ask(store_.touch_session(key, now_)));
        expect(ask(store_.find_session(key)).value().who.seen_at == later, "no step back");

        auto taken = candidate("other"); // a session's digest is never given twice
        taken.new_session.digest = key;
        expect_error(ask(store_.finish_login(taken)), errc::store_conflict);
        expect_error(ask(store_.find_account(taken.new_account_id)), errc::not_found);

        expect_ok(ask(store_.end_session(key, row("logout", id("somebody")))));
        expect_error(ask(store_.find_session(key)), errc::not_found);
        expect_error(ask(store_.touch_session(key, later)), errc::not_found);
        expect_error(ask(store_.end_session(key, row(id("somebody")))), errc::not_found);
    }

    void session_ends() {
        for (auto name : {"banned", "removed"}) {
            log_in(candidate(name));
            auto again = candidate(name);
            again.new_session.digest = digest(std::string(name) + " 2");
            log_in(again);
            expect(signed_in(name), "a session");
        }
        log_in(candidate("bystander"));
        auto banned = stored_account(id("banned"));
        banned.banned = true;
        banned.ban_reason = "spam";
        expect_ok(ask(store_.update_account(banned, row(banned.id))));
        expect(!signed_in("banned") && !signed_in("banned 2"), "no session of a banned account");
        auto again = candidate("banned");
        expect(log_in(again).reason == errc::account_banned && !signed_in("banned"), "no way back in");

        expect_ok(ask(store_.remove_account(id("removed"), row(id("removed")))));
        expect(!signed_in("removed") && !signed_in("removed 2"), "no session of a removed account");
        expect_error(ask(store_.find_account(id("removed"))), errc::not_found);
        auto return_of = candidate("removed");
        expect(!ask(store_.load_login_facts(return_of)).value().linked, "no link to a removed account");
        expect(signed_in("bystander"), "the sessions of others");
    }

    void session_replacement() {
        auto c = candidate("somebody");
        log_in(c);
        c.current_account_id = id("somebody");
        c.replaced_session = c.new_session.digest;
        c.new_session.digest = digest("next");
        log_in(c);
        expect(!signed_in("somebody") && signed_in("next"), "the new session instead of the old one");
        auto other = candidate("other");
        other.current_account_id = id("somebody");
        other.replaced_session = digest("next");
        expect(log_in(other).reason == errc::signed_in_as_another && signed_in("next"), "no silent swap");
    }

    void accounts() {
        auto a = person("full");
        a.email = id("full") + "@example.com";
        a.email_verified = true;
        a.avatar = "https://example.com/a.png";
        a.created_by_module = id("module");
        a.custom_attributes = {{"b", "2"}, {"a", "1"}};
        put_account(a);
        expect(stored_account(a.id) == a, "every member as it was");
        a.email.clear();
        a.email_verified = false;
        a.custom_attributes.clear();
        a.created_by_module.clear();
        expect_ok(ask(store_.update_account(a, row(a.id))));
        expect(stored_account(a.id) == a, "every member as changed");
        expect(ask(store_.count_accounts_made_by(id("module"))).value() == 0, "no account made by the module any more");
    }

    void account_names() {
        auto const a = person("Anna");
        put_account(a);
        auto twin = person("twin");
        twin.username = fold_case(a.username);
        expect_error(ask(store_.insert_account(twin, row(twin.id))), errc::name_taken);
        auto same_id = person("Anna");
        same_id.username = id("another");
        expect_error(ask(store_.insert_account(same_id, row(same_id.id))), errc::store_conflict);
        auto b = person("Bert");
        put_account(b);
        b.username = fold_case(a.username);
        expect_error(ask(store_.update_account(b, row(b.id))), errc::name_taken);
        expect(stored_account(b.id).username == id("Bert"), "the old name");
        auto own = a;
        own.username = fold_case(a.username);
        expect_ok(ask(store_.update_account(own, row(a.id))));
        b.username = id("Carl");
        expect_ok(ask(store_.update_account(b, row(b.id))));
        auto next = person("next");
        next.username = id("Bert"); // free again
        put_account(next);
    }

    void account_pages() {
        std::vector<std::string> made;
        for (auto name : {"e", "b", "d", "a", "c"}) {
            put_account(person(name));
            made.push_back(id(name));
        }
        std::ranges::sort(made);
        auto after = made.front();
        after.pop_back(); // sorts right before the first
        std::vector<std::string> seen;
        for (std::size_t page = 0; page < made.size(); page += 2) {
            auto const list = ask(store_.list_accounts(after, 2));
            if (!expect_ok(list) || !expect(list->size() == 2 || page == 4, "full pages")) return;
            for (auto const& a : *list) seen.push_back(a.id);
            after = seen.back();
        }
        seen.resize(std::min(seen.size(), made.size()));
        expect(seen == made, "every account once, by id");
        expect(ask(store_.list_accounts(after, 0)).value().empty(), "nothing when nothing is asked for");
    }

    void avatars() {
        auto c = candidate("somebody");
        log_in(c);
        expect_error(ask(store_.load_avatar(c.new_account_id)), errc::not_found);
        for (auto bytes : {"\x89PNG first", "\x89PNG second"}) {
            c.avatar.emplace();
            c.avatar->media_type = "image/png";
            c.avatar->bytes = std::string(bytes) + std::string(3, '\0');
            c.new_session.digest = digest(bytes);
            log_in(c);
            expect(ask(store_.load_avatar(id("somebody"))).value() == *c.avatar, "the picture of the last login");
        }
        expect_ok(ask(store_.remove_account(id("somebody"), row(id("somebody")))));
        expect_error(ask(store_.load_avatar(id("somebody"))), errc::not_found);
    }

    void built_in_groups() {
        auto const list = ask(store_.list_groups());
        if (!expect_ok(list)) return;
        expect(std::ranges::count(*list, group(all_users_id, all_users)) == 1, "All Users");
        expect(std::ranges::count(*list, group(admins_id, admins_group)) == 1, "authmod-admins");
        put_account(person("somebody"));
        expect(groups_of(id("somebody")) == std::vector<std::string>{all_users}, "everybody in All Users");
        expect_error(ask(store_.remove_group(all_users_id, row(all_users_id))), errc::not_permitted);
        expect_error(ask(store_.remove_group(admins_id, row(admins_id))), errc::not_permitted);
        expect_error(ask(store_.put_member(all_users_id, id("somebody"), row("x"))), errc::not_permitted);
        expect_error(ask(store_.remove_member(all_users_id, id("somebody"), row("x"))), errc::not_permitted);
        expect_error(ask(store_.insert_group(group(id("x"), all_users), row("x"))), errc::name_taken);
    }

    void groups() {
        group const b(id("1"), "B " + id(""));
        group const a(id("2"), "A " + id(""));
        put_group(b);
        put_group(a);
        expect_error(ask(store_.insert_group(group(id("3"), a.name), row("x"))), errc::name_taken);
        expect_error(ask(store_.insert_group(group(a.id, "C " + id("")), row("x"))), errc::store_conflict);
        auto const list = ask(store_.list_groups());
        if (!expect_ok(list)) return;
        expect(std::ranges::is_sorted(*list, {}, &group::name), "groups by name");

        auto const who = id("somebody");
        put_account(person("somebody"));
        expect_ok(ask(store_.put_member(b.id, who, row(who))));
        expect_ok(ask(store_.put_member(a.id, who, row(who))));
        expect_ok(ask(store_.put_member(a.id, who, row(who))));
        std::vector<std::string> const both{all_users, a.name, b.name};
        expect(groups_of(who) == both, "names in order, each once");
        expect_ok(ask(store_.remove_member(a.id, who, row(who))));
        expect_error(ask(store_.remove_member(a.id, who, row(who))), errc::not_found);
        expect_ok(ask(store_.remove_group(b.id, row(b.id))));
        expect(groups_of(who) == std::vector<std::string>{all_users}, "no membership of a removed group");
        put_group(b);
        expect(groups_of(who) == std::vector<std::string>{all_users}, "none in a new group with its id");
    }

    void grants() {
        group const g(id("group"), id("group"));
        group const by_hand(id("by hand"), id("by hand"));
        put_group(g);
        put_group(by_hand);
        auto c = candidate("somebody");
        c.groups_mapped = true;
        c.profile.groups = {"team", "club"};
        c.group_mappings = {{"team", g.id}, {"club", by_hand.id}};
        log_in(c);
        auto const who = id("somebody");
        expect_ok(ask(store_.put_member(by_hand.id, who, row(who))));
        auto const again = [&] {
            c.new_session.digest = digest("session " + std::to_string(++logins_));
            return log_in(c).groups;
        };
        std::vector<std::string> const both{all_users, by_hand.name, g.name};
        expect(groups_of(who) == both && again() == both, "both groups");
        c.profile.groups.reset();
        expect(again() == both, "no change when the provider gives no list");
        c.profile.groups.emplace();
        std::vector<std::string> const one{all_users, by_hand.name};
        expect(again() == one, "only the membership that the module granted goes");
        expect_ok(ask(store_.remove_member(by_hand.id, who, row(who))));
        c.profile.groups = {"club"};
        again();
        expect_ok(ask(store_.remove_member(by_hand.id, who, row(who))));
        expect(groups_of(who) == std::vector<std::string>{all_users}, "every grant removed by hand");
    }

    void refused_changes() {
        auto const target = id("target");
        auto const m = module("module");
        auto const a = person("account");
        group const g(id("group"), id("group"));
        expect_ok(ask(store_.insert_module(m, row(m.id))));
        put_account(a);
        put_group(g);
        auto const r = row("refused", target);
        auto twin = module("twin");
        twin.name = m.name;
        expect_error(ask(store_.insert_module(twin, r)), errc::name_taken);
        expect_error(ask(store_.update_module(m, 7, r)), errc::revision_stale);
        auto other = person("other");
        other.username = a.username;
        expect_error(ask(store_.insert_account(other, r)), errc::name_taken);
        expect_error(ask(store_.update_account(other, r)), errc::not_found);
        expect_error(ask(store_.remove_account(other.id, r)), errc::not_found);
        expect_error(ask(store_.insert_group(group(id("g2"), g.name), r)), errc::name_taken);
        expect_error(ask(store_.put_member(g.id, other.id, r)), errc::not_found);
        expect_error(ask(store_.remove_member(g.id, a.id, r)), errc::not_found);
        expect_error(ask(store_.end_session(digest("none"), r)), errc::not_found);
        expect_error(ask(store_.remove_module(twin.id, "", r)), errc::not_found);
        expect_error(ask(store_.remove_group(all_users_id, r)), errc::not_permitted);
        expect(rows_about(target).empty(), "no row of a change that did not happen");

        auto twice = candidate("somebody"); // fails at its last step: the digest is in use
        log_in(twice);
        auto late = candidate("late");
        late.new_session.digest = twice.new_session.digest;
        expect_error(ask(store_.finish_login(late)), errc::store_conflict);
        expect(rows_about(late.new_account_id).empty(), "no row of a login that did not happen");
    }

    void audited_changes() {
        auto const target = id("target");
        auto const r = row("done", target);
        auto m = module("module");
        auto a = person("account");
        group const g(id("group"), id("group"));
        expect_ok(ask(store_.insert_module(m, r)));
        expect_ok(ask(store_.update_module(m, 1, r)));
        expect_ok(ask(store_.insert_account(a, r)));
        expect_ok(ask(store_.update_account(a, r)));
        expect_ok(ask(store_.insert_group(g, r)));
        expect_ok(ask(store_.put_member(g.id, a.id, r)));
        expect_ok(ask(store_.remove_member(g.id, a.id, r)));
        expect_ok(ask(store_.remove_group(g.id, r)));
        expect_ok(ask(store_.remove_account(a.id, r)));
        log_in(candidate("somebody"));
        expect_ok(ask(store_.end_session(digest("somebody"), r)));
        expect_ok(ask(store_.remove_module(m.id, "", r)));
        expect_ok(ask(store_.append_audit(r)));
        auto const rows = rows_about(target);
        expect(rows.size() == 12, "a row for each of twelve changes, not " + std::to_string(rows.size()));
    }

    void audit() {
        std::vector<audit_row> written;
        for (int i = 0; i < 6; ++i) {
            auto& r = written.emplace_back(row(i % 2 ? "odd" : "even", id("target")));
            r.at = now_ + milliseconds(i);
            r.author = i < 3 ? "one" : "two";
            r.address = "192.0.2.1";
            r.module_id = id(i == 5 ? "m2" : "m1");
            r.field = "name";
            r.old_value = "old";
            r.new_value = "new";
            r.reason = "name_taken";
            expect_ok(ask(store_.append_audit(r)));
        }
        audit_filter filter;
        filter.target = id("target");
        auto const count = [&] { return ask(store_.list_audit(filter)).value().size(); };
        auto all = ask(store_.list_audit(filter)).value();
        if (!expect(all.size() == 6, "all rows")) return;
        auto const newest_first = [](audit_row const& x, audit_row const& y) { return x.number > y.number; };
        expect(std::ranges::is_sorted(all, newest_first), "newest first");
        std::vector<long long> numbers;
        for (auto& r : all) numbers.push_back(std::exchange(r.number, 0));
        std::ranges::reverse(all);
        expect(all == written, "every member as it was");

        filter.before = numbers[2];
        expect(count() == 3, "rows before a number");
        filter.before = 0;
        filter.limit = 2;
        expect(count() == 2, "a limit");
        filter.limit = 100;
        filter.event = "odd";
        expect(count() == 3, "rows of an event");
        filter.author = "two";
        expect(count() == 2, "of an author too");
        filter.module_id = id("m1");
        expect(count() == 1, "of a module too");
        filter = audit_filter();
        filter.target = id("target");
        filter.from = now_ + milliseconds(1);
        filter.until = now_ + milliseconds(4);
        expect(count() == 3, "from a time on and before another");
    }

    void not_found() {
        auto const nobody = id("nobody");
        expect_error(ask(store_.update_module(module("nobody"), 1, row("x"))), errc::not_found);
        expect_error(ask(store_.remove_module(nobody, "", row("x"))), errc::not_found);
        expect_error(ask(store_.remove_module("", "", row("x"))), errc::not_found);
        expect_error(ask(store_.find_session(digest("nobody"))), errc::not_found);
        expect_error(ask(store_.find_session("")), errc::not_found);
        expect_error(ask(store_.touch_session(digest("nobody"), now_)), errc::not_found);
        expect_error(ask(store_.end_session(digest("nobody"), row("x"))), errc::not_found);
        expect_error(ask(store_.find_account(nobody)), errc::not_found);
        expect_error(ask(store_.find_account("")), errc::not_found);
        expect_error(ask(store_.update_account(person("nobody"), row("x"))), errc::not_found);
        expect_error(ask(store_.remove_account(nobody, row("x"))), errc::not_found);
        expect_error(ask(store_.load_avatar(nobody)), errc::not_found);
        expect_error(ask(store_.remove_group(nobody, row("x"))), errc::not_found);
        expect_error(ask(store_.put_member(nobody, nobody, row("x"))), errc::not_found);
        expect_error(ask(store_.put_member(admins_id, nobody, row("x"))), errc::not_found);
        expect_error(ask(store_.remove_member(nobody, nobody, row("x"))), errc::not_found);
        expect(ask(store_.count_accounts_made_by(nobody)).value() == 0, "no account made by nobody");
    }

    void odd_texts() {
        std::string const odd[] = {"it's",  "\"quoted\"", "'; DROP TABLE accounts; --",
                                   "%_\\",  "a\nb\tc",    "\xc3\xbc\xf0\x9f\x98\x80",
                                   ":1,2:", "?1",         std::string(255, 'y')};
        int n = 0;
        for (auto const& text : odd) {
            auto c = candidate("person " + std::to_string(++n));
            c.profile.user_id = text;
            c.profile.username = id(text);
            c.profile.full_name = text;
            c.profile.email = text;
            c.profile.custom_attributes = {{text, text}, {"empty", ""}};
            c.linking = account_linking::never;
            log_in(c);
            auto const a = stored_account(c.new_account_id);
            expect(a.full_name == text && a.custom_attributes == c.profile.custom_attributes, "unchanged: " + text);
            expect(ask(store_.load_login_facts(c)).value().linked.has_value(), "the link of " + text);
            group const g(id(text), id(text));
            put_group(g);
            expect_ok(ask(store_.put_member(g.id, a.id, row(a.id))));
            expect(std::ranges::count(groups_of(a.id), g.name) == 1, "the group " + text);
        }
    }

    void sweeping() {
        session_limits const limits;
        auto const over = now_ + std::chrono::hours(9); // past the idle limit
        expect_ok(ask(store_.take_state(digest("old"), now_ + std::chrono::minutes(10))));
        expect_ok(ask(store_.take_state(digest("new"), over + std::chrono::minutes(10))));
        auto const log_in_at = [&](std::string_view name, time_point created, time_point seen) {
            auto c = candidate(name);
            c.new_session.created_at = created;
            c.new_session.seen_at = seen;
            log_in(c);
        };
        log_in_at("idle", now_, now_);
        log_in_at("aged", over - limits.absolute, over);
        log_in_at("ahead", over + std::chrono::hours(1), over); // made before the clock was set back
        log_in_at("fresh", now_, over);

        long long removed = 0;
        for (int calls = 0; calls < 1'000; ++calls) {
            auto const batch = ask(store_.sweep(over, limits));
            if (!expect_ok(batch) || !expect(*batch <= 1'000, "batches of at most 1,000 rows")) return;
            removed += *batch;
            if (*batch == 0) break;
        }
        expect(removed >= 4, "the number of what was removed");
        expect(!signed_in("idle") && !signed_in("aged") && !signed_in("ahead"), "no session that is over");
        expect(signed_in("fresh"), "the session that is not");
        expect_error(ask(store_.take_state(digest("new"), over)), errc::state_used);
        expect_ok(ask(store_.take_state(digest("old"), over)));
    }

    S& store_;
    std::string tag_;
    std::string check_;
    int logins_ = 0;
    contract_report report_;
    time_point const now_ = from_milliseconds(1'790'000'000'000);
    asio::thread_pool pool_{4}; // last: its threads use all of the above
};

} // namespace detail

/** Checks every promise of the concept @ref store on `s`, with calls from four threads at once.

    Blocks until it is done, for about a second on a durable store. It leaves modules, accounts, groups and audit rows
    with fresh names behind and sweeps sessions with a clock that stands in 2026: give it a database of its own.

    @par Example
    @code
    my_store s;
    for (auto const& f : authmod::check_store_contract(s).failures)
        std::cout << f.check << ": expected " << f.what << '\n';
    @endcode
*/
template <store S>
[[nodiscard]] contract_report check_store_contract(S& s) {
    return detail::store_contract<S>(s).run();
}

} // namespace authmod
