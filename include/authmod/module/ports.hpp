// SPDX-License-Identifier: BSL-1.0
// Layer 6. The policies as the engine sees them: virtual inside, templates outside. A user's file then compiles in the
// same time whatever the policies, and no coroutine frame is added: every port function returns the policy's awaitable,
// unless somebody counts.
#pragma once

#include "authmod/policy/clock.hpp"
#include "authmod/policy/http_transport.hpp"
#include "authmod/policy/metrics_sink.hpp"
#include "authmod/policy/random_source.hpp"
#include "authmod/policy/secret_sealer.hpp"
#include "authmod/policy/store.hpp"

#include <utility>

namespace authmod {

/// The function of the concept @ref http_transport.
class transport_port {
public:
    virtual ~transport_port() = default;
    /// As promised there.
    virtual asio::awaitable<result<http_response>> send(http_request const& request, timeouts limit) = 0;
};

/// The functions of the concept @ref store.
class store_port {
public:
    virtual ~store_port() = default;
    /// @{
    /// As promised there.
    virtual asio::awaitable<result<std::vector<module_record>>> list_modules() = 0;
    virtual asio::awaitable<result<void>> insert_module(module_record const&, audit_rows) = 0;
    virtual asio::awaitable<result<void>> update_module(module_record const&, long long revision, audit_rows, bool keep_way_in) = 0;
    virtual asio::awaitable<result<void>> remove_module(std::string_view id, std::string_view successor, audit_rows, bool keep_way_in) = 0;
    virtual asio::awaitable<result<avatar_image>> load_module_image(std::string_view module_id) = 0;
    virtual asio::awaitable<result<void>> put_test_result(std::string_view module_id, std::string_view text) = 0;
    virtual asio::awaitable<result<std::string>> load_test_result(std::string_view module_id) = 0;
    virtual asio::awaitable<result<void>> take_state(std::string_view digest, time_point expires_at) = 0;
    virtual asio::awaitable<result<login_facts>> load_login_facts(login_candidate const&) = 0;
    virtual asio::awaitable<result<login_outcome>> finish_login(login_candidate const&) = 0;
    virtual asio::awaitable<result<session_view>> find_session(std::string_view digest) = 0;
    virtual asio::awaitable<result<void>> touch_session(std::string_view digest, time_point seen_at) = 0;
    virtual asio::awaitable<result<void>> end_session(std::string_view digest, audit_rows) = 0;
    virtual asio::awaitable<result<void>> end_sessions_of(std::string_view account_id, audit_rows) = 0;
    virtual asio::awaitable<result<long long>> end_sessions_at_provider(provider_logout const&, audit_row const&) = 0;
    virtual asio::awaitable<result<sealed_tokens>> find_kept_tokens(std::string_view digest) = 0;
    virtual asio::awaitable<result<std::vector<session_tokens>>> list_kept_tokens(std::string_view after, int limit) = 0;
    virtual asio::awaitable<result<void>> claim_kept_tokens(std::string_view digest, long long revision, time_point now, time_point until) = 0;
    virtual asio::awaitable<result<void>> put_kept_tokens(std::string_view digest, std::string_view sealed, long long revision) = 0;
    virtual asio::awaitable<result<token_view>> find_token(std::string_view digest) = 0;
    virtual asio::awaitable<result<void>> end_token(std::string_view digest, std::string_view service_id, audit_rows) = 0;
    virtual asio::awaitable<result<std::vector<service_client>>> list_services() = 0;
    virtual asio::awaitable<result<service_client>> find_service(std::string_view id) = 0;
    virtual asio::awaitable<result<void>> insert_service(service_client const&, audit_rows) = 0;
    virtual asio::awaitable<result<void>> remove_service(std::string_view id, audit_rows) = 0;
    virtual asio::awaitable<result<account_view>> find_account(std::string_view id) = 0;
    virtual asio::awaitable<result<std::vector<account>>> list_accounts(account_filter const&) = 0;
    virtual asio::awaitable<result<void>> insert_account(account const&, audit_rows) = 0;
    virtual asio::awaitable<result<void>> update_account(account const&, long long revision, audit_rows) = 0;
    virtual asio::awaitable<result<void>> remove_account(std::string_view id, audit_rows) = 0;
    virtual asio::awaitable<result<avatar_image>> load_avatar(std::string_view account_id) = 0;
    virtual asio::awaitable<result<long long>> count_accounts_made_by(std::string_view module_id) = 0;
    virtual asio::awaitable<result<std::vector<group_summary>>> list_groups() = 0;
    virtual asio::awaitable<result<void>> insert_group(group const&, audit_rows) = 0;
    virtual asio::awaitable<result<void>> remove_group(std::string_view id, audit_rows) = 0;
    virtual asio::awaitable<result<void>> put_member(std::string_view group, std::string_view account, audit_rows) = 0;
    virtual asio::awaitable<result<void>> remove_member(std::string_view group, std::string_view account, audit_rows) = 0;
    virtual asio::awaitable<result<void>> append_audit(audit_rows) = 0;
    virtual asio::awaitable<result<std::vector<audit_row>>> list_audit(audit_filter const&) = 0;
    virtual asio::awaitable<result<long long>> sweep(time_point now, session_limits) = 0;
    virtual asio::awaitable<result<void>> ping() = 0;
    /// @}
    /// Whether other processes may change what is stored: the concept @ref shared_store.
    [[nodiscard]] virtual bool is_shared() const noexcept { return false; }
    /// As @ref shared_store promises; of a store that nobody shares there never are any.
    virtual asio::awaitable<result<store_news>> wait_for_news(long long seen, milliseconds) {
        store_news none;
        none.modules = seen;
        co_return none;
    }
};

/// The function of the concept @ref clock.
class clock_port {
public:
    virtual ~clock_port() = default;
    [[nodiscard]] virtual time_point now() const noexcept = 0; ///< As promised there.
};

/// The function of the concept @ref random_source.
class random_port {
public:
    virtual ~random_port() = default;
    virtual result<void> fill(std::span<std::byte> bytes) = 0; ///< As promised there.
};

/// The functions of the concept @ref secret_sealer.
class sealer_port {
public:
    virtual ~sealer_port() = default;
    /// As promised there.
    virtual result<std::string> seal(std::string_view purpose, std::string_view plain) const = 0;
    /// As promised there.
    virtual result<secret> open(std::string_view purpose, std::string_view sealed) const = 0;
    /// As promised there.
    [[nodiscard]] virtual bool is_current(std::string_view sealed) const = 0;
};

class scim_port;

/// The functions of the concept @ref metrics_sink that no adapter of another port calls.
class metrics_port {
public:
    virtual ~metrics_port() = default;
    /// @{
    /// As promised there.
    virtual void login_ended(std::string_view provider, std::string_view outcome) noexcept = 0;
    virtual void session_checked(std::string_view outcome) noexcept = 0;
    virtual void request_answered(std::string_view route, int status, std::chrono::nanoseconds took) noexcept = 0;
    /// @}
};

namespace detail {

template <metrics_sink M>
class metrics_adapter final : public metrics_port {
public:
    explicit metrics_adapter(M& m) : m_(&m) {}
    void login_ended(std::string_view p, std::string_view o) noexcept override { m_->login_ended(p, o); }
    void session_checked(std::string_view o) noexcept override { m_->session_checked(o); }
    void request_answered(std::string_view r, int s, std::chrono::nanoseconds t) noexcept override { m_->request_answered(r, s, t); }

private:
    M* m_;
};

inline no_metrics counts_nothing;
inline metrics_adapter<no_metrics> silent_metrics{counts_nothing};

} // namespace detail

/// The ports of an engine. Lifetimes: what they point to outlives the engine.
struct ports {
    transport_port* transport = nullptr;             ///< never null, as are the others but `scim`
    store_port* data = nullptr;                      ///< stores of people and modules
    clock_port* time = nullptr;                      ///< one for everything, so that tests can set it
    random_port* random = nullptr;                   ///< the only source of states and keys
    sealer_port* sealer = nullptr;                   ///< for secrets at rest and logins under way
    metrics_port* metrics = &detail::silent_metrics; ///< what the adapters of transport and store cannot see
    scim_port* scim = nullptr;                       ///< scim_port.hpp; nullptr: the store keeps nothing for SCIM
};

namespace detail {

/// `ok`, or the word of the error.
template <class T>
[[nodiscard]] std::string_view outcome_word(result<T> const& answer) noexcept { return answer ? std::string_view("ok") : to_word(answer.error()); }

/// Measures awaited calls and tells the metrics.
template <metrics_sink M>
class call_meter {
public:
    explicit call_meter(M& m) : m_(&m) {}

