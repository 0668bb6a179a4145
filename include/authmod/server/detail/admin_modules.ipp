// SPDX-License-Identifier: BSL-1.0
// Layer 7. Modules, as `/api/modules` shows and changes them.
#pragma once

#include "authmod/server/cookie.hpp"
#include "authmod/server/detail/admin_routes.hpp"
#include "authmod/server/detail/attempt_cookies.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

/// A module as REST shows it.
AUTHMOD_DECL asio::awaitable<result<json::object>> module_item(call const& c, running_module const& module) {
    auto imported = co_await c.data().count_accounts_made_by(module.record.id);
    if (!imported) co_return imported.error();
    json::object item = module_catalog::module_json(module);
    item["imported_accounts"] = *imported;
    co_return item;
}

AUTHMOD_DECL reply module_reply(call const& c, int status, std::string_view id) {
    auto const modules = c.engine.modules();
    auto const* module = modules->find(id);
    if (!module) co_return error_reply(404, errc::not_found);
    auto item = co_await module_item(c, *module);
    if (!item) co_return refused(item.error());
    outgoing_reply answer = json_reply(status, *item);
    if (status == 201) answer.set("Location", "/api/modules/" + std::string(id));
    co_return answer;
}

/// What a change of a module came to.
AUTHMOD_DECL reply changed_reply(call const& c, result<void, settings_refusal> const& done) {
    if (!done) co_return refused(done.error());
    outgoing_reply answer = co_await module_reply(c, 200, c.part[0]);
    co_return answer;
}

AUTHMOD_DECL reply list_modules(call const& c) {
    auto const modules = c.engine.modules();
    json::array items;
    for (auto const& module : modules->all) {
        auto item = co_await module_item(c, *module);
        if (!item) co_return refused(item.error());
        items.push_back(std::move(*item));
    }
    co_return list_reply(std::move(items));
}

AUTHMOD_DECL reply show_module(call const& c) { return module_reply(c, 200, c.part[0]); }

AUTHMOD_DECL reply create_module(call const& c) {
    auto changes = parse_object(c.request.body);
    if (!changes) co_return bad_json();
    change_author by = c.by();
    auto id = co_await c.engine.catalog().create(std::move(*changes), std::move(by));
    if (!id) co_return refused(id.error());
    outgoing_reply answer = co_await module_reply(c, 201, *id);
    co_return answer;
}

AUTHMOD_DECL reply update_module(call const& c) {
    auto changes = parse_object(c.request.body);
    if (!changes) co_return bad_json();
    std::string id = c.id();
    change_author by = c.by();
    auto done = co_await c.engine.catalog().update(std::move(id), std::move(*changes), std::move(by));
    outgoing_reply answer = co_await changed_reply(c, done);
    co_return answer;
}

AUTHMOD_DECL reply enable_module(call const& c) {
    auto done = co_await c.engine.catalog().enable(c.id(), c.by());
    outgoing_reply answer = co_await changed_reply(c, done);
    co_return answer;
}

AUTHMOD_DECL reply disable_module(call const& c) {
    bool const force = parameter(c.request, "force") == "true";
    auto done = co_await c.engine.catalog().disable(c.id(), force, c.by());
    outgoing_reply answer = co_await changed_reply(c, done);
    co_return answer;
}

AUTHMOD_DECL reply make_default(call const& c) {
    auto done = co_await c.engine.catalog().make_default(c.id(), c.by());
    outgoing_reply answer = co_await changed_reply(c, done);
    co_return answer;
}

AUTHMOD_DECL reply clear_default(call const& c) {
    auto done = co_await c.engine.catalog().clear_default(c.id(), c.by());
    outgoing_reply answer = co_await changed_reply(c, done);
    co_return answer;
}

AUTHMOD_DECL reply remove_module(call const& c) {
    std::string id = c.id();
    std::string successor = parameter(c.request, "successor");
    bool const force = parameter(c.request, "force") == "true";
    change_author by = c.by();
    auto removed = co_await c.engine.catalog().remove(std::move(id), std::move(successor), force, std::move(by));
    if (!removed) co_return refused(removed.error());
    co_return outgoing_reply(204);
}

/// Where the administrator's browser must go; the report comes to the tab that went there.
AUTHMOD_DECL reply begin_test_login(call const& c) {
    std::string id = c.id(), tester = c.who.author;
    auto const begun = co_await c.engine.begin_test_login(std::move(id), std::move(tester));
    if (!begun) co_return refused(begun.error().code);
    json::object body;
    body["location"] = begun->location;
    outgoing_reply answer = json_reply(200, body);
    cookie_jar const cookies(c.engine.options().base_url.starts_with("https:"));
    detail::keep_attempt(answer, cookies, c.request, *begun, c.now());
    co_return answer;
}

AUTHMOD_DECL reply show_test_result(call const& c) {
    auto found = co_await c.engine.test_result(c.id());
    if (!found) co_return refused(found.error());
    co_return json_reply(200, *found);
}

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
