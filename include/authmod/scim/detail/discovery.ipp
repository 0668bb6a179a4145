// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of discovery.hpp.
#pragma once

#include "authmod/scim/discovery.hpp"
#include "authmod/scim/list.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <vector>

namespace authmod::scim {

namespace detail {

namespace json = boost::json;

[[nodiscard]] inline json::array words(std::string_view text) {
    json::array list;
    while (!text.empty()) {
        auto const end = text.find(' ');
        list.emplace_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return list;
}

[[nodiscard]] inline json::object document_meta(std::string_view kind, std::string_view path, std::string_view base) {
    return {{"resourceType", kind}, {"location", std::string(base) + std::string(path)}};
}

[[nodiscard]] inline json::object attribute_document(attribute const& what) {
    constexpr std::string_view types[] = {"string", "boolean", "dateTime", "reference", "binary", "complex"};
    constexpr std::string_view mutabilities[] = {"readWrite", "readOnly", "immutable", "writeOnly"};
    constexpr std::string_view returns[] = {"default", "always", "never"};
    constexpr std::string_view uniquenesses[] = {"none", "server"};
    json::object out;
    out["name"] = what.name;
    out["type"] = types[static_cast<std::size_t>(what.type)];
    out["multiValued"] = what.multi_valued;
    out["description"] = what.description;
    out["required"] = what.required;
    out["caseExact"] = what.case_exact;
    out["mutability"] = mutabilities[static_cast<std::size_t>(what.changes)];
    out["returned"] = returns[static_cast<std::size_t>(what.shown)];
    out["uniqueness"] = uniquenesses[static_cast<std::size_t>(what.unique)];
    if (!what.canonical_values.empty()) out["canonicalValues"] = words(what.canonical_values);
    if (!what.reference_types.empty()) out["referenceTypes"] = words(what.reference_types);
    if (what.type != value_type::complex) return out;
    json::array subs;
    for (auto const& sub : what.subs) subs.push_back(attribute_document(sub));
    out["subAttributes"] = std::move(subs);
    return out;
}

[[nodiscard]] inline std::string schema_document(schema const& s, std::string_view base) {
    json::array attributes;
    for (auto const& what : s.attributes) attributes.push_back(attribute_document(what));
    json::object out;
    out["schemas"] = json::array{"urn:ietf:params:scim:schemas:core:2.0:Schema"};
    out["id"] = s.urn;
    out["name"] = s.name;
    out["description"] = s.description;
    out["attributes"] = std::move(attributes);
    out["meta"] = document_meta("Schema", "/Schemas/" + std::string(s.urn), base);
    return json::serialize(out);
}

[[nodiscard]] inline std::string type_document(resource_type const& type, std::string_view base) {
    json::object out;
    out["schemas"] = json::array{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"};
    out["id"] = type.name;
    out["name"] = type.name;
    out["endpoint"] = type.endpoint;
    out["description"] = type.description;
    out["schema"] = type.core->urn;
    if (type.extension)
        out["schemaExtensions"] = json::array{json::object{{"schema", type.extension->urn}, {"required", false}}};
    out["meta"] = document_meta("ResourceType", "/ResourceTypes/" + std::string(type.name), base);
    return json::serialize(out);
}

inline constexpr resource_type const* all_types[] = {&user_type, &group_type};

[[nodiscard]] inline std::string whole_list(std::vector<std::string> const& all) {
    return list_response(static_cast<long long>(all.size()), 1, all);
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL std::string service_provider_config(std::string_view base) {
    namespace json = boost::json;
    json::object bearer;
    bearer["type"] = "oauthbearertoken";
    bearer["name"] = "Bearer token";
    bearer["description"] = "A token made by an administrator for this client, in the Authorization header.";
    bearer["specUri"] = "https://www.rfc-editor.org/info/rfc6750";
    bearer["primary"] = true;
    json::object out;
    out["schemas"] = json::array{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"};
    out["patch"] = json::object{{"supported", true}};
    out["bulk"] = json::object{{"supported", false}, {"maxOperations", 0}, {"maxPayloadSize", 0}};
    out["filter"] = json::object{{"supported", true}, {"maxResults", max_count}};
    out["changePassword"] = json::object{{"supported", false}};
    out["sort"] = json::object{{"supported", true}};
    out["etag"] = json::object{{"supported", true}};
    out["authenticationSchemes"] = json::array{std::move(bearer)};
    out["meta"] = detail::document_meta("ServiceProviderConfig", "/ServiceProviderConfig", base);
    return json::serialize(out);
}

AUTHMOD_DECL std::string resource_types(std::string_view base) {
    std::vector<std::string> all;
    for (auto const* type : detail::all_types) all.push_back(detail::type_document(*type, base));
    return detail::whole_list(all);
}

AUTHMOD_DECL std::optional<std::string> resource_type_named(std::string_view name, std::string_view base) {
    for (auto const* type : detail::all_types)
        if (type->name == name) return detail::type_document(*type, base);
    return {};
}

AUTHMOD_DECL std::string schemas(std::string_view base) {
    std::vector<std::string> all;
    for (auto const* s : all_schemas) all.push_back(detail::schema_document(*s, base));
    return detail::whole_list(all);
}

AUTHMOD_DECL std::optional<std::string> schema_with(std::string_view urn, std::string_view base) {
    for (auto const* s : all_schemas)
        if (ascii::equal_ignoring_case(s->urn, urn)) return detail::schema_document(*s, base);
    return {};
}

} // namespace AUTHMOD_ABI

} // namespace authmod::scim
