// SPDX-License-Identifier: BSL-1.0
// Layer 5. What the stores share of SCIM lists: tests, sorts and cuts what they come across.
#pragma once

#include "authmod/model/login_rules.hpp"
#include "authmod/storage/scim_store.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace authmod::detail {

[[nodiscard]] inline boost::json::object scim_object(scim::user_view const& view, std::string_view base) {
    return scim::to_object(view.who, view.groups, base);
}

[[nodiscard]] inline boost::json::object scim_object(scim::group_view const& view, std::string_view base) {
    return scim::to_object(view.what, view.members, base);
}

/// Whether a list's other ends of memberships are wanted, to be shown or to be tested.
[[nodiscard]] inline bool wants_ends(scim::list_query const& query, scim::search const& plan, std::string_view name) {
    return (query.what.count > 0 && query.what.shown.shows(name)) || plan.needs_members;
}

[[nodiscard]] inline scim::error too_many() {
    return scim::error(scim::error_type::too_many, "the filter or the order would have to look at too many resources");
}

/// Takes resources in the order of a list and keeps the page that was asked for.
template <class View>
class scim_collector {
public:
    scim_collector(scim::list_query const& query, bool tests) : query_(query), tests_(tests) {}

    void offer(View&& view) {
        auto const& what = query_.what;
        bool const sorts = what.order.whole != nullptr;
        boost::json::object object;
        if (tests_ || sorts) object = scim_object(view, query_.base);
        if (tests_ && !what.where.matches(object)) return;
        ++page_.total;
        if (sorts)
            sorted_.push_back({scim::sort_key(object, what.order), sorted_.size(), std::move(view)});
        else if (page_.total >= what.start_index && std::cmp_less(page_.items.size(), what.count))
            page_.items.push_back(std::move(view));
    }

    [[nodiscard]] scim::page<View> take() {
        auto const& what = query_.what;
        std::ranges::sort(sorted_, [&](keyed const& a, keyed const& b) {
            if (scim::sorts_before(a.key, b.key, what.descending)) return true;
            return a.number < b.number && !scim::sorts_before(b.key, a.key, what.descending);
        });
        auto const first = static_cast<std::size_t>(what.start_index - 1);
        for (auto at = first; at < sorted_.size() && std::cmp_less(page_.items.size(), what.count); ++at)
            page_.items.push_back(std::move(sorted_[at].view));
        return std::move(page_);
    }

private:
    struct keyed {
        std::string key;
        std::size_t number; // in the order of the list, which equal keys keep
        View view;
    };

    scim::list_query const& query_;
    bool tests_;
    scim::page<View> page_;
    std::vector<keyed> sorted_;
};

/// The column by which a module finds who was provisioned for it.
[[nodiscard]] constexpr scim::column match_column(scim_match how) noexcept {
    if (how == scim_match::external_id) return scim::column::external_id;
    return how == scim_match::email ? scim::column::email : scim::column::user_name;
}

} // namespace authmod::detail
