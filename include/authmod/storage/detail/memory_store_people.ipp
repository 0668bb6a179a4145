// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of memory_store about tokens, services, accounts and groups; included by memory_store.ipp alone.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/storage/memory_store.hpp"

#include <algorithm>
#include <functional>

namespace authmod {

inline namespace AUTHMOD_ABI {

// tokens

AUTHMOD_DECL void memory_store::begin_token(issued_token who, account_entry& entry) {
    who.account_id = entry.user.id;
    auto const key = who.digest;
    auto const at = tokens_.try_emplace(key, token_entry{std::move(who), &entry}).first;
    entry.tokens.insert(at->first);
    tokens_by_expiry_.emplace(at->second.who.expires_at, at->first);
}

AUTHMOD_DECL void memory_store::end(tokens::iterator at) {
    auto const& [who, user] = at->second;
    user->tokens.erase(at->first);
    tokens_by_expiry_.erase({who.expires_at, at->first});
    tokens_.erase(at);
}

AUTHMOD_DECL asio::awaitable<result<token_view>> memory_store::find_token(std::string_view digest) {
    std::lock_guard lock(mutex_);
    auto const at = tokens_.find(digest);
    if (at == tokens_.end()) co_return errc::not_found;
    token_view view;
    view.who = at->second.who;
    view.user = at->second.user->user;
    view.groups = groups_of(*at->second.user);
    co_return view;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::end_token(std::string_view digest, std::string_view service_id,
                                                                   audit_rows rows) {
    std::lock_guard lock(mutex_);
    auto const at = tokens_.find(digest);
    if (at == tokens_.end() || at->second.who.service_id != service_id) co_return errc::not_found;
    end(at);
    note_all(rows);
    co_return result<void>();
}

// service clients

AUTHMOD_DECL asio::awaitable<result<std::vector<service_client>>> memory_store::list_services() {
    std::lock_guard lock(mutex_);
    std::vector<service_client> list;
    for (auto const& [id, service] : services_) list.push_back(service);
    std::ranges::sort(list, {}, &service_client::name);
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<service_client>> memory_store::find_service(std::string_view id) {
    std::lock_guard lock(mutex_);
    auto const at = services_.find(id);
    if (at == services_.end()) co_return errc::not_found;
    co_return at->second;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::insert_service(service_client const& service,
                                                                        audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (services_.contains(service.id)) co_return errc::store_conflict;
    for (auto const& [id, other] : services_)
        if (other.name == service.name) co_return errc::name_taken;
    auto& kept = services_.emplace(service.id, service).first->second;
    detail::sort_unique(kept.modules);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_service(std::string_view id, audit_rows rows) {
    std::lock_guard lock(mutex_);
    auto const at = services_.find(id);
    if (at == services_.end()) co_return errc::not_found;
    end_where(tokens_, [id](token_entry const& t) { return t.who.service_id == id; });
    services_.erase(at);
    note_all(rows);
    co_return result<void>();
}

// accounts

AUTHMOD_DECL bool memory_store::name_is_free(account const& who) const {
    auto const at = usernames_.find(fold_case(who.username));
    return at == usernames_.end() || at->second->user.id == who.id;
}

AUTHMOD_DECL void memory_store::add_to_indices(account_entry& entry) {
    usernames_.emplace(fold_case(entry.user.username), &entry);
    if (!entry.user.email.empty()) emails_.emplace(fold_case(entry.user.email), &entry);
    if (!entry.user.created_by_module.empty()) ++made_by_[entry.user.created_by_module];
}

AUTHMOD_DECL void memory_store::remove_from_indices(account_entry& entry) {
    usernames_.erase(fold_case(entry.user.username));
    auto const [first, last] = emails_.equal_range(fold_case(entry.user.email));
    auto const email = std::find_if(first, last, [&](auto const& e) { return e.second == &entry; });
    if (email != last) emails_.erase(email);
    if (!entry.user.created_by_module.empty()) --made_by_[entry.user.created_by_module];
}

AUTHMOD_DECL asio::awaitable<result<account_view>> memory_store::find_account(std::string_view id) {
    std::lock_guard lock(mutex_);
    auto const at = accounts_.find(id);
    if (at == accounts_.end()) co_return errc::not_found;
    account_view view;
    view.user = at->second.user;
    view.groups = groups_of(at->second);
    for (auto const& [key, link] : at->second.links) view.links.push_back(link);
    co_return view;
}

AUTHMOD_DECL asio::awaitable<result<std::vector<account>>> memory_store::list_accounts(account_filter const& filter) {
    std::lock_guard lock(mutex_);
    auto const search = fold_case(filter.search);
    auto const fits = [&](account_entry const& entry) {
        auto const link = entry.links.lower_bound({filter.module_id, std::string()});
        if (!filter.module_id.empty() && (link == entry.links.end() || link->first.first != filter.module_id))
            return false;
        return fold_case(entry.user.username).starts_with(search) || fold_case(entry.user.email).starts_with(search);
    };
    std::vector<account> list;
    auto const take = [&](account_entry const& entry) {
        if (fits(entry)) list.push_back(entry.user);
    };
    auto const full = [&] { return std::cmp_greater_equal(list.size(), filter.limit); };
    if (filter.group_id.empty() || filter.group_id == all_users_id) {
        for (auto at = accounts_.upper_bound(filter.after); at != accounts_.end() && !full(); ++at) take(at->second);
    } else if (auto const group = groups_.find(filter.group_id); group != groups_.end()) {
        auto const& members = group->second.members;
        for (auto at = members.upper_bound(filter.after); at != members.end() && !full(); ++at)
            take(accounts_.find(*at)->second);
    }
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::insert_account(account const& who, audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (accounts_.contains(who.id)) co_return errc::store_conflict;
    if (!name_is_free(who)) co_return errc::name_taken;
    auto& entry = accounts_[who.id];
    entry.user = who;
    add_to_indices(entry);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::update_account(account const& who, long long revision,
                                                                        audit_rows rows) {
    std::lock_guard lock(mutex_);
    auto const at = accounts_.find(who.id);
    if (at == accounts_.end()) co_return errc::not_found;
    auto& entry = at->second;
    if (entry.user.revision != revision) co_return errc::revision_stale;
    if (!name_is_free(who)) co_return errc::name_taken;
    remove_from_indices(entry);
    entry.user = who;
    entry.user.revision = revision + 1;
    add_to_indices(entry);
    if (who.banned) end_all(entry);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_account(std::string_view id, audit_rows rows) {
    std::lock_guard lock(mutex_);
    auto const at = accounts_.find(id);
    if (at == accounts_.end()) co_return errc::not_found;
    erase_account(at);
    note_all(rows);
    co_return result<void>();
}

/// With everything that is its own.
AUTHMOD_DECL void memory_store::erase_account(accounts::iterator at) {
    auto& entry = at->second;
    end_all(entry);
    for (auto const& [key, link] : entry.links) links_.find(key.first)->second.erase(key.second);
    end_grants(entry, [](grant const&) { return true; });
    remove_from_indices(entry);
    scim_users_.erase(at->first);
    accounts_.erase(at);
}

AUTHMOD_DECL asio::awaitable<result<avatar_image>> memory_store::load_avatar(std::string_view account_id) {
    std::lock_guard lock(mutex_);
    auto const at = accounts_.find(account_id);
    if (at == accounts_.end() || !at->second.avatar) co_return errc::not_found;
    co_return *at->second.avatar;
}

AUTHMOD_DECL asio::awaitable<result<long long>> memory_store::count_accounts_made_by(std::string_view module_id) {
    std::lock_guard lock(mutex_);
    auto const at = made_by_.find(module_id);
    co_return at == made_by_.end() ? 0 : at->second;
}

// groups

AUTHMOD_DECL std::vector<std::string> memory_store::groups_of(account_entry const& entry) const {
    std::vector<std::string> names{all_users};
    for (auto const& g : entry.grants) names.push_back(groups_.find(g.group_id)->second.name);
    std::sort(names.begin() + 1, names.end());
    names.erase(std::unique(names.begin() + 1, names.end()), names.end());
    return names;
}

AUTHMOD_DECL void memory_store::add_grant(account_entry& entry, grant g) {
    if (std::ranges::find(entry.grants, g) != entry.grants.end()) return;
    groups_.find(g.group_id)->second.members.insert(accounts_.find(entry.user.id)->first);
    entry.grants.push_back(std::move(g));
}

/// Ends the grants for which `over(grant)` is true; gives their number.
template <class Condition>
std::size_t memory_store::end_grants(account_entry& entry, Condition&& over) {
    auto const ended = std::ranges::partition(entry.grants, std::not_fn(std::ref(over)));
    std::vector<grant> const gone(ended.begin(), ended.end());
    entry.grants.erase(ended.begin(), ended.end());
    for (auto const& g : gone)
        if (std::ranges::find(entry.grants, g.group_id, &grant::group_id) == entry.grants.end())
            groups_.find(g.group_id)->second.members.erase(entry.user.id);
    return gone.size();
}

AUTHMOD_DECL asio::awaitable<result<std::vector<group_summary>>> memory_store::list_groups() {
    std::lock_guard lock(mutex_);
    std::vector<group_summary> list;
    for (auto const& [id, entry] : groups_) {
        auto const members = id == all_users_id ? accounts_.size() : entry.members.size();
        list.emplace_back(id, entry.name, static_cast<long long>(members));
    }
    std::ranges::sort(list, {}, &group_summary::name);
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::insert_group(group const& g, audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (groups_.contains(g.id)) co_return errc::store_conflict;
    auto const same = [&](std::string const& id) { return groups_.find(id)->second.name == g.name; };
    if (any_group_named(g.name, same)) co_return errc::name_taken;
    name_group(g.id, g.name);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_group(std::string_view id, audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (is_built_in_group(id)) co_return errc::not_permitted;
    auto const at = groups_.find(id);
    if (at == groups_.end()) co_return errc::not_found;
    erase_group(at);
    note_all(rows);
    co_return result<void>();
}

/// Whether `is_it(id)` holds for a group whose name differs by case at the most.
template <class Condition>
bool memory_store::any_group_named(std::string_view name, Condition&& is_it) const {
    auto const folded = fold_case(name);
    for (auto at = group_names_.lower_bound({folded, {}}); at != group_names_.end() && at->first == folded; ++at)
        if (is_it(at->second)) return true;
    return false;
}

/// Names a group anew, or makes one. What finds no memory changes nothing.
AUTHMOD_DECL void memory_store::name_group(std::string const& id, std::string const& name) {
    auto const old = groups_.find(id);
    std::pair<std::string, std::string> const before(old == groups_.end() ? std::string() : fold_case(old->second.name),
                                                     id);
    std::string next = name;
    decltype(group_names_) made{{fold_case(name), id}};
    auto& entry = groups_[id];
    entry.name.swap(next);
    group_names_.erase(before);
    group_names_.merge(made);
}

/// With its memberships.
AUTHMOD_DECL void memory_store::erase_group(groups::iterator at) {
    for (auto member : at->second.members)
        std::erase_if(accounts_.find(member)->second.grants, [&](grant const& g) { return g.group_id == at->first; });
    scim_groups_.erase(at->first);
    group_names_.erase({fold_case(at->second.name), at->first});
    groups_.erase(at);
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::put_member(std::string_view group, std::string_view account,
                                                                    audit_rows rows) {
    std::lock_guard lock(mutex_);
    auto const at = groups_.find(group);
    auto const who = accounts_.find(account);
    if (at == groups_.end() || who == accounts_.end()) co_return errc::not_found;
    if (group == all_users_id) co_return errc::not_permitted;
    grant const by_hand{at->first, std::string()};
    if (std::ranges::find(who->second.grants, by_hand) != who->second.grants.end()) co_return result<void>();
    add_grant(who->second, by_hand);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_member(std::string_view group, std::string_view account,
                                                                       audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (group == all_users_id) co_return errc::not_permitted;
    auto const who = accounts_.find(account);
    if (who == accounts_.end()) co_return errc::not_found;
    if (end_grants(who->second, [group](grant const& g) { return g.group_id == group; }) == 0)
        co_return errc::not_found;
    note_all(rows);
    co_return result<void>();
}

} // namespace AUTHMOD_ABI

} // namespace authmod
