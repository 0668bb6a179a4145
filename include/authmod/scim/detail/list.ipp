// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of list.hpp.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/core/ascii.hpp"
#include "authmod/scim/list.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cstddef>
#include <limits>
#include <optional>

namespace authmod::scim {

namespace detail {

/// The parameters of a list as they come; no value: not given.
struct list_parameters {
    std::optional<std::string> filter, sort_by, sort_order, start_index, count;
    std::string attributes, excluded;

    /// Names that mean nothing here are ignored.
    void set(std::string_view name, std::string value) {
        auto const is = [&](std::string_view other) { return ascii::equal_ignoring_case(name, other); };
        if (is("filter"))
            filter = std::move(value);
        else if (is("sortBy"))
            sort_by = std::move(value);
        else if (is("sortOrder"))
            sort_order = std::move(value);
        else if (is("startIndex"))
            start_index = std::move(value);
        else if (is("count"))
            count = std::move(value);
        else if (is("attributes"))
            attributes = std::move(value);
        else if (is("excludedAttributes"))
            excluded = std::move(value);
    }
};

/// A whole number, moved into the range; no value for anything else.
[[nodiscard]] inline std::optional<long long> read_number(std::string_view text, long long low, long long high) {
    bool const negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty() || !std::ranges::all_of(text, ascii::is_digit)) return {};
    if (negative) return low;
    while (text.size() > 1 && text[0] == '0') text.remove_prefix(1);
    if (text.size() > 15) return high;
    long long value = 0;
    for (char c : text) value = value * 10 + (c - '0');
    return std::clamp(value, low, high);
}

[[nodiscard]] inline result<list_request, error> make_request(list_parameters const& from, resource_type const& type) {
    list_request out;
    if (from.start_index) {
        auto const n = read_number(*from.start_index, 1, std::numeric_limits<long long>::max());
        if (!n) return error(error_type::invalid_value, "startIndex has to be a whole number");
        out.start_index = *n;
    }
    if (from.count) {
        auto const n = read_number(*from.count, 0, max_count);
        if (!n) return error(error_type::invalid_value, "count has to be a whole number");
        out.count = static_cast<int>(*n);
    }
    if (from.sort_order && !from.sort_order->empty()) {
        out.descending = ascii::equal_ignoring_case(*from.sort_order, "descending");
        if (!out.descending && !ascii::equal_ignoring_case(*from.sort_order, "ascending"))
            return error(error_type::invalid_value, "sortOrder has to be ascending or descending");
    }
    if (from.sort_by && !from.sort_by->empty()) {
        auto p = path::parse(*from.sort_by, type);
        if (!p) return p.error();
        if (!p->unknown_sub) out.order = p->where;
        if (out.order.whole && out.order.whole->type == value_type::complex && !out.order.sub)
            out.order.sub = out.order.whole->subs.find("value");
    }
    if (from.filter) {
        auto f = filter::parse(*from.filter, type);
        if (!f) return f.error();
        out.where = std::move(*f);
    }
    auto shown = projection::parse(from.attributes, from.excluded, type);
    if (!shown) return shown.error();
    out.shown = std::move(*shown);
    return out;
}

/// A member of a .search body as the parameter of the same name would be written.
[[nodiscard]] inline std::optional<std::string> as_parameter(boost::json::value const& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    auto const* list = value.if_array();
    if (!list) return {};
    std::string joined;
    for (auto const& one : *list) {
        if (!one.is_string()) return {};
        if (!joined.empty()) joined += ',';
        joined += std::string_view(one.get_string());
    }
    return joined;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL result<list_request, error>
list_request::parse(std::span<std::pair<std::string, std::string> const> parameters, resource_type const& type) {
    detail::list_parameters all;
    for (auto const& [name, value] : parameters) all.set(name, value);
    return detail::make_request(all, type);
}

AUTHMOD_DECL result<list_request, error> list_request::parse(boost::json::value const& body,
                                                             resource_type const& type) {
    auto const* object = body.if_object();
    if (!object) return error(error_type::invalid_syntax, "the body has to be a JSON object");
    detail::list_parameters all;
    bool named = false;
    for (auto const& [name, value] : *object) {
        if (ascii::equal_ignoring_case(name, "schemas") && value.is_array())
            for (auto const& urn : value.get_array())
                named = named || (urn.is_string() && ascii::equal_ignoring_case(urn.get_string(), search_urn));
        if (value.is_null() || ascii::equal_ignoring_case(name, "schemas")) continue;
        auto text = detail::as_parameter(value);
        if (!text) return error(error_type::invalid_value, "a member of the search has the wrong type");
        all.set(name, std::move(*text));
    }
    if (!named) return error(error_type::invalid_syntax, "schemas has to name " + std::string(search_urn));
    return detail::make_request(all, type);
}

AUTHMOD_DECL std::string sort_key(boost::json::object const& resource, place const& order) {
    if (!order.whole) return {};
    auto const* home = &resource;
    if (order.in_extension) {
        auto const* extension = resource.if_contains(enterprise_schema.urn);
        if (!extension || !extension->is_object()) return {};
        home = &extension->get_object();
    }
    auto const* value = home->if_contains(order.whole->name);
    if (value && value->is_array()) {
        auto const& all = value->get_array();
        auto const is_primary = [](boost::json::value const& one) {
            auto const* primary = one.is_object() ? one.get_object().if_contains("primary") : nullptr;
            return primary && primary->is_bool() && primary->get_bool();
        };
        auto const* preferred = std::ranges::find_if(all, is_primary);
        value = preferred != all.end() ? preferred : all.empty() ? nullptr : &all.front();
    }
    if (value && order.sub) value = value->is_object() ? value->get_object().if_contains(order.sub->name) : nullptr;
    if (!value) return {};
    if (value->is_bool()) return value->get_bool() ? "true" : "false";
    if (!value->is_string()) return {};
    std::string_view const text = value->get_string();
    return order.leaf()->case_exact ? std::string(text) : fold_case(text);
}

AUTHMOD_DECL bool sorts_before(std::string_view a, std::string_view b, bool descending) noexcept {
    if (descending) std::swap(a, b);
    if (a.empty() || b.empty()) return !a.empty();
    return a < b;
}

} // namespace AUTHMOD_ABI

} // namespace authmod::scim
