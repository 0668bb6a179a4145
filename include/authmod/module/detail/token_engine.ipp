// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of token_engine.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/crypto/constant_time.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/new_id.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/flow/login_flow.hpp"
#include "authmod/module/detail/drive.hpp"
#include "authmod/module/detail/fresh_token.hpp"
#include "authmod/module/token_engine.hpp"
#include "authmod/provider/scopes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace authmod {

namespace detail {

[[nodiscard]] inline grant_error unavailable(error_code const& code) {
    return grant_error("temporarily_unavailable", std::string(to_word(code)), 503);
}

/// Finds the module that a request is for, among those that serve and have the grant on.
[[nodiscard]] inline result<running_module const*, grant_error> module_for(module_list const& modules,
                                                                           grant_request const& request) {
    running_module const* found = nullptr;
    for (auto const& module : modules.all) {
        std::string const& type = module->text.extension_grant_type;
        if (!module->serves() || type.empty()) continue;
        if (request.is_exchange() ? module->record.id != request.audience : type != request.grant_type) continue;
        if (found) return grant_error("unsupported_grant_type", "more than one module has this grant type");
        found = module.get();
    }
    if (found) return found;
    if (request.is_exchange()) return grant_error("invalid_target", "no module that exchanges tokens has this id");
    return grant_error("unsupported_grant_type", "no module has this grant type");
}

/// The scope of the new token: what was asked for, never more than the module's (RFC 8693 2.2.1); empty result: too
/// much.
[[nodiscard]] inline std::optional<std::string> granted_scope(std::string_view wanted, std::string_view allowed) {
    std::string const list = normalized_scopes(wanted);
    if (list.empty()) return std::string(allowed);
    std::string_view rest = list;
    for (auto word = take_scope(rest); !word.empty(); word = take_scope(rest))
        if (!enforced("L3", contains_scope(allowed, word))) return std::nullopt;
    return list;
}

/// What the caller of the endpoint learns of a refusal.
[[nodiscard]] inline grant_error grant_refusal(failure const& why, bool is_exchange) {
    if (why.code == condition::try_again) return unavailable(why.code);
    // RFC 8693 2.2.2 has one word for a subject token that is not good, RFC 6749 5.2 another.
    return grant_error(is_exchange ? "invalid_request" : "invalid_grant",
                       std::string(to_word(why.code)) + ": " + why.code.message());
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL asio::awaitable<result<service_client, grant_error>>
token_engine::authenticate(std::string authorization) {
    grant_error const unknown("invalid_client", "the service did not prove who it is", 401);
    auto const who = read_basic_authorization(authorization);
    if (!who) co_return unknown;
    auto service = co_await engine_->parts().data->find_service(who->id);
    if (!service && service.error() != errc::not_found) co_return detail::unavailable(service.error());
    // Compared also when there is no such service: the time taken tells nothing about ids.
    std::string const digest = service ? service->secret_digest : std::string(32, '\0');
    bool const right = constant_time_equal(sha256(who->password.expose()), digest);
    if (!service || !enforced("L1", right)) co_return unknown;
    co_return *service;
}

AUTHMOD_DECL asio::awaitable<result<grant_answer, grant_error>>
token_engine::grant(std::string authorization, std::string body, std::string address, trace_context trace) {
    auto service = co_await authenticate(std::move(authorization));
    if (!service) co_return service.error();
    auto request = read_grant_request(body);
    if (!request) co_return request.error();
    auto const modules = engine_->modules();
    auto const found = detail::module_for(*modules, *request);
    if (!found) co_return found.error();
    running_module const& module = **found;
    if (std::ranges::find(service->modules, module.record.id) == service->modules.end())
        co_return grant_error("unauthorized_client", "this service may not use this module");
    auto scope = detail::granted_scope(request->scope, module.plan->text.scopes);
    if (!scope) co_return grant_error("invalid_scope", "the module does not have all of these scopes");

    bool audited = false;
    auto answer = co_await exchange(*service, module, *request, address, trace, std::move(*scope), audited);
    if (answer) co_return *answer;
    failure const why = answer.error();
    if (!audited) {
        audit_row row("token_refused", module.record.id);
        row.at = engine_->parts().time->now();
        row.author = "service:" + service->id;
        row.module_id = module.record.id;
        row.address = address;
        row.field = why.details.step;
        row.reason = to_word(why.code);
        auto noted = co_await engine_->parts().data->append_audit(row); // a store that is down changes nothing about it
        static_cast<void>(noted);
    }
    co_return detail::grant_refusal(why, request->is_exchange());
}

AUTHMOD_DECL asio::awaitable<result<grant_answer, failure>>
token_engine::exchange(service_client const& service, running_module const& module, grant_request& request,
                       std::string const& address, trace_context const& trace, std::string scope, bool& audited) {
    ports const& parts = engine_->parts();
    auto const deadline = std::chrono::steady_clock::now() + engine_->options().login_deadline;
    time_point const now = parts.time->now();
    code_redemption with;
    with.client_secret = module.client_secret;
    auto const plan = co_await engine_->documents().plan_of(module, deadline);
    if (!plan) co_return plan.error();
    login_flow flow(**plan, std::move(with));
    auto driven = co_await detail::drive(*parts.transport, engine_->documents(), flow,
                                         flow.start_with_token(std::move(request.token)), **plan, deadline, trace);
    if (!driven) co_return driven.error();

    std::array<std::byte, id_random_bytes> id_bytes;
    auto token = detail::fresh_token(*parts.random);
    auto id_filled = parts.random->fill(id_bytes);
    if (!token || !id_filled) co_return failure(errc::random_failed, diagnostics("account"));
    grant_answer answer;
    answer.access_token = secret(std::move(*token));
    answer.scope = std::move(scope);
    answer.is_exchange = request.is_exchange();

    login_candidate who = detail::candidate_of(module, flow, now, address);
    who.new_account_id = new_id(now, id_bytes);
    issued_token& issued = who.new_token.emplace();
    issued.digest = digest_of(answer.access_token.expose());
    issued.module_id = module.record.id;
    issued.service_id = service.id;
    issued.scope = answer.scope;
    issued.created_at = now;
    issued.expires_at = now + issued_token_lifetime;
    auto outcome = co_await parts.data->finish_login(who);
    if (!outcome) co_return failure(outcome.error(), diagnostics("account"));
    if (outcome->what == login_decision::kind::refuse) {
        audited = true;
        co_return failure(outcome->reason, diagnostics("account"));
    }
    answer.user = std::move(outcome->who);
    co_return answer;
}

AUTHMOD_DECL asio::awaitable<result<void, grant_error>> token_engine::revoke(std::string authorization,
                                                                             std::string body, std::string address) {
    auto service = co_await authenticate(std::move(authorization));
    if (!service) co_return service.error();
    auto token = read_revocation_request(body);
    if (!token) co_return token.error();
    std::string const digest = digest_of(token->expose());
    audit_row row("token_revoked", service->id);
    row.at = engine_->parts().time->now();
    row.author = "service:" + service->id;
    row.address = std::move(address);
    auto ended = co_await engine_->parts().data->end_token(digest, service->id, row);
    if (!ended && ended.error() != errc::not_found) co_return detail::unavailable(ended.error());
    co_return result<void, grant_error>();
}

AUTHMOD_DECL asio::awaitable<result<known_token>> token_engine::check_token(std::string token) {
    if (token.size() != token_length) co_return errc::not_signed_in;
    std::string const digest = digest_of(token);
    known_token known = engine_->data().recent_token(digest);
    if (!known) {
        auto found = co_await engine_->data().read_token(digest);
        if (!found && found.error() == errc::not_found) co_return errc::not_signed_in;
        if (!found) co_return found.error();
        known = std::move(*found);
    }
    if (broken("L5")) co_return known;
    if (known->user.banned || is_over(known->who.created_at, known->who.expires_at, engine_->parts().time->now()))
        co_return errc::not_signed_in;
    co_return known;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
