// SPDX-License-Identifier: BSL-1.0
// Layer 7. Clients that provision over SCIM, as `/api/scim-clients` shows and makes them.
#pragma once

#include "authmod/core/rfc3339.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/module/detail/fresh_token.hpp"
#include "authmod/module/scim_port.hpp"
#include "authmod/server/detail/admin_routes.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

[[nodiscard]] inline json::object scim_client_json(scim_client const& client) {
    json::object item;
    item["id"] = client.id;
    item["name"] = client.name;
    item["module"] = client.module_id;
    item["created_at"] = format_rfc3339(client.created_at);
    return item;
}

[[nodiscard]] inline json::object scim_client_json(scim::client_view const& view) {
    json::object item = scim_client_json(view.client);
    json::array tokens;
    for (auto const& token : view.tokens)
        tokens.push_back(json::object{{"id", token.id}, {"created_at", format_rfc3339(token.created_at)}});
    item["tokens"] = std::move(tokens);
    item["users"] = view.users;
    item["groups"] = view.groups;
    return item;
}

/// A token that nobody has had before; only its digest is kept.
struct fresh_scim_token {
    secret text;
    scim_token kept;

    [[nodiscard]] static result<fresh_scim_token> make(call const& c, std::string_view client_id) {
        auto text = detail::fresh_token(*c.engine.parts().random);
        if (!text) return text.error();
        auto id = c.fresh_id();
        if (!id) return id.error();
        fresh_scim_token made;
        made.text = secret(std::move(*text));
        made.kept.id = std::move(*id);
        made.kept.client_id = client_id;
        made.kept.digest = digest_of(made.text.expose());
        made.kept.created_at = c.now();
        return made;
    }
};

AUTHMOD_DECL reply list_scim_clients(call const& c) {
    auto* data = c.engine.parts().scim;
    if (!data) co_return refused(errc::not_found);
    auto found = co_await data->list_scim_clients();
    if (!found) co_return refused(found.error());
    auto const module_id = parameter(c.request, "module");
    json::array items;
    for (auto const& view : *found)
        if (module_id.empty() || view.client.module_id == module_id) items.push_back(scim_client_json(view));
    co_return list_reply(std::move(items));
}

AUTHMOD_DECL reply create_scim_client(call const& c) {
    auto* data = c.engine.parts().scim;
    if (!data) co_return refused(errc::not_found);
    auto const body = parse_object(c.request.body);
    if (!body) co_return bad_json();
    constexpr std::string_view known[] = {"name", "module"};
    if (auto const name = unknown_member(*body, known); !name.empty())
        co_return bad_field("unknown_field", name, "SCIM clients have no such field");
    scim_client client;
    std::string_view fault;
    client.name = text_member(*body, "name", 255, fault);
    if (fault.empty() && client.name.find_first_not_of(" \t") == std::string::npos) fault = "missing";
    if (!fault.empty()) co_return bad_field(fault, "name", "a SCIM client needs a name of at most 255 bytes");
    client.module_id = text_member(*body, "module", 255, fault);
    auto const modules = c.engine.modules();
    if (fault.empty() && !modules->find(client.module_id)) fault = "no_such_module";
    if (!fault.empty()) co_return bad_field(fault, "module", "this must be the id of a module that is there");

    auto id = c.fresh_id();
    if (!id) co_return refused(id.error());
    client.id = *id;
    client.created_at = c.now();
    auto const first = fresh_scim_token::make(c, client.id);
    if (!first) co_return refused(first.error());
    audit_row row = c.row("scim_client_created", client.id);
    row.module_id = client.module_id;
    row.new_value = client.name;
    auto stored = co_await data->insert_scim_client(client, first->kept, row);
    if (!stored) co_return refused(stored.error());
    json::object item = scim_client_json(client);
    item["token"] = first->text.expose();
    item["token_id"] = first->kept.id;
    outgoing_reply answer = json_reply(201, item);
    answer.set("Location", "/api/scim-clients/" + client.id);
    co_return answer;
}

/// Of this node alone, since its start.
AUTHMOD_DECL reply list_scim_requests(call const& c) {
    auto* data = c.engine.parts().scim;
    if (!data) co_return refused(errc::not_found);
    auto const clients = co_await data->list_scim_clients();
    if (!clients) co_return refused(clients.error());
    bool const known = std::ranges::any_of(*clients, [&](auto const& view) { return view.client.id == c.part[0]; });
    if (!known || !c.seen) co_return refused(errc::not_found);
    json::array items;
    for (auto const& one : c.seen->of(c.part[0])) {
        json::object item;
        item["at"] = format_rfc3339(one.at);
        item["method"] = one.method;
        item["path"] = one.path;
        item["status"] = one.status;
        item["error"] = one.error.empty() ? json::value(nullptr) : json::value(one.error);
        item["duration_ms"] = one.duration.count();
        items.push_back(std::move(item));
    }
    co_return list_reply(std::move(items));
}

/// The token before it stays valid until the next one, so that the provider can be told meanwhile;
/// `?end_others=true` ends it now.
AUTHMOD_DECL reply rotate_scim_token(call const& c) {
    auto* data = c.engine.parts().scim;
    if (!data) co_return refused(errc::not_found);
    auto const next = fresh_scim_token::make(c, c.part[0]);
    if (!next) co_return refused(next.error());
    std::size_t const keep = parameter(c.request, "end_others") == "true" ? 0 : 1;
    audit_row row = c.row("scim_token_rotated", c.part[0]);
    row.field = "token";
    row.new_value = "changed";
    auto stored = co_await data->add_scim_token(next->kept, keep, row);
    if (!stored) co_return refused(stored.error());
    json::object item;
    item["id"] = c.part[0];
    item["token"] = next->text.expose();
    item["token_id"] = next->kept.id;
    co_return json_reply(200, item);
}

AUTHMOD_DECL reply remove_scim_token(call const& c) {
    auto* data = c.engine.parts().scim;
    if (!data) co_return refused(errc::not_found);
    audit_row row = c.row("scim_token_revoked", c.part[0]);
    row.field = "token";
    row.old_value = c.part[1];
    auto removed = co_await data->remove_scim_token(c.part[0], c.part[1], row);
    if (!removed) co_return refused(removed.error());
    co_return outgoing_reply(204);
}

AUTHMOD_DECL reply remove_scim_client(call const& c) {
    auto* data = c.engine.parts().scim;
    if (!data) co_return refused(errc::not_found);
    audit_row const row = c.row("scim_client_removed", c.part[0]);
    auto removed = co_await data->remove_scim_client(c.part[0], row);
    c.engine.data().forget({}); // it may have banned people
    if (!removed) co_return refused(removed.error());
    if (c.seen) c.seen->forget(c.part[0]);
    co_return outgoing_reply(204);
}

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
