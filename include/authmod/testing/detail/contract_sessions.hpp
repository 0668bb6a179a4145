// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on sessions, what ends them, and the sweep.
#pragma once

#include "authmod/testing/detail/contract_support.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace authmod::detail {

template <store S>
void store_contract<S>::sessions() {
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

template <store S>
void store_contract<S>::session_ends() {
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
    expect_ok(ask(store_.update_account(banned, banned.revision, row(banned.id))));
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

template <store S>
void store_contract<S>::session_replacement() {
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

template <store S>
void store_contract<S>::signing_out() {
    put_service(service("service"));
    log_in(candidate("somebody"));
    auto again = candidate("somebody");
    again.new_session.digest = digest("somebody 2");
    log_in(again);
    auto const c = exchange("somebody");
    log_in(c);
    log_in(candidate("bystander"));
    expect_error(ask(store_.end_sessions_of(id("nobody"), row("x"))), errc::not_found);
    expect_ok(ask(store_.end_sessions_of(id("somebody"), row("signed_out", id("somebody")))));
    expect(!signed_in("somebody") && !signed_in("somebody 2") && !has_token(c), "no session and no token");
    expect(signed_in("bystander"), "the sessions of others");
    expect(rows_about(id("somebody")).front().event == "signed_out", "the row of it");
}

template <store S>
void store_contract<S>::sweeping() {
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
    put_service(service("service"));
    auto spent = exchange("spent");
    log_in(spent);
    auto valid = exchange("valid");
    valid.new_token->expires_at = over + milliseconds(1);
    log_in(valid);

    long long removed = 0;
    for (int calls = 0; calls < 1'000; ++calls) {
        auto const batch = ask(store_.sweep(over, limits));
        if (!expect_ok(batch) || !expect(*batch <= 1'000, "batches of at most 1,000 rows")) return;
        removed += *batch;
        if (*batch == 0) break;
    }
    expect(removed >= 5, "the number of what was removed");
    expect(!signed_in("idle") && !signed_in("aged") && !signed_in("ahead"), "no session that is over");
    expect(signed_in("fresh"), "the session that is not");
    expect(!has_token(spent) && has_token(valid), "no token that has expired");
    expect_error(ask(store_.take_state(digest("new"), over)), errc::state_used);
    expect_ok(ask(store_.take_state(digest("old"), over)));
}

} // namespace authmod::detail
