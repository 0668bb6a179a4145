// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on service clients, the tokens they get, and what ends those.
#pragma once

#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <future>
#include <string>
#include <vector>

namespace authmod::detail {

template <store S>
void store_contract<S>::services() {
    auto b = service("b");
    b.name = "B " + b.id;
    b.modules = {id("y"), id("x"), id("y")};
    auto a = service("a");
    a.name = "A " + a.id;
    a.modules.clear();
    put_service(b);
    put_service(a);
    b.modules = {id("x"), id("y")};
    expect(ask(store_.find_service(b.id)).value() == b, "every member as it was, modules in order and once");
    expect(ask(store_.find_service(a.id)).value() == a, "a service without modules");
    auto const list = ask(store_.list_services()).value();
    expect(std::ranges::is_sorted(list, {}, &service_client::name) && std::ranges::count(list, b) == 1 &&
               std::ranges::count(list, a) == 1,
           "both in the list, by name");
    auto twin = service("twin");
    twin.name = a.name;
    expect_error(ask(store_.insert_service(twin, row("refused", id("x")))), errc::name_taken);
    auto same_id = service("a");
    same_id.name = "C " + a.id;
    expect_error(ask(store_.insert_service(same_id, row("refused", id("x")))), errc::store_conflict);
    expect_error(ask(store_.find_service(twin.id)), errc::not_found);

    auto const x = module("x");
    auto const y = module("y");
    auto const z = module("z");
    for (auto const& m : {x, y, z}) expect_ok(ask(store_.insert_module(m, row(m.id))));
    expect_ok(ask(store_.remove_module(x.id, y.id, row(x.id), false)));
    expect(ask(store_.find_service(b.id)).value().modules == std::vector{y.id}, "one place for two modules");
    expect_ok(ask(store_.remove_module(y.id, z.id, row(y.id), false)));
    expect(ask(store_.find_service(b.id)).value().modules == std::vector{z.id}, "the successor's place");
    expect_ok(ask(store_.remove_module(z.id, "", row(z.id), false)));
    expect(ask(store_.find_service(b.id)).value().modules.empty(), "no place of a removed module");

    expect_ok(ask(store_.remove_service(b.id, row("removed", b.id))));
    expect_error(ask(store_.find_service(b.id)), errc::not_found);
    expect_error(ask(store_.remove_service(b.id, row("refused", id("x")))), errc::not_found);
    expect(rows_about(id("x")).size() == 2 && rows_about(b.id).front().event == "removed", "a row with each change");
    put_service(b);
}

template <store S>
void store_contract<S>::tokens() {
    put_service(service("service"));
    put_service(service("other"));
    group const g(id("group"), id("group"));
    put_group(g);
    auto c = exchange("somebody");
    c.auto_join_groups = {g.id};
    auto const outcome = log_in(c);
    expect(outcome.what == login_decision::kind::create && outcome.who.id == c.new_account_id,
           "an account as at login");
    auto const found = ask(store_.find_token(c.new_token->digest));
    if (!expect_ok(found)) return;
    auto wanted = *c.new_token;
    wanted.account_id = c.new_account_id;
    expect(found->who == wanted && found->user == outcome.who, "the token and its account");
    expect(found->groups == std::vector<std::string>{all_users, g.name}, "the groups of the account");
    expect(!signed_in("somebody"), "no session");

    auto second = exchange("somebody"); // as many as the service asks for
    second.new_token->digest = digest("second");
    log_in(second);
    expect(has_token(c) && has_token(second), "both tokens");
    auto again = exchange("late");
    again.new_token->digest = second.new_token->digest;
    expect_error(ask(store_.finish_login(again)), errc::store_conflict);
    auto stranger = exchange("late");
    stranger.new_token->service_id = id("no service");
    expect_error(ask(store_.finish_login(stranger)), errc::not_found);
    expect_error(ask(store_.find_account(id("late"))), errc::not_found);
    expect(rows_about(id("late")).empty(), "nothing written by a refused exchange");

    auto const& key = c.new_token->digest;
    auto const target = id("target");
    expect_error(ask(store_.end_token(key, id("other"), row("refused", target))), errc::not_found);
    expect_error(ask(store_.end_token(digest("none"), id("service"), row("refused", target))), errc::not_found);
    expect(has_token(c) && rows_about(target).empty(), "the token, which only its own service may end");
    expect_ok(ask(store_.end_token(key, id("service"), row("ended", target))));
    expect_error(ask(store_.find_token(key)), errc::not_found);
    expect_error(ask(store_.end_token(key, id("service"), row("refused", target))), errc::not_found);
    expect(rows_about(target).size() == 1 && has_token(second), "one token less");
}

template <store S>
void store_contract<S>::token_ends() {
    auto const m = module("module");
    auto const elsewhere = module("elsewhere");
    expect_ok(ask(store_.insert_module(m, row(m.id))));
    expect_ok(ask(store_.insert_module(elsewhere, row(elsewhere.id))));
    put_service(service("service"));
    put_service(service("other"));
    auto const make = [&](std::string_view name) {
        auto c = exchange(name);
        log_in(c);
        return c;
    };
    auto const banned = make("banned");
    auto const removed = make("removed");
    auto const of_module = make("of module");
    auto kept = exchange("kept");
    kept.module_id = kept.new_token->module_id = elsewhere.id;
    kept.new_token->service_id = id("other");
    log_in(kept);
    auto of_service = exchange("of service");
    of_service.module_id = of_service.new_token->module_id = elsewhere.id;
    log_in(of_service);

    auto user = stored_account(id("banned"));
    user.banned = true;
    expect_ok(ask(store_.update_account(user, user.revision, row(user.id))));
    expect(!has_token(banned), "no token of a banned account");
    auto again = banned;
    again.new_token->digest = digest("again");
    expect(log_in(again).reason == errc::account_banned && !has_token(again), "no new one either");
    expect_ok(ask(store_.remove_account(id("removed"), row(id("removed")))));
    expect(!has_token(removed), "no token of a removed account");
    expect(has_token(of_module) && has_token(of_service) && has_token(kept), "the tokens of others");
    expect_ok(ask(store_.remove_module(m.id, elsewhere.id, row(m.id), false)));
    expect(!has_token(of_module), "no token through a removed module, with a successor too");
    expect(has_token(of_service) && has_token(kept), "the tokens through others");
    expect_ok(ask(store_.remove_service(id("service"), row(id("service")))));
    expect(!has_token(of_service), "no token of a removed service");
    put_service(service("service"));
    expect(!has_token(of_service), "none in a new service with its id");
    expect(has_token(kept), "the token of another service");
}

template <store S>
void store_contract<S>::service_removal_race() {
    put_service(service("service"));
    std::vector<login_candidate> all;
    for (int i = 0; i < 20; ++i) all.push_back(exchange("person " + std::to_string(i)));
    std::vector<std::future<result<login_outcome>>> calls;
    audit_row const r = row(id("race"));
    std::string const service_id = id("service");
    std::future<result<void>> removal;
    for (auto const& c : all) {
        if (calls.size() == 10) removal = spawn(store_.remove_service(service_id, r));
        calls.push_back(spawn(store_.finish_login(c)));
    }
    for (auto& call : calls) {
        auto const outcome = call.get();
        if (!outcome) expect_error(outcome, errc::not_found);
    }
    expect_ok(removal.get());
    auto const left = std::ranges::count_if(all, [&](login_candidate const& c) { return has_token(c); });
    expect(left == 0, "no token outlives its service");
}

} // namespace authmod::detail
