// SPDX-License-Identifier: BSL-1.0
// Layer 5. The concept of a store that provisioning can write to. A service without SCIM needs none of it.
//
// It stands here and not beside policy/store.hpp because policies lie below the users, groups and filters that it
// speaks of.
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
#include <cstddef>
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
    user who;                   ///< as stored
    std::vector<member> groups; ///< of the same client

    user_view() = default;
};

/// A group and, where they were asked for, its members.
struct group_view {
    group what;                  ///< as stored
    std::vector<member> members; ///< of the same client

    group_view() = default;
};

/// A page that somebody asked for. `base`: the address up to `/v2`, for filters that look at `meta.location`.
struct list_query {
    std::string client_id; ///< whose resources
    list_request what;     ///< filter, order and place
    std::string base;      ///< ends without a slash

    list_query() = default;
};

/// Part of a list.
template <class View>
struct page {
    long long total = 0;     ///< of all pages
    std::vector<View> items; ///< in the order asked for

    page() = default;
};

/// A client as an administrator sees it.
struct client_view {
    scim_client client;             ///< as stored
    std::vector<scim_token> tokens; ///< newest first, without their digests
    long long users = 0;            ///< that it provisions
    long long groups = 0;           ///< that it provisions

    client_view() = default;
};

/// Whom a bearer token lets in.
struct access {
    scim_client client;   ///< the client of the token
    std::string token_id; ///< for the audit

    access() = default;
};

/// Reason of the ban of people whose client is gone.
inline constexpr char const* scim_ban = "it was switched off when its SCIM client was removed";
inline constexpr long long max_scanned = 10'000; ///< resources that a filter or an order without an index may look at
/// Users and groups that a transaction lets go of when their client is removed: a million in one would keep others out.
inline constexpr long long removal_part = 500;
/// Transactions of that kind before the answer; what is left then is for `sweep`.
inline constexpr int removal_parts = 4;

} // namespace authmod::scim

namespace authmod {

/** A store that keeps what SCIM clients provision.

    A model promises, beyond @ref store, that
    1. `change_scim_user` and `change_scim_group` read, plan, decide and write in ONE transaction, with the audit;
       parallel changes of one group lose none, because memberships are added and removed, never a list rewritten;
    2. a user that is off (`active` is false) is in `login_facts::inactive`, and its sessions and tokens end in the
       transaction that switches it off;
    3. a user goes with its account and a group with its local group, whoever removes them; an id is never given again;
    4. nobody sees or changes what another client made;
    5. when a client is removed, its accounts and groups stay as local ones; accounts that were off are banned, so that
       nobody comes back in by it. From the answer on nobody finds the client or gets in by its tokens, and its name is
       free; when it has made many, `sweep` does the rest of this, and until then who was off is still off;
    6. a client goes with its module, or moves to the successor.

    @par Models
    @ref memory_store, @ref sqlite_store, @ref postgres_store
*/
template <class T>
concept scim_store = store<T> &&
    requires(T& t, std::string_view text, std::string_view text2, bool flag, std::size_t keep, audit_rows rows,
             scim_client const& client, scim_token const& token, scim::user_change const& user_change,
             scim::group_change const& group_change, scim::list_query const& query) {
    // clients, by name
    { t.list_scim_clients() } -> std::same_as<asio::awaitable<result<std::vector<scim::client_view>>>>;
    // With its first token. Precondition: it names a module. name_taken; store_conflict for an id or a digest that is
    // there.
    { t.insert_scim_client(client, token, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    // Its tokens end; not_found.
    { t.remove_scim_client(text, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    // One more token; of those before it only the `keep` newest stay valid. not_found without its client.
    { t.add_scim_token(token, keep, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    // Client and token; not_found.
    { t.remove_scim_token(text, text2, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    // By a token's digest; not_found.
    { t.find_scim_access(text) } -> std::same_as<asio::awaitable<result<scim::access>>>;

    // users and groups
    { t.change_scim_user(user_change) } -> std::same_as<asio::awaitable<scim::answer<scim::user_decision>>>;
    { t.change_scim_group(group_change) } -> std::same_as<asio::awaitable<scim::answer<scim::group_decision>>>;
    // client, id, whether the other ends of memberships are wanted: not_found
    { t.find_scim_user(text, text2, flag) } -> std::same_as<asio::awaitable<result<scim::user_view>>>;
    { t.find_scim_group(text, text2, flag) } -> std::same_as<asio::awaitable<result<scim::group_view>>>;
    // 400 tooMany for what would have to look at more than `max_scanned` resources
    { t.list_scim_users(query) } -> std::same_as<asio::awaitable<scim::answer<scim::page<scim::user_view>>>>;
    { t.list_scim_groups(query) } -> std::same_as<asio::awaitable<scim::answer<scim::page<scim::group_view>>>>;
};

} // namespace authmod
