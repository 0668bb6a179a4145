// SPDX-License-Identifier: BSL-1.0
// Layer 5. The users or the groups of SCIM in memory_store, found by what filters ask for.
#pragma once

#include "authmod/storage/scim_store.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace authmod::detail {

/// Whether a text satisfies a condition on texts, which ask for the same or for its beginning.
[[nodiscard]] inline bool fits(scim::condition const& c, std::string_view text) noexcept {
    return c.how == scim::relation::starts_with ? text.starts_with(c.text) : text == c.text;
}

/// Resources by their id, with an index of each column that holds a text. Addresses of resources stay.
template <class Resource>
class scim_table {
public:
    using list = std::vector<Resource const*>;

    [[nodiscard]] Resource const* find(std::string_view id) const {
        auto const at = by_id_.find(id);
        return at == by_id_.end() ? nullptr : &at->second;
    }

    /// Inserts, or replaces what has this id.
    void put(Resource next) {
        auto& kept = by_id_[next.id];
        if (!kept.id.empty()) remove_from_indices(kept);
        kept = std::move(next);
        add_to_indices(kept);
    }

    void erase(std::string_view id) {
        auto const at = by_id_.find(id);
        if (at == by_id_.end()) return;
        remove_from_indices(at->second);
        by_id_.erase(at);
    }

    /// What a client made, in the order of lists.
    [[nodiscard]] list const& of_client(std::string_view client_id) const {
        static list const none;
        auto const at = by_client_.find(client_id);
        return at == by_client_.end() ? none : at->second;
    }

    /// Calls `take` with each resource that satisfies a condition on a text; false: no index knows.
    template <class Take>
    bool find_by(scim::condition const& c, Take&& take) const {
        if (c.what == scim::column::id) {
            for (auto at = by_id_.lower_bound(c.text); at != by_id_.end() && fits(c, at->first); ++at) take(at->second);
            return true;
        }
        auto const index = by_text_.find(c.what);
        if (index == by_text_.end()) return false;
        auto at = index->second.lower_bound({c.text, std::string_view()});
        for (; at != index->second.end() && fits(c, at->first); ++at) take(by_id_.find(at->second)->second);
        return true;
    }

    /// Calls `each` with each text of a resource by which it is found.
    template <class Each>
    static void texts_of(Resource const& one, Each&& each) {
        using scim::column;
        each(column::external_id, one.external_id);
        each(column::display_name, one.display_name);
        if constexpr (requires { one.user_name; }) {
            each(column::user_name, one.user_name);
            for (auto const& email : one.emails) each(column::email, email);
        }
    }

private:
    using text_index = std::set<std::pair<std::string_view, std::string_view>>; // text, id: views into the resource

    [[nodiscard]] static bool comes_before(Resource const* a, Resource const* b) {
        return std::tie(a->created_at, a->id) < std::tie(b->created_at, b->id);
    }

    void add_to_indices(Resource const& one) {
        texts_of(one, [&](scim::column what, std::string_view text) {
            if (!text.empty()) by_text_[what].emplace(text, one.id);
        });
        auto& mine = by_client_[one.client_id];
        mine.insert(std::ranges::upper_bound(mine, &one, comes_before), &one); // mostly at the end
    }

    void remove_from_indices(Resource const& one) {
        texts_of(one, [&](scim::column what, std::string_view text) { by_text_[what].erase({text, one.id}); });
        auto& mine = by_client_.find(one.client_id)->second;
        mine.erase(std::ranges::lower_bound(mine, &one, comes_before));
    }

    std::map<std::string, Resource, std::less<>> by_id_;
    std::map<scim::column, text_index> by_text_;
    std::map<std::string, list, std::less<>> by_client_;
};

/// A condition on what a resource itself says; those on memberships are the store's.
template <class Resource>
[[nodiscard]] bool satisfies(Resource const& one, scim::condition const& c) {
    using scim::column;
    auto const compares = [&](time_point when) {
        if (c.how == scim::relation::equal) return when == c.when;
        if (c.how == scim::relation::greater) return when > c.when;
        if (c.how == scim::relation::greater_equal) return when >= c.when;
        return c.how == scim::relation::less ? when < c.when : when <= c.when;
    };
    if (c.what == column::id) return fits(c, one.id);
    if (c.what == column::created) return compares(one.created_at);
    if (c.what == column::last_modified) return compares(one.updated_at);
    if constexpr (requires { one.active; })
        if (c.what == column::active) return one.active == c.truth;
    bool found = false;
    scim_table<Resource>::texts_of(
        one, [&](column what, std::string_view text) { found = found || (what == c.what && fits(c, text)); });
    return found;
}

} // namespace authmod::detail
