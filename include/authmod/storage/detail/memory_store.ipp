// SPDX-License-Identifier: BSL-1.0
// Layer 5. Bodies of memory_store; those about people are in memory_store_people.ipp.
#pragma once

#include "authmod/account/linking.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/storage/memory_store.hpp"

#include <algorithm>
#include <new>
#include <tuple>

namespace authmod {

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL memory_store::memory_store(std::size_t audit_capacity) : audit_capacity_(audit_capacity) {
    name_group(all_users_id, all_users);
    name_group(admins_id, admins_group);
}

// auth modules

AUTHMOD_DECL memory_store::module_entry* memory_store::find_module(std::string_view id) {
    auto const at = std::ranges::find(
        modules_, id, [](module_entry const& m) -> auto& { return m.record.id; });
    return at == modules_.end() ? nullptr : &*at;
}

/// Whether nobody could log in any more without `module`.
AUTHMOD_DECL bool memory_store::is_last_way_in(module_entry const& module) const {
    return module.record.enabled && std::ranges::none_of(modules_, [&](module_entry const& other) {
               return other.record.enabled && &other != &module;
           });
}

/// Writes a record, and its image where one is given.
AUTHMOD_DECL void memory_store::keep(module_entry& entry, module_record const& module) {
    entry.record = module;
    if (auto& image = entry.record.new_image) {
        entry.image.reset();
        if (!image->bytes.empty()) entry.image = std::move(*image);
        image.reset();
    }
    entry.record.image_type = entry.image ? entry.image->media_type : std::string();
}

AUTHMOD_DECL void memory_store::clear_other_defaults(module_record const& module) {
    if (!module.is_default) return;
    for (auto& [other, image, test_result] : modules_)
        if (other.is_default && other.id != module.id) {
            other.is_default = false;
            other.updated_at = module.updated_at;
            ++other.revision;
        }
}

AUTHMOD_DECL asio::awaitable<result<std::vector<module_record>>> memory_store::list_modules() {
    std::lock_guard lock(mutex_);
    std::vector<module_record> list;
    for (auto const& m : modules_) list.push_back(m.record);
    std::ranges::sort(list, {}, [](module_record const& m) { return std::tie(m.order, m.created_at, m.id); });
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::insert_module(module_record const& module, audit_rows rows) {
    std::lock_guard lock(mutex_);
    if (find_module(module.id)) co_return errc::store_conflict;
    for (auto const& other : modules_)
        if (other.record.name == module.name) co_return errc::name_taken;
    keep(modules_.emplace_back(), module);
    clear_other_defaults(module);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::update_module(module_record const& module, long long revision,
                                                                       audit_rows rows, bool keep_way_in) {
    std::lock_guard lock(mutex_);
    auto* stored = find_module(module.id);
    if (!stored) co_return errc::not_found;
    if (!enforced("O1", stored->record.revision == revision)) co_return errc::revision_stale;
    for (auto const& other : modules_)
        if (other.record.name == module.name && &other != stored) co_return errc::name_taken;
    if (keep_way_in && !module.enabled && is_last_way_in(*stored)) co_return errc::last_way_in;
    keep(*stored, module);
    stored->record.revision = revision + 1;
    clear_other_defaults(module);
    note_all(rows);
    co_return result<void>();
}

/// Links of a module that goes: to the successor, or away.
AUTHMOD_DECL void memory_store::move_links(std::string_view module_id, std::string_view successor) {
    auto const at = links_.find(module_id);
    if (at == links_.end()) return;
    auto of_module = std::move(at->second);
    links_.erase(at);
    for (auto& [user_id, entry] : of_module) {
        auto link = entry->links.extract({std::string(module_id), user_id});
        if (successor.empty()) continue;
        // A person who has logged in through both keeps the successor's link.
        if (!links_[std::string(successor)].try_emplace(user_id, entry).second) continue;
        link.key().first = link.mapped().module_id = successor;
        entry->links.insert(std::move(link));
    }
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::remove_module(std::string_view id, std::string_view successor,
                                                                       audit_rows rows, bool keep_way_in) {
    std::lock_guard lock(mutex_);
    auto* stored = find_module(id);
    if (!stored || successor == id || (!successor.empty() && !find_module(successor))) co_return errc::not_found;
    if (keep_way_in && is_last_way_in(*stored)) co_return errc::last_way_in;

    auto const came_through = [id](auto const& entry) { return entry.who.module_id == id; };
    end_where(sessions_, came_through);
    end_where(tokens_, came_through);
    move_links(id, successor);
    for (auto& [account_id, entry] : accounts_) {
        auto const had = entry.grants;
        end_grants(entry, [id](grant const& g) { return g.granted_by == id; });
        if (successor.empty()) continue;
        for (auto const& g : had)
            if (g.granted_by == id) add_grant(entry, {g.group_id, std::string(successor)});
        if (entry.user.created_by_module != id) continue;
        remove_from_indices(entry);
        entry.user.created_by_module = successor;
        ++entry.user.revision;
        add_to_indices(entry);
    }
    for (auto& [service_id, service] : services_) {
        if (std::erase(service.modules, id) == 0 || successor.empty()) continue;
        service.modules.emplace_back(successor);
        detail::sort_unique(service.modules);
    }
    move_scim_clients(id, successor);
    std::erase_if(modules_, [&](module_entry const& m) { return m.record.id == id; });
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<avatar_image>> memory_store::load_module_image(std::string_view module_id) {
    std::lock_guard lock(mutex_);
    auto const* module = find_module(module_id);
    if (!module || !module->image) co_return errc::not_found;
    co_return *module->image;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::put_test_result(std::string_view module_id,
                                                                         std::string_view text) {
    std::lock_guard lock(mutex_);
    auto* module = find_module(module_id);
    if (!module) co_return errc::not_found;
    module->test_result = text;
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<std::string>> memory_store::load_test_result(std::string_view module_id) {
    std::lock_guard lock(mutex_);
    auto const* module = find_module(module_id);
    if (!module || !module->test_result) co_return errc::not_found;
    co_return *module->test_result;
}

// logins

/// Whether nobody took it before.
AUTHMOD_DECL bool memory_store::take(std::string_view digest, time_point expires_at) {
    auto const [at, fresh] = states_.try_emplace(std::string(digest), expires_at);
    if (fresh) states_by_expiry_.emplace(expires_at, at->first);
    return fresh;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::take_state(std::string_view digest, time_point expires_at) {
    std::lock_guard lock(mutex_);
    if (!take(digest, expires_at) && !broken("B7") && !broken("O2")) co_return errc::state_used;
    co_return result<void>();
}

AUTHMOD_DECL login_facts memory_store::facts_of(login_candidate const& candidate) const {
    login_facts facts;
    if (candidate.module_stored)
        facts.module_serves = std::ranges::any_of(
            modules_, [&](module_entry const& m) { return m.record.enabled && m.record.id == candidate.module_id; });
    account_entry const* linked = nullptr;
    auto const of_module = broken("F1") ? links_.begin() : links_.find(candidate.module_id);
    if (of_module != links_.end() && candidate.profile.user_id)
        if (auto const at = of_module->second.find(*candidate.profile.user_id);
            at != of_module->second.end() && !broken("F6")) {
            linked = at->second;
            facts.linked = linked->user;
            for (auto const& g : linked->grants)
                if (g.granted_by == candidate.module_id) facts.granted_groups.emplace_back(g.group_id);
        }
    if (!linked && (linked = find_provisioned(candidate))) facts.provisioned = linked->user;
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
    for (auto const* who : {&facts.linked, &facts.provisioned, &facts.email_holder})
        if (auto const* made = *who ? scim_users_.find((*who)->id) : nullptr; made && !made->active)
            facts.inactive.push_back(made->id);
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
    bool const creates = decision.what == login_decision::kind::create;
    auto const applies =
        decision.what != login_decision::kind::refuse ? can_apply(decision, candidate) : result<void>();
    if (!applies) co_return applies.error();
    std::string const id = decision.result.id; // the rest of it moves
    auto const made_here = made_by_.find(candidate.module_id);
    long long const made = made_here == made_by_.end() ? 0 : made_here->second;
    auto const last_number = last_number_;
    try {
        if (decision.what != login_decision::kind::refuse) apply(decision, candidate, outcome);
        for (auto const& row : decision.audit) note(row);
    } catch (std::bad_alloc const&) {
        // A new account is there whole or not at all; nothing in here needs memory.
        for (; last_number_ != last_number; --last_number_)
            if (!audit_.empty() && audit_.back().number == last_number_) audit_.pop_back();
        auto const half = creates ? accounts_.find(id) : accounts_.end();
        if (half == accounts_.end()) throw;
        if (auto const at = sessions_.find(candidate.new_session.digest); at != sessions_.end()) end(at);
        if (candidate.new_token)
            if (auto const at = tokens_.find(candidate.new_token->digest); at != tokens_.end()) end(at);
        auto const leads_here = [entry = &half->second](auto const& kept) { return kept.second == entry; };
        std::erase_if(usernames_, leads_here);
        std::erase_if(emails_, leads_here);
        for (auto& [module_id, of_module] : links_) std::erase_if(of_module, leads_here);
        for (auto& [group_id, group] : groups_) group.members.erase(half->first);
        if (auto const at = made_by_.find(candidate.module_id); at != made_by_.end()) at->second = made;
        accounts_.erase(half);
        throw;
    }
    bool const begins = decision.what != login_decision::kind::refuse && !candidate.new_session.digest.empty();
    if (auto const old = sessions_.find(candidate.replaced_session); begins && old != sessions_.end()) end(old);
    co_return outcome;
}

/// Whether nothing that is there already stands in the way.
AUTHMOD_DECL result<void> memory_store::can_apply(login_decision const& decision,
                                                  login_candidate const& candidate) const {
    if (decision.what == login_decision::kind::create && accounts_.contains(decision.result.id))
        return errc::store_conflict;
    if (sessions_.contains(candidate.new_session.digest)) return errc::store_conflict;
    if (!candidate.new_token) return result<void>();
    if (tokens_.contains(candidate.new_token->digest)) return errc::store_conflict;
    if (!services_.contains(candidate.new_token->service_id)) return errc::not_found;
    return result<void>();
}

AUTHMOD_DECL void memory_store::apply(login_decision& decision, login_candidate const& candidate,
                                      login_outcome& outcome) {
    auto& entry = accounts_[decision.result.id];
    if (decision.account_changed) {
        if (decision.what != login_decision::kind::create) remove_from_indices(entry);
        entry.user = std::move(decision.result);
        add_to_indices(entry);
    }
    auto const& user_id = *candidate.profile.user_id;
    if (decision.what != login_decision::kind::refresh) links_[candidate.module_id][user_id] = &entry;
    auto const [link, fresh] = entry.links.try_emplace({candidate.module_id, user_id});
    if (fresh) {
        link->second.module_id = candidate.module_id;
        link->second.user_id = user_id;
        link->second.created_at = candidate.now;
    }
    link->second.last_login_at = candidate.now;
    for (auto const& id : decision.join)
        if (auto const at = groups_.find(id); at != groups_.end()) add_grant(entry, {at->first, candidate.module_id});
    for (auto const& id : decision.leave)
        end_grants(entry, [gone = grant{id, candidate.module_id}](grant const& g) { return g == gone; });
    if (candidate.avatar) entry.avatar = candidate.avatar;

    if (!candidate.new_session.digest.empty()) {
        begin_session(candidate.new_session, entry);
        if (!candidate.sealed_tokens.empty())
            sessions_.find(candidate.new_session.digest)->second.kept.emplace().tokens.sealed = candidate.sealed_tokens;
    }
    if (candidate.new_token) begin_token(*candidate.new_token, entry);
    outcome.who = decision.account_changed ? entry.user : std::move(decision.result); // unchanged: they are equal
    outcome.groups = groups_of(entry);
}

// sessions

AUTHMOD_DECL void memory_store::begin_session(session who, account_entry& entry) {
    who.account_id = entry.user.id;
    auto key = who.digest;
    auto const at = sessions_.try_emplace(std::move(key), session_entry{std::move(who), &entry, std::nullopt}).first;
    entry.sessions.insert(at->first);
    session const& kept = at->second.who;
    sessions_by_creation_.emplace(kept.created_at, at->first);
    sessions_by_use_.emplace(kept.seen_at, at->first);
    if (!kept.subject.empty()) sessions_by_subject_.emplace(kept.module_id, kept.subject, at->first);
    if (!kept.provider_session.empty())
        sessions_by_provider_session_.emplace(kept.module_id, kept.provider_session, at->first);
}

AUTHMOD_DECL void memory_store::end(sessions::iterator at) {
    auto const& [who, user, kept] = at->second;
    user->sessions.erase(at->first);
    sessions_by_creation_.erase({who.created_at, at->first});
    sessions_by_use_.erase({who.seen_at, at->first});
    sessions_by_subject_.erase({who.module_id, who.subject, at->first});
    sessions_by_provider_session_.erase({who.module_id, who.provider_session, at->first});
    sessions_.erase(at);
}

/// The keys of the sessions that a provider's logout means.
AUTHMOD_DECL std::vector<std::string_view> memory_store::find_sessions(provider_logout const& logout) const {
    bool const by_session = !logout.provider_session.empty();
    auto const& order = by_session ? sessions_by_provider_session_ : sessions_by_subject_;
    std::string_view const name = by_session ? logout.provider_session : logout.subject;
    std::vector<std::string_view> keys;
    if (name.empty()) return keys;
    for (auto at = order.lower_bound({logout.module_id, name, {}}); at != order.end(); ++at) {
        auto const& [module_id, its_name, key] = *at;
        if (module_id != logout.module_id || its_name != name) break;
        if (logout.subject.empty() || sessions_.find(key)->second.who.subject == logout.subject) keys.push_back(key);
    }
    return keys;
}

AUTHMOD_DECL void memory_store::end_all(account_entry& entry) {
    if (broken("G3")) return;
    while (!entry.sessions.empty()) end(sessions_.find(*entry.sessions.begin()));
    while (!entry.tokens.empty()) end(tokens_.find(*entry.tokens.begin()));
}

/// Ends all sessions or tokens for which `over(entry)` is true.
template <class Kept, class Condition>
void memory_store::end_where(Kept& kept, Condition&& over) {
    for (auto at = kept.begin(); at != kept.end();) {
        auto const here = at++;
        if (over(here->second)) end(here);
    }
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

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::end_session(std::string_view digest, audit_rows rows) {
    std::lock_guard lock(mutex_);
    auto const at = sessions_.find(digest);
    if (at == sessions_.end()) co_return errc::not_found;
    end(at);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::end_sessions_of(std::string_view account_id, audit_rows rows) {
    std::lock_guard lock(mutex_);
    auto const at = accounts_.find(account_id);
    if (at == accounts_.end()) co_return errc::not_found;
    end_all(at->second);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<long long>> memory_store::end_sessions_at_provider(provider_logout const& logout,
                                                                                       audit_row const& row) {
    std::lock_guard lock(mutex_);
    if (!take(logout.token_digest, logout.remember_until)) co_return errc::state_used;
    auto const keys = find_sessions(logout);
    std::vector<std::string> people;
    for (auto key : keys) {
        auto const at = sessions_.find(key);
        people.push_back(at->second.who.account_id);
        end(at);
    }
    detail::sort_unique(people);
    if (people.empty()) note(row);
    for (auto& id : people) {
        audit_row told = row;
        told.target = std::move(id);
        note(told);
    }
    co_return static_cast<long long>(keys.size());
}

AUTHMOD_DECL asio::awaitable<result<sealed_tokens>> memory_store::find_kept_tokens(std::string_view digest) {
    std::lock_guard lock(mutex_);
    auto const at = sessions_.find(digest);
    if (at == sessions_.end() || !at->second.kept) co_return errc::not_found;
    co_return at->second.kept->tokens;
}

AUTHMOD_DECL asio::awaitable<result<std::vector<session_tokens>>> memory_store::list_kept_tokens(std::string_view after,
                                                                                                 int limit) {
    std::lock_guard lock(mutex_);
    std::vector<session_tokens> list;
    for (auto const& [digest, entry] : sessions_) {
        if (!entry.kept || digest <= after) continue;
        auto& one = list.emplace_back();
        one.session_digest = digest;
        one.tokens = entry.kept->tokens;
    }
    std::ranges::sort(list, {}, &session_tokens::session_digest);
    auto const most = static_cast<std::size_t>(std::max(limit, 0));
    if (list.size() > most) list.resize(most);
    co_return list;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::claim_kept_tokens(std::string_view digest, long long revision,
                                                                           time_point now, time_point until) {
    std::lock_guard lock(mutex_);
    auto const at = sessions_.find(digest);
    if (at == sessions_.end() || !at->second.kept) co_return errc::not_found;
    auto& kept = *at->second.kept;
    if (kept.tokens.revision != revision || now < kept.claimed_until) co_return errc::store_conflict;
    kept.claimed_until = until;
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::put_kept_tokens(std::string_view digest,
                                                                         std::string_view sealed, long long revision) {
    std::lock_guard lock(mutex_);
    auto const at = sessions_.find(digest);
    if (at == sessions_.end() || !at->second.kept) co_return errc::not_found;
    auto& kept = *at->second.kept;
    if (kept.tokens.revision != revision) co_return errc::store_conflict;
    kept.tokens.sealed = sealed;
    ++kept.tokens.revision;
    kept.claimed_until = time_point();
    co_return result<void>();
}

// audit

AUTHMOD_DECL memory_store::packed_row::packed_row(long long in_number, audit_row const& row)
    : number(in_number), at(row.at) {
    std::size_t size = 0;
    for (auto const field : fields) size += (row.*field).size();
    texts_.reserve(size);
    for (std::size_t i = 0; i != fields.size(); ++i) {
        texts_ += row.*fields[i];
        ends_[i] = static_cast<std::uint32_t>(texts_.size());
    }
}

AUTHMOD_DECL std::string_view memory_store::packed_row::text(std::string audit_row::* which) const noexcept {
    std::size_t begin = 0;
    for (std::size_t i = 0; i != fields.size(); begin = ends_[i++])
        if (fields[i] == which) return std::string_view(texts_).substr(begin, ends_[i] - begin);
    return {};
}

AUTHMOD_DECL audit_row memory_store::packed_row::unpack() const {
    audit_row row;
    row.number = number;
    row.at = at;
    for (auto const field : fields) row.*field = text(field);
    return row;
}

AUTHMOD_DECL void memory_store::note(audit_row const& row) {
    audit_.emplace_back(++last_number_, row);
    if (audit_.size() > audit_capacity_) audit_.pop_front();
}

AUTHMOD_DECL void memory_store::note_all(audit_rows rows) {
    if (broken("N3")) return;
    for (auto const& row : rows) note(row);
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::append_audit(audit_rows rows) {
    std::lock_guard lock(mutex_);
    note_all(rows);
    co_return result<void>();
}

AUTHMOD_DECL std::vector<audit_row> memory_store::select_audit(audit_filter const& filter) const {
    auto const is = [](std::string_view wanted, std::string_view value) { return wanted.empty() || wanted == value; };
    using row = audit_row;
    std::vector<audit_row> list;
    for (auto at = audit_.rbegin(); at != audit_.rend() && std::cmp_less(list.size(), filter.limit); ++at)
        if ((filter.before == 0 || at->number < filter.before) && filter.from <= at->at && at->at < filter.until &&
            is(filter.module_id, at->text(&row::module_id)) && is(filter.author, at->text(&row::author)) &&
            is(filter.event, at->text(&row::event)) && is(filter.target, at->text(&row::target)))
            list.push_back(at->unpack());
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
    for (; removed < batch && !tokens_by_expiry_.empty() && tokens_by_expiry_.begin()->first <= now; ++removed)
        end(tokens_.find(tokens_by_expiry_.begin()->second));
    while (removed < batch &&
           (sweep_session(sessions_by_use_, now, limits) || sweep_session(sessions_by_creation_, now, limits)))
        ++removed;
    co_return removed;
}

AUTHMOD_DECL asio::awaitable<result<void>> memory_store::ping() { co_return result<void>(); }

} // namespace AUTHMOD_ABI

} // namespace authmod

#include "authmod/storage/detail/memory_store_people.ipp"
#include "authmod/storage/detail/memory_store_scim.ipp"
