// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of login_engine that log people in.
#pragma once

#include "authmod/account/avatar.hpp"
#include "authmod/crypto/new_id.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/flow/begin_login.hpp"
#include "authmod/flow/check_callback.hpp"
#include "authmod/flow/login_flow.hpp"
#include "authmod/module/detail/exchange.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/protocol/return_to.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

inline constexpr std::string_view attempt_purpose = "login-attempt";
inline constexpr std::size_t max_held_attempts = 32; // a browser of ours holds 12 at the most

AUTHMOD_DECL login_engine::login_engine(ports in_ports, provider_list providers, service_options options)
    : catalog_(in_ports, std::move(providers), std::move(options)), ports_(in_ports) {}

AUTHMOD_DECL result<std::string> login_engine::fresh_token() {
    std::array<std::byte, token_random_bytes> bytes;
    if (auto filled = ports_.random->fill(bytes); !filled) return filled.error();
    return new_token(bytes);
}

AUTHMOD_DECL result<login_start, failure> login_engine::start(running_module const& module, std::string return_to,
                                                              bool restarted) {
    login_entropy entropy;
    for (auto* token : {&entropy.state, &entropy.code_verifier}) {
        auto fresh = fresh_token();
        if (!fresh) return failure(fresh.error(), diagnostics("authorization"));
        *token = std::move(*fresh);
    }
    login_attempt attempt = begin_login_attempt(*module.plan, module.record.id, module.fingerprint, std::move(entropy),
                                                std::move(return_to), ports_.time->now());
    attempt.restarted = restarted;
    auto sealed = ports_.sealer->seal(attempt_purpose, attempt.to_bytes());
    if (!sealed) return failure(sealed.error(), diagnostics("authorization"));
    return login_start(authorization_location(*module.plan, attempt, module.redirect_uri), std::move(*sealed));
}

AUTHMOD_DECL result<login_start, failure> login_engine::begin_login(std::string_view module_id,
                                                                    std::string_view return_to) {
    auto const all = modules();
    auto const* module = all->find(module_id);
    if (!module) return failure(errc::not_found, diagnostics("authorization"));
    if (!module->serves()) return failure(errc::module_disabled, diagnostics("authorization"));
    auto path = safe_return_to(return_to);
    if (!path) return failure(path.error(), diagnostics("authorization"));
    return start(*module, std::move(*path), false);
}

/// What one callback gathers on its way.
struct login_engine::running_login {
    std::shared_ptr<module_list const> all; // keeps `module` alive
    running_module const* module = nullptr;
    login_callback callback;
    login_attempt attempt;
    detail::steady_deadline deadline{};
    bool audited = false; // the store wrote the refusal itself
};

AUTHMOD_DECL asio::awaitable<result<login_finish, failure>> login_engine::finish_login(std::string module_id,
                                                                                       login_callback callback) {
    running_login login;
    login.deadline = std::chrono::steady_clock::now() + options().login_deadline;
    login.all = modules();
    login.module = login.all->find(module_id);
    login.callback = std::move(callback);
    if (!login.module) co_return failure(errc::not_found, diagnostics("authorization"));

    auto outcome = co_await run_login(login);
    if (outcome || login.audited) co_return outcome;

    audit_row row("login_refused", {});
    row.at = ports_.time->now();
    row.author = "login";
    row.module_id = login.module->record.id;
    row.address = login.callback.address;
    row.field = outcome.error().details.step;
    row.reason = to_word(outcome.error().code);
    co_await ports_.data->append_audit(row); // a store that is down changes nothing about the refusal
    co_return outcome;
}

