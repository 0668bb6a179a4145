// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store as the engine uses it: sessions and tokens are repeated for less than a second instead of read again,
// and every write that goes through here ends that at once.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/module/login_steps.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/module/view_cache.hpp"

#include <memory>
#include <string_view>

namespace authmod {

/// A token as it was at most a moment ago. Nobody changes it any more.
using known_token = std::shared_ptr<token_view const>;

inline namespace AUTHMOD_ABI {

/** Passes everything on to another port. A function that changes what a session or a token tells - itself, its account,
    a membership, the name of a group - notes so after the store has answered, whatever it answered.

    Thread safety: every function may be called from any thread. Lifetimes: `inner` outlives it. Not movable.
*/
class cached_store final : public store_port {
public:
    cached_store(store_port& inner, cache_options options);

    /// The copy of a session; nothing when there is none that may be used. Touches no store.
    [[nodiscard]] known_session recent_session(std::string_view digest) {
        return sessions_.find(digest, view_cache<session_view>::clock::now());
    }
    /// The copy of a token; likewise.
    [[nodiscard]] known_token recent_token(std::string_view digest) {
        return tokens_.find(digest, view_cache<token_view>::clock::now());
    }
    /// Asks the store and keeps a copy. Errors: those of `find_session`.
    asio::awaitable<result<known_session>> read_session(std::string_view digest);
    /// The same for a token. Errors: those of `find_token`.
    asio::awaitable<result<known_token>> read_token(std::string_view digest);

    /** Forgets what is known of a session, token (their digest) or account (its id); everything when `key` is empty. For
        writes that did not come through this port: another node's, as the store hears of them.
    */
    void forget(std::string_view key) noexcept { key.empty() ? log_.note_everything() : log_.note(key); }

    /// @{
    /// As @ref store promises; what is written makes copies be read again.
    asio::awaitable<result<std::vector<module_record>>> list_modules() override { return in_.list_modules(); }
    asio::awaitable<result<void>> insert_module(module_record const& m, audit_rows a) override { return in_.insert_module(m, a); }
    asio::awaitable<result<void>> update_module(module_record const& m, long long r, audit_rows a, bool k) override { return in_.update_module(m, r, a, k); }
    asio::awaitable<result<void>> remove_module(std::string_view i, std::string_view n, audit_rows a, bool k) override { return then_forget({}, in_.remove_module(i, n, a, k)); }
    asio::awaitable<result<avatar_image>> load_module_image(std::string_view i) override { return in_.load_module_image(i); }
    asio::awaitable<result<void>> put_test_result(std::string_view i, std::string_view t) override { return in_.put_test_result(i, t); }
    asio::awaitable<result<std::string>> load_test_result(std::string_view i) override { return in_.load_test_result(i); }
    asio::awaitable<result<void>> take_state(std::string_view d, time_point t) override { return in_.take_state(d, t); }
    asio::awaitable<result<login_facts>> load_login_facts(login_candidate const& c) override { return in_.load_login_facts(c); }
    asio::awaitable<result<login_outcome>> finish_login(login_candidate const& c) override;
    asio::awaitable<result<session_view>> find_session(std::string_view d) override { return in_.find_session(d); }
    asio::awaitable<result<void>> touch_session(std::string_view d, time_point t) override { return then_forget(d, in_.touch_session(d, t)); }
    asio::awaitable<result<void>> end_session(std::string_view d, audit_rows a) override { return then_forget(d, in_.end_session(d, a)); }
    asio::awaitable<result<void>> end_sessions_of(std::string_view i, audit_rows a) override { return then_forget(i, in_.end_sessions_of(i, a)); }
    asio::awaitable<result<long long>> end_sessions_at_provider(provider_logout const& l, audit_row const& r) override;
    asio::awaitable<result<sealed_tokens>> find_kept_tokens(std::string_view d) override { return in_.find_kept_tokens(d); }
    asio::awaitable<result<std::vector<session_tokens>>> list_kept_tokens(std::string_view d, int n) override { return in_.list_kept_tokens(d, n); }
    asio::awaitable<result<void>> claim_kept_tokens(std::string_view d, long long r, time_point n, time_point u) override { return in_.claim_kept_tokens(d, r, n, u); }
    asio::awaitable<result<void>> put_kept_tokens(std::string_view d, std::string_view s, long long r) override { return in_.put_kept_tokens(d, s, r); }
    asio::awaitable<result<token_view>> find_token(std::string_view d) override { return in_.find_token(d); }
    asio::awaitable<result<void>> end_token(std::string_view d, std::string_view i, audit_rows a) override { return then_forget(d, in_.end_token(d, i, a)); }
    asio::awaitable<result<std::vector<service_client>>> list_services() override { return in_.list_services(); }
    asio::awaitable<result<service_client>> find_service(std::string_view i) override { return in_.find_service(i); }
    asio::awaitable<result<void>> insert_service(service_client const& c, audit_rows a) override { return in_.insert_service(c, a); }
    asio::awaitable<result<void>> remove_service(std::string_view i, audit_rows a) override { return then_forget({}, in_.remove_service(i, a)); }
    asio::awaitable<result<account_view>> find_account(std::string_view i) override { return in_.find_account(i); }
    asio::awaitable<result<std::vector<account>>> list_accounts(account_filter const& f) override { return in_.list_accounts(f); }
    asio::awaitable<result<void>> insert_account(account const& u, audit_rows a) override { return in_.insert_account(u, a); }
    asio::awaitable<result<void>> update_account(account const& u, long long r, audit_rows a) override { return then_forget(u.id, in_.update_account(u, r, a)); }
    asio::awaitable<result<void>> remove_account(std::string_view i, audit_rows a) override { return then_forget(i, in_.remove_account(i, a)); }
    asio::awaitable<result<avatar_image>> load_avatar(std::string_view i) override { return in_.load_avatar(i); }
    asio::awaitable<result<long long>> count_accounts_made_by(std::string_view i) override { return in_.count_accounts_made_by(i); }
    asio::awaitable<result<std::vector<group_summary>>> list_groups() override { return in_.list_groups(); }
    asio::awaitable<result<void>> insert_group(group const& g, audit_rows a) override { return in_.insert_group(g, a); }
    asio::awaitable<result<void>> remove_group(std::string_view i, audit_rows a) override { return then_forget({}, in_.remove_group(i, a)); }
    asio::awaitable<result<void>> put_member(std::string_view g, std::string_view i, audit_rows a) override { return then_forget(i, in_.put_member(g, i, a)); }
    asio::awaitable<result<void>> remove_member(std::string_view g, std::string_view i, audit_rows a) override { return then_forget(i, in_.remove_member(g, i, a)); }
    asio::awaitable<result<void>> append_audit(audit_rows a) override { return in_.append_audit(a); }
    asio::awaitable<result<std::vector<audit_row>>> list_audit(audit_filter const& f) override { return in_.list_audit(f); }
    asio::awaitable<result<long long>> sweep(time_point t, session_limits l) override { return in_.sweep(t, l); }
    asio::awaitable<result<void>> ping() override { return in_.ping(); }
    [[nodiscard]] bool is_shared() const noexcept override { return in_.is_shared(); }
    /// Forgets what the news are about.
    asio::awaitable<result<store_news>> wait_for_news(long long n, milliseconds t) override;
    /// @}

private:
    /// `key` outlives the awaited call, as every text of the port does.
    asio::awaitable<result<void>> then_forget(std::string_view key, asio::awaitable<result<void>> write);

    store_port& in_;
    write_log log_;
    view_cache<session_view> sessions_;
    view_cache<token_view> tokens_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/cached_store.ipp"
#endif
