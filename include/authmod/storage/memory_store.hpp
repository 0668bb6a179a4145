// SPDX-License-Identifier: BSL-1.0
// Layer 5. The store that needs nothing: for tests, demonstrations and services whose accounts live elsewhere.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/policy/store.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

struct text_hash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};

template <class T>
using text_map = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

} // namespace detail

inline namespace AUTHMOD_ABI {

/** Keeps everything in the memory of this process; durable means: until this object goes.

    Logins and requests are answered from indices, so a million accounts cost them what a thousand do; removing a
    module or a group walks all accounts. The audit keeps the newest `audit_capacity` rows.

    Thread safety: every function may be called from any thread. Nothing suspends: each call does its work under one
    mutex, for about a microsecond, in the caller's thread. Not movable.
*/
class memory_store {
public:
    explicit memory_store(std::size_t audit_capacity = 10'000);

    asio::awaitable<result<std::vector<module_record>>> list_modules();
    asio::awaitable<result<void>> insert_module(module_record const& module, audit_row const& row);
    asio::awaitable<result<void>> update_module(module_record const& module, long long revision, audit_row const& row);
    asio::awaitable<result<void>> remove_module(std::string_view id, std::string_view successor, audit_row const& row);

    asio::awaitable<result<void>> take_state(std::string_view digest, time_point expires_at);
    asio::awaitable<result<login_facts>> load_login_facts(login_candidate const& candidate);
    asio::awaitable<result<login_outcome>> finish_login(login_candidate const& candidate);

    asio::awaitable<result<session_view>> find_session(std::string_view digest);
    asio::awaitable<result<void>> touch_session(std::string_view digest, time_point seen_at);
    asio::awaitable<result<void>> end_session(std::string_view digest, audit_row const& row);

    asio::awaitable<result<account_view>> find_account(std::string_view id);
    asio::awaitable<result<std::vector<account>>> list_accounts(std::string_view after, int limit);
    asio::awaitable<result<void>> insert_account(account const& who, audit_row const& row);
    asio::awaitable<result<void>> update_account(account const& who, audit_row const& row);
    asio::awaitable<result<void>> remove_account(std::string_view id, audit_row const& row);
    asio::awaitable<result<avatar_image>> load_avatar(std::string_view account_id);
    asio::awaitable<result<long long>> count_accounts_made_by(std::string_view module_id);

    asio::awaitable<result<std::vector<group>>> list_groups();
    asio::awaitable<result<void>> insert_group(group const& g, audit_row const& row);
    asio::awaitable<result<void>> remove_group(std::string_view id, audit_row const& row);
    asio::awaitable<result<void>> put_member(std::string_view group, std::string_view account, audit_row const& row);
    asio::awaitable<result<void>> remove_member(std::string_view group, std::string_view account, audit_row const& row);

    asio::awaitable<result<void>> append_audit(audit_row const& row);
    asio::awaitable<result<std::vector<audit_row>>> list_audit(audit_filter const& filter);

    asio::awaitable<result<long long>> sweep(time_point now, session_limits limits);
    asio::awaitable<result<void>> ping();

private:
    // Keys of nodes and addresses of values stay where they are in these containers: views and pointers below lean on
    // it.
    struct grant {
        std::string_view group_id; // key in groups_
        std::string granted_by;
        friend bool operator==(grant const&, grant const&) = default;
    };

    struct account_entry {
        account user;
        std::optional<avatar_image> avatar;
        std::vector<grant> grants;
        std::vector<std::pair<std::string, std::string>> links; // module id, user id
        std::unordered_set<std::string_view> sessions;          // keys in sessions_
    };

    struct session_entry {
        session who;
        account_entry* user = nullptr;
    };

    using accounts = std::map<std::string, account_entry, std::less<>>;
    using sessions = detail::text_map<session_entry>;
    using by_time = std::set<std::pair<time_point, std::string_view>>; // keys in sessions_ or states_

    [[nodiscard]] module_record* find_module(std::string_view id);
    void clear_other_defaults(module_record const& module);
    [[nodiscard]] std::vector<std::string> groups_of(account_entry const& entry) const;
    [[nodiscard]] login_facts facts_of(login_candidate const& candidate) const;
    void apply(login_decision& decision, login_candidate const& candidate, login_outcome& outcome);
    void add_grant(account_entry& entry, grant g);
    [[nodiscard]] bool name_is_free(account const& who) const;
    void add_to_indices(account_entry& entry);
    void remove_from_indices(account_entry& entry);
    void begin_session(session who, account_entry& entry);
    void end(sessions::iterator at);
    void end_all(account_entry& entry);
    [[nodiscard]] bool sweep_session(by_time const& order, time_point now, session_limits limits);
    [[nodiscard]] std::vector<audit_row> select_audit(audit_filter const& filter) const;
    void note(audit_row row);

    std::mutex mutex_;
    std::vector<module_record> modules_;
    detail::text_map<detail::text_map<account_entry*>> links_; // module id, user id
    accounts accounts_;                                        // by id
    detail::text_map<account_entry*> usernames_;               // folded
    std::unordered_multimap<std::string, account_entry*, detail::text_hash, std::equal_to<>> emails_; // folded
    detail::text_map<long long> made_by_;                                                             // module id
    std::map<std::string, std::string, std::less<>> groups_;                                          // id, name

    sessions sessions_; // by digest
    by_time sessions_by_creation_, sessions_by_use_;
    detail::text_map<time_point> states_; // taken ones, by digest
    by_time states_by_expiry_;

    std::deque<audit_row> audit_; // oldest first, numbered without gaps
    std::size_t audit_capacity_;
    long long last_number_ = 0;
};

} // namespace AUTHMOD_ABI

static_assert(store<memory_store>);

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/storage/detail/memory_store.ipp"
#endif
