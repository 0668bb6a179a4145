// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on the connection, what is not there, and texts that need care.
#pragma once

#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <string>

namespace authmod::detail {

template <store S>
void store_contract<S>::answers() {
    expect_ok(ask(store_.ping()));
}

template <store S>
void store_contract<S>::resumes_at_home() {
    asio::thread_pool home(1);
    auto visit = [this, &home]() -> asio::awaitable<bool> {
        audit_row const r = row(id("home"));
        auto const written = co_await store_.append_audit(r);
        bool const home_after_write = home.get_executor().running_in_this_thread();
        auto const read = co_await store_.list_groups();
        bool const home_after_read = home.get_executor().running_in_this_thread();
        bool const kept = written && read && home_after_write && home_after_read;
        co_return kept;
    };
    expect(asio::co_spawn(home, visit, asio::use_future).get(), "to go on in the coroutine's own executor");
    home.join();
}

template <store S>
void store_contract<S>::not_found() {
    auto const nobody = id("nobody");
    expect_error(ask(store_.update_module(module("nobody"), 1, row("x"), false)), errc::not_found);
    expect_error(ask(store_.remove_module(nobody, "", row("x"), false)), errc::not_found);
    expect_error(ask(store_.remove_module("", "", row("x"), false)), errc::not_found);
    expect_error(ask(store_.find_session(digest("nobody"))), errc::not_found);
    expect_error(ask(store_.find_session("")), errc::not_found);
    expect_error(ask(store_.touch_session(digest("nobody"), now_)), errc::not_found);
    expect_error(ask(store_.end_session(digest("nobody"), row("x"))), errc::not_found);
    expect_error(ask(store_.find_account(nobody)), errc::not_found);
    expect_error(ask(store_.find_account("")), errc::not_found);
    expect_error(ask(store_.update_account(person("nobody"), 1, row("x"))), errc::not_found);
    expect_error(ask(store_.remove_account(nobody, row("x"))), errc::not_found);
    expect_error(ask(store_.load_avatar(nobody)), errc::not_found);
    expect_error(ask(store_.remove_group(nobody, row("x"))), errc::not_found);
    expect_error(ask(store_.put_member(nobody, nobody, row("x"))), errc::not_found);
    expect_error(ask(store_.put_member(admins_id, nobody, row("x"))), errc::not_found);
    expect_error(ask(store_.remove_member(nobody, nobody, row("x"))), errc::not_found);
    expect(ask(store_.count_accounts_made_by(nobody)).value() == 0, "no account made by nobody");
}

template <store S>
void store_contract<S>::odd_texts() {
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

} // namespace authmod::detail
