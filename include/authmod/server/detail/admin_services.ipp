// SPDX-License-Identifier: BSL-1.0
// Layer 7. Programs that may call the token endpoint, as `/api/services` shows and makes them.
#pragma once

#include "authmod/core/rfc3339.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/module/detail/fresh_token.hpp"
#include "authmod/server/detail/admin_routes.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

inline constexpr std::size_t max_service_modules = 1000;

[[nodiscard]] inline json::object service_json(service_client const& service) {
    json::object item;
    item["id"] = service.id;
    item["name"] = service.name;
    item["modules"] = json::array(service.modules.begin(), service.modules.end());
    item["created_at"] = format_rfc3339(service.created_at);
    return item;
}

/// Reads the list of modules a service may use: `fault` names the rule it fails.
[[nodiscard]] inline std::vector<std::string> read_modules(json::value const* list, module_list const& known,
                                                           std::string_view& fault) {
    std::vector<std::string> ids;
    if (!list || list->is_null()) return ids;
    auto const* array = list->if_array();
    if (!array) fault = "wrong_type";
    if (array && array->size() > max_service_modules) fault = "too_many";
    for (auto const& item : array&& fault.empty() ? *array : json::array()) {
        auto const* id = item.if_string();
        if (!id)
            fault = "wrong_type";
        else if (!known.find(*id))
            fault = "no_such_module";
        else
            ids.emplace_back(*id);
    }
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

AUTHMOD_DECL reply list_services(call const& c) {
    auto found = co_await c.data().list_services();
    if (!found) co_return refused(found.error());
    json::array items;
    for (auto const& service : *found) items.push_back(service_json(service));
    co_return list_reply(std::move(items));
}

/// The one answer that holds the secret: only its digest is kept.
AUTHMOD_DECL reply create_service(call const& c) {
    auto const body = parse_object(c.request.body);
    if (!body) co_return bad_json();
    constexpr std::string_view known[] = {"name", "modules"};
    if (auto const name = unknown_member(*body, known); !name.empty())
        co_return bad_field("unknown_field", name, "services have no such field");
    service_client service;
    std::string_view fault;
    service.name = text_member(*body, "name", 255, fault);
    if (fault.empty() && service.name.find_first_not_of(" \t") == std::string::npos) fault = "missing";
    if (!fault.empty()) co_return bad_field(fault, "name", "a service needs a name of at most 255 bytes");
    auto const modules = c.engine.modules();
    service.modules = read_modules(body->if_contains("modules"), *modules, fault);
    if (!fault.empty()) co_return bad_field(fault, "modules", "this must be a list of ids of modules that are there");

    auto id = c.fresh_id();
    auto const secret = detail::fresh_token(*c.engine.parts().random);
    if (!id || !secret) co_return refused(errc::random_failed);
    service.id = *id;
    service.secret_digest = digest_of(*secret);
    service.created_at = c.now();
    audit_row row = c.row("service_created", service.id);
    row.new_value = service.name;
    auto stored = co_await c.data().insert_service(service, row);
    if (!stored) co_return refused(stored.error());
    json::object item = service_json(service);
    item["secret"] = *secret;
    outgoing_reply answer = json_reply(201, item);
    answer.set("Location", "/api/services/" + service.id);
    co_return answer;
}

AUTHMOD_DECL reply remove_service(call const& c) {
    audit_row const row = c.row("service_removed", c.part[0]);
    auto removed = co_await c.data().remove_service(c.part[0], row);
    if (!removed) co_return refused(removed.error());
    co_return outgoing_reply(204);
}

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
