// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on groups, their members, and who granted a membership.
#pragma once

#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace authmod::detail {

template <store S>
void store_contract<S>::built_in_groups() {
    auto const list = ask(store_.list_groups());
    if (!expect_ok(list)) return;
    auto const count = [&](auto id, auto name) {
        return std::ranges::count_if(*list, [&](group_summary const& g) { return g.id == id && g.name == name; });
    };
    expect(count(all_users_id, all_users) == 1, "All Users");
    expect(count(admins_id, admins_group) == 1, "authmod-admins");
    put_account(person("somebody"));
    expect(groups_of(id("somebody")) == std::vector<std::string>{all_users}, "everybody in All Users");
    expect_error(ask(store_.remove_group(all_users_id, row(all_users_id))), errc::not_permitted);
    expect_error(ask(store_.remove_group(admins_id, row(admins_id))), errc::not_permitted);
    expect_error(ask(store_.put_member(all_users_id, id("somebody"), row("x"))), errc::not_permitted);
    expect_error(ask(store_.remove_member(all_users_id, id("somebody"), row("x"))), errc::not_permitted);
    expect_error(ask(store_.insert_group(group(id("x"), all_users), row("x"))), errc::name_taken);
}

template <store S>
void store_contract<S>::groups() {
    group const b(id("1"), "B " + id(""));
    group const a(id("2"), "A " + id(""));
    put_group(b);
    put_group(a);
    expect_error(ask(store_.insert_group(group(id("3"), a.name), row("x"))), errc::name_taken);
    expect_error(ask(store_.insert_group(group(a.id, "C " + id("")), row("x"))), errc::store_conflict);
    auto const list = ask(store_.list_groups());
    if (!expect_ok(list)) return;
    expect(std::ranges::is_sorted(*list, {}, &group_summary::name), "groups by name");

    auto const who = id("somebody");
    put_account(person("somebody"));
    expect_ok(ask(store_.put_member(b.id, who, row(who))));
    expect_ok(ask(store_.put_member(a.id, who, row(who))));
    expect_ok(ask(store_.put_member(a.id, who, row(who))));
    std::vector<std::string> const both{all_users, a.name, b.name};
    expect(groups_of(who) == both, "names in order, each once");
    auto c = candidate("another");
    c.auto_join_groups = {a.id};
    log_in(c);
    expect_ok(ask(store_.put_member(a.id, c.new_account_id, row(who)))); // in by two grants
    auto const members = [&](std::string_view group_id) {
        auto const now = ask(store_.list_groups()).value();
        auto const at = std::ranges::find(now, group_id, &group_summary::id);
        return at == now.end() ? -1 : at->members;
    };
    expect(members(a.id) == 2 && members(b.id) == 1, "the number of members, each once");
    expect(members(all_users_id) >= 2, "everybody counted in All Users");
    auto const everybody = members(all_users_id);
    expect_ok(ask(store_.remove_account(c.new_account_id, row(who))));
    expect(members(a.id) == 1 && members(all_users_id) == everybody - 1, "no member that is gone");
    expect_ok(ask(store_.remove_member(a.id, who, row(who))));
    expect_error(ask(store_.remove_member(a.id, who, row(who))), errc::not_found);
    expect_ok(ask(store_.remove_group(b.id, row(b.id))));
    expect(groups_of(who) == std::vector<std::string>{all_users}, "no membership of a removed group");
    put_group(b);
    expect(groups_of(who) == std::vector<std::string>{all_users}, "none in a new group with its id");
}

template <store S>
void store_contract<S>::grants() {
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

} // namespace authmod::detail
