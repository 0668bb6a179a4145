// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of search.hpp.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/scim/search.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace authmod::scim {

namespace detail {

/// A conjunction on the way to a row of `search::any_of`.
struct search_row {
    std::vector<condition> conditions;
    bool exact = true;
    bool nothing = false;
};

class search_planner {
public:
    explicit search_planner(filter const& f) : filter_(f), nodes_(f.nodes()) {}

    [[nodiscard]] search plan() {
        search s;
        if (nodes_.empty()) return s;
        bool const several = nodes_[0].op == filter_op::either;
        bool scan = false;
        s.nothing = true;
        for (std::size_t at = several; at < nodes_.size(); at += nodes_[at].size) {
            search_row row;
            conjunction(at, row);
            if (row.nothing) continue;
            s.nothing = false;
            s.exact = s.exact && row.exact;
            scan = scan || row.conditions.empty();
            s.any_of.push_back(std::move(row.conditions));
        }
        if (scan) { // one alternative that no index serves makes the others useless
            s.exact = s.exact && s.any_of.size() == 1;
            s.any_of.clear();
        }
        if (!s.exact) s.needs_members = std::ranges::any_of(nodes_, is_membership);
        return s;
    }

private:
    static bool is_membership(filter_node const& node) {
        return node.where.whole && (node.where.whole->name == "members" || node.where.whole->name == "groups");
    }

    void conjunction(std::size_t at, search_row& row) const {
        auto const& node = nodes_[at];
        if (node.op == filter_op::both) {
            for (auto child = at + 1; child != at + node.size; child += nodes_[child].size) conjunction(child, row);
        } else if (node.op == filter_op::element) {
            element(at, row);
        } else if (node.op == filter_op::either || node.op == filter_op::negated) {
            row.exact = false;
        } else {
            comparison(node, row);
        }
    }

    /// `attr[...]`: a comparison of its `value` finds the candidates, the rest is for the test of each.
    void element(std::size_t at, search_row& row) const {
        if (!nodes_[at].where.whole) {
            row.nothing = true;
            return;
        }
        auto const& inner = nodes_[at + 1];
        bool const both = inner.op == filter_op::both;
        if (both) row.exact = false;
        if (inner.op == filter_op::either || inner.op == filter_op::negated) {
            row.exact = false;
            return;
        }
        for (auto child = at + 1 + both; child < at + nodes_[at].size; child += nodes_[child].size) {
            if (nodes_[child].size != 1) continue; // a group: for the test
            search_row one;
            comparison(nodes_[child], one);
            row.nothing = row.nothing || one.nothing;
            row.exact = row.exact && one.exact;
            std::ranges::move(one.conditions, std::back_inserter(row.conditions));
        }
    }

    void comparison(filter_node const& node, search_row& row) const {
        if (!node.where.whole) {
            bool const asks_for_nothing = node.op == filter_op::equal && node.kind == literal_kind::none;
            row.nothing = row.nothing || !asks_for_nothing;
            return;
        }
        auto const what = column_of(node.where);
        auto found = what ? condition_of(node, *what) : std::nullopt;
        if (found)
            row.conditions.push_back(std::move(*found));
        else if (!always_there(node))
            row.exact = false;
    }

    /// `id pr` and the like say nothing.
    static bool always_there(filter_node const& node) {
        auto const name = node.where.leaf()->name;
        return node.op == filter_op::present && !node.where.sub &&
               (name == "id" || name == "userName" || name == "meta" || name == "schemas");
    }

    static std::optional<column> column_of(place const& where) {
        struct row {
            std::string_view name, sub;
            column what;
        };

        static constexpr row rows[] = {
            {"id", "", column::id},
            {"externalId", "", column::external_id},
            {"userName", "", column::user_name},
            {"displayName", "", column::display_name},
            {"emails", "value", column::email},
            {"active", "", column::active},
            {"meta", "created", column::created},
            {"meta", "lastModified", column::last_modified},
            {"members", "value", column::member},
            {"groups", "value", column::group},
        };
        if (where.in_extension) return {};
        auto const sub = where.sub ? where.sub->name : std::string_view();
        for (auto const& r : rows)
            if (r.name == where.whole->name && r.sub == sub) return r.what;
        return {};
    }

    [[nodiscard]] std::optional<condition> condition_of(filter_node const& node, column what) const {
        condition c;
        c.what = what;
        if (node.kind == literal_kind::boolean && what == column::active) {
            c.truth = node.truth == (node.op == filter_op::equal);
            return c;
        }
        if (node.kind == literal_kind::time) {
            c.when = node.when;
            switch (node.op) {
            case filter_op::equal:
                return c;
            case filter_op::greater:
                c.how = relation::greater;
                return c;
            case filter_op::greater_equal:
                c.how = relation::greater_equal;
                return c;
            case filter_op::less:
                c.how = relation::less;
                return c;
            case filter_op::less_equal:
                c.how = relation::less_equal;
                return c;
            default:
                return {};
            }
        }
        bool const prefix = node.op == filter_op::starts_with;
        bool const is_time = what == column::created || what == column::last_modified;
        if (node.kind != literal_kind::text || is_time || (node.op != filter_op::equal && !prefix)) return {};
        c.how = prefix ? relation::starts_with : relation::equal;
        auto const text = filter_.text_of(node);
        bool const exact =
            what == column::id || what == column::external_id || what == column::member || what == column::group;
        c.text = exact ? std::string(text) : fold_case(text);
        if (c.text.empty()) return {}; // in a column, no text and none at all look alike
        return c;
    }

    filter const& filter_;
    std::span<filter_node const> nodes_;
};

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL search plan_search(filter const& f) { return detail::search_planner(f).plan(); }

} // namespace AUTHMOD_ABI

} // namespace authmod::scim
