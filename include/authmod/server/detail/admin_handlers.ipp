// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of admin_handlers.hpp: rights, modules, providers, audit.
#pragma once

#include "authmod/core/percent.hpp"
#include "authmod/core/rfc3339.hpp"
#include "authmod/crypto/constant_time.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/new_id.hpp"
#include "authmod/server/admin_handlers.hpp"
#include "authmod/server/json.hpp"
#include "authmod/server/routes.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

namespace json = boost::json;

[[nodiscard]] inline int status_of(error_code const& code) noexcept {
    if (code.category() != category()) return 500;
    switch (static_cast<errc>(code.value())) {
    case errc::setting_refused:
        return 422;
    case errc::revision_missing:
        return 400;
    case errc::revision_stale:
    case errc::name_taken:
    case errc::last_way_in:
    case errc::store_conflict:
        return 409;
    case errc::not_found:
        return 404;
    case errc::not_signed_in:
        return 401;
    case errc::not_permitted:
    case errc::csrf_refused:
        return 403;
    case errc::store_unavailable:
    case errc::random_failed:
        return 503;
    default:
        return 500;
    }
}

[[nodiscard]] inline outgoing_reply refused(error_code const& code) { return error_reply(status_of(code), code); }

/// The first field at fault, or the code alone.
[[nodiscard]] inline outgoing_reply refused(settings_refusal const& why) {
    if (why.errors.empty()) return refused(why.code);
    setting_error const& first = why.errors.front();
    return error_reply(422, json_error{first.reason, first.field, first.offset, first.message});
}

[[nodiscard]] inline outgoing_reply bad_json() {
    return error_reply(400,
                       json_error{"malformed_json", {}, 0, "the body is not one JSON object without repeated names"});
}

[[nodiscard]] inline outgoing_reply bad_field(std::string_view code, std::string_view field, std::string_view message) {
    return error_reply(422, json_error{code, field, 0, message});
}

[[nodiscard]] inline outgoing_reply list_reply(json::array items, json::value next = nullptr) {
    json::object body;
    body["items"] = std::move(items);
    body["next"] = std::move(next);
    return json_reply(200, body);
}

[[nodiscard]] inline json::object audit_json(audit_row const& row) {
    json::object body;
    body["number"] = row.number;
    body["at"] = format_rfc3339(row.at);
    body["author"] = row.author;
    body["address"] = nullable(row.address);
    body["event"] = row.event;
    body["target"] = nullable(row.target);
    body["module"] = nullable(row.module_id);
    body["field"] = nullable(row.field);
    body["old"] = nullable(row.old_value);
    body["new"] = nullable(row.new_value);
    body["reason"] = nullable(row.reason);
    return body;
}

/// A query parameter; empty when it is not there.
[[nodiscard]] inline std::string parameter(incoming_request const& request, std::string_view name) {
    if (auto pairs = read_form(request.query))
        for (auto& pair : *pairs)
            if (pair.name == name) return std::move(pair.value);
    return {};
}

[[nodiscard]] inline long long number_parameter(incoming_request const& request, std::string_view name,
                                                long long otherwise) {
    std::string const text = parameter(request, name);
    long long value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() && value > 0 ? value : otherwise;
}

/// Rows of one page: `limit` of the query, 1 to 500.
[[nodiscard]] inline int page_size(incoming_request const& request) {
    return static_cast<int>(std::min(number_parameter(request, "limit", 100), 500LL));
}

} // namespace admin_detail

AUTHMOD_DECL admin_handlers::admin_handlers(login_engine& engine, service_log& log, secret const& admin_token)
    : engine_(engine), log_(log), cookies_(engine.options().base_url.starts_with("https:")),
      token_digest_(admin_token.empty() ? std::string() : sha256(admin_token.expose())) {}

