// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of filter and path.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/core/rfc3339.hpp"
#include "authmod/scim/detail/syntax_reader.ipp"
#include "authmod/scim/filter.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace authmod::scim {

namespace detail {

/// One walk over the nodes of a filter, against a resource or one element of it.
class filter_walk {
public:
    filter_walk(filter const& f, boost::json::object const* resource) : filter_(f), resource_(resource) {}

    [[nodiscard]] bool matches(std::size_t at, boost::json::value const* element) const {
        auto const& node = filter_.nodes()[at];
        switch (node.op) {
        case filter_op::both:
        case filter_op::either: {
            bool const stop = node.op == filter_op::either;
            for (std::size_t child = at + 1; child != at + node.size; child += filter_.nodes()[child].size)
                if (matches(child, element) == stop) return stop;
            return !stop;
        }
        case filter_op::negated:
            return !matches(at + 1, element);
        case filter_op::element:
            return any_of(whole(node.where), [&](auto const& value) { return matches(at + 1, &value); });
        default:
            return compare(node, element);
        }
    }

private:
    using json = boost::json::value;

    static json const* member(json const* from, std::string_view name) {
        auto const* object = from ? from->if_object() : nullptr;
        return object ? object->if_contains(name) : nullptr;
    }

    [[nodiscard]] json const* whole(place const& where) const {
        if (!where.whole || !resource_) return nullptr;
        if (!where.in_extension) return resource_->if_contains(where.whole->name);
        return member(resource_->if_contains(enterprise_schema.urn), where.whole->name);
    }

    template <class Test>
    static bool any_of(json const* values, Test test) {
        if (!values || values->is_null()) return false;
        auto const* array = values->if_array();
        if (!array) return test(*values);
        for (auto const& v : *array)
            if (test(v)) return true;
        return false;
    }

    [[nodiscard]] bool compare(filter_node const& node, json const* element) const {
        if (!node.where.whole) return node.op == filter_op::equal && node.kind == literal_kind::none;
        auto const one = [&](json const& v) { return fits(node, v); };
        auto const part = [&](json const& v) { return any_of(member(&v, node.where.sub->name), one); };
        auto const test = [&](auto const& found) {
            if (element) return part(*element);
            return node.where.sub ? any_of(whole(node.where), part) : any_of(whole(node.where), found);
        };
        if (node.op == filter_op::equal && node.kind == literal_kind::none) return !present(node, element);
        if (node.op == filter_op::present || node.kind == literal_kind::none) return present(node, element);
        return test(one);
    }

    [[nodiscard]] bool present(filter_node const& node, json const* element) const {
        auto const there = [](json const& v) { return !v.is_null(); };
        auto const part = [&](json const& v) { return any_of(member(&v, node.where.sub->name), there); };
        if (element) return part(*element);
        return node.where.sub ? any_of(whole(node.where), part) : any_of(whole(node.where), there);
    }

    /// Whether one value stands to the literal as the operator says.
    [[nodiscard]] bool fits(filter_node const& node, json const& v) const {
        bool const differs = node.op == filter_op::not_equal;
        if (node.kind == literal_kind::boolean) return v.is_bool() && (v.get_bool() == node.truth) != differs;
        if (!v.is_string() || node.kind == literal_kind::foreign) return differs;
        std::string_view const text = v.get_string();
        if (node.kind == literal_kind::time) {
            auto const when = parse_rfc3339(text);
            return when ? stands(node.op, when->time_since_epoch(), node.when.time_since_epoch()) : differs;
        }
        auto const literal = filter_.text_of(node);
        if (node.where.leaf()->case_exact) return text_fits(node.op, text, literal);
        if (node.op == filter_op::equal || node.op == filter_op::not_equal)
            return same_folded(text, literal) != differs;
        return text_fits(node.op, fold_case(text), fold_case(literal));
    }

    static bool text_fits(filter_op op, std::string_view text, std::string_view literal) {
        switch (op) {
        case filter_op::contains:
            return text.find(literal) != text.npos;
        case filter_op::starts_with:
            return text.starts_with(literal);
        case filter_op::ends_with:
            return text.ends_with(literal);
        default:
            return stands(op, text, literal);
        }
    }

    template <class T>
    static bool stands(filter_op op, T const& a, T const& b) {
        switch (op) {
        case filter_op::equal:
            return a == b;
        case filter_op::not_equal:
            return a != b;
        case filter_op::greater:
            return a > b;
        case filter_op::greater_equal:
            return a >= b;
        case filter_op::less:
            return a < b;
        default:
            return a <= b;
        }
    }

    filter const& filter_;
    boost::json::object const* resource_;
};

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL result<filter, error> filter::parse(std::string_view text, resource_type const& type) {
    return detail::syntax_reader(text, type, error_type::invalid_filter).read_filter();
}

AUTHMOD_DECL result<path, error> path::parse(std::string_view text, resource_type const& type) {
    return detail::syntax_reader(text, type, error_type::invalid_path).read_path();
}

AUTHMOD_DECL bool filter::matches(boost::json::object const& resource) const {
    return nodes_.empty() || detail::filter_walk(*this, &resource).matches(0, nullptr);
}

AUTHMOD_DECL bool filter::matches_element(boost::json::value const& element) const {
    return nodes_.empty() || detail::filter_walk(*this, nullptr).matches(0, &element);
}

} // namespace AUTHMOD_ABI

} // namespace authmod::scim
