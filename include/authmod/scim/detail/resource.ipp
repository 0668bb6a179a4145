// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of resource.hpp.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/core/rfc3339.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/mapping/detail/strict_json.hpp"
#include "authmod/scim/resource.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <unordered_set>

namespace authmod::scim {

namespace detail {

namespace json = boost::json;

/// Builds a tree.
class tree_builder final : public authmod::detail::json_sink {
public:
    [[nodiscard]] json::value release() { return stack_.release(); }

private:
    void open_object() override { begin(); }

    void close_object(bool) override { stack_.push_object(end()); }

    void open_array() override { begin(); }

    void close_array(bool) override { stack_.push_array(end()); }

    void take_name(std::string_view name, std::uint32_t) override { stack_.push_key(name); }

    void take_value(authmod::detail::json_scalar const& s) override {
        using authmod::detail::json_type;
        ++counts_.back();
        switch (s.type) {
        case json_type::null:
            return stack_.push_null();
        case json_type::boolean_false:
        case json_type::boolean_true:
            return stack_.push_bool(s.type == json_type::boolean_true);
        case json_type::string:
            return stack_.push_string(s.text);
        default:
            return number(s.text);
        }
    }

    void begin() {
        ++counts_.back();
        counts_.push_back(0);
    }

    std::size_t end() {
        auto const count = counts_.back();
        counts_.pop_back();
        return count;
    }

    void number(std::string_view text) {
        auto const* last = text.data() + text.size();
        std::int64_t whole = 0;
        auto const read = std::from_chars(text.data(), last, whole);
        if (read.ec == std::errc() && read.ptr == last) return stack_.push_int64(whole);
        double real = 0; // the reader has refused what a double cannot hold
        std::from_chars(text.data(), last, real);
        stack_.push_double(real);
    }

