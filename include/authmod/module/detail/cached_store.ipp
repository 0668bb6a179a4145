// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of cached_store.
#pragma once

#include "authmod/module/cached_store.hpp"

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL cached_store::cached_store(store_port& inner, cache_options options)
    : in_(inner), sessions_(log_, options.age, options.sessions), tokens_(log_, options.age, options.tokens) {}

AUTHMOD_DECL asio::awaitable<result<known_session>> cached_store::read_session(std::string_view digest) {
    auto const seen = log_.now();
    auto const asked = std::chrono::steady_clock::now();
    auto found = co_await in_.find_session(digest);
    if (!found) co_return found.error();
    auto view = std::make_shared<session_view const>(std::move(*found));
    sessions_.put(view, seen, asked);
    co_return view;
}

AUTHMOD_DECL asio::awaitable<result<known_token>> cached_store::read_token(std::string_view digest) {
    auto const seen = log_.now();
    auto const asked = std::chrono::steady_clock::now();
    auto found = co_await in_.find_token(digest);
    if (!found) co_return found.error();
    auto view = std::make_shared<token_view const>(std::move(*found));
    tokens_.put(view, seen, asked);
    co_return view;
}

/// A login changes the account, and ends the session that it replaces.
AUTHMOD_DECL asio::awaitable<result<login_outcome>> cached_store::finish_login(login_candidate const& candidate) {
    auto outcome = co_await in_.finish_login(candidate);
    if (!outcome) log_.note_everything(); // whose account it would have been is not known here
    if (outcome && !outcome->who.id.empty()) log_.note(outcome->who.id);
    if (!candidate.replaced_session.empty()) log_.note(candidate.replaced_session);
    co_return outcome;
}

AUTHMOD_DECL asio::awaitable<result<long long>> cached_store::end_sessions_at_provider(provider_logout const& logout,
                                                                                       audit_row const& row) {
    auto ended = co_await in_.end_sessions_at_provider(logout, row);
    if (!ended || *ended != 0) log_.note_everything(); // whose they were is not known here
    co_return ended;
}

AUTHMOD_DECL asio::awaitable<result<store_news>> cached_store::wait_for_news(long long seen, milliseconds limit) {
    auto news = co_await in_.wait_for_news(seen, limit);
    if (news)
        for (auto const& key : news->keys) forget(key);
    co_return news;
}

AUTHMOD_DECL asio::awaitable<result<void>> cached_store::then_forget(std::string_view key,
                                                                     asio::awaitable<result<void>> write) {
    auto written = co_await std::move(write);
    forget(key);
    co_return written;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
