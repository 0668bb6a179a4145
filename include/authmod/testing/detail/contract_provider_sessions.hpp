// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on sessions that the provider ends, and on the provider's tokens kept with them.
#pragma once

#include "authmod/testing/detail/contract_support.hpp"

#include <chrono>
#include <future>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod::detail {

template <store S>
void store_contract<S>::begin_at_provider(std::string_view name, std::string_view subject, std::string_view sid) {
    auto c = candidate(name);
    c.new_session.subject = subject;
    c.new_session.provider_session = sid;
    log_in(c);
    auto const kept = ask(store_.find_session(c.new_session.digest));
    if (!expect_ok(kept)) return;
    expect(kept->who.subject == subject && kept->who.provider_session == sid, "what the provider calls the session");
}

template <store S>
provider_logout store_contract<S>::logout_of(std::string_view token, std::string_view subject,
                                             std::string_view sid) const {
    provider_logout out;
    out.module_id = id("module");
    out.subject = subject;
    out.provider_session = sid;
    out.token_digest = digest(token);
    out.remember_until = now_ + std::chrono::minutes(10);
    return out;
}

template <store S>
void store_contract<S>::provider_logouts() {
    begin_at_provider("one", "sub-1", "sid-1");
    begin_at_provider("one again", "sub-1", "sid-2");
    begin_at_provider("two", "sub-2", "sid-3");
    begin_at_provider("plain", "", "");
    auto const end = [&](provider_logout const& which) {
        auto ended = ask(store_.end_sessions_at_provider(which, row("backchannel_logout", "")));
        return expect_ok(ended) ? *ended : -1;
    };
    auto elsewhere = logout_of("token 0", "sub-1", "");
    elsewhere.module_id = id("another module");
    expect(end(elsewhere) == 0 && signed_in("one"), "nothing through another module");
    expect(end(logout_of("token 1", "sub-2", "sid-1")) == 0 && signed_in("one"), "nothing where only one of two fits");
    expect(end(logout_of("token 2", "", "sid-1")) == 1 && !signed_in("one") && signed_in("one again"),
           "one session by its name");
    auto const rows = rows_about(id("one"));
    expect(!rows.empty() && rows.front().event == "backchannel_logout", "a row that names the account");

    auto const again = logout_of("token 2", "sub-1", "");
    expect_error(ask(store_.end_sessions_at_provider(again, row("x"))), errc::state_used);
    expect(signed_in("one again"), "nothing by a token that was used");
    expect_error(ask(store_.take_state(digest("token 2"), now_)), errc::state_used);

    begin_at_provider("one", "sub-1", "sid-4");
    expect(end(logout_of("token 3", "sub-1", "")) == 2 && !signed_in("one") && !signed_in("one again"),
           "all sessions of a person");
    expect(end(logout_of("token 4", "", "")) == 0, "nobody when nobody is named");
    expect(signed_in("two") && signed_in("plain"), "the sessions of others");
}

template <store S>
void store_contract<S>::provider_logout_race() {
    begin_at_provider("somebody", "sub-r", "sid-r");
    auto const which = logout_of("token of the race", "sub-r", "");
    auto const told = row("backchannel_logout", "");
    std::vector<std::future<result<long long>>> calls;
    for (int i = 0; i < 10; ++i) calls.push_back(spawn(store_.end_sessions_at_provider(which, told)));
    int done = 0;
    for (auto& call : calls) {
        auto const outcome = call.get();
        done += outcome ? 1 : 0;
        if (!outcome) expect(outcome.error() == errc::state_used, "state_used for the others");
    }
    expect(done == 1 && !signed_in("somebody"), "one of ten that ends the session");
}

template <store S>
void store_contract<S>::kept_tokens() {
    auto c = candidate("somebody");
    c.sealed_tokens = std::string("sealed\0\xff", 8);
    log_in(c);
    log_in(candidate("without"));
    auto const& key = c.new_session.digest;
    auto const found = ask(store_.find_kept_tokens(key));
    if (!expect_ok(found)) return;
    expect(found->sealed == c.sealed_tokens && found->revision == 1, "the tokens as they were sealed");
    expect_error(ask(store_.find_kept_tokens(digest("without"))), errc::not_found);
    expect_error(ask(store_.claim_kept_tokens(digest("without"), 1, now_, now_)), errc::not_found);
    expect_error(ask(store_.put_kept_tokens(digest("without"), "x", 1)), errc::not_found);

    auto const until = now_ + std::chrono::seconds(30);
    expect_error(ask(store_.claim_kept_tokens(key, 2, now_, until)), errc::store_conflict);
    expect_ok(ask(store_.claim_kept_tokens(key, 1, now_, until)));
    expect_error(ask(store_.claim_kept_tokens(key, 1, until - milliseconds(1), until)), errc::store_conflict);
    expect_ok(ask(store_.claim_kept_tokens(key, 1, until, until + milliseconds(1)))); // its holder has died
    expect_error(ask(store_.put_kept_tokens(key, "other", 2)), errc::store_conflict);
    expect_ok(ask(store_.put_kept_tokens(key, "fresh", 1)));
    expect_error(ask(store_.put_kept_tokens(key, "late", 1)), errc::store_conflict);
    auto const fresh = ask(store_.find_kept_tokens(key)).value();
    expect(fresh.sealed == "fresh" && fresh.revision == 2, "the fresh tokens with the next revision");
    expect_ok(ask(store_.claim_kept_tokens(key, 2, now_, until)));

    expect_ok(ask(store_.end_session(key, row("logout", id("somebody")))));
    expect_error(ask(store_.find_kept_tokens(key)), errc::not_found);
}

template <store S>
void store_contract<S>::kept_token_pages() {
    std::map<std::string, std::string> ours, found;
    for (auto const* who : {"one", "two", "three", "four", "five"}) {
        auto c = candidate(who);
        c.sealed_tokens = std::string("sealed\0", 7) + who;
        log_in(c);
        ours[c.new_session.digest] = c.sealed_tokens;
    }
    log_in(candidate("without"));
    std::string after;
    for (bool more = true; more;) {
        auto const page = ask(store_.list_kept_tokens(after, 2));
        if (!expect_ok(page)) return;
        for (auto const& one : *page) {
            expect(one.session_digest > after && one.tokens.revision >= 1, "each once, in the order of the digests");
            after = one.session_digest;
            if (ours.contains(after)) found[after] = one.tokens.sealed;
        }
        expect(page->size() <= 2, "at most so many");
        more = page->size() == 2;
    }
    expect(found == ours, "the tokens of every session that has some, as they were sealed");
}

template <store S>
void store_contract<S>::kept_token_race() {
    auto c = candidate("somebody");
    c.sealed_tokens = "sealed";
    log_in(c);
    auto const until = now_ + std::chrono::seconds(30);
    std::vector<std::future<result<void>>> calls;
    for (int i = 0; i < 10; ++i) calls.push_back(spawn(store_.claim_kept_tokens(c.new_session.digest, 1, now_, until)));
    int claimed = 0;
    for (auto& call : calls) claimed += call.get() ? 1 : 0;
    expect(claimed == 1, "one of ten that may refresh");
}

} // namespace authmod::detail
