// SPDX-License-Identifier: BSL-1.0
// Layer 6. What a store keeps for SCIM, as the server sees it.
#pragma once

#include "authmod/module/ports.hpp"
#include "authmod/scim/store.hpp"

namespace authmod {

/// The functions that the concept @ref scim_store adds.
class scim_port {
public:
    virtual ~scim_port() = default;
    virtual asio::awaitable<result<std::vector<scim_client>>> list_scim_clients() = 0;
    virtual asio::awaitable<result<void>> insert_scim_client(scim_client const&, std::string_view digest, audit_rows) = 0;
    virtual asio::awaitable<result<void>> add_scim_token(std::string_view id, std::string_view digest, bool keep_others, audit_rows) = 0;
    virtual asio::awaitable<result<void>> remove_scim_client(std::string_view id, audit_rows) = 0;
    virtual asio::awaitable<result<scim_client>> find_scim_client(std::string_view digest) = 0;
    virtual asio::awaitable<scim::answer<scim::user_decision>> change_user(scim::user_change const&) = 0;
    virtual asio::awaitable<scim::answer<scim::group_decision>> change_group(scim::group_change const&) = 0;
    virtual asio::awaitable<result<scim::user_view>> find_user(std::string_view client_id, std::string_view id, bool with_groups) = 0;
    virtual asio::awaitable<result<scim::group_view>> find_group(std::string_view client_id, std::string_view id, bool with_members) = 0;
    virtual asio::awaitable<scim::answer<scim::page<scim::user_view>>> list_users(scim::list_query const&) = 0;
    virtual asio::awaitable<scim::answer<scim::page<scim::group_view>>> list_groups(scim::list_query const&) = 0;
};

namespace detail {

template <scim_store S>
class scim_adapter final : public scim_port {
public:
    explicit scim_adapter(S& s) : s_(&s) {}
    asio::awaitable<result<std::vector<scim_client>>> list_scim_clients() override { return s_->list_scim_clients(); }
    asio::awaitable<result<void>> insert_scim_client(scim_client const& c, std::string_view d, audit_rows a) override { return s_->insert_scim_client(c, d, a); }
    asio::awaitable<result<void>> add_scim_token(std::string_view i, std::string_view d, bool k, audit_rows a) override { return s_->add_scim_token(i, d, k, a); }
    asio::awaitable<result<void>> remove_scim_client(std::string_view i, audit_rows a) override { return s_->remove_scim_client(i, a); }
    asio::awaitable<result<scim_client>> find_scim_client(std::string_view d) override { return s_->find_scim_client(d); }
    asio::awaitable<scim::answer<scim::user_decision>> change_user(scim::user_change const& c) override { return s_->change_user(c); }
    asio::awaitable<scim::answer<scim::group_decision>> change_group(scim::group_change const& c) override { return s_->change_group(c); }
    asio::awaitable<result<scim::user_view>> find_user(std::string_view c, std::string_view i, bool g) override { return s_->find_user(c, i, g); }
    asio::awaitable<result<scim::group_view>> find_group(std::string_view c, std::string_view i, bool m) override { return s_->find_group(c, i, m); }
    asio::awaitable<scim::answer<scim::page<scim::user_view>>> list_users(scim::list_query const& q) override { return s_->list_users(q); }
    asio::awaitable<scim::answer<scim::page<scim::group_view>>> list_groups(scim::list_query const& q) override { return s_->list_groups(q); }

private:
    S* s_;
};

/// Where the store keeps nothing for SCIM, there is no port.
struct no_scim {
    template <class S>
    explicit no_scim(S const&) {}
};

template <class S>
[[nodiscard]] scim_port* scim_port_of(scim_adapter<S>& port) noexcept { return &port; }
[[nodiscard]] inline scim_port* scim_port_of(no_scim&) noexcept { return nullptr; }

template <class S>
struct scim_port_for { using type = no_scim; };
template <scim_store S>
struct scim_port_for<S> { using type = scim_adapter<S>; };

} // namespace detail

} // namespace authmod