AUTHMOD_DECL asio::awaitable<outgoing_reply> admin_handlers::handle(incoming_request const& request) {
    using self = admin_handlers;
    using answer = reply (self::*)(call const&);
    static constexpr route<answer> table[] = {
        {"GET", "/api/modules", &self::list_modules},          {"POST", "/api/modules", &self::create_module},
        {"GET", "/api/modules/{}", &self::show_module},        {"PATCH", "/api/modules/{}", &self::update_module},
        {"POST", "/api/modules/{}/enable", &self::enable},     {"POST", "/api/modules/{}/disable", &self::disable},
        {"GET", "/api/providers", &self::list_providers},      {"GET", "/api/audit", &self::list_audit},
        {"GET", "/api/accounts", &self::list_accounts},        {"POST", "/api/accounts", &self::create_account},
        {"GET", "/api/accounts/{}", &self::show_account},      {"PATCH", "/api/accounts/{}", &self::update_account},
        {"DELETE", "/api/accounts/{}", &self::remove_account}, {"GET", "/api/groups", &self::list_groups},
        {"POST", "/api/groups", &self::create_group},          {"DELETE", "/api/groups/{}", &self::remove_group},
    };
    outgoing_reply answered;
    auto author = co_await author_of(request);
    if (!author) {
        answered = admin_detail::refused(author.error());
        if (answered.status == 401) answered.set("WWW-Authenticate", "Bearer realm=\"authmod\"");
        if (answered.status < 500)
            log_.write(log_level::warning, "admin request refused: " + std::string(to_word(author.error())) +
                                               " path=" + log_text(request.path) + " address=" + request.address);
    } else if (auto const member = request.path.find("/members/");
               request.path.starts_with("/api/groups/") && member != std::string::npos) {
        // The one route with two holes.
        call const c(request, std::string_view(request.path).substr(12), std::move(*author));
        bool const known = request.method == "PUT" || request.method == "DELETE";
        answered = method_not_allowed("PUT, DELETE");
        if (known) answered = co_await change_member(c);
    } else {
        auto const found = find_route<answer>(table, request.method, request.path);
        call const c(request, found.part, std::move(*author));
        answered = found.allowed.empty() ? error_reply(404, errc::not_found) : method_not_allowed(found.allowed);
        if (found.match) answered = co_await (this->*found.match->run)(c);
    }
    protect(answered, engine_.options().allow_loopback_http);
    co_return answered;
}

/// Who may do what the request asks for. Errors: `not_signed_in`, `not_permitted`, `csrf_refused`, store errors.
AUTHMOD_DECL asio::awaitable<result<std::string>> admin_handlers::author_of(incoming_request const& request) {
    std::string_view const authorization = request.header("Authorization");
    if (!authorization.empty()) { // whoever shows a token is judged by it alone
        constexpr std::string_view scheme = "Bearer ";
        bool const bearer = ascii::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme);
        bool const right = bearer && !token_digest_.empty() &&
                           constant_time_equal(sha256(authorization.substr(scheme.size())), token_digest_);
        if (!right) co_return errc::not_signed_in;
        co_return std::string("admin-token");
    }
    std::string id = cookies_.session(request);
    if (id.empty()) co_return errc::not_signed_in;
    auto found = co_await engine_.check_session(std::move(id));
    if (!found) co_return found.error();
    if (std::ranges::find(found->groups, admins_group) == found->groups.end()) co_return errc::not_permitted;
    std::string_view const token = request.header("X-CSRF-Token");
    if (!request.reads() && (found->who.csrf.empty() || !constant_time_equal(token, found->who.csrf)))
        co_return errc::csrf_refused;
    co_return found->user.id;
}

AUTHMOD_DECL audit_row admin_handlers::row_for(call const& c, std::string_view event, std::string_view target) const {
    audit_row row(event, target);
    row.at = engine_.parts().time->now();
    row.author = c.author;
    row.address = c.request.address;
    return row;
}

AUTHMOD_DECL result<std::string> admin_handlers::fresh_id() {
    std::array<std::byte, id_random_bytes> random;
    if (auto filled = engine_.parts().random->fill(random); !filled) return filled.error();
    return new_id(engine_.parts().time->now(), random);
}