    json::value_stack stack_;
    std::vector<std::size_t> counts_{0};
};

[[nodiscard]] inline error wrong(attribute const& what, std::string_view rule) {
    return {error_type::invalid_value, std::string(what.name) + ' ' + std::string(rule)};
}

/// Puts a value where none of that name is yet.
[[nodiscard]] inline result<void, error> put_once(json::object& into, std::string_view name, json::value value) {
    if (!into.emplace(name, std::move(value)).second)
        return error(error_type::invalid_syntax, std::string(name) + " is there twice");
    return {};
}

[[nodiscard]] inline result<json::value, error> canonical_boolean(attribute const& what, json::value const& value) {
    if (value.is_bool()) return value;
    if (auto const* text = value.if_string()) // Entra sends "True" and "False"
        for (bool truth : {false, true})
            if (ascii::equal_ignoring_case(*text, truth ? "true" : "false")) return json::value(truth);
    return wrong(what, "has to be true or false");
}

/// A complex value: an object, or the text of its `value`.
[[nodiscard]] inline result<json::value, error> canonical_complex(attribute const& what, json::value const& value) {
    json::object canonical;
    auto const* main = what.subs.find("value");
    if (value.is_string() && main) {
        if (value.get_string().empty()) return json::value(); // how a manager is taken away
        canonical.emplace(main->name, value);
        return json::value(std::move(canonical));
    }
    auto const* object = value.if_object();
    if (!object) return wrong(what, "has to be an object");
    for (auto const& [name, part] : *object) {
        auto const* sub = what.subs.find(name);
        if (!sub || sub->changes == mutability::read_only) continue;
        auto one = canonical_value(*sub, part);
        if (!one) {
            auto why = std::move(one).error();
            why.detail = std::string(what.name) + '.' + why.detail;
            return why;
        }
        if (one->is_null()) continue;
        if (auto put = put_once(canonical, sub->name, std::move(*one)); !put) return put.error();
    }
    if (canonical.empty()) return json::value();
    return json::value(std::move(canonical));
}

[[nodiscard]] inline result<json::value, error> canonical_single(attribute const& what, json::value const& value) {
    if (value.is_null()) return value;
    if (what.type == value_type::boolean) return canonical_boolean(what, value);
    if (what.type == value_type::complex) return canonical_complex(what, value);
    if (!value.is_string()) return wrong(what, "has to be a text");
    return value;
}

/// Canonical values of an object's members, put into `into`.
[[nodiscard]] inline result<void, error> read_attributes(json::object const& from, attribute_list all,
                                                         json::object& into) {
    for (auto const& [name, value] : from) {
        auto const* what = all.find(name);
        if (!what || what->changes != mutability::read_write) continue;
        auto one = canonical_value(*what, value);
        if (!one) return one.error();
        if (one->is_null()) continue;
        if (auto put = put_once(into, what->name, std::move(*one)); !put) return put.error();
    }
    return {};
}

[[nodiscard]] inline result<void, error> check_schemas(json::object const& body, resource_type const& type) {
    json::value const* found = nullptr;
    for (auto const& [name, value] : body)
        if (ascii::equal_ignoring_case(name, "schemas")) found = &value;
    auto const* list = found ? found->if_array() : nullptr;
    bool fits = false;
    if (list)
        for (auto const& urn : *list) {
            if (!urn.is_string()) return error(error_type::invalid_syntax, "schemas has to be an array of texts");
            fits = fits || ascii::equal_ignoring_case(urn.get_string(), type.core->urn);
        }
    if (!fits) return error(error_type::invalid_syntax, "schemas has to name " + std::string(type.core->urn));
    return {};
}

[[nodiscard]] inline std::string_view text_of(json::object const& from, std::string_view name) {
    auto const* value = from.if_contains(name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

[[nodiscard]] inline bool is_plain(std::string_view text) {
    return text.find_first_not_of(" \t") != text.npos && std::ranges::none_of(text, ascii::is_control);
}

[[nodiscard]] inline result<void, error> check_primary(attribute const& what, json::value const& values) {
    std::size_t count = 0;
    if (auto const* array = values.if_array())
        for (auto const& one : *array)
            if (auto const* object = one.if_object())
                if (auto const* primary = object->if_contains("primary"))
                    count += primary->is_bool() && primary->get_bool();
    if (count > 1) return wrong(what, "has more than one primary value");
    return {};
}

[[nodiscard]] inline json::object meta_of(resource_type const& type, std::string_view id, time_point created,
                                          time_point updated, long long version, std::string_view base) {
    json::object meta;
    meta["resourceType"] = type.name;
    meta["created"] = format_rfc3339(created);
    meta["lastModified"] = format_rfc3339(updated);
    meta["location"] = location(type, id, base);
    meta["version"] = etag(version);
    return meta;
}

[[nodiscard]] inline json::array references(std::span<member const> all, resource_type const& type,
                                            std::string_view kind, std::string_view base) {
    json::array list;
    list.reserve(all.size());
    for (auto const& one : all) {
        json::object shown;
        shown["value"] = one.id;
        shown["$ref"] = location(type, one.id, base);
        shown["display"] = one.display;
        shown["type"] = kind;
        list.push_back(std::move(shown));
    }
    return list;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL result<boost::json::value, error> read_json(std::string_view body) {
    authmod::detail::json_scratch scratch;
    detail::tree_builder tree;
    auto const reason = authmod::detail::read_strict_json(body, scratch, tree);
    if (reason.empty()) return tree.release();
    if (reason == "too_large") return error(413, error_type::none, "the body is larger than 1 MiB");
    return error(error_type::invalid_syntax, "the body is no acceptable JSON: " + std::string(reason));
}

AUTHMOD_DECL result<boost::json::value, error> canonical_value(attribute const& what, boost::json::value const& value) {
    auto const* array = value.if_array();
    if (!what.multi_valued) {
        if (!array || what.type != value_type::complex) return detail::canonical_single(what, value);
        if (array->size() > 1) return detail::wrong(what, "has one value only");
        return array->empty() ? boost::json::value() : detail::canonical_single(what, array->front());
    }
    boost::json::array all;
    if (array && array->size() > max_values) return detail::wrong(what, "has more than 200 values");
    for (auto const& one : array ? std::span(array->data(), array->size()) : std::span(&value, 1)) {
        auto canonical = detail::canonical_single(what, one);
        if (!canonical) return canonical.error();
        if (!canonical->is_null()) all.push_back(std::move(*canonical));
    }
    if (all.empty()) return boost::json::value();
    return boost::json::value(std::move(all));
}

AUTHMOD_DECL result<boost::json::object, error> read_resource(boost::json::value const& body,
                                                              resource_type const& type) {
    auto const* given = body.if_object();
    if (!given) return error(error_type::invalid_syntax, "the body has to be a JSON object");
    if (auto fits = detail::check_schemas(*given, type); !fits) return fits.error();
    boost::json::object canonical;
    canonical["schemas"] = nullptr; // they come first
    for (auto const& [name, value] : *given) {
        result<void, error> put;
        if (type.extension && ascii::equal_ignoring_case(name, type.extension->urn)) {
            auto const* parts = value.if_object();
            if (!parts && !value.is_null()) return error(error_type::invalid_value, "an extension has to be an object");
            boost::json::object extension;
            if (parts) put = detail::read_attributes(*parts, type.extension->attributes, extension);
            if (put && !extension.empty()) put = detail::put_once(canonical, type.extension->urn, std::move(extension));
        } else if (auto const* what = find_attribute(type, name); what && what->name == "members") {
            auto ids = read_members(value);
            if (!ids) return ids.error();
            boost::json::array members;
            for (auto const& id : *ids) members.push_back(boost::json::object{{"value", id}});
            put = detail::put_once(canonical, what->name, std::move(members));
        } else if (what && what->changes == mutability::read_write) {
            auto one = canonical_value(*what, value);
            if (!one) return one.error();
            if (!one->is_null()) put = detail::put_once(canonical, what->name, std::move(*one));
        }
        if (!put) return put.error();
    }
    list_schemas(canonical, type);
    if (auto checked = check_resource(canonical, type); !checked) return checked.error();
    return canonical;
}

AUTHMOD_DECL result<void, error> check_resource(boost::json::object const& resource, resource_type const& type) {
    std::string_view const name = type.core == &user_schema ? "userName" : "displayName";
    auto const& required = *type.core->attributes.find(name);
    auto const text = detail::text_of(resource, name);
    if (!detail::is_plain(text)) return detail::wrong(required, "is required, without control characters");
    if (code_points(text) > max_name_code_points) return detail::wrong(required, "is longer than 255 characters");
    if (detail::text_of(resource, "externalId").size() > max_external_id_bytes)
        return error(error_type::invalid_value, "externalId is longer than 1024 bytes");
    std::size_t bytes = 0;
    for (auto const& what : type.core->attributes) {
        auto const* values = resource.if_contains(what.name);
        if (!values || what.name == "members") continue;
        if (values->is_array() && values->get_array().size() > max_values)
            return detail::wrong(what, "has more than 200 values");
        if (auto one = detail::check_primary(what, *values); !one) return one.error();
        bytes += boost::json::serialize(*values).size();
    }
    if (type.extension)
        if (auto const* values = resource.if_contains(type.extension->urn))
            bytes += boost::json::serialize(*values).size();
    if (bytes > max_resource_bytes) return error(error_type::invalid_value, "the resource is larger than 64 KiB");
    return {};
}

AUTHMOD_DECL void list_schemas(boost::json::object& resource, resource_type const& type) {
    boost::json::array urns;
    urns.emplace_back(type.core->urn);
    if (type.extension && resource.contains(type.extension->urn)) urns.emplace_back(type.extension->urn);
    resource["schemas"] = std::move(urns);
}

AUTHMOD_DECL result<std::vector<std::string>, error> read_members(boost::json::value const& value) {
    std::vector<std::string> ids;
    if (value.is_null()) return ids;
    auto const* array = value.if_array();
    for (auto const& one : array ? std::span(array->data(), array->size()) : std::span(&value, 1)) {
        std::string_view id, type;
        if (one.is_string()) id = one.get_string();
        // Microsoft's collection adds "string id 1" and wants success. No id has a blank, so nobody is left out by
        // this.
        if (one.is_string() && id.find(' ') != id.npos) continue;
        if (auto const* object = one.if_object())
            for (auto const& [name, part] : *object) {
                if (!part.is_string()) continue;
                if (ascii::equal_ignoring_case(name, "value")) id = part.get_string();
                if (ascii::equal_ignoring_case(name, "type")) type = part.get_string();
            }
        if (id.empty()) return error(error_type::invalid_value, "members need a value: the id of a user");
        if (!type.empty() && !ascii::equal_ignoring_case(type, "User"))
            return error(error_type::invalid_value, "members have to be users: groups have no groups in them");
        ids.emplace_back(id);
    }
    return ids;
}

AUTHMOD_DECL std::vector<std::string> take_members(boost::json::object& resource) {
    std::vector<std::string> ids;
    auto const* members = resource.if_contains("members");
    if (!members) return ids;
    std::unordered_set<std::string_view> seen;
    for (auto const& one : members->as_array()) {
        std::string_view const id = one.as_object().at("value").as_string();
        if (seen.insert(id).second) ids.emplace_back(id);
    }
    resource.erase("members");
    return ids;
}

AUTHMOD_DECL void set_resource(user& who, boost::json::object const& attributes) {
    who.external_id = detail::text_of(attributes, "externalId");
    who.user_name = fold_case(detail::text_of(attributes, "userName"));
    who.display_name = fold_case(detail::text_of(attributes, "displayName"));
    auto const* active = attributes.if_contains("active");
    who.active = !active || (active->is_bool() && active->get_bool());
    who.emails.clear();
    if (auto const* emails = attributes.if_contains("emails"); emails && emails->is_array())
        for (auto const& one : emails->get_array())
            if (auto const* email = one.if_object()) {
                auto folded = fold_case(detail::text_of(*email, "value"));
                if (!folded.empty() && std::ranges::find(who.emails, folded) == who.emails.end())
                    who.emails.push_back(std::move(folded));
            }
    who.resource = boost::json::serialize(attributes);
}

AUTHMOD_DECL void set_resource(group& what, boost::json::object const& attributes) {
    what.external_id = detail::text_of(attributes, "externalId");
    what.name = detail::text_of(attributes, "displayName");
    what.display_name = fold_case(what.name);
    what.resource = boost::json::serialize(attributes);
}

AUTHMOD_DECL boost::json::object attributes_of(user const& who) { return boost::json::parse(who.resource).as_object(); }

AUTHMOD_DECL boost::json::object attributes_of(group const& what) {
    return boost::json::parse(what.resource).as_object();
}

AUTHMOD_DECL std::string display_of(user const& who) {
    auto const attributes = attributes_of(who);
    auto const name = detail::text_of(attributes, "displayName");
    return std::string(name.empty() ? detail::text_of(attributes, "userName") : name);
}

AUTHMOD_DECL boost::json::object to_object(user const& who, std::span<member const> groups, std::string_view base) {
    auto whole = attributes_of(who);
    whole["id"] = who.id;
    whole["groups"] = detail::references(groups, group_type, "direct", base);
    whole["meta"] = detail::meta_of(user_type, who.id, who.created_at, who.updated_at, who.version, base);
    return whole;
}

AUTHMOD_DECL boost::json::object to_object(group const& what, std::span<member const> members, std::string_view base) {
    auto whole = attributes_of(what);
    whole["id"] = what.id;
    whole["members"] = detail::references(members, user_type, "User", base);
    whole["meta"] = detail::meta_of(group_type, what.id, what.created_at, what.updated_at, what.version, base);
    return whole;
}

} // namespace AUTHMOD_ABI

} // namespace authmod::scim