    template <class T>
    [[nodiscard]] asio::awaitable<result<T>> provider(std::string_view step, asio::awaitable<result<T>> call) const {
        return measure(&M::provider_called, step.empty() ? std::string_view("other") : step, std::move(call));
    }

    template <class T>
    [[nodiscard]] asio::awaitable<result<T>> store(std::string_view function, asio::awaitable<result<T>> call) const {
        return measure(&M::store_used, function, std::move(call));
    }

private:
    template <class Tell, class T>
    asio::awaitable<result<T>> measure(Tell tell, std::string_view what, asio::awaitable<result<T>> call) const {
        auto const begun = std::chrono::steady_clock::now();
        auto answer = co_await std::move(call);
        (m_->*tell)(what, outcome_word(answer), std::chrono::steady_clock::now() - begun);
        co_return answer;
    }

    M* m_;
};

template <>
class call_meter<no_metrics> {
public:
    explicit call_meter(no_metrics&) {}
    template <class Call>
    [[nodiscard]] Call provider(std::string_view, Call call) const { return call; }
    template <class Call>
    [[nodiscard]] Call store(std::string_view, Call call) const { return call; }
};

template <http_transport T, metrics_sink M = no_metrics>
class transport_adapter final : public transport_port {
public:
    transport_adapter(T& t, M& m) : t_(&t), meter_(m) {}
    asio::awaitable<result<http_response>> send(http_request const& request, timeouts limit) override { return meter_.provider(request.step, t_->send(request, limit)); }

private:
    T* t_;
    [[no_unique_address]] call_meter<M> meter_;
};

template <store S, metrics_sink M = no_metrics>
class store_adapter final : public store_port {
public:
    store_adapter(S& s, M& m) : s_(&s), meter_(m) {}
    asio::awaitable<result<std::vector<module_record>>> list_modules() override { return meter_.store("list_modules", s_->list_modules()); }
    asio::awaitable<result<void>> insert_module(module_record const& m, audit_rows a) override { return meter_.store("insert_module", s_->insert_module(m, a)); }
    asio::awaitable<result<void>> update_module(module_record const& m, long long r, audit_rows a, bool k) override { return meter_.store("update_module", s_->update_module(m, r, a, k)); }
    asio::awaitable<result<void>> remove_module(std::string_view i, std::string_view n, audit_rows a, bool k) override { return meter_.store("remove_module", s_->remove_module(i, n, a, k)); }
    asio::awaitable<result<avatar_image>> load_module_image(std::string_view i) override { return meter_.store("load_module_image", s_->load_module_image(i)); }
    asio::awaitable<result<void>> put_test_result(std::string_view i, std::string_view t) override { return meter_.store("put_test_result", s_->put_test_result(i, t)); }
    asio::awaitable<result<std::string>> load_test_result(std::string_view i) override { return meter_.store("load_test_result", s_->load_test_result(i)); }
    asio::awaitable<result<void>> take_state(std::string_view d, time_point t) override { return meter_.store("take_state", s_->take_state(d, t)); }
    asio::awaitable<result<login_facts>> load_login_facts(login_candidate const& c) override { return meter_.store("load_login_facts", s_->load_login_facts(c)); }
    asio::awaitable<result<login_outcome>> finish_login(login_candidate const& c) override { return meter_.store("finish_login", s_->finish_login(c)); }
    asio::awaitable<result<session_view>> find_session(std::string_view d) override { return meter_.store("find_session", s_->find_session(d)); }
    asio::awaitable<result<void>> touch_session(std::string_view d, time_point t) override { return meter_.store("touch_session", s_->touch_session(d, t)); }
    asio::awaitable<result<void>> end_session(std::string_view d, audit_rows a) override { return meter_.store("end_session", s_->end_session(d, a)); }
    asio::awaitable<result<void>> end_sessions_of(std::string_view i, audit_rows a) override { return meter_.store("end_sessions_of", s_->end_sessions_of(i, a)); }
    asio::awaitable<result<long long>> end_sessions_at_provider(provider_logout const& l, audit_row const& r) override { return meter_.store("end_sessions_at_provider", s_->end_sessions_at_provider(l, r)); }
    asio::awaitable<result<sealed_tokens>> find_kept_tokens(std::string_view d) override { return meter_.store("find_kept_tokens", s_->find_kept_tokens(d)); }
    asio::awaitable<result<std::vector<session_tokens>>> list_kept_tokens(std::string_view d, int n) override { return meter_.store("list_kept_tokens", s_->list_kept_tokens(d, n)); }
    asio::awaitable<result<void>> claim_kept_tokens(std::string_view d, long long r, time_point n, time_point u) override { return meter_.store("claim_kept_tokens", s_->claim_kept_tokens(d, r, n, u)); }
    asio::awaitable<result<void>> put_kept_tokens(std::string_view d, std::string_view s, long long r) override { return meter_.store("put_kept_tokens", s_->put_kept_tokens(d, s, r)); }
    asio::awaitable<result<token_view>> find_token(std::string_view d) override { return meter_.store("find_token", s_->find_token(d)); }
    asio::awaitable<result<void>> end_token(std::string_view d, std::string_view i, audit_rows a) override { return meter_.store("end_token", s_->end_token(d, i, a)); }
    asio::awaitable<result<std::vector<service_client>>> list_services() override { return meter_.store("list_services", s_->list_services()); }
    asio::awaitable<result<service_client>> find_service(std::string_view i) override { return meter_.store("find_service", s_->find_service(i)); }
    asio::awaitable<result<void>> insert_service(service_client const& c, audit_rows a) override { return meter_.store("insert_service", s_->insert_service(c, a)); }
    asio::awaitable<result<void>> remove_service(std::string_view i, audit_rows a) override { return meter_.store("remove_service", s_->remove_service(i, a)); }
    asio::awaitable<result<account_view>> find_account(std::string_view i) override { return meter_.store("find_account", s_->find_account(i)); }
    asio::awaitable<result<std::vector<account>>> list_accounts(account_filter const& f) override { return meter_.store("list_accounts", s_->list_accounts(f)); }
    asio::awaitable<result<void>> insert_account(account const& u, audit_rows a) override { return meter_.store("insert_account", s_->insert_account(u, a)); }
    asio::awaitable<result<void>> update_account(account const& u, long long r, audit_rows a) override { return meter_.store("update_account", s_->update_account(u, r, a)); }
    asio::awaitable<result<void>> remove_account(std::string_view i, audit_rows a) override { return meter_.store("remove_account", s_->remove_account(i, a)); }
    asio::awaitable<result<avatar_image>> load_avatar(std::string_view i) override { return meter_.store("load_avatar", s_->load_avatar(i)); }
    asio::awaitable<result<long long>> count_accounts_made_by(std::string_view i) override { return meter_.store("count_accounts_made_by", s_->count_accounts_made_by(i)); }
    asio::awaitable<result<std::vector<group_summary>>> list_groups() override { return meter_.store("list_groups", s_->list_groups()); }
    asio::awaitable<result<void>> insert_group(group const& g, audit_rows a) override { return meter_.store("insert_group", s_->insert_group(g, a)); }
    asio::awaitable<result<void>> remove_group(std::string_view i, audit_rows a) override { return meter_.store("remove_group", s_->remove_group(i, a)); }
    asio::awaitable<result<void>> put_member(std::string_view g, std::string_view i, audit_rows a) override { return meter_.store("put_member", s_->put_member(g, i, a)); }
    asio::awaitable<result<void>> remove_member(std::string_view g, std::string_view i, audit_rows a) override { return meter_.store("remove_member", s_->remove_member(g, i, a)); }
    asio::awaitable<result<void>> append_audit(audit_rows a) override { return meter_.store("append_audit", s_->append_audit(a)); }
    asio::awaitable<result<std::vector<audit_row>>> list_audit(audit_filter const& f) override { return meter_.store("list_audit", s_->list_audit(f)); }
    asio::awaitable<result<long long>> sweep(time_point t, session_limits l) override { return meter_.store("sweep", s_->sweep(t, l)); }
    asio::awaitable<result<void>> ping() override { return meter_.store("ping", s_->ping()); }
    [[nodiscard]] bool is_shared() const noexcept override { return shared_store<S>; }
    asio::awaitable<result<store_news>> wait_for_news(long long seen, milliseconds limit) override {
        if constexpr (shared_store<S>)
            return s_->wait_for_news(seen, limit); // not measured: it waits on purpose
        else
            return store_port::wait_for_news(seen, limit);
    }

private:
    S* s_;
    [[no_unique_address]] call_meter<M> meter_;
};

template <clock C>
class clock_adapter final : public clock_port {
public:
    explicit clock_adapter(C& c) : c_(&c) {}
    [[nodiscard]] time_point now() const noexcept override { return c_->now(); }

private:
    C* c_;
};

template <random_source R>
class random_adapter final : public random_port {
public:
    explicit random_adapter(R& r) : r_(&r) {}
    result<void> fill(std::span<std::byte> bytes) override { return r_->fill(bytes); }

private:
    R* r_;
};

template <secret_sealer S>
class sealer_adapter final : public sealer_port {
public:
    explicit sealer_adapter(S& s) : s_(&s) {}
    result<std::string> seal(std::string_view purpose, std::string_view plain) const override { return s_->seal(purpose, plain); }
    result<secret> open(std::string_view purpose, std::string_view sealed) const override { return s_->open(purpose, sealed); }
    [[nodiscard]] bool is_current(std::string_view sealed) const override { return s_->is_current(sealed); }

private:
    S* s_;
};

} // namespace detail

} // namespace authmod
