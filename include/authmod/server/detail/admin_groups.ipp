// SPDX-License-Identifier: BSL-1.0
// Layer 7. Groups and who is in them, as `/api/groups` shows and changes them.
#pragma once

#include "authmod/server/detail/admin_routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

[[nodiscard]] inline json::object group_json(group_summary const& one) {
    json::object item;
    item["id"] = one.id;
    item["name"] = one.name;
    item["members"] = one.members;
    item["built_in"] = is_built_in_group(one.id);
    return item;
}

AUTHMOD_DECL reply list_groups(call const& c) {
    auto found = co_await c.data().list_groups();
    if (!found) co_return refused(found.error());
    json::array items;
    for (auto const& one : *found) items.push_back(group_json(one));
    co_return list_reply(std::move(items));
}

AUTHMOD_DECL reply create_group(call const& c) {
    auto const body = parse_object(c.request.body);
    if (!body) co_return bad_json();
    std::string_view fault;
    std::string name = text_member(*body, "name", 255, fault);
    if (fault.empty() && name.empty()) fault = "missing";
    if (!fault.empty()) co_return bad_field(fault, "name", "a group needs a name of at most 255 bytes");
    auto id = c.fresh_id();
    if (!id) co_return refused(id.error());
    group const made(*id, std::move(name));
    audit_row row = c.row("group_created", made.id);
    row.new_value = made.name;
    auto stored = co_await c.data().insert_group(made, row);
    if (!stored) co_return refused(stored.error());
    co_return json_reply(201, group_json(group_summary(made.id, made.name, 0)));
}

AUTHMOD_DECL reply remove_group(call const& c) {
    audit_row const row = c.row("group_removed", c.part[0]);
    auto removed = co_await c.data().remove_group(c.part[0], row);
    if (!removed) co_return refused(removed.error());
    co_return outgoing_reply(204);
}

AUTHMOD_DECL reply add_member(call const& c) {
    audit_row row = c.row("member_added", c.part[0]);
    row.field = "members";
    row.new_value = c.part[1];
    auto added = co_await c.data().put_member(c.part[0], c.part[1], row);
    if (!added) co_return refused(added.error());
    co_return outgoing_reply(204);
}

AUTHMOD_DECL reply remove_member(call const& c) {
    audit_row row = c.row("member_removed", c.part[0]);
    row.field = "members";
    row.old_value = c.part[1];
    auto removed = co_await c.data().remove_member(c.part[0], c.part[1], row);
    if (!removed) co_return refused(removed.error());
    co_return outgoing_reply(204);
}

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
