// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on the last way in. Disables every module that it finds and enables them again.
#pragma once

#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <future>
#include <string>
#include <vector>

namespace authmod::detail {

/// Enables or disables a module, whatever its revision.
template <store S>
void store_contract<S>::switch_module(std::string_view module_id, bool enabled) {
    auto m = stored_module(module_id);
    m.enabled = enabled;
    expect_ok(ask(store_.update_module(m, m.revision, row(m.id), false)));
}

/// Disables all modules, and gives the ids of those that were enabled.
template <store S>
std::vector<std::string> store_contract<S>::disable_all() {
    std::vector<std::string> ids;
    auto const list = ask(store_.list_modules());
    if (expect_ok(list))
        for (auto const& m : *list)
            if (m.enabled) ids.push_back(m.id);
    for (auto const& module_id : ids) switch_module(module_id, false);
    return ids;
}

template <store S>
void store_contract<S>::way_in() {
    auto const before = disable_all();
    auto a = module("a");
    auto b = module("b");
    a.enabled = true;
    expect_ok(ask(store_.insert_module(a, row(a.id))));
    expect_ok(ask(store_.insert_module(b, row(b.id))));
    auto const target = id("target");
    auto const r = row("refused", target);
    auto off = a;
    off.enabled = false;
    off.name += " renamed";
    expect_error(ask(store_.update_module(off, 1, r, true)), errc::last_way_in);
    expect_error(ask(store_.remove_module(a.id, "", r, true)), errc::last_way_in);
    expect_error(ask(store_.remove_module(a.id, b.id, r, true)), errc::last_way_in); // the successor is disabled
    expect(stored_module(a.id) == a && rows_about(target).empty(), "nothing written");

    auto renamed = a;
    renamed.name += " renamed";
    expect_ok(ask(store_.update_module(renamed, 1, row(a.id), true))); // stays enabled
    expect_ok(ask(store_.update_module(b, 1, row(b.id), true)));       // was disabled before
    expect_ok(ask(store_.remove_module(b.id, "", row(b.id), true)));

    auto c = module("c");
    c.enabled = true;
    expect_ok(ask(store_.insert_module(c, row(c.id))));
    off.revision = stored_module(a.id).revision;
    expect_ok(ask(store_.update_module(off, off.revision, row(a.id), true))); // another is left
    expect_error(ask(store_.remove_module(c.id, "", r, true)), errc::last_way_in);
    expect_ok(ask(store_.remove_module(c.id, "", row(c.id), false))); // forced
    expect_ok(ask(store_.remove_module(a.id, "", row(a.id), true)));
    for (auto const& module_id : before) switch_module(module_id, true);
}

template <store S>
void store_contract<S>::way_in_race() {
    auto const before = disable_all();
    std::vector<module_record> made;
    for (int i = 0; i < 50; ++i) {
        auto& m = made.emplace_back(module("module " + std::to_string(i)));
        m.enabled = true;
        expect_ok(ask(store_.insert_module(m, row(m.id))));
        m.enabled = false;
    }
    audit_row const r = row(id("race"));
    std::vector<std::future<result<void>>> calls;
    for (auto const& m : made)
        calls.push_back(spawn(calls.size() % 5 == 0 ? store_.remove_module(m.id, "", r, true)
                                                    : store_.update_module(m, 1, r, true)));
    int done = 0;
    for (auto& call : calls) {
        auto const answer = call.get();
        done += answer ? 1 : 0;
        if (!answer) expect_error(answer, errc::last_way_in);
    }
    auto const list = ask(store_.list_modules()).value();
    expect(done == 49 && std::ranges::count(list, true, &module_record::enabled) == 1,
           "exactly one module left enabled");
    for (auto const& m : made)
        if (!stored_module(m.id).id.empty()) expect_ok(ask(store_.remove_module(m.id, "", r, false)));
    for (auto const& module_id : before) switch_module(module_id, true);
}

} // namespace authmod::detail
