// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of token_keeper.
#pragma once

#include "authmod/crypto/token.hpp"
#include "authmod/flow/refresh_flow.hpp"
#include "authmod/module/detail/drive.hpp"
#include "authmod/module/detail/fresh_token.hpp"
#include "authmod/module/detail/token_seal.hpp"
#include "authmod/module/token_keeper.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

/// The tokens of one session on their way through a refresh.
struct token_keeper::ticket {
    std::shared_ptr<module_list const> all; // keeps `module` alive
    running_module const* module = nullptr;
    std::string digest; // of the session
    kept_tokens kept;
    long long revision = 0;
    detail::steady_deadline deadline{};
};

AUTHMOD_DECL asio::awaitable<result<kept_tokens, failure>> token_keeper::tokens_of(std::string session_id) {
    auto const failed = [](error_code code) { return failure(code, diagnostics("refresh")); };
    ports const& parts = engine_->parts();
    ticket held;
    held.deadline = std::chrono::steady_clock::now() + engine_->options().login_deadline;
    held.digest = digest_of(session_id);
    auto session = co_await engine_->check_session(std::move(session_id));
    if (!session) co_return failed(session.error());
    held.all = engine_->modules();
    held.module = held.all->find((*session)->who.module_id);
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (;;) {
        auto stored = co_await parts.data->find_kept_tokens(held.digest);
        if (!stored) co_return failed(stored.error());
        auto opened = detail::open_tokens(*parts.sealer, held.digest, stored->sealed);
        if (!opened) co_return failed(opened.error());
        held.kept = std::move(*opened);
        held.revision = stored->revision;
        if (!held.module || held.kept.fingerprint != held.module->fingerprint) co_return failed(errc::settings_changed);
        time_point const now = parts.time->now();
        if (!refresh_is_due(held.kept, now)) {
            if (held.kept.expires_at && now >= *held.kept.expires_at) co_return failed(errc::code_refused);
            co_return std::move(held.kept);
        }
        auto claimed = co_await parts.data->claim_kept_tokens(held.digest, held.revision, now, now + refresh_lease);
        if (!claimed && claimed.error() != errc::store_conflict) co_return failed(claimed.error());
        if (claimed) {
            auto fresh = co_await refresh(held);
            if (fresh || fresh.error().code != errc::store_conflict) co_return fresh;
        }
        if (std::chrono::steady_clock::now() >= held.deadline) {
            if (now < *held.kept.expires_at) co_return std::move(held.kept); // due, but good still
            co_return failed(errc::timed_out);
        }
        pause.expires_after(milliseconds(50)); // somebody else refreshes
        co_await pause.async_wait(asio::use_awaitable);
    }
}

/// Asks the provider, and stores what is to be kept whatever it says: that gives the right to refresh back.
AUTHMOD_DECL asio::awaitable<result<kept_tokens, failure>> token_keeper::refresh(ticket& held) {
    ports const& parts = engine_->parts();
    time_point const now = parts.time->now();
    result<void, failure> driven = failure(errc::random_failed, diagnostics("refresh"));
    auto seed = detail::fresh_token(*parts.random);
    auto const plan = co_await engine_->documents().plan_of(*held.module, held.deadline);
    if (!plan) driven = plan.error();
    if (plan && seed) {
        refresh_flow flow(**plan, held.module->client_secret, held.kept, secret(std::move(*seed)), now);
        trace_context const untraced;
        driven = co_await detail::drive(*parts.transport, engine_->documents(), flow, flow.start(), **plan,
                                        held.deadline, untraced);
        if (driven)
            held.kept = std::move(flow.tokens());
        else if (ends_refresh_token(driven.error()))
            held.kept.refresh_token.clear();
    }
    auto sealed = detail::seal_tokens(*parts.sealer, held.digest, held.kept);
    if (!sealed) co_return failure(sealed.error(), diagnostics("refresh"));
    auto written = co_await parts.data->put_kept_tokens(held.digest, *sealed, held.revision);
    if (!written) co_return failure(written.error(), diagnostics("refresh"));
    bool const still_good = held.kept.expires_at && now < *held.kept.expires_at;
    if (!driven && !still_good) co_return driven.error();
    co_return std::move(held.kept);
}

} // namespace AUTHMOD_ABI

} // namespace authmod
