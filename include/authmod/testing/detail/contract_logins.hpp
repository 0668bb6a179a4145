// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on states and logins, also many at once.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <string>
#include <tuple>
#include <vector>

namespace authmod::detail {

template <store S>
void store_contract<S>::states() {
    auto const later = now_ + std::chrono::minutes(10);
    expect_ok(ask(store_.take_state(digest("one"), later)));
    expect_error(ask(store_.take_state(digest("one"), later)), errc::state_used);
    expect_ok(ask(store_.take_state(digest("two"), later)));
}

template <store S>
void store_contract<S>::state_race() {
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

template <store S>
void store_contract<S>::first_login() {
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
    expect(view->user.full_name == "Some Body" && view->user.email == *c.profile.email && view->user.email_verified &&
               view->user.avatar == *c.profile.avatar && view->user.created_by_module == c.module_id &&
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

template <store S>
void store_contract<S>::first_login_race() {
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

template <store S>
void store_contract<S>::username_race() {
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

template <store S>
void store_contract<S>::later_logins() {
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
    expect(facts.email_holder && facts.email_holder->id == id("somebody"), "the holder, whatever the case of letters");
    auto const linked = log_in(other);
    expect(linked.what == login_decision::kind::link && linked.who.id == id("somebody"), "a link by verified email");
    expect(ask(store_.load_login_facts(other)).value().linked.has_value(), "the link");

    auto twin = person("twin"); // a second account with the address, unverified
    twin.email = *c.profile.email;
    put_account(twin);
    auto third = candidate("third");
    third.profile.email = c.profile.email;
    expect(email_holder(third) == id("somebody"), "the verified holder first");
    expect(email_holder(c) == twin.id, "another account than the linked one");
}

template <store S>
void store_contract<S>::refused_login() {
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

template <store S>
void store_contract<S>::links() {
    auto c = candidate("somebody");
    c.profile.email = id("somebody") + "@example.com";
    c.profile.email_verified = true;
    log_in(c);
    auto other = c;
    other.module_id = id("a module before it");
    other.profile.user_id = id("elsewhere");
    other.new_session.digest = digest("elsewhere");
    other.now += std::chrono::hours(1);
    log_in(other);
    c.new_session.digest = digest("again");
    c.now += std::chrono::hours(2);
    log_in(c);
    auto const found = ask(store_.find_account(id("somebody")));
    if (!expect_ok(found) || !expect(found->links.size() == 2, "both links")) return;
    auto const& [first, second] = std::tie(found->links[0], found->links[1]);
    expect(first.module_id == other.module_id && first.user_id == id("elsewhere") && first.created_at == other.now &&
               first.last_login_at == other.now,
           "the link of the first module by id");
    expect(second.module_id == c.module_id && second.user_id == id("somebody") && second.created_at == now_ &&
               second.last_login_at == c.now,
           "the other link, and when it was used last");
}

template <store S>
void store_contract<S>::stored_modules() {
    auto m = module("module");
    m.enabled = true;
    auto c = candidate("somebody");
    c.module_stored = true;
    auto const refused = [&] {
        auto const outcome = log_in(c);
        return outcome.what == login_decision::kind::refuse && outcome.reason == errc::module_disabled;
    };
    expect(refused(), "no login through a module that is not there");
    expect_ok(ask(store_.insert_module(m, row(m.id))));
    expect(log_in(c).what == login_decision::kind::create, "a login through an enabled module");
    m.enabled = false;
    expect_ok(ask(store_.update_module(m, 1, row(m.id), false)));
    c.new_session.digest = digest("late");
    expect(refused() && !signed_in("late"), "no login through a disabled module");
    expect_ok(ask(store_.remove_module(m.id, "", row(m.id), false)));
    expect(refused() && !ask(store_.load_login_facts(c)).value().linked, "no link to a removed module");
}

template <store S>
void store_contract<S>::user_ids() {
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

} // namespace authmod::detail
