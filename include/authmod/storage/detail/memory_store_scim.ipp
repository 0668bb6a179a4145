// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of memory_store about SCIM; included by memory_store.ipp alone.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/storage/detail/scim_pages.hpp"
#include "authmod/storage/memory_store.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace authmod {

inline namespace AUTHMOD_ABI {

// clients

AUTHMOD_DECL std::vector<scim_token> memory_store::tokens_of(std::string_view client_id) const {
    std::vector<scim_token> list;
    for (auto const& [digest, token] : scim_tokens_)
        if (token.client_id == client_id) list.push_back(token);
    std::ranges::sort(
        list, [](auto const& a, auto const& b) { return std::tie(a.created_at, a.id) > std::tie(b.created_at, b.id); });
    return list;
}

AUTHMOD_DECL asio::awaitable<result<std::vector<scim::client_view>>> memory_store::list_scim_clients() {
    std::lock_guard lock(mutex_);
    std::vector<scim::client_view> list;
    for (auto const& [id, client] : scim_clients_) {
        scim::client_view view;
        view.client = client;
        view.tokens = tokens_of(id);
        for (auto& token : view.tokens) token.digest.clear();
        view.users = std::ssize(scim_users_.of_client(id));
        view.groups = std::ssize(scim_groups_.of_client(id));
        list.push_back(std::move(view));
    }
    std::ranges::sort(
        list, {}, [](auto const& view) -> auto const& { return view.client.name; });
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::insert_scim_client(scim_client const& client,
                                                                            scim_token const& first, audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (scim_clients_.contains(client.id) || scim_tokens_.contains(first.digest)) co_return errc::store_conflict;
    for (auto const& [id, other] : scim_clients_)
        if (other.name == client.name) co_return errc::name_taken;
    scim_clients_.emplace(client.id, client);
    scim_tokens_.emplace(first.digest, first);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::add_scim_token(scim_token const& token, std::size_t keep,
                                                                        audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (!scim_clients_.contains(token.client_id)) co_return errc::not_found;
    if (scim_tokens_.contains(token.digest)) co_return errc::store_conflict;
    auto const before = tokens_of(token.client_id);
    for (std::size_t at = keep; at < before.size(); ++at) scim_tokens_.erase(before[at].digest);
    scim_tokens_.emplace(token.digest, token);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_scim_token(std::string_view client_id,
                                                                           std::string_view token_id, audit_rows rows) {
    std::lock_guard lock(mutex_);
    auto const gone = std::erase_if(scim_tokens_, [&](auto const& kept) {
        return kept.second.client_id == client_id && kept.second.id == token_id;
    });
    if (gone == 0) co_return errc::not_found;
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<scim::access>> memory_store::find_scim_access(std::string_view digest) {
    std::lock_guard lock(mutex_);
    auto const at = scim_tokens_.find(digest);
    if (at == scim_tokens_.end()) co_return errc::not_found;
    scim::access found;
    found.client = scim_clients_.find(at->second.client_id)->second;
    found.token_id = at->second.id;
    co_return found;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_scim_client(std::string_view id, audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (!scim_clients_.contains(id)) co_return errc::not_found;
    forget_scim_client(std::string(id));
    note_all(rows);
    co_return result<void>();
}

/// What it made stays as local accounts and groups; whoever was switched off stays out.
AUTHMOD_DECL void memory_store::forget_scim_client(std::string const& id) {
    while (!scim_users_.of_client(id).empty()) { // from the end, so that nothing moves up
        auto const* user = scim_users_.of_client(id).back();
        auto& who = accounts_.find(user->id)->second.user;
        if (!user->active && !who.banned) {
            who.banned = true;
            who.ban_reason = scim::scim_ban;
            ++who.revision;
        }
        scim_users_.erase(user->id);
    }
    while (!scim_groups_.of_client(id).empty()) scim_groups_.erase(scim_groups_.of_client(id).back()->id);
    std::erase_if(scim_tokens_, [&](auto const& token) { return token.second.client_id == id; });
    scim_clients_.erase(id);
}

AUTHMOD_DECL void memory_store::move_scim_clients(std::string_view module_id, std::string_view successor) {
    for (auto at = scim_clients_.begin(); at != scim_clients_.end();) {
        auto& client = (at++)->second;
        if (client.module_id != module_id) continue;
        if (successor.empty())
            forget_scim_client(std::string(client.id));
        else
            client.module_id = successor;
    }
}

// logins

/// Completes the facts of a login: who was provisioned for it, and who is switched off.
AUTHMOD_DECL memory_store::account_entry const* memory_store::find_provisioned(login_candidate const& candidate) const {
    account_entry const* found = nullptr;
    auto const take = [&](scim::user const& who) {
        if (found || scim_clients_.find(who.client_id)->second.module_id != candidate.module_id) return;
        auto const& entry = accounts_.find(who.id)->second;
        auto const link = entry.links.lower_bound({candidate.module_id, std::string()});
        if (link == entry.links.end() || link->first.first != candidate.module_id) found = &entry;
    };
    scim::condition c;
    c.what = detail::match_column(candidate.match);
    for (auto const& key : scim::login_keys(c.what, candidate.profile)) {
        c.text = key;
        if (!found && !key.empty()) scim_users_.find_by(c, take);
    }
    return found;
}

// users

AUTHMOD_DECL scim::user_facts memory_store::facts_for(scim::user_plan const& plan, std::string_view id) const {
    scim::user_facts facts;
    if (auto const at = accounts_.find(id); at != accounts_.end()) facts.who = at->second.user;
    auto const holder = usernames_.find(plan.result.user_name);
    facts.username_taken = holder != usernames_.end() && holder->second->user.id != id;
    scim::condition same_name;
    same_name.what = scim::column::user_name;
    same_name.text = plan.result.user_name;
    scim_users_.find_by(same_name,
                        [&](scim::user const& who) { facts.username_taken = facts.username_taken || who.id != id; });
    auto const [first, last] = emails_.equal_range(fold_case(plan.email));
    facts.email_taken = std::any_of(first, last, [id](auto const& e) { return e.second->user.id != id; });
    return facts;
}

AUTHMOD_DECL asio::awaitable<scim::answer<scim::user_decision>>
memory_store::change_scim_user(scim::user_change const& change) {
    using answer = scim::result_of<scim::user_decision>;
    std::lock_guard lock(mutex_);
    auto const* stored = scim_users_.find(change.id);
    if (stored && stored->client_id != change.by.client_id) stored = nullptr;
    auto const plan = scim::plan_user(change, stored);
    if (!plan) co_return answer(plan.error());
    auto decision = scim::decide_user(change, *plan, facts_for(*plan, change.id));
    if (!decision) co_return answer(decision.error());
    if (!decision->changed) co_return decision;
    if (change.what == scim::change_kind::create &&
        (accounts_.contains(change.id) || !scim_clients_.contains(change.by.client_id)))
        co_return errc::store_conflict;
    if (change.what == scim::change_kind::remove) {
        erase_account(accounts_.find(change.id));
    } else {
        auto& entry = accounts_[change.id];
        if (decision->account_changed) {
            if (change.what != scim::change_kind::create) remove_from_indices(entry);
            entry.user = decision->who;
            add_to_indices(entry);
        }
        scim_users_.put(decision->result);
        if (decision->ends_sessions) end_all(entry);
    }
    note_all(decision->audit);
    co_return decision;
}

AUTHMOD_DECL scim::user_view memory_store::view_of(scim::user const& who, bool with_groups) const {
    scim::user_view view;
    view.who = who;
    if (!with_groups) return view;
    for (auto const& g : accounts_.find(who.id)->second.grants)
        if (auto const* at = scim_groups_.find(g.group_id); at && scim::is_grant_of(g.granted_by, who.client_id))
            view.groups.emplace_back(at->id, at->name);
    std::ranges::sort(view.groups, {}, &scim::member::id);
    return view;
}

AUTHMOD_DECL asio::awaitable<result<scim::user_view>>
memory_store::find_scim_user(std::string_view client_id, std::string_view id, bool with_groups) {
    std::lock_guard lock(mutex_);
    auto const* who = scim_users_.find(id);
    if (!who || who->client_id != client_id) co_return errc::not_found;
    co_return view_of(*who, with_groups);
}

// groups

AUTHMOD_DECL scim::group_facts memory_store::facts_for(scim::group_plan const& plan,
                                                       scim::group_change const& change) const {
    scim::group_facts facts;
    facts.name_taken = any_group_named(plan.result.name, [&](std::string const& id) { return id != change.id; });
    for (auto const& id : plan.members.add) {
        auto const* who = scim_users_.find(id);
        if (!who || who->client_id != change.by.client_id) facts.unknown_member = true;
    }
    return facts;
}

/// Writes memberships; tells whether anything changed.
AUTHMOD_DECL bool memory_store::change_members(std::string_view group_id, std::string const& granted_by,
                                               scim::member_changes const& members) {
    auto const at = groups_.find(group_id);
    grant const g{at->first, granted_by};
    bool changed = false;
    auto const leave = [&](std::string_view id) {
        auto const who = accounts_.find(id);
        if (who != accounts_.end() && end_grants(who->second, [&](grant const& held) { return held == g; }) != 0)
            changed = true;
    };
    auto const kept = members.add; // ascending
    if (members.replaces) {
        auto const before = std::vector<std::string_view>(at->second.members.begin(), at->second.members.end());
        for (auto id : before)
            if (!std::ranges::binary_search(kept, id, std::less<>())) leave(id);
    }
    for (auto const& id : members.remove) leave(id);
    for (auto const& id : members.add) {
        auto& entry = accounts_.find(id)->second;
        if (std::ranges::find(entry.grants, g) != entry.grants.end()) continue;
        add_grant(entry, g);
        changed = true;
    }
    return changed;
}

AUTHMOD_DECL asio::awaitable<scim::answer<scim::group_decision>>
memory_store::change_scim_group(scim::group_change const& change) {
    using answer = scim::result_of<scim::group_decision>;
    std::lock_guard lock(mutex_);
    auto const* stored = scim_groups_.find(change.id);
    if (stored && stored->client_id != change.by.client_id) stored = nullptr;
    auto plan = scim::plan_group(change, stored);
    if (plan && plan->needs_members) {
        auto const present = view_of(*stored, true).members;
        plan = scim::plan_group(change, stored, &present);
    }
    if (!plan) co_return answer(plan.error());
    auto decision = scim::decide_group(change, *plan, facts_for(*plan, change));
    if (!decision) co_return answer(decision.error());
    if (change.what == scim::change_kind::create &&
        (groups_.contains(change.id) || !scim_clients_.contains(change.by.client_id)))
        co_return errc::store_conflict;
    if (change.what == scim::change_kind::remove) {
        erase_group(groups_.find(change.id));
        note_all(decision->audit);
        co_return decision;
    }
    if (decision->attributes_changed) name_group(change.id, decision->result.name);
    bool const moved = change_members(change.id, scim::grant_of(change.by.client_id), decision->members);
    if (!moved && !decision->attributes_changed) {
        decision->result = *stored;
        co_return decision;
    }
    scim_groups_.put(decision->result);
    note_all(decision->audit);
    co_return decision;
}

AUTHMOD_DECL scim::group_view memory_store::view_of(scim::group const& what, bool with_members) const {
    scim::group_view view;
    view.what = what;
    if (!with_members) return view;
    for (auto id : groups_.find(what.id)->second.members)
        if (auto const* who = scim_users_.find(id); who && has_member(what, id))
            view.members.emplace_back(who->id, scim::display_of(*who));
    return view;
}

/// Whether the group's client put this user into it.
AUTHMOD_DECL bool memory_store::has_member(scim::group const& what, std::string_view user_id) const {
    auto const at = accounts_.find(user_id);
    return at != accounts_.end() && scim_users_.find(user_id) &&
           std::ranges::any_of(at->second.grants, [&](grant const& g) {
               return g.group_id == what.id && scim::is_grant_of(g.granted_by, what.client_id);
           });
}

AUTHMOD_DECL asio::awaitable<result<scim::group_view>>
memory_store::find_scim_group(std::string_view client_id, std::string_view id, bool with_members) {
    std::lock_guard lock(mutex_);
    auto const* what = scim_groups_.find(id);
    if (!what || what->client_id != client_id) co_return errc::not_found;
    co_return view_of(*what, with_members);
}

// lists

AUTHMOD_DECL bool memory_store::satisfies(scim::user const& who, scim::condition const& c) const {
    if (c.what != scim::column::group) return detail::satisfies(who, c);
    return std::ranges::any_of(accounts_.find(who.id)->second.grants, [&](grant const& g) {
        auto const* what = scim_groups_.find(g.group_id);
        return detail::fits(c, g.group_id) && what && has_member(*what, who.id);
    });
}

AUTHMOD_DECL bool memory_store::satisfies(scim::group const& what, scim::condition const& c) const {
    if (c.what != scim::column::member) return detail::satisfies(what, c);
    if (c.how == scim::relation::equal) return has_member(what, c.text);
    return std::ranges::any_of(groups_.find(what.id)->second.members,
                               [&](std::string_view id) { return detail::fits(c, id) && has_member(what, id); });
}

/// What a client made that satisfies all conditions of a row, in the order of lists. The narrowest index that is there
/// finds it.
template <class Resource>
std::vector<Resource const*> memory_store::candidates(detail::scim_table<Resource> const& all,
                                                      std::vector<scim::condition> const& row,
                                                      std::string const& client_id) const {
    std::vector<Resource const*> found;
    auto const take = [&](Resource const& one) {
        bool const fits = one.client_id == client_id &&
                          std::ranges::all_of(row, [&](scim::condition const& c) { return satisfies(one, c); });
        if (fits) found.push_back(&one);
    };
    bool looked_up = false;
    for (auto const how : {scim::relation::equal, scim::relation::starts_with})
        for (auto const& c : row)
            if (!looked_up && c.how == how) looked_up = all.find_by(c, take);
    if (!looked_up)
        for (auto const* one : all.of_client(client_id)) take(*one);
    return found;
}

template <class View, class Resource>
scim::page<View> memory_store::list_scim(detail::scim_table<Resource> const& all, scim::list_query const& query,
                                         std::string_view ends) const {
    auto const& what = query.what;
    auto const plan = scim::plan_search(what.where);
    scim::page<View> page;
    if (plan.nothing) return page;
    std::vector<Resource const*> found;
    for (auto const& row : plan.any_of)
        std::ranges::copy(candidates(all, row, query.client_id), std::back_inserter(found));
    std::ranges::sort(found, {}, [](auto const* one) { return std::tie(one->created_at, one->id); });
    auto const doubles = std::ranges::unique(found);
    found.erase(doubles.begin(), doubles.end());
    auto const& list = plan.any_of.empty() ? all.of_client(query.client_id) : found;
    bool const wanted = detail::wants_ends(query, plan, ends);
    if (!plan.exact || what.order.whole) {
        detail::scim_collector<View> collector(query, !plan.exact);
        for (auto const* one : list) collector.offer(view_of(*one, wanted));
        return collector.take();
    }
    page.total = std::ssize(list);
    if (what.start_index > page.total) return page;
    auto const last = std::min(page.total, what.start_index - 1 + what.count);
    for (auto at = what.start_index - 1; at < last; ++at)
        page.items.push_back(view_of(*list[static_cast<std::size_t>(at)], wanted));
    return page;
}

AUTHMOD_DECL asio::awaitable<scim::answer<scim::page<scim::user_view>>>
memory_store::list_scim_users(scim::list_query const& query) {
    std::lock_guard lock(mutex_);
    co_return scim::result_of<scim::page<scim::user_view>>(list_scim<scim::user_view>(scim_users_, query, "groups"));
}

AUTHMOD_DECL asio::awaitable<scim::answer<scim::page<scim::group_view>>>
memory_store::list_scim_groups(scim::list_query const& query) {
    std::lock_guard lock(mutex_);
    co_return scim::result_of<scim::page<scim::group_view>>(
        list_scim<scim::group_view>(scim_groups_, query, "members"));
}

} // namespace AUTHMOD_ABI

} // namespace authmod
