// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of login_engine that log people in.
#pragma once

#include "authmod/account/linking.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/rfc3339.hpp"
#include "authmod/crypto/new_id.hpp"
#include "authmod/crypto/signing_key.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/flow/begin_login.hpp"
#include "authmod/flow/check_callback.hpp"
#include "authmod/flow/login_attempt.hpp"
#include "authmod/flow/login_flow.hpp"
#include "authmod/flow/test_report.hpp"
#include "authmod/module/detail/drive.hpp"
#include "authmod/module/detail/fresh_token.hpp"
#include "authmod/module/detail/token_seal.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/protocol/authorization_request.hpp"
#include "authmod/protocol/pushed_authorization.hpp"
#include "authmod/protocol/return_to.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace authmod {

namespace detail {

[[nodiscard]] inline ports with_data(ports from, store_port& data) noexcept {
    from.data = &data;
    return from;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

inline constexpr std::string_view attempt_purpose = "login-attempt";
inline constexpr std::string_view test_result_purpose = "test-result";
inline constexpr std::size_t max_held_attempts = 32; // a browser of ours holds 12 at the most

AUTHMOD_DECL login_engine::login_engine(ports in_ports, provider_list providers, service_options options)
    : data_(*in_ports.data, options.cache), ports_(detail::with_data(in_ports, data_)),
      catalog_(ports_, std::move(providers), std::move(options)),
      documents_(ports_, catalog_.options().allow_loopback_http) {}

AUTHMOD_DECL result<std::string> login_engine::fresh_token() { return detail::fresh_token(*ports_.random); }

AUTHMOD_DECL result<std::string> login_engine::fresh_id(time_point now) {
    std::array<std::byte, id_random_bytes> bytes;
    if (auto filled = ports_.random->fill(bytes); !filled) return filled.error();
    return new_id(now, bytes);
}

AUTHMOD_DECL result<signing_key> login_engine::fresh_key() {
    for (int i = 0; i != 4; ++i) { // of 2^32 numbers one is none
        std::array<std::byte, 32> bytes;
        if (auto filled = ports_.random->fill(bytes); !filled) return filled.error();
        secret const number(std::string(reinterpret_cast<char const*>(bytes.data()), bytes.size()));
        wipe(bytes.data(), bytes.size());
        if (auto key = signing_key::from_private_bytes(number.expose())) return std::move(*key);
    }
    return errc::random_failed;
}

AUTHMOD_DECL result<login_attempt> login_engine::new_attempt(running_module const& module, module_plan const& plan,
                                                             std::string return_to) {
    login_entropy entropy;
    for (auto* token : {&entropy.state, &entropy.code_verifier, &entropy.nonce}) {
        if (token == &entropy.nonce && !plan.is_openid()) continue;
        auto fresh = fresh_token();
        if (!fresh) return fresh.error();
        *token = std::move(*fresh);
    }
    if (broken("A2b")) entropy.state.assign(token_length, 'A');
    if (plan.binds_tokens) {
        auto key = fresh_key();
        if (!key) return key.error();
        entropy.dpop_key = std::move(*key);
    }
    return begin_login_attempt(plan, module.record.id, module.fingerprint, std::move(entropy), std::move(return_to),
                               ports_.time->now());
}

/// Hands the request to the provider and gives where the browser goes with its reference.
AUTHMOD_DECL asio::awaitable<result<std::string, failure>>
login_engine::push(running_module const& module, module_plan const& plan, authorization_request const& authorization,
                   detail::steady_deadline deadline) {
    client_credentials const client(plan.text.client_id, module.client_secret, plan.text.client_authentication);
    http_request request = pushed_authorization_request(client, plan.pushed_request_url, authorization);
    request.step = "authorization";
    auto answer = co_await detail::ask_provider(*ports_.transport, plan, std::move(request), deadline);
    if (!answer) co_return failure(answer.error(), diagnostics("authorization"));
    auto pushed = read_pushed_authorization(*answer);
    if (!pushed) {
        failure why = pushed.error();
        redactor secrets;
        secrets.know(module.client_secret);
        why.details.provider_said = secrets.show_quote(why.details.provider_said);
        co_return why;
    }
    co_return pushed_authorization_location(plan.text.authorization_url, plan.text.client_id, *pushed);
}

AUTHMOD_DECL asio::awaitable<result<login_start, failure>> login_engine::start(running_module const& module,
                                                                               module_plan const& plan,
                                                                               login_attempt attempt,
                                                                               detail::steady_deadline deadline) {
    if (!plan.has_endpoints()) co_return failure(errc::module_incomplete, diagnostics("authorization"));
    auto sealed = ports_.sealer->seal(attempt_purpose, attempt.to_bytes());
    if (!sealed) co_return failure(sealed.error(), diagnostics("authorization"));
    authorization_request const authorization = authorization_of(plan, attempt, module.redirect_uri);
    std::string location = authorization.to_url();
    if (!plan.pushed_request_url.empty()) {
        auto pushed = co_await push(module, plan, authorization, deadline);
        if (!pushed) co_return pushed.error();
        location = std::move(*pushed);
    }
    co_return login_start(std::move(location), std::move(*sealed), std::move(attempt.state));
}

AUTHMOD_DECL asio::awaitable<result<login_start, failure>> login_engine::begin_login(std::string module_id,
                                                                                     std::string return_to) {
    auto const deadline = std::chrono::steady_clock::now() + options().login_deadline;
    auto const all = modules();
    auto const* module = all->find(module_id);
    if (!module) co_return failure(errc::not_found, diagnostics("authorization"));
    if (!module->serves()) co_return failure(errc::module_disabled, diagnostics("authorization"));
    auto path = safe_return_to(return_to);
    if (!path) co_return failure(path.error(), diagnostics("authorization"));
    auto plan = co_await documents_.plan_of(*module, deadline);
    if (!plan) co_return plan.error();
    auto attempt = new_attempt(*module, **plan, std::move(*path));
    if (!attempt) co_return failure(attempt.error(), diagnostics("authorization"));
    auto begun = co_await start(*module, **plan, std::move(*attempt), deadline);
    co_return begun;
}

AUTHMOD_DECL asio::awaitable<result<login_start, failure>> login_engine::begin_test_login(std::string module_id,
                                                                                          std::string tester) {
    auto const deadline = std::chrono::steady_clock::now() + options().login_deadline;
    auto const all = modules();
    auto const* module = all->find(module_id);
    if (!module) co_return failure(errc::not_found, diagnostics("authorization"));
    if (!module->is_complete()) co_return failure(errc::module_incomplete, diagnostics("authorization"));
    if (tester.empty()) tester = "system"; // an attempt without a tester would be a login
    auto plan = co_await documents_.plan_of(*module, deadline);
    if (!plan) co_return plan.error();
    auto attempt = new_attempt(*module, **plan, "/");
    if (!attempt) co_return failure(attempt.error(), diagnostics("authorization"));
    attempt->tester = std::move(tester);
    auto begun = co_await start(*module, **plan, std::move(*attempt), deadline);
    co_return begun;
}

/// What one callback gathers on its way.
struct login_engine::running_login {
    std::shared_ptr<module_list const> all; // keeps `module` alive
    running_module const* module = nullptr;
    login_callback callback;
    authorization_response response;
    login_attempt attempt;
    detail::steady_deadline deadline{};
    time_point now{};
    bool audited = false; // the store wrote the refusal itself
    login_finish finish;  // filled in place: handed from frame to frame it would be moved eight times
};

AUTHMOD_DECL asio::awaitable<result<login_finish, failure>> login_engine::finish_login(std::string module_id,
                                                                                       login_callback callback) {
    running_login login;
    login.deadline = std::chrono::steady_clock::now() + options().login_deadline;
    login.now = ports_.time->now();
    login.all = modules();
    login.module = login.all->find(module_id);
    login.callback = std::move(callback);
    if (!login.module) co_return failure(errc::not_found, diagnostics("authorization"));
    auto outcome = co_await come_back(login);
    if (login.attempt.tester.empty()) {
        std::string_view word = outcome ? std::string_view("ok") : to_word(outcome.error().code);
        if (login.finish.restart) word = "restarted";
        ports_.metrics->login_ended(login.module->record.type, word);
    }
    if (!outcome) co_return outcome.error();
    co_return std::move(login.finish);
}

/// Fills `login.finish`.
AUTHMOD_DECL asio::awaitable<result<void, failure>> login_engine::come_back(running_login& login) {
    result<void, failure> outcome = failure();
    auto accepted = co_await accept_callback(login);
    if (!accepted)
        outcome = accepted.error();
    else if (login.attempt.tester.empty())
        outcome = co_await run_login(login);
    else
        outcome = co_await run_test(login);
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

/// The browser's word: finds the attempt that the callback belongs to and burns its state, whatever comes next. Nothing
/// is sent anywhere before.
AUTHMOD_DECL asio::awaitable<result<void, failure>> login_engine::accept_callback(running_login& login) {
    auto response = read_authorization_response(login.callback.query);
    if (!response) co_return failure(response.error(), diagnostics("authorization"));
    std::vector<login_attempt> held;
    for (auto const& sealed : login.callback.attempts) {
        if (!enforced("K4", held.size() < max_held_attempts)) break;
        auto bytes = ports_.sealer->open(attempt_purpose, sealed);
        if (!bytes) continue; // an old key or somebody's scribbling: as if it were not there
        if (auto attempt = login_attempt::from_bytes(bytes->expose())) held.push_back(std::move(*attempt));
    }
    auto match = match_attempt(*response, held, login.module->record.id, login.now);
    if (!match) co_return failure(match.error(), diagnostics("authorization"));
    login.attempt = std::move(held[static_cast<std::size_t>(*match - held.data())]);
    login.response = std::move(*response);

    // Remembered longer than the attempt could be used.
    std::string const state_digest = digest_of(login.attempt.state);
    time_point const remember_until = login.attempt.expires_at + std::chrono::minutes(1);
    auto taken = co_await ports_.data->take_state(state_digest, remember_until);
    if (!taken && !broken(taken.error() == errc::state_used ? "B1" : "O3"))
        co_return failure(taken.error(), diagnostics("authorization"));
    co_return result<void, failure>();
}

/// What the token call needs.
AUTHMOD_DECL result<code_redemption> login_engine::redemption_of(running_login& login) {
    code_redemption redeem;
    redeem.client_secret = login.module->client_secret;
    redeem.redirect_uri = login.module->redirect_uri;
    redeem.code = std::move(login.response.code);
    redeem.code_verifier = secret(login.attempt.code_verifier);
    redeem.nonce = login.attempt.nonce;
    redeem.now = login.now;
    if (auto key = signing_key::from_private_bytes(login.attempt.dpop_key)) {
        auto seed = fresh_token();
        if (!seed) return seed.error();
        redeem.proofs.emplace(std::move(*key), secret(std::move(*seed)), login.now);
    }
    return redeem;
}

AUTHMOD_DECL asio::awaitable<result<void, failure>> login_engine::run_login(running_login& login) {
    running_module const& module = *login.module;
    if (!module.serves()) co_return failure(errc::module_disabled, diagnostics("authorization"));
    auto const ready = co_await documents_.plan_of(module, login.deadline);
    if (!ready) co_return ready.error();
    module_plan const& plan = **ready;
    auto judged =
        judge_response(login.response, login.attempt, module.fingerprint, plan.text.issuer, plan.must_name_issuer);
    if (!judged) co_return judged.error();

    // The provider's word.
    auto redeem = redemption_of(login);
    if (!redeem) co_return failure(redeem.error(), diagnostics("token"));
    login_flow flow(plan, std::move(*redeem));
    auto driven = co_await detail::drive(*ports_.transport, documents_, flow, flow.start(), plan, login.deadline,
                                         login.callback.trace);
    if (!driven) {
        failure why = driven.error();
        if (why.code != errc::no_response || why.details.step != "token" || login.attempt.restarted)
            co_return std::move(why);
        // The provider hung up on the code, which must not be sent again: ask for another one, once.
        auto attempt = new_attempt(module, plan, login.attempt.return_to);
        if (!attempt) co_return failure(attempt.error(), diagnostics("authorization"));
        attempt->restarted = true;
        auto again = co_await start(module, plan, std::move(*attempt), login.deadline);
        if (!again) co_return again.error();
        login.finish.restart = std::move(*again);
        co_return result<void, failure>();
    }

    // Our word: account and session, in one transaction of the store.
    login_candidate who = detail::candidate_of(module, flow, login.now, login.callback.address);
    auto id = fresh_token();
    auto csrf = fresh_token();
    auto account_id = fresh_id(login.now);
    if (!id || !csrf || !account_id) co_return failure(errc::random_failed, diagnostics("account"));
    if (broken("G1") && login.callback.session.size() == token_length) *id = login.callback.session;
    who.new_account_id = std::move(*account_id);
    who.new_session.digest = digest_of(*id);
    who.new_session.module_id = module.record.id;
    who.new_session.csrf = std::move(*csrf);
    who.new_session.created_at = who.new_session.seen_at = login.now;
    if (auto const& identity = flow.identity()) {
        who.new_session.subject = identity->subject;
        who.new_session.provider_session = identity->session_id;
    }
    if (options().keep_tokens) {
        kept_tokens kept = keep_tokens(std::move(flow.tokens()), plan.text.scopes, login.now);
        if (flow.binds_tokens()) kept.dpop_key = secret(login.attempt.dpop_key);
        kept.subject = who.new_session.subject;
        kept.fingerprint = module.fingerprint;
        auto sealed = detail::seal_tokens(*ports_.sealer, who.new_session.digest, kept);
        if (!sealed) co_return failure(sealed.error(), diagnostics("account"));
        who.sealed_tokens = std::move(*sealed);
    }
    if (!login.callback.session.empty()) {
        auto current = co_await check_session(login.callback.session);
        if (current) {
            who.current_account_id = (*current)->user.id;
            who.replaced_session = (*current)->who.digest;
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
    login.finish.user = std::move(outcome->who);
    login.finish.groups = std::move(outcome->groups);
    login.finish.profile = std::move(who.profile);
    login.finish.session_id = secret(std::move(*id));
    login.finish.return_to = login.attempt.return_to;
    co_return result<void, failure>();
}

/// Goes the way of a login as far as the account rules and asks what they would do. Writes nothing but the report.
AUTHMOD_DECL asio::awaitable<result<void, failure>> login_engine::run_test(running_login& login) {
    running_module const& module = *login.module;
    redactor secrets;
    secrets.know(module.client_secret);
    secrets.know(login.response.code);
    secrets.know(secret(login.attempt.code_verifier));
    test_recorder recorder(std::move(secrets));

    result<void, failure> judged = failure(errc::module_incomplete, diagnostics("authorization"));
    result<std::shared_ptr<module_plan const>, failure> ready =
        failure(errc::module_incomplete, diagnostics("authorization"));
    if (module.is_complete()) ready = co_await documents_.plan_of(module, login.deadline);
    if (ready)
        judged = judge_response(login.response, login.attempt, module.fingerprint, (*ready)->text.issuer,
                                (*ready)->must_name_issuer);
    else
        judged = ready.error();
    if (!judged) {
        recorder.failed("authorization", judged.error());
    } else {
        recorder.passed("authorization");
        module_plan const& plan = **ready;
        if (auto const why = documents_.metadata_trouble(plan))
            recorder.noted("authorization", "the provider's metadata could not be read, so only the settings count", *why);
        auto redeem = redemption_of(login);
        if (!redeem) co_return failure(redeem.error(), diagnostics("token"));
        login_flow flow(plan, std::move(*redeem));
        flow.watch(recorder);
        auto driven = co_await detail::drive(*ports_.transport, documents_, flow, flow.start(), plan, login.deadline,
                                             login.callback.trace, &recorder);
        if (flow.identity() && plan.text.user_info_url.empty()) recorder.signed_claims(flow.identity()->claims);
        if (driven) {
            recorder.mapped(flow.person());
            login_candidate who = detail::candidate_of(module, flow, login.now, login.callback.address);
            who.new_account_id = module.record.id; // fresh enough for what is never written
            who.module_stored = false;             // a test asks about the person, not whether the module is enabled
            auto facts = co_await ports_.data->load_login_facts(who);
            if (facts)
                recorder.decided(decide_login(who, *facts));
            else
                recorder.failed("account", failure(facts.error(), diagnostics("account")));
        }
    }
    auto report = std::make_shared<test_report const>(recorder.take());
    auto kept = co_await keep_report(login, *report);
    if (!kept) co_return failure(kept.error(), diagnostics("account"));
    login.finish.tested = std::move(report);
    co_return result<void, failure>();
}

AUTHMOD_DECL asio::awaitable<result<void>> login_engine::keep_report(running_login& login, test_report const& report) {
    std::string const& id = login.module->record.id;
    audit_row row("module_tested", id);
    row.at = login.now;
    row.author = login.attempt.tester;
    row.address = login.callback.address;
    row.module_id = id;
    row.new_value = report.outcome;
    for (auto const& step : report.steps)
        if (step.status == step_status::failed && row.reason.empty()) row.reason = to_word(step.code);
    auto noted = co_await ports_.data->append_audit(row);
    if (!noted) co_return noted.error();
    if (login.module->installed) co_return result<void>(); // the store does not know it
    boost::json::object kept = to_json(report);
    kept["at"] = format_rfc3339(login.now);
    kept["author"] = login.attempt.tester;
    auto sealed = ports_.sealer->seal(test_result_purpose, boost::json::serialize(kept));
    if (!sealed) co_return sealed.error();
    auto written = co_await ports_.data->put_test_result(id, *sealed);
    co_return written;
}

AUTHMOD_DECL asio::awaitable<result<boost::json::object>> login_engine::test_result(std::string module_id) {
    auto sealed = co_await ports_.data->load_test_result(module_id);
    if (!sealed) co_return sealed.error();
    auto text = ports_.sealer->open(test_result_purpose, *sealed);
    if (!text) co_return errc::not_found; // sealed with a key that is gone
    error_code error;
    auto value = boost::json::parse(text->expose(), error);
    if (error || !value.is_object()) co_return errc::not_found;
    co_return std::move(value.get_object());
}

AUTHMOD_DECL asio::awaitable<result<known_session>> login_engine::check_session(std::string session_id) {
    auto found = co_await look_up(session_id);
    ports_.metrics->session_checked(detail::outcome_word(found));
    co_return found;
}

/// Whether a session counts: its limits are exact, however old the copy is.
AUTHMOD_DECL bool login_engine::is_good(session_view const& view, time_point now) const noexcept {
    return !view.user.banned && !is_over(view.who.created_at, view.who.seen_at, now, options().sessions);
}

/// Whether the store has to hear that the session is in use.
AUTHMOD_DECL bool login_engine::is_due(session_view const& view, time_point now) const noexcept {
    return now - view.who.seen_at >= std::min<milliseconds>(std::chrono::minutes(1), options().sessions.idle / 4);
}

AUTHMOD_DECL known_session login_engine::recent_session(std::string_view session_id) {
    if (session_id.size() != token_length) return nullptr;
    known_session known = data_.recent_session(digest_of(session_id));
    time_point const now = ports_.time->now();
    if (!known || !is_good(*known, now) || is_due(*known, now)) return nullptr;
    ports_.metrics->session_checked(detail::outcome_word(result<void>()));
    return known;
}

AUTHMOD_DECL asio::awaitable<result<known_session>> login_engine::look_up(std::string const& session_id) {
    if (session_id.size() != token_length) co_return errc::not_signed_in;
    std::string const digest = digest_of(session_id);
    time_point const now = ports_.time->now();
    known_session known = data_.recent_session(digest);
    if (!known || !is_good(*known, now)) { // only the store says no: another node may have prolonged the session
        auto found = co_await data_.read_session(digest);
        if (!found && found.error() == errc::not_found) co_return errc::not_signed_in;
        if (!found) co_return found.error();
        known = std::move(*found);
        if (!is_good(*known, now)) co_return errc::not_signed_in;
    }
    if (is_due(*known, now)) {
        auto touched = co_await ports_.data->touch_session(digest, now);
        if (!touched && touched.error() != errc::not_found) co_return touched.error();
    }
    co_return known;
}

AUTHMOD_DECL asio::awaitable<result<void>> login_engine::end_session(std::string session_id, std::string address) {
    if (session_id.size() != token_length) co_return result<void>();
    std::string const digest = digest_of(session_id);
    auto found = co_await ports_.data->find_session(digest);
    if (!found && found.error() == errc::not_found) co_return result<void>();
    if (!found) co_return found.error();
    auto ended = co_await end_session(found->who, std::move(address));
    co_return ended;
}

AUTHMOD_DECL asio::awaitable<result<void>> login_engine::end_session(session const& who, std::string address) {
    audit_row row("logout", who.account_id);
    row.at = ports_.time->now();
    row.author = who.account_id;
    row.address = std::move(address);
    row.module_id = who.module_id;
    auto ended = co_await ports_.data->end_session(who.digest, row);
    if (!ended && ended.error() == errc::not_found) co_return result<void>(); // another tab was quicker
    co_return ended;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