AUTHMOD_DECL asio::awaitable<result<login_finish, failure>> login_engine::run_login(running_login& login) {
    running_module const& module = *login.module;
    time_point const now = ports_.time->now();

    // 1. The browser's word. Nothing is sent anywhere before it is accepted.
    auto response = read_authorization_response(login.callback.query);
    if (!response) co_return failure(response.error(), diagnostics("authorization"));
    std::vector<login_attempt> held;
    for (auto const& sealed : login.callback.attempts) {
        if (held.size() == max_held_attempts) break;
        auto bytes = ports_.sealer->open(attempt_purpose, sealed);
        if (!bytes) continue; // an old key or somebody's scribbling: as if it were not there
        if (auto attempt = login_attempt::from_bytes(bytes->expose())) held.push_back(std::move(*attempt));
    }
    auto match = match_attempt(*response, held, module.record.id, now);
    if (!match) co_return failure(match.error(), diagnostics("authorization"));
    login.attempt = **match;

    // 2. Burn the state, whatever comes next: remembered longer than the attempt could be used.
    std::string const state_digest = digest_of(login.attempt.state);
    time_point const remember_until = login.attempt.expires_at + std::chrono::minutes(1);
    auto taken = co_await ports_.data->take_state(state_digest, remember_until);
    if (!taken) co_return failure(taken.error(), diagnostics("authorization"));
    if (!module.serves()) co_return failure(errc::module_disabled, diagnostics("authorization"));
    auto judged = judge_response(*response, login.attempt, module.fingerprint, {});
    if (!judged) co_return judged.error();

    // 3. The provider's word.
    code_redemption redeem;
    redeem.client_secret = module.client_secret;
    redeem.redirect_uri = module.redirect_uri;
    redeem.code = std::move(response->code);
    redeem.code_verifier = secret(login.attempt.code_verifier);
    login_flow flow(*module.plan, std::move(redeem));
    action next = flow.start();
    while (auto* out = std::get_if<send_requests>(&next)) {
        std::vector<numbered_request> const batch = std::move(out->requests);
        timeouts limit{milliseconds(module.plan->text.connection_timeout_ms),
                       milliseconds(module.plan->text.read_timeout_ms), detail::time_left(login.deadline)};
        auto answers = co_await detail::exchange_all(*ports_.transport, batch, limit);
        send_requests more;
        for (std::size_t i = 0; i != batch.size(); ++i) {
            next = flow.resume(batch[i].number, answers[i]);
            auto* asks = std::get_if<send_requests>(&next);
            if (!asks) break;
            std::ranges::move(asks->requests, std::back_inserter(more.requests));
        }
        if (std::holds_alternative<send_requests>(next)) next = std::move(more);
    }
    if (auto* failed = std::get_if<fail>(&next)) {
        if (failed->why.code == errc::no_response && failed->why.details.step == "token" && !login.attempt.restarted) {
            // The provider hung up on the code, which must not be sent again: ask for another one, once.
            auto again = start(module, login.attempt.return_to, true);
            if (!again) co_return again.error();
            login_finish finish;
            finish.restart = std::move(*again);
            co_return finish;
        }
        co_return std::move(failed->why);
    }

    // 4. Our word: account and session, in one transaction of the store.
    login_candidate who;
    auto id = fresh_token();
    auto csrf = fresh_token();
    std::array<std::byte, id_random_bytes> entropy;
    auto filled = ports_.random->fill(entropy);
    if (!id || !csrf || !filled) co_return failure(errc::random_failed, diagnostics("account"));
    settings const& rules = module.text;
    who.module_id = module.record.id;
    who.profile = flow.person();
    who.user_creation = rules.user_creation;
    who.linking = rules.linking;
    who.email_auto_verification = rules.email_auto_verification;
    who.auto_join_groups = rules.auto_join_groups;
    who.group_mappings = rules.group_mappings;
    who.groups_mapped = !rules.groups.empty();
    who.groups_complete = flow.groups_complete();
    who.new_account_id = new_id(now, entropy);
    who.new_session.digest = digest_of(*id);
    who.new_session.module_id = module.record.id;
    who.new_session.csrf = std::move(*csrf);
    who.new_session.created_at = who.new_session.seen_at = now;
    who.avatar = std::move(flow.picture());
    who.address = login.callback.address;
    who.now = now;
    if (!login.callback.session.empty()) {
        auto current = co_await check_session(login.callback.session);
        if (current) {
            who.current_account_id = current->user.id;
            who.replaced_session = current->who.digest;
        } else if (current.error() != errc::not_signed_in) {
            co_return failure(current.error(), diagnostics("account"));
        }
    }
    auto outcome = co_await ports_.data->finish_login(who);
    if (!outcome) co_return failure(outcome.error(), diagnostics("account"));
    if (outcome->what == login_decision::kind::refuse) {
        login.audited = true;
        co_return failure(outcome->reason, diagnostics("account"));
    }
    login_finish finish;
    finish.user = std::move(outcome->who);
    finish.groups = std::move(outcome->groups);
    finish.profile = std::move(who.profile);
    finish.session_id = secret(std::move(*id));
    finish.return_to = login.attempt.return_to;
    co_return finish;
}

AUTHMOD_DECL asio::awaitable<result<session_view>> login_engine::check_session(std::string session_id) {
    if (session_id.size() != token_length) co_return errc::not_signed_in;
    std::string const digest = digest_of(session_id);
    auto found = co_await ports_.data->find_session(digest);
    if (!found && found.error() == errc::not_found) co_return errc::not_signed_in;
    if (!found) co_return found.error();
    time_point const now = ports_.time->now();
    if (found->user.banned || is_over(found->who.created_at, found->who.seen_at, now, options().sessions))
        co_return errc::not_signed_in;
    if (now - found->who.seen_at >= std::min<milliseconds>(std::chrono::minutes(1), options().sessions.idle / 4)) {
        auto touched = co_await ports_.data->touch_session(digest, now);
        if (!touched && touched.error() != errc::not_found) co_return touched.error();
    }
    co_return found;
}

AUTHMOD_DECL asio::awaitable<result<void>> login_engine::end_session(std::string session_id, std::string address) {
    if (session_id.size() != token_length) co_return result<void>();
    std::string const digest = digest_of(session_id);
    auto found = co_await ports_.data->find_session(digest);
    if (!found && found.error() == errc::not_found) co_return result<void>();
    if (!found) co_return found.error();
    audit_row row("logout", found->user.id);
    row.at = ports_.time->now();
    row.author = found->user.id;
    row.address = std::move(address);
    row.module_id = found->who.module_id;
    auto ended = co_await ports_.data->end_session(digest, row);
    if (!ended && ended.error() == errc::not_found) co_return result<void>(); // another tab was quicker
    co_return ended;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
