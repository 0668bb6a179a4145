// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of memory_store.
#pragma once

#include "authmod/account/linking.hpp"
#include "authmod/storage/memory_store.hpp"

#include <algorithm>
#include <tuple>

namespace authmod {

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL memory_store::memory_store(std::size_t audit_capacity) : audit_capacity_(audit_capacity) {
    groups_.emplace(all_users_id, all_users);
    groups_.emplace(admins_id, admins_group);
}

// auth modules

AUTHMOD_DECL module_record* memory_store::find_module(std::string_view id) {
    auto const at = std::ranges::find(modules_, id, &module_record::id);
    return at == modules_.end() ? nullptr : &*at;
}

AUTHMOD_DECL void memory_store::clear_other_defaults(module_record const& module) {
    if (!module.is_default) return;
    for (auto& other : modules_)
        if (other.is_default && other.id != module.id) {
            other.is_default = false;
            other.updated_at = module.updated_at;
            ++other.revision;
        }
}

AUTHMOD_DECL asio::awaitable<result<std::vector<module_record>>> memory_store::list_modules() {
    std::lock_guard lock(mutex_);
    auto list = modules_;
    std::ranges::sort(list, {}, [](module_record const& m) { return std::tie(m.order, m.created_at, m.id); });
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::insert_module(module_record const& module,
                                                                       audit_row const& row) {
    std::lock_guard lock(mutex_);
    if (find_module(module.id)) co_return errc::store_conflict;
    if (std::ranges::find(modules_, module.name, &module_record::name) != modules_.end()) co_return errc::name_taken;
    modules_.push_back(module);
    clear_other_defaults(module);
    note(row);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::update_module(module_record const& module, long long revision,
                                                                       audit_row const& row) {
    std::lock_guard lock(mutex_);
    auto* stored = find_module(module.id);
    if (!stored) co_return errc::not_found;
    if (stored->revision != revision) co_return errc::revision_stale;
    for (auto const& other : modules_)
        if (other.name == module.name && other.id != module.id) co_return errc::name_taken;
    *stored = module;
    stored->revision = revision + 1;
    clear_other_defaults(module);
    note(row);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_module(std::string_view id, std::string_view successor,
                                                                       audit_row const& row) {
    std::lock_guard lock(mutex_);
    auto* stored = find_module(id);
    if (!stored || successor == id || (!successor.empty() && !find_module(successor))) co_return errc::not_found;

    for (auto at = sessions_.begin(); at != sessions_.end();) {
        auto const here = at++;
        if (here->second.who.module_id == id) end(here);
    }
    if (auto const at = links_.find(id); at != links_.end()) {
        auto links = std::move(at->second);
        links_.erase(at);
        for (auto& [user_id, entry] : links) {
            std::pair<std::string, std::string> link(id, user_id);
            std::erase(entry->links, link);
            if (successor.empty()) continue;
            link.first = successor;
            // A person who has logged in through both keeps the successor's link.
            if (links_[link.first].try_emplace(user_id, entry).second) entry->links.push_back(std::move(link));
        }
    }
    for (auto& [account_id, entry] : accounts_) {
        for (auto& g : std::exchange(entry.grants, {})) {
            if (g.granted_by == id && successor.empty()) continue;
            if (g.granted_by == id) g.granted_by = successor;
            add_grant(entry, std::move(g));
        }
    }
    std::erase_if(modules_, [&](module_record const& m) { return m.id == id; });
    note(row);
    co_return result<void>();
}

// logins

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::take_state(std::string_view digest, time_point expires_at) {
    std::lock_guard lock(mutex_);
    auto const [at, fresh] = states_.try_emplace(std::string(digest), expires_at);
    if (!fresh) co_return errc::state_used;
    states_by_expiry_.emplace(expires_at, at->first);
    co_return result<void>();
}

AUTHMOD_DECL login_facts memory_store::facts_of(login_candidate const& candidate) const {
    login_facts facts;
    account_entry const* linked = nullptr;
    if (auto const of_module = links_.find(candidate.module_id); of_module != links_.end() && candidate.profile.user_id)
        if (auto const at = of_module->second.find(*candidate.profile.user_id); at != of_module->second.end()) {
            linked = at->second;
            facts.linked = linked->user;
            for (auto const& g : linked->grants)
                if (g.granted_by == candidate.module_id) facts.granted_groups.emplace_back(g.group_id);
        }
    if (auto const email = usable_email(candidate.profile); !email.empty()) {
        account_entry const* holder = nullptr;
        auto const [first, last] = emails_.equal_range(fold_case(email));
        for (auto at = first; at != last; ++at) {
            auto const* other = at->second;
            if (other == linked) continue;
            auto const rank = [](account const& a) { return std::pair(!a.email_verified, std::string_view(a.id)); };
            if (!holder || rank(other->user) < rank(holder->user)) holder = other;
        }
        if (holder) facts.email_holder = holder->user;
    }
    facts.free_username = find_free_username(candidate, [&](std::string const& name) {
        auto const at = usernames_.find(fold_case(name));
        return at != usernames_.end() && at->second != linked;
    });
    for (auto id : wanted_groups(candidate))
        if (id != all_users_id && groups_.contains(id)) facts.known_groups.emplace_back(id);
    return facts;
}

AUTHMOD_DECL asio::awaitable<result<login_facts>> memory_store::load_login_facts(login_candidate const& candidate) {
    std::lock_guard lock(mutex_);
    co_return facts_of(candidate);
}

AUTHMOD_DECL asio::awaitable<result<login_outcome>> memory_store::finish_login(login_candidate const& candidate) {
    std::lock_guard lock(mutex_);
    auto decision = decide_login(candidate, facts_of(candidate));
    login_outcome outcome;
    outcome.what = decision.what;
    outcome.reason = decision.reason;
    if (decision.what != login_decision::kind::refuse) {
        if (decision.what == login_decision::kind::create && accounts_.contains(decision.result.id))
            co_return errc::store_conflict;
        if (!candidate.new_session.digest.empty() && sessions_.contains(candidate.new_session.digest))
            co_return errc::store_conflict;
        apply(decision, candidate, outcome);
    }
    for (auto& row : decision.audit) note(std::move(row));
    co_return outcome;
}

AUTHMOD_DECL void memory_store::apply(login_decision& decision, login_candidate const& candidate,
                                      login_outcome& outcome) {
    auto& entry = accounts_[decision.result.id];
    if (decision.account_changed) {
        if (decision.what != login_decision::kind::create) remove_from_indices(entry);
        entry.user = std::move(decision.result);
        add_to_indices(entry);
    }
    if (decision.what != login_decision::kind::refresh) {
        links_[candidate.module_id][*candidate.profile.user_id] = &entry;
        entry.links.emplace_back(candidate.module_id, *candidate.profile.user_id);
    }
    for (auto const& id : decision.join)
        if (auto const at = groups_.find(id); at != groups_.end()) add_grant(entry, {at->first, candidate.module_id});
    for (auto const& id : decision.leave) std::erase(entry.grants, grant{id, candidate.module_id});
    if (candidate.avatar) entry.avatar = candidate.avatar;

    if (!candidate.new_session.digest.empty()) {
        if (auto const old = sessions_.find(candidate.replaced_session); old != sessions_.end()) end(old);
        begin_session(candidate.new_session, entry);
    }
    outcome.who = entry.user;
    outcome.groups = groups_of(entry);
}

// sessions

AUTHMOD_DECL void memory_store::begin_session(session who, account_entry& entry) {
    who.account_id = entry.user.id;
    auto const key = who.digest;
    auto const at = sessions_.try_emplace(key, session_entry{std::move(who), &entry}).first;
    entry.sessions.insert(at->first);
    sessions_by_creation_.emplace(at->second.who.created_at, at->first);
    sessions_by_use_.emplace(at->second.who.seen_at, at->first);
}

AUTHMOD_DECL void memory_store::end(sessions::iterator at) {
    auto const& [who, user] = at->second;
    user->sessions.erase(at->first);
    sessions_by_creation_.erase({who.created_at, at->first});
    sessions_by_use_.erase({who.seen_at, at->first});
    sessions_.erase(at);
}

AUTHMOD_DECL void memory_store::end_all(account_entry& entry) {
    while (!entry.sessions.empty()) end(sessions_.find(*entry.sessions.begin()));
}

AUTHMOD_DECL asio::awaitable<result<session_view>> memory_store::find_session(std::string_view digest) {
    std::lock_guard lock(mutex_);
    auto const at = sessions_.find(digest);
    if (at == sessions_.end()) co_return errc::not_found;
    session_view view;
    view.who = at->second.who;
    view.user = at->second.user->user;
    view.groups = groups_of(*at->second.user);
    co_return view;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::touch_session(std::string_view digest, time_point seen_at) {
    std::lock_guard lock(mutex_);
    auto const at = sessions_.find(digest);
    if (at == sessions_.end()) co_return errc::not_found;
    auto& who = at->second.who;
    if (seen_at > who.seen_at) {
        sessions_by_use_.erase({who.seen_at, at->first});
        who.seen_at = seen_at;
        sessions_by_use_.emplace(seen_at, at->first);
    }
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::end_session(std::string_view digest, audit_row const& row) {
    std::lock_guard lock(mutex_);
    auto const at = sessions_.find(digest);
    if (at == sessions_.end()) co_return errc::not_found;
    end(at);
    note(row);
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
    co_return view;
}

AUTHMOD_DECL asio::awaitable<result<std::vector<account>>> memory_store::list_accounts(std::string_view after,
                                                                                       int limit) {
    std::lock_guard lock(mutex_);
    std::vector<account> list;
    for (auto at = accounts_.upper_bound(after); at != accounts_.end() && limit-- > 0; ++at)
        list.push_back(at->second.user);
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::insert_account(account const& who, audit_row const& row) {
    std::lock_guard lock(mutex_);
    if (accounts_.contains(who.id)) co_return errc::store_conflict;
    if (!name_is_free(who)) co_return errc::name_taken;
    auto& entry = accounts_[who.id];
    entry.user = who;
    add_to_indices(entry);
    note(row);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::update_account(account const& who, audit_row const& row) {
    std::lock_guard lock(mutex_);
    auto const at = accounts_.find(who.id);
    if (at == accounts_.end()) co_return errc::not_found;
    if (!name_is_free(who)) co_return errc::name_taken;
    auto& entry = at->second;
    remove_from_indices(entry);
    entry.user = who;
    add_to_indices(entry);
    if (who.banned) end_all(entry);
    note(row);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_account(std::string_view id, audit_row const& row) {
    std::lock_guard lock(mutex_);
    auto const at = accounts_.find(id);
    if (at == accounts_.end()) co_return errc::not_found;
    auto& entry = at->second;
    end_all(entry);
    for (auto const& [module_id, user_id] : entry.links)
        if (auto const links = links_.find(module_id); links != links_.end()) links->second.erase(user_id);
    remove_from_indices(entry);
    accounts_.erase(at);
    note(row);
    co_return result<void>();
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
    for (auto const& g : entry.grants) names.push_back(groups_.find(g.group_id)->second);
    std::sort(names.begin() + 1, names.end());
    names.erase(std::unique(names.begin() + 1, names.end()), names.end());
    return names;
}

AUTHMOD_DECL void memory_store::add_grant(account_entry& entry, grant g) {
    if (std::ranges::find(entry.grants, g) != entry.grants.end()) return;
    entry.grants.push_back(std::move(g));
}

AUTHMOD_DECL asio::awaitable<result<std::vector<group>>> memory_store::list_groups() {
    std::lock_guard lock(mutex_);
    std::vector<group> list;
    for (auto const& [id, name] : groups_) list.emplace_back(id, name);
    std::ranges::sort(list, {}, &group::name);
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::insert_group(group const& g, audit_row const& row) {
    std::lock_guard lock(mutex_);
    if (groups_.contains(g.id)) co_return errc::store_conflict;
    for (auto const& [id, name] : groups_)
        if (name == g.name) co_return errc::name_taken;
    groups_.emplace(g.id, g.name);
    note(row);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_group(std::string_view id, audit_row const& row) {
    std::lock_guard lock(mutex_);
    if (is_built_in_group(id)) co_return errc::not_permitted;
    auto const at = groups_.find(id);
    if (at == groups_.end()) co_return errc::not_found;
    for (auto& [account_id, entry] : accounts_)
        std::erase_if(entry.grants, [&](grant const& g) { return g.group_id == id; });
    groups_.erase(at);
    note(row);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::put_member(std::string_view group, std::string_view account,
                                                                    audit_row const& row) {
    std::lock_guard lock(mutex_);
    auto const at = groups_.find(group);
    auto const who = accounts_.find(account);
    if (at == groups_.end() || who == accounts_.end()) co_return errc::not_found;
    if (group == all_users_id) co_return errc::not_permitted;
    grant const by_hand{at->first, std::string()};
    if (std::ranges::find(who->second.grants, by_hand) != who->second.grants.end()) co_return result<void>();
    add_grant(who->second, by_hand);
    note(row);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_member(std::string_view group, std::string_view account,
                                                                       audit_row const& row) {
    std::lock_guard lock(mutex_);
    if (group == all_users_id) co_return errc::not_permitted;
    auto const who = accounts_.find(account);
    if (who == accounts_.end()) co_return errc::not_found;
    if (std::erase_if(who->second.grants, [&](grant const& g) { return g.group_id == group; }) == 0)
        co_return errc::not_found;
    note(row);
    co_return result<void>();
}

// audit

AUTHMOD_DECL void memory_store::note(audit_row row) {
    row.number = ++last_number_;
    audit_.push_back(std::move(row));
    if (audit_.size() > audit_capacity_) audit_.pop_front();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::append_audit(audit_row const& row) {
    std::lock_guard lock(mutex_);
    note(row);
    co_return result<void>();
}

AUTHMOD_DECL std::vector<audit_row> memory_store::select_audit(audit_filter const& filter) const {
    auto const is = [](std::string const& wanted, std::string const& value) {
        return wanted.empty() || wanted == value;
    };
    std::vector<audit_row> list;
    for (auto at = audit_.rbegin(); at != audit_.rend() && std::cmp_less(list.size(), filter.limit); ++at)
        if ((filter.before == 0 || at->number < filter.before) && filter.from <= at->at && at->at < filter.until &&
            is(filter.module_id, at->module_id) && is(filter.author, at->author) && is(filter.event, at->event) &&
            is(filter.target, at->target))
            list.push_back(*at);
    return list;
}

AUTHMOD_DECL asio::awaitable<result<std::vector<audit_row>>> memory_store::list_audit(audit_filter const& filter) {
    std::lock_guard lock(mutex_);
    co_return select_audit(filter);
}

// upkeep

AUTHMOD_DECL bool memory_store::sweep_session(by_time const& order, time_point now, session_limits limits) {
    if (order.empty()) return false;
    for (auto digest : {order.begin()->second, order.rbegin()->second}) { // what is over lies at an end of an order
        auto const at = sessions_.find(digest);
        auto const& who = at->second.who;
        if (!is_over(who.created_at, who.seen_at, now, limits)) continue;
        end(at);
        return true;
    }
    return false;
}

AUTHMOD_DECL asio::awaitable<result<long long>> memory_store::sweep(time_point now, session_limits limits) {
    std::lock_guard lock(mutex_);
    constexpr long long batch = 1'000;
    long long removed = 0;
    for (; removed < batch && !states_by_expiry_.empty() && states_by_expiry_.begin()->first <= now; ++removed) {
        auto const at = states_.find(states_by_expiry_.begin()->second);
        states_by_expiry_.erase(states_by_expiry_.begin());
        states_.erase(at);
    }
    while (removed < batch &&
           (sweep_session(sessions_by_use_, now, limits) || sweep_session(sessions_by_creation_, now, limits)))
        ++removed;
    co_return removed;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::ping() { co_return result<void>(); }

} // namespace AUTHMOD_ABI

} // namespace authmod
