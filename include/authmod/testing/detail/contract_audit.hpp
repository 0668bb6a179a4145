// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on the audit: one row with each change, none without.
#pragma once

#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace authmod::detail {

template <store S>
void store_contract<S>::refused_changes() {
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
    expect_error(ask(store_.update_module(m, 7, r, false)), errc::revision_stale);
    auto other = person("other");
    other.username = a.username;
    expect_error(ask(store_.insert_account(other, r)), errc::name_taken);
    expect_error(ask(store_.update_account(other, other.revision, r)), errc::not_found);
    expect_error(ask(store_.update_account(a, 7, r)), errc::revision_stale);
    expect_error(ask(store_.remove_account(other.id, r)), errc::not_found);
    expect_error(ask(store_.end_sessions_of(other.id, r)), errc::not_found);
    expect_error(ask(store_.insert_group(group(id("g2"), g.name), r)), errc::name_taken);
    expect_error(ask(store_.put_member(g.id, other.id, r)), errc::not_found);
    expect_error(ask(store_.remove_member(g.id, a.id, r)), errc::not_found);
    expect_error(ask(store_.end_session(digest("none"), r)), errc::not_found);
    expect_error(ask(store_.remove_module(twin.id, "", r, false)), errc::not_found);
    expect_error(ask(store_.remove_group(all_users_id, r)), errc::not_permitted);
    expect(rows_about(target).empty(), "no row of a change that did not happen");

    auto twice = candidate("somebody"); // fails at its last step: the digest is in use
    log_in(twice);
    auto late = candidate("late");
    late.new_session.digest = twice.new_session.digest;
    expect_error(ask(store_.finish_login(late)), errc::store_conflict);
    expect(rows_about(late.new_account_id).empty(), "no row of a login that did not happen");
}

template <store S>
void store_contract<S>::audited_changes() {
    auto const target = id("target");
    auto const r = row("done", target);
    auto m = module("module");
    auto a = person("account");
    group const g(id("group"), id("group"));
    expect_ok(ask(store_.insert_module(m, r)));
    expect_ok(ask(store_.update_module(m, 1, r, false)));
    expect_ok(ask(store_.insert_account(a, r)));
    expect_ok(ask(store_.update_account(a, a.revision, r)));
    expect_ok(ask(store_.insert_group(g, r)));
    expect_ok(ask(store_.put_member(g.id, a.id, r)));
    expect_ok(ask(store_.remove_member(g.id, a.id, r)));
    expect_ok(ask(store_.remove_group(g.id, r)));
    expect_ok(ask(store_.remove_account(a.id, r)));
    log_in(candidate("somebody"));
    expect_ok(ask(store_.end_session(digest("somebody"), r)));
    expect_ok(ask(store_.remove_module(m.id, "", r, false)));
    expect_ok(ask(store_.append_audit(r)));
    auto const rows = rows_about(target);
    expect(rows.size() == 12, "a row for each of twelve changes, not " + std::to_string(rows.size()));
}

template <store S>
void store_contract<S>::audit() {
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

} // namespace authmod::detail
