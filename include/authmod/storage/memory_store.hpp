// SPDX-License-Identifier: BSL-1.0
// Layer 5. The store that needs nothing: for tests, demonstrations and services whose accounts live elsewhere.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/policy/store.hpp"
#include "authmod/storage/detail/memory_scim_table.hpp"
#include "authmod/storage/scim_store.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
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

/// Puts texts in order, each once.
inline void sort_unique(std::vector<std::string>& texts) {
    std::ranges::sort(texts);
    auto const tail = std::ranges::unique(texts);
    texts.erase(tail.begin(), tail.end());
}

} // namespace detail

inline namespace AUTHMOD_ABI {

/** Keeps everything in the memory of this process; durable means: until this object goes.

    Logins, requests, and what SCIM asks of ids, names, addresses and members are answered from indices, so a million
    accounts cost them what a thousand do; removing a module or a service, searching, and other filters of SCIM walk all
    accounts, links or tokens. The audit keeps the newest `audit_capacity` rows.

    Thread safety: every function may be called from any thread. Nothing suspends: each call does its work under one
    mutex, for about a microsecond, in the caller's thread. Not movable.
*/
class memory_store {
public:
    explicit memory_store(std::size_t audit_capacity = 10'000);

    /// @{
    /// As @ref store and the stores of SCIM promise.
    asio::awaitable<result<std::vector<module_record>>> list_modules();
    asio::awaitable<result<void>> insert_module(module_record const& module, audit_rows rows);
    asio::awaitable<result<void>> update_module(module_record const& module, long long revision, audit_rows rows,
                                                bool keep_way_in);
    asio::awaitable<result<void>> remove_module(std::string_view id, std::string_view successor, audit_rows rows,
                                                bool keep_way_in);
    asio::awaitable<result<avatar_image>> load_module_image(std::string_view module_id);
    asio::awaitable<result<void>> put_test_result(std::string_view module_id, std::string_view text);
    asio::awaitable<result<std::string>> load_test_result(std::string_view module_id);

    asio::awaitable<result<void>> take_state(std::string_view digest, time_point expires_at);
    asio::awaitable<result<login_facts>> load_login_facts(login_candidate const& candidate);
    asio::awaitable<result<login_outcome>> finish_login(login_candidate const& candidate);

    asio::awaitable<result<session_view>> find_session(std::string_view digest);
    asio::awaitable<result<void>> touch_session(std::string_view digest, time_point seen_at);
    asio::awaitable<result<void>> end_session(std::string_view digest, audit_rows rows);
    asio::awaitable<result<void>> end_sessions_of(std::string_view account_id, audit_rows rows);
    asio::awaitable<result<long long>> end_sessions_at_provider(provider_logout const& logout, audit_row const& row);

    asio::awaitable<result<sealed_tokens>> find_kept_tokens(std::string_view digest);
    asio::awaitable<result<std::vector<session_tokens>>> list_kept_tokens(std::string_view after, int limit);
    asio::awaitable<result<void>> claim_kept_tokens(std::string_view digest, long long revision, time_point now,
                                                    time_point until);
    asio::awaitable<result<void>> put_kept_tokens(std::string_view digest, std::string_view sealed, long long revision);

    asio::awaitable<result<token_view>> find_token(std::string_view digest);
    asio::awaitable<result<void>> end_token(std::string_view digest, std::string_view service_id, audit_rows rows);

    asio::awaitable<result<std::vector<service_client>>> list_services();
    asio::awaitable<result<service_client>> find_service(std::string_view id);
    asio::awaitable<result<void>> insert_service(service_client const& service, audit_rows rows);
    asio::awaitable<result<void>> remove_service(std::string_view id, audit_rows rows);

    asio::awaitable<result<account_view>> find_account(std::string_view id);
    asio::awaitable<result<std::vector<account>>> list_accounts(account_filter const& filter);
    asio::awaitable<result<void>> insert_account(account const& who, audit_rows rows);
    asio::awaitable<result<void>> update_account(account const& who, long long revision, audit_rows rows);
    asio::awaitable<result<void>> remove_account(std::string_view id, audit_rows rows);
    asio::awaitable<result<avatar_image>> load_avatar(std::string_view account_id);
    asio::awaitable<result<long long>> count_accounts_made_by(std::string_view module_id);

    asio::awaitable<result<std::vector<group_summary>>> list_groups();
    asio::awaitable<result<void>> insert_group(group const& g, audit_rows rows);
    asio::awaitable<result<void>> remove_group(std::string_view id, audit_rows rows);
    asio::awaitable<result<void>> put_member(std::string_view group, std::string_view account, audit_rows rows);
    asio::awaitable<result<void>> remove_member(std::string_view group, std::string_view account, audit_rows rows);

    asio::awaitable<result<std::vector<scim::client_view>>> list_scim_clients();
    asio::awaitable<result<void>> insert_scim_client(scim_client const& client, scim_token const& first,
                                                     audit_rows rows);
    asio::awaitable<result<void>> remove_scim_client(std::string_view id, audit_rows rows);
    asio::awaitable<result<void>> add_scim_token(scim_token const& token, std::size_t keep, audit_rows rows);
    asio::awaitable<result<void>> remove_scim_token(std::string_view client_id, std::string_view token_id,
                                                    audit_rows rows);
    asio::awaitable<result<scim::access>> find_scim_access(std::string_view digest);
    asio::awaitable<scim::answer<scim::user_decision>> change_scim_user(scim::user_change const& change);
    asio::awaitable<scim::answer<scim::group_decision>> change_scim_group(scim::group_change const& change);
    asio::awaitable<result<scim::user_view>> find_scim_user(std::string_view client_id, std::string_view id,
                                                            bool with_groups);
    asio::awaitable<result<scim::group_view>> find_scim_group(std::string_view client_id, std::string_view id,
                                                              bool with_members);
    asio::awaitable<scim::answer<scim::page<scim::user_view>>> list_scim_users(scim::list_query const& query);
    asio::awaitable<scim::answer<scim::page<scim::group_view>>> list_scim_groups(scim::list_query const& query);

    asio::awaitable<result<void>> append_audit(audit_rows rows);
    asio::awaitable<result<std::vector<audit_row>>> list_audit(audit_filter const& filter);

    asio::awaitable<result<long long>> sweep(time_point now, session_limits limits);
    asio::awaitable<result<void>> ping();
    /// @}

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
        std::map<std::pair<std::string, std::string>, account_link> links; // by module and user id
        std::unordered_set<std::string_view> sessions;                     // keys in sessions_
        std::unordered_set<std::string_view> tokens;                       // keys in tokens_
    };

    struct module_entry {
        module_record record;
        std::optional<avatar_image> image;
        std::optional<std::string> test_result;
    };

    struct kept_entry {
        sealed_tokens tokens;
        time_point claimed_until; // long ago; written without {}, which Clang does not take in here
    };

    struct session_entry {
        session who;
        account_entry* user = nullptr;
        std::optional<kept_entry> kept;
    };

    struct token_entry {
        issued_token who;
        account_entry* user = nullptr;
    };

    struct group_entry {
        std::string name;
        std::set<std::string_view> members; // keys in accounts_
    };

    /// An audit row in fewer bytes: most of its nine texts are short or empty, and every login writes rows.
    class packed_row {
    public:
        packed_row(long long in_number, audit_row const& row);

        [[nodiscard]] std::string_view text(std::string audit_row::* which) const noexcept;
        [[nodiscard]] audit_row unpack() const;

        long long number;
        time_point at;

    private:
        static constexpr std::array fields{&audit_row::author,    &audit_row::address, &audit_row::event,
                                           &audit_row::target,    &audit_row::module_id, &audit_row::field,
                                           &audit_row::old_value, &audit_row::new_value, &audit_row::reason};
        std::array<std::uint32_t, fields.size()> ends_; // of each text
        std::string texts_;
    };

    using accounts = std::map<std::string, account_entry, std::less<>>;
    using groups = std::map<std::string, group_entry, std::less<>>;
    using sessions = detail::text_map<session_entry>;
    using tokens = detail::text_map<token_entry>;
    using by_provider = std::set<std::tuple<std::string_view, std::string_view, std::string_view>>; // module, name, key
    using by_time = std::set<std::pair<time_point, std::string_view>>; // keys in sessions_, tokens_ or states_

    [[nodiscard]] module_entry* find_module(std::string_view id);
    [[nodiscard]] bool is_last_way_in(module_entry const& module) const;
    static void keep(module_entry& entry, module_record const& module);
    void clear_other_defaults(module_record const& module);
    void move_links(std::string_view module_id, std::string_view successor);
    [[nodiscard]] std::vector<std::string> groups_of(account_entry const& entry) const;
    [[nodiscard]] login_facts facts_of(login_candidate const& candidate) const;
    [[nodiscard]] result<void> can_apply(login_decision const& decision, login_candidate const& candidate) const;
    void apply(login_decision& decision, login_candidate const& candidate, login_outcome& outcome);
    void add_grant(account_entry& entry, grant g);
    template <class Condition>
    std::size_t end_grants(account_entry& entry, Condition&& over);
    [[nodiscard]] bool name_is_free(account const& who) const;
    void add_to_indices(account_entry& entry);
    void remove_from_indices(account_entry& entry);
    void begin_session(session who, account_entry& entry);
    void begin_token(issued_token who, account_entry& entry);
    void end(sessions::iterator at);
    [[nodiscard]] std::vector<std::string_view> find_sessions(provider_logout const& logout) const;
    [[nodiscard]] bool take(std::string_view digest, time_point expires_at);
    void end(tokens::iterator at);
    void end_all(account_entry& entry);
    template <class Kept, class Condition>
    void end_where(Kept& kept, Condition&& over);
    [[nodiscard]] bool sweep_session(by_time const& order, time_point now, session_limits limits);
    [[nodiscard]] std::vector<audit_row> select_audit(audit_filter const& filter) const;
    void erase_account(accounts::iterator at);
    template <class Condition>
    [[nodiscard]] bool any_group_named(std::string_view name, Condition&& is_it) const;
    void name_group(std::string const& id, std::string const& name);
    void erase_group(groups::iterator at);
    [[nodiscard]] std::vector<scim_token> tokens_of(std::string_view client_id) const;
    void forget_scim_client(std::string const& id);
    void move_scim_clients(std::string_view module_id, std::string_view successor);
    [[nodiscard]] account_entry const* find_provisioned(login_candidate const& candidate) const;
    [[nodiscard]] scim::user_facts facts_for(scim::user_plan const& plan, std::string_view id) const;
    [[nodiscard]] scim::group_facts facts_for(scim::group_plan const& plan, scim::group_change const& change) const;
    [[nodiscard]] bool change_members(std::string_view group_id, std::string const& granted_by,
                                      scim::member_changes const& members);
    [[nodiscard]] scim::user_view view_of(scim::user const& who, bool with_groups) const;
    [[nodiscard]] scim::group_view view_of(scim::group const& what, bool with_members) const;
    [[nodiscard]] bool has_member(scim::group const& what, std::string_view user_id) const;
    [[nodiscard]] bool satisfies(scim::user const& who, scim::condition const& c) const;
    [[nodiscard]] bool satisfies(scim::group const& what, scim::condition const& c) const;
    template <class Resource>
    [[nodiscard]] std::vector<Resource const*> candidates(detail::scim_table<Resource> const& all,
                                                          std::vector<scim::condition> const& row,
                                                          std::string const& client_id) const;
    template <class View, class Resource>
    [[nodiscard]] scim::page<View> list_scim(detail::scim_table<Resource> const& all, scim::list_query const& query,
                                             std::string_view ends) const;
    void note(audit_row const& row);
    void note_all(audit_rows rows);

    std::mutex mutex_;
    std::vector<module_entry> modules_;
    detail::text_map<detail::text_map<account_entry*>> links_; // module id, user id
    accounts accounts_;                                        // by id
    detail::text_map<account_entry*> usernames_;               // folded
    std::unordered_multimap<std::string, account_entry*, detail::text_hash, std::equal_to<>> emails_; // folded
    detail::text_map<long long> made_by_;                                                             // module id
    groups groups_;                                                                                   // by id
    std::set<std::pair<std::string, std::string>> group_names_;   // folded, with the id
    std::map<std::string, service_client, std::less<>> services_; // by id

    std::map<std::string, scim_client, std::less<>> scim_clients_; // by id
    detail::text_map<scim_token> scim_tokens_;                     // by digest
    detail::scim_table<scim::user> scim_users_;
    detail::scim_table<scim::group> scim_groups_;

    sessions sessions_; // by digest
    by_time sessions_by_creation_, sessions_by_use_;
    by_provider sessions_by_subject_, sessions_by_provider_session_;
    tokens tokens_; // by digest
    by_time tokens_by_expiry_;
    detail::text_map<time_point> states_; // taken ones, by digest
    by_time states_by_expiry_;

    std::deque<packed_row> audit_; // oldest first, numbered without gaps
    std::size_t audit_capacity_;
    long long last_number_ = 0;
};

} // namespace AUTHMOD_ABI

static_assert(scim_store<memory_store>);

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/storage/detail/memory_store.ipp"
#endif
