// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of logout_engine.
#pragma once

#include "authmod/crypto/token.hpp"
#include "authmod/flow/token_rules.hpp"
#include "authmod/module/detail/exchange.hpp"
#include "authmod/module/detail/token_seal.hpp"
#include "authmod/module/logout_engine.hpp"
#include "authmod/protocol/end_session.hpp"
#include "authmod/protocol/logout_token.hpp"
#include "authmod/protocol/revocation_request.hpp"

#include <chrono>
#include <utility>

namespace authmod {

namespace detail {

/// A logout waits no longer for a provider.
inline constexpr std::chrono::seconds logout_patience{2};

/// Where a browser goes to log out at the provider.
[[nodiscard]] inline std::string logout_location(module_plan const& plan, session const& who, secret const& id_token) {
    if (!plan.is_openid() || plan.text.logout_url.empty()) return plan.text.logout_url;
    end_session_request request;
    request.end_session_endpoint = plan.text.logout_url;
    request.id_token_hint = id_token;
    request.client_id = plan.text.client_id;
    if (id_token.empty()) request.logout_hint = who.provider_session;
    return request.to_url();
}

} // namespace detail

inline namespace AUTHMOD_ABI {

/// The module's plan with what its provider says, or as it is set where that cannot be had in time.
AUTHMOD_DECL asio::awaitable<std::shared_ptr<module_plan const>> logout_engine::plan_for(running_module const& module) {
    if (!module.is_complete()) co_return module.plan;
    auto const deadline = std::chrono::steady_clock::now() + detail::logout_patience;
    auto plan = co_await engine_->documents().plan_of(module, deadline);
    if (!plan) co_return module.plan;
    co_return *plan;
}

AUTHMOD_DECL asio::awaitable<std::string> logout_engine::logout_url(std::string module_id) {
    auto const all = engine_->modules();
    auto const* module = all->find(module_id);
    if (!module) co_return std::string();
    auto const plan = co_await plan_for(*module);
    co_return plan ? plan->text.logout_url : std::string();
}

AUTHMOD_DECL asio::awaitable<result<std::string>> logout_engine::log_out(std::string session_id, std::string address) {
    if (session_id.size() != token_length) co_return std::string();
    ports const& parts = engine_->parts();
    std::string const digest = digest_of(session_id);
    auto found = co_await parts.data->find_session(digest);
    if (!found && found.error() == errc::not_found) co_return std::string();
    if (!found) co_return found.error();
    kept_tokens kept; // read first: they go with the session
    if (engine_->options().keep_tokens) {
        auto stored = co_await parts.data->find_kept_tokens(digest);
        if (!stored && stored.error() != errc::not_found) co_return stored.error();
        if (stored)
            if (auto opened = detail::open_tokens(*parts.sealer, digest, stored->sealed)) kept = std::move(*opened);
    }
    auto ended = co_await engine_->end_session(found->who, address);
    if (!ended) co_return ended.error();

    auto const all = engine_->modules();
    auto const* module = all->find(found->who.module_id);
    if (!module) co_return std::string();
    if (kept.fingerprint != module->fingerprint) kept = kept_tokens(); // of a client that is another one by now
    auto const plan = co_await plan_for(*module);
    if (!plan) co_return std::string();
    auto given_back = co_await give_back(*module, *plan, kept);
    if (!given_back) {
        audit_row row("tokens_not_revoked", found->user.id);
        row.at = parts.time->now();
        row.author = found->user.id;
        row.address = std::move(address);
        row.module_id = module->record.id;
        row.reason = to_word(given_back.error());
        auto noted = co_await parts.data->append_audit(row);
        static_cast<void>(noted); // the session is over all the same
    }
    co_return detail::logout_location(*plan, found->who, kept.id_token);
}

/// Revokes the refresh token, which ends its access tokens too; without one the access token.
AUTHMOD_DECL asio::awaitable<result<void>> logout_engine::give_back(running_module const& module,
                                                                    module_plan const& plan, kept_tokens const& kept) {
    bool const prolonged = !kept.refresh_token.empty();
    secret const& token = prolonged ? kept.refresh_token : kept.access_token;
    if (token.empty() || plan.revocation_url.empty()) co_return result<void>();
    client_credentials const client(plan.text.client_id, module.client_secret, plan.text.client_authentication);
    http_request request = revocation_request(client, plan.revocation_url, token,
                                              prolonged ? revoked_token::refresh_token : revoked_token::access_token);
    request.step = "revocation";
    auto const deadline = std::chrono::steady_clock::now() + detail::logout_patience;
    auto answer = co_await detail::ask_provider(*engine_->parts().transport, plan, std::move(request), deadline);
    if (!answer) co_return answer.error();
    auto judged = judge_revocation_answer(*answer);
    if (!judged) co_return judged.error().code;
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void, failure>>
logout_engine::end_by_provider(std::string module_id, std::string logout_token, std::string address) {
    auto const all = engine_->modules();
    auto const* module = all->find(module_id);
    if (!module || !module->provider || !module->provider->extras.openid)
        co_return failure(errc::not_found, diagnostics("logout"));
    auto taken = co_await take_logout_token(*module, logout_token, address);
    if (taken) co_return taken;
    audit_row row("backchannel_logout_refused", {});
    row.at = engine_->parts().time->now();
    row.author = "provider";
    row.module_id = module->record.id;
    row.address = std::move(address);
    row.field = taken.error().details.field;
    row.reason = to_word(taken.error().code);
    auto noted = co_await engine_->parts().data->append_audit(row);
    static_cast<void>(noted); // a store that is down changes nothing about the refusal
    co_return taken;
}

AUTHMOD_DECL asio::awaitable<result<void, failure>>
logout_engine::take_logout_token(running_module const& module, std::string const& token, std::string const& address) {
    if (!module.is_complete()) co_return failure(errc::module_incomplete, diagnostics("logout"));
    if (auto const form = parse_compact_jws(token); !form) // nobody is asked about what is no token at all
        co_return failure(form.error(), diagnostics("logout"));
    ports const& parts = engine_->parts();
    auto const deadline = std::chrono::steady_clock::now() + engine_->options().login_deadline;
    time_point const now = parts.time->now();
    auto const plan = co_await engine_->documents().plan_of(module, deadline);
    if (!plan) co_return plan.error();
    jwt_rules const rules = token_rules_of(**plan);
    auto keys = co_await engine_->documents().keys_of(**plan, 0, deadline);
    if (!keys) co_return keys.error();
    auto read = read_logout_token(token, *keys->keys, rules, now);
    if (!read && fresh_keys_may_help(read.error().code)) {
        auto fresh = co_await engine_->documents().keys_of(**plan, keys->generation, deadline, key_asker::stranger);
        if (!fresh) co_return read.error();
        read = read_logout_token(token, *fresh->keys, rules, now);
    }
    if (!read) co_return read.error();

    provider_logout which;
    which.module_id = module.record.id;
    which.subject = std::move(read->subject);
    which.provider_session = std::move(read->session_id);
    which.token_digest = digest_of("logout token " + module.record.id + ' ' + read->token_id);
    which.remember_until = read->expires_at + max_clock_skew;
    audit_row row("backchannel_logout", {});
    row.at = now;
    row.author = "provider";
    row.module_id = module.record.id;
    row.address = address;
    auto ended = co_await parts.data->end_sessions_at_provider(which, row);
    if (!ended) co_return failure(ended.error(), diagnostics("logout"));
    co_return result<void, failure>();
}

} // namespace AUTHMOD_ABI

} // namespace authmod
