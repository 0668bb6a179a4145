// SPDX-License-Identifier: BSL-1.0
// Layer 7. What the API tells about itself: the providers that a module can be made of, who asks, its description.
#pragma once

#include "authmod/provider/settings_json.hpp"
#include "authmod/server/detail/admin_routes.hpp"
#include "authmod/server/detail/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

AUTHMOD_DECL reply show_session(call const& c) {
    json::object body;
    body["author"] = c.who.author;
    body["name"] = c.who.name;
    body["csrf"] = nullable(c.who.csrf);
    co_return json_reply(200, body);
}

AUTHMOD_DECL reply show_openapi(call const&) {
    co_return outgoing_reply(200, "application/json", std::string(openapi_document));
}

AUTHMOD_DECL reply list_providers(call const& c) {
    json::array items;
    for (provider_info const* info : c.engine.catalog().providers()) {
        json::array steps;
        for (auto const& step : info->set_up) {
            json::object one;
            one["title"] = step.title;
            one["text"] = step.text;
            steps.push_back(std::move(one));
        }
        json::object item;
        item["id"] = info->id;
        item["label"] = info->label;
        item["icon_svg"] = nullable(info->icon_svg);
        item["set_up"] = std::move(steps);
        item["defaults"] = to_json(info->defaults);
        item["extra_settings"] = json::array(info->extra_settings.begin(), info->extra_settings.end());
        items.push_back(std::move(item));
    }
    co_return list_reply(std::move(items));
}

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
