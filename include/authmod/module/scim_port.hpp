// SPDX-License-Identifier: BSL-1.0
// Layer 6. What a store keeps for SCIM, as the server sees it.
#pragma once

#include "authmod/module/ports.hpp"
#include "authmod/storage/scim_store.hpp"

namespace authmod {

/// The functions that the concept @ref scim_store adds.
class scim_port {
public:
    virtual ~scim_port() = default;
    /// @{
    /// As promised there.
    virtual asio::awaitable<result<std::vector<scim::client_view>>> list_scim_clients() = 0;
    virtual asio::awaitable<result<void>> insert_scim_client(scim_client const&, scim_token const& first, audit_rows) = 0;
    virtual asio::awaitable<result<void>> remove_scim_client(std::string_view id, audit_rows) = 0;
    virtual asio::awaitable<result<void>> add_scim_token(scim_token const&, std::size_t keep, audit_rows) = 0;
    virtual asio::awaitable<result<void>> remove_scim_token(std::string_view client_id, std::string_view token_id, audit_rows) = 0;
    virtual asio::awaitable<result<scim::access>> find_scim_access(std::string_view digest) = 0;
    virtual asio::awaitable<scim::answer<scim::user_decision>> change_scim_user(scim::user_change const&) = 0;
    virtual asio::awaitable<scim::answer<scim::group_decision>> change_scim_group(scim::group_change const&) = 0;
    virtual asio::awaitable<result<scim::user_view>> find_scim_user(std::string_view client_id, std::string_view id, bool with_groups) = 0;
    virtual asio::awaitable<result<scim::group_view>> find_scim_group(std::string_view client_id, std::string_view id, bool with_members) = 0;
    virtual asio::awaitable<scim::answer<scim::page<scim::user_view>>> list_scim_users(scim::list_query const&) = 0;
    virtual asio::awaitable<scim::answer<scim::page<scim::group_view>>> list_scim_groups(scim::list_query const&) = 0;
    /// @}
};

namespace detail {

template <scim_store S, metrics_sink M = no_metrics>
class scim_adapter final : public scim_port {
public:
    scim_adapter(S& s, M& m) : s_(&s), meter_(m) {}
    asio::awaitable<result<std::vector<scim::client_view>>> list_scim_clients() override { return meter_.store("list_scim_clients", s_->list_scim_clients()); }
    asio::awaitable<result<void>> insert_scim_client(scim_client const& c, scim_token const& t, audit_rows a) override { return meter_.store("insert_scim_client", s_->insert_scim_client(c, t, a)); }
    asio::awaitable<result<void>> remove_scim_client(std::string_view i, audit_rows a) override { return meter_.store("remove_scim_client", s_->remove_scim_client(i, a)); }
    asio::awaitable<result<void>> add_scim_token(scim_token const& t, std::size_t k, audit_rows a) override { return meter_.store("add_scim_token", s_->add_scim_token(t, k, a)); }
    asio::awaitable<result<void>> remove_scim_token(std::string_view c, std::string_view t, audit_rows a) override { return meter_.store("remove_scim_token", s_->remove_scim_token(c, t, a)); }
    asio::awaitable<result<scim::access>> find_scim_access(std::string_view d) override { return meter_.store("find_scim_access", s_->find_scim_access(d)); }
    asio::awaitable<scim::answer<scim::user_decision>> change_scim_user(scim::user_change const& c) override { return meter_.store("change_scim_user", s_->change_scim_user(c)); }
    asio::awaitable<scim::answer<scim::group_decision>> change_scim_group(scim::group_change const& c) override { return meter_.store("change_scim_group", s_->change_scim_group(c)); }
    asio::awaitable<result<scim::user_view>> find_scim_user(std::string_view c, std::string_view i, bool g) override { return meter_.store("find_scim_user", s_->find_scim_user(c, i, g)); }
    asio::awaitable<result<scim::group_view>> find_scim_group(std::string_view c, std::string_view i, bool m) override { return meter_.store("find_scim_group", s_->find_scim_group(c, i, m)); }
    asio::awaitable<scim::answer<scim::page<scim::user_view>>> list_scim_users(scim::list_query const& q) override { return meter_.store("list_scim_users", s_->list_scim_users(q)); }
    asio::awaitable<scim::answer<scim::page<scim::group_view>>> list_scim_groups(scim::list_query const& q) override { return meter_.store("list_scim_groups", s_->list_scim_groups(q)); }

private:
    S* s_;
    [[no_unique_address]] call_meter<M> meter_;
};

/// Where the store keeps nothing for SCIM, there is no port.
struct no_scim {
    template <class S, class M>
    no_scim(S const&, M const&) {}
};

template <class S, class M>
[[nodiscard]] scim_port* scim_port_of(scim_adapter<S, M>& port) noexcept { return &port; }
[[nodiscard]] inline scim_port* scim_port_of(no_scim&) noexcept { return nullptr; }

template <class S, class M>
struct scim_port_for { using type = no_scim; };
template <scim_store S, class M>
struct scim_port_for<S, M> { using type = scim_adapter<S, M>; };

} // namespace detail

} // namespace authmod
