// SPDX-License-Identifier: BSL-1.0
// Layer 4. The concept of a store that provisioning can write to. A service without SCIM needs none of it.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/model/audit_row.hpp"
#include "authmod/model/scim_client.hpp"
#include "authmod/policy/store.hpp"
#include "authmod/scim/error.hpp"
#include "authmod/scim/list.hpp"
#include "authmod/scim/provisioning.hpp"
#include "authmod/scim/resource.hpp"

#include <boost/asio/awaitable.hpp>
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace authmod::scim {

/// What the client is told.
template <class T>
using result_of = result<T, error>;

/// What the store says, in two layers: outside that it cannot work (`errc`), inside that the client asks for what
/// cannot be.
template <class T>
using answer = result<result_of<T>>;

/// A user and, where they were asked for, its groups.
struct user_view {
    user who;
    std::vector<member> groups; ///< of the same client

    user_view() = default;
};

/// A group and, where they were asked for, its members.
struct group_view {
    group what;
    std::vector<member> members;

    group_view() = default;
};

/// A page that somebody asked for. `base`: the address up to `/v2`, for filters that look at `meta.location`.
struct list_query {
    std::string client_id;
    list_request what;
    std::string base;

    list_query() = default;
};

template <class View>
struct page {
    long long total = 0; ///< of all pages
    std::vector<View> items;

    page() = default;
};

inline constexpr char const* scim_ban = "it was switched off when its SCIM client was removed";
inline constexpr long long max_scanned = 10'000; ///< resources that a filter or an order without an index may look at

} // namespace authmod::scim

namespace authmod {

/** A store that keeps what SCIM clients provision.

    A model promises, beyond @ref store, that
    1. `change_user` and `change_group` read, plan, decide and write in ONE transaction, with the audit; parallel
   changes of one group lose none;
    2. a user that is off (`active` is false) is in `login_facts::inactive`, and its sessions and tokens end in the
       transaction that switches it off;
    3. a user goes with its account and a group with its local group, whoever removes them; an id is never given again;
    4. nobody sees or changes what another client made;
    5. when a client is removed, its accounts and groups stay as local ones; accounts that were off are banned, so that
       nobody comes back in by it;
    6. a client goes with its module, or moves to the successor.

    @par Models
    @ref memory_store, @ref sqlite_store
*/
template <class T>
concept scim_store = store<T> &&
    requires(T& t, std::string_view text, std::string_view text2, bool flag, audit_rows rows, scim_client const& client,
             scim::user_change const& user_change, scim::group_change const& group_change,
             scim::list_query const& query) {
    // clients, by name; name_taken, not_found
    { t.list_scim_clients() } -> std::same_as<asio::awaitable<result<std::vector<scim_client>>>>;
    { t.insert_scim_client(client, text, rows) } -> std::same_as<asio::awaitable<result<void>>>; // digest of its token
    // Another token, by its digest; those before it end unless `flag`.
    { t.add_scim_token(text, text2, flag, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.remove_scim_client(text, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.find_scim_client(text) } -> std::same_as<asio::awaitable<result<scim_client>>>; // by the digest of a token

    // users and groups
    { t.change_user(user_change) } -> std::same_as<asio::awaitable<scim::answer<scim::user_decision>>>;
    { t.change_group(group_change) } -> std::same_as<asio::awaitable<scim::answer<scim::group_decision>>>;
    // client, id, whether the other ends of memberships are wanted: not_found
    { t.find_user(text, text2, flag) } -> std::same_as<asio::awaitable<result<scim::user_view>>>;
    { t.find_group(text, text2, flag) } -> std::same_as<asio::awaitable<result<scim::group_view>>>;
    // 400 tooMany for what would have to look at more than `max_scanned` resources
    { t.list_users(query) } -> std::same_as<asio::awaitable<scim::answer<scim::page<scim::user_view>>>>;
    { t.list_groups(query) } -> std::same_as<asio::awaitable<scim::answer<scim::page<scim::group_view>>>>;
};

} // namespace authmod