/// A module as REST shows it.
AUTHMOD_DECL asio::awaitable<result<boost::json::object>> admin_handlers::module_item(running_module const& module) {
    auto imported = co_await engine_.parts().data->count_accounts_made_by(module.record.id);
    if (!imported) co_return imported.error();
    boost::json::object item = login_engine::module_json(module);
    item["imported_accounts"] = *imported;
    co_return item;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::module_reply(int status, std::string id) {
    auto const modules = engine_.modules();
    auto const* module = modules->find(id);
    if (!module) co_return error_reply(404, errc::not_found);
    auto item = co_await module_item(*module);
    if (!item) co_return admin_detail::refused(item.error());
    outgoing_reply answer = json_reply(status, *item);
    if (status == 201) answer.set("Location", "/api/modules/" + id);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::list_modules(call const&) {
    auto const modules = engine_.modules();
    boost::json::array items;
    for (auto const& module : modules->all) {
        auto item = co_await module_item(*module);
        if (!item) co_return admin_detail::refused(item.error());
        items.push_back(std::move(*item));
    }
    co_return admin_detail::list_reply(std::move(items));
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::show_module(call const& c) {
    outgoing_reply answer = co_await module_reply(200, c.part);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::create_module(call const& c) {
    auto changes = parse_object(c.request.body);
    if (!changes) co_return admin_detail::bad_json();
    change_author by = c.by();
    auto id = co_await engine_.create_module(std::move(*changes), std::move(by));
    if (!id) co_return admin_detail::refused(id.error());
    outgoing_reply answer = co_await module_reply(201, *id);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::update_module(call const& c) {
    auto changes = parse_object(c.request.body);
    if (!changes) co_return admin_detail::bad_json();
    change_author by = c.by();
    auto done = co_await engine_.update_module(c.part, std::move(*changes), std::move(by));
    if (!done) co_return admin_detail::refused(done.error());
    outgoing_reply answer = co_await module_reply(200, c.part);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::switch_module(call const& c, bool enabled) {
    bool const force = admin_detail::parameter(c.request, "force") == "true";
    change_author by = c.by();
    auto done = co_await engine_.enable_module(c.part, enabled, force, std::move(by));
    if (!done) co_return admin_detail::refused(done.error());
    outgoing_reply answer = co_await module_reply(200, c.part);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::enable(call const& c) {
    outgoing_reply answer = co_await switch_module(c, true);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::disable(call const& c) {
    outgoing_reply answer = co_await switch_module(c, false);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::list_providers(call const&) {
    boost::json::array items;
    for (provider_info const* info : engine_.providers()) {
        boost::json::array steps;
        for (auto const& step : info->set_up) {
            boost::json::object one;
            one["title"] = step.title;
            one["text"] = step.text;
            steps.push_back(std::move(one));
        }
        boost::json::object item;
        item["id"] = info->id;
        item["label"] = info->label;
        item["set_up"] = std::move(steps);
        items.push_back(std::move(item));
    }
    co_return admin_detail::list_reply(std::move(items));
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::list_audit(call const& c) {
    using admin_detail::parameter;
    audit_filter filter;
    filter.module_id = parameter(c.request, "module");
    filter.author = parameter(c.request, "author");
    filter.event = parameter(c.request, "event");
    filter.target = parameter(c.request, "target");
    filter.before = admin_detail::number_parameter(c.request, "before", 0);
    filter.limit = admin_detail::page_size(c.request);
    for (auto [name, moment] : {std::pair("from", &filter.from), std::pair("until", &filter.until)}) {
        std::string const text = parameter(c.request, name);
        if (text.empty()) continue;
        auto const parsed = parse_rfc3339(text);
        if (!parsed) co_return admin_detail::bad_field("not_a_time", name, "write the time as in 2026-01-31T12:00:00Z");
        *moment = *parsed;
    }
    auto rows = co_await engine_.parts().data->list_audit(filter);
    if (!rows) co_return admin_detail::refused(rows.error());
    boost::json::array items;
    for (auto const& row : *rows) items.push_back(admin_detail::audit_json(row));
    boost::json::value next;
    if (static_cast<int>(rows->size()) == filter.limit) next = rows->back().number; // for `before`
    co_return admin_detail::list_reply(std::move(items), std::move(next));
}

} // namespace AUTHMOD_ABI

} // namespace authmod

#include "authmod/server/detail/admin_people.ipp"
