// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of projection.hpp.
#pragma once

#include "authmod/core/json_text.hpp"
#include "authmod/core/rfc3339.hpp"
#include "authmod/scim/projection.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstddef>

namespace authmod::scim {

namespace detail {

/// Calls `use` for each name of a list; commas in brackets and in texts do not part names.
template <class Use>
void for_each_name(std::string_view list, Use use) {
    std::size_t start = 0;
    bool quoted = false;
    int depth = 0;
    for (std::size_t i = 0; i <= list.size(); ++i) {
        char const c = i == list.size() ? ',' : list[i];
        if (c == '"') quoted = !quoted;
        if (c == '\\' && quoted) ++i;
        if (!quoted && c == '[') ++depth;
        if (!quoted && c == ']') --depth;
        if (i < list.size() && (c != ',' || quoted || depth > 0)) continue;
        auto name = list.substr(start, std::min(i, list.size()) - start);
        start = i + 1;
        while (name.starts_with(' ')) name.remove_prefix(1);
        while (name.ends_with(' ')) name.remove_suffix(1);
        if (!name.empty()) use(name);
    }
}

/// What a stored resource lacks: `,"id":...,"meta":{...}`, appended to the open object.
inline void append_common(std::string& out, resource_type const& type, std::string_view id, time_point created,
                          time_point updated, long long version, std::string_view base) {
    out += R"(,"id":)";
    append_json(out, id);
    out += R"(,"meta":{"resourceType":")";
    out += type.name;
    out += R"(","created":")" + format_rfc3339(created);
    out += R"(","lastModified":")" + format_rfc3339(updated);
    out += R"(","location":)";
    append_json(out, location(type, id, base));
    out += R"(,"version":)";
    append_json(out, etag(version));
    out += '}';
}

inline void append_references(std::string& out, std::string_view name, std::span<member const> all,
                              resource_type const& type, std::string_view kind, std::string_view base) {
    out += ",\"";
    out += name;
    out += "\":[";
    for (auto const& one : all) {
        if (&one != all.data()) out += ',';
        out += R"({"value":)";
        append_json(out, one.id);
        out += R"(,"$ref":)";
        append_json(out, location(type, one.id, base));
        out += R"(,"display":)";
        append_json(out, one.display);
        out += R"(,"type":")";
        out += kind;
        out += "\"}";
    }
    out += ']';
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL result<projection, error> projection::parse(std::string_view attributes, std::string_view excluded,
                                                         resource_type const& type) {
    projection p;
    if (attributes.empty() && excluded.empty()) return p;
    if (!attributes.empty() && !excluded.empty())
        return error(error_type::invalid_value, "attributes and excludedAttributes exclude each other");
    auto const list = attributes.empty() ? excluded : attributes;
    if (list.size() > max_filter_bytes)
        return error(error_type::invalid_value, "attributes and excludedAttributes take 4096 bytes at most");
    p.which_ = attributes.empty() ? kind::all_but : kind::only;
    detail::for_each_name(list, [&](std::string_view name) {
        auto const named = path::parse(name, type);
        if (!named || named->unknown_sub || (!named->where.whole && !named->extension)) return;
        p.entries_.push_back({named->where, named->extension});
    });
    return p;
}

AUTHMOD_DECL bool projection::shows(std::string_view attribute) const {
    if (which_ == kind::all) return true;
    for (auto const& e : entries_)
        if (e.where.whole && e.where.whole->name == attribute && (which_ == kind::only || !e.where.sub))
            return which_ == kind::only;
    return which_ == kind::all_but;
}

/// Takes parts out of the attribute. False: it goes as a whole.
AUTHMOD_DECL bool projection::keeps(boost::json::object& from, bool in_extension, attribute const& what) const {
    if (what.shown == returned::always) return true;
    std::vector<attribute const*> parts;
    for (auto const& e : entries_) {
        if (e.extension && in_extension) return which_ == kind::only;
        if (e.where.in_extension != in_extension || e.where.whole != &what) continue;
        if (!e.where.sub) return which_ == kind::only;
        parts.push_back(e.where.sub);
    }
    if (parts.empty()) return which_ == kind::all_but;
    auto const thin = [&](boost::json::value& one) {
        auto* object = one.if_object();
        if (!object) return;
        for (auto const& sub : what.subs)
            if ((std::ranges::find(parts, &sub) != parts.end()) != (which_ == kind::only)) object->erase(sub.name);
    };
    auto& value = from[what.name];
    if (auto* array = value.if_array())
        for (auto& one : *array) thin(one);
    else
        thin(value);
    return true;
}

AUTHMOD_DECL void projection::apply(boost::json::object& resource) const {
    if (which_ == kind::all) return;
    auto const thin = [this](boost::json::object& from, attribute_list attributes, bool in_extension) {
        for (auto const& what : attributes)
            if (from.contains(what.name) && !keeps(from, in_extension, what)) from.erase(what.name);
    };
    thin(resource, user_type.core->attributes, false);
    thin(resource, group_type.core->attributes, false);
    thin(resource, common_attributes, false);
    auto* extension = resource.if_contains(enterprise_schema.urn);
    if (!extension || !extension->is_object()) return;
    thin(extension->get_object(), enterprise_schema.attributes, true);
    if (extension->get_object().empty()) resource.erase(enterprise_schema.urn);
}

AUTHMOD_DECL std::string show(user const& who, std::span<member const> groups, std::string_view base,
                              projection const& shown) {
    if (!shown.shows_all()) {
        auto whole = to_object(who, groups, base);
        shown.apply(whole);
        return boost::json::serialize(whole);
    }
    std::string out;
    out.reserve(who.resource.size() + 256 + groups.size() * 128);
    out.append(who.resource, 0, who.resource.size() - 1); // what is kept begins with its schemas, so a comma fits
    detail::append_common(out, user_type, who.id, who.created_at, who.updated_at, who.version, base);
    detail::append_references(out, "groups", groups, group_type, "direct", base);
    return out += '}';
}

AUTHMOD_DECL std::string show(group const& what, std::span<member const> members, std::string_view base,
                              projection const& shown) {
    if (!shown.shows_all()) {
        auto whole = to_object(what, shown.shows("members") ? members : std::span<member const>(), base);
        shown.apply(whole);
        return boost::json::serialize(whole);
    }
    std::string out;
    out.reserve(what.resource.size() + 256 + members.size() * 160);
    out.append(what.resource, 0, what.resource.size() - 1);
    detail::append_common(out, group_type, what.id, what.created_at, what.updated_at, what.version, base);
    detail::append_references(out, "members", members, user_type, "User", base);
    return out += '}';
}

} // namespace AUTHMOD_ABI

} // namespace authmod::scim
