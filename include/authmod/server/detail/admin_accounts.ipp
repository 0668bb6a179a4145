// SPDX-License-Identifier: BSL-1.0
// Layer 7. Accounts, as `/api/accounts` shows and changes them.
#pragma once

#include "authmod/core/rfc3339.hpp"
#include "authmod/server/detail/admin_routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

[[nodiscard]] inline json::object account_json(account const& who) {
    json::object body;
    body["id"] = who.id;
    body["username"] = who.username;
    body["full_name"] = who.full_name;
    body["email"] = nullable(who.email);
    body["email_verified"] = who.email_verified;
    body["avatar"] = nullable(who.avatar);
    body["banned"] = who.banned;
    body["ban_reason"] = nullable(who.ban_reason);
    body["created_by_module"] = nullable(who.created_by_module);
    body["revision"] = who.revision;
    body["created_at"] = format_rfc3339(who.created_at);
    body["updated_at"] = format_rfc3339(who.updated_at);
    return body;
}

/// An account with what hangs on it.
[[nodiscard]] inline json::object account_json(account_view const& view) {
    json::object body = account_json(view.user);
    json::object attributes;
    for (auto const& [name, value] : view.user.custom_attributes) attributes[name] = value;
    body["custom_attributes"] = std::move(attributes);
    body["groups"] = json::array(view.groups.begin(), view.groups.end());
    json::array links;
    for (auto const& link : view.links) {
        json::object one;
        one["module_id"] = link.module_id;
        one["user_id"] = link.user_id;
        one["created_at"] = format_rfc3339(link.created_at);
        one["last_login_at"] = format_rfc3339(link.last_login_at);
        links.push_back(std::move(one));
    }
    body["links"] = std::move(links);
    return body;
}

AUTHMOD_DECL reply list_accounts(call const& c) {
    auto const limit = page_size(c.request);
    if (!limit) co_return bad_page_size();
    account_filter filter;
    filter.after = parameter(c.request, "after");
    filter.limit = *limit;
    filter.search = parameter(c.request, "search");
    filter.group_id = parameter(c.request, "group");
    filter.module_id = parameter(c.request, "module");
    auto found = co_await c.data().list_accounts(filter);
    if (!found) co_return refused(found.error());
    json::array items;
    for (auto const& who : *found) items.push_back(account_json(who));
    json::value next;
    if (static_cast<int>(found->size()) == filter.limit) next = found->back().id; // for `after`
    co_return list_reply(std::move(items), std::move(next));
}

AUTHMOD_DECL reply show_account(call const& c) {
    auto found = co_await c.data().find_account(c.part[0]);
    if (!found) co_return refused(found.error());
    co_return json_reply(200, account_json(*found));
}

AUTHMOD_DECL reply create_account(call const& c) {
    auto const body = parse_object(c.request.body);
    if (!body) co_return bad_json();
    constexpr std::string_view known[] = {"username", "full_name", "email", "email_verified"};
    if (auto const name = unknown_member(*body, known); !name.empty())
        co_return bad_field("unknown_field", name, "accounts have no such field");
    account who;
    std::string_view fault, field;
    for (auto [name, member, bytes] :
         {std::tuple("username", &account::username, 255), // as at login
          std::tuple("full_name", &account::full_name, 1020), std::tuple("email", &account::email, 254)}) {
        if (!fault.empty()) break;
        field = name;
        who.*member = text_member(*body, name, static_cast<std::size_t>(bytes), fault);
    }
    if (!fault.empty()) co_return bad_field(fault, field, "this text does not fit the field");
    if (who.username.empty()) co_return bad_field("missing", "username", "an account needs a user name");
    if (auto const* verified = body->if_contains("email_verified")) {
        if (!verified->is_bool()) co_return bad_field("wrong_type", "email_verified", "true or false");
        who.email_verified = verified->get_bool();
    }
    if (who.full_name.empty()) who.full_name = who.username;
    auto id = c.fresh_id();
    if (!id) co_return refused(id.error());
    who.id = *id;
    who.created_at = who.updated_at = c.now();
    audit_row const row = c.row("account_created", who.id);
    auto stored = co_await c.data().insert_account(who, row);
    if (!stored) co_return refused(stored.error());
    outgoing_reply answer = json_reply(201, account_json(who));
    answer.set("Location", "/api/accounts/" + who.id);
    co_return answer;
}

AUTHMOD_DECL reply update_account(call const& c) {
    auto const body = parse_object(c.request.body);
    if (!body) co_return bad_json();
    constexpr std::string_view known[] = {"banned", "ban_reason", "email_verified", "revision"};
    if (auto const name = unknown_member(*body, known); !name.empty())
        co_return bad_field("unknown_field", name, "only a ban and the verified state can be changed here");
    std::string_view fault;
    std::string const reason = text_member(*body, "ban_reason", 1000, fault);
    if (!fault.empty()) co_return bad_field(fault, "ban_reason", "this text does not fit the field");
    auto const* banned = body->if_contains("banned");
    auto const* verified = body->if_contains("email_verified");
    if (banned && !banned->is_bool()) co_return bad_field("wrong_type", "banned", "true or false");
    if (verified && !verified->is_bool()) co_return bad_field("wrong_type", "email_verified", "true or false");

    auto found = co_await c.data().find_account(c.part[0]);
    if (!found) co_return refused(found.error());
    account who = found->user;
    auto const* revision = body->if_contains("revision"); // optional: a ban need not know what else changed
    if (revision && *revision != json::value(who.revision)) co_return refused(errc::revision_stale);
    std::vector<audit_row> rows; // one for each field that changes
    for (auto const* field : {"banned", "email_verified"}) {
        bool const ban = std::string_view(field) == "banned";
        auto const* wanted = ban ? banned : verified;
        bool& state = ban ? who.banned : who.email_verified;
        bool const new_reason = ban && body->contains("ban_reason") && reason != who.ban_reason;
        if (!new_reason && (!wanted || wanted->get_bool() == state)) continue;
        audit_row& row = rows.emplace_back(c.row("account_changed", who.id));
        row.field = field;
        row.old_value = truth_word(state);
        if (wanted) state = wanted->get_bool();
        row.new_value = truth_word(state);
        if (ban) who.ban_reason = who.banned ? reason : std::string();
        who.updated_at = row.at;
    }
    if (!rows.empty()) {
        auto stored = co_await c.data().update_account(who, who.revision, rows);
        if (!stored) co_return refused(stored.error());
    }
    outgoing_reply answer = co_await show_account(c);
    co_return answer;
}

/// Logs the person out everywhere, tokens of ours included.
AUTHMOD_DECL reply end_sessions(call const& c) {
    audit_row const row = c.row("sessions_ended", c.part[0]);
    auto ended = co_await c.data().end_sessions_of(c.part[0], row);
    if (!ended) co_return refused(ended.error());
    co_return outgoing_reply(204);
}

AUTHMOD_DECL reply remove_account(call const& c) {
    audit_row const row = c.row("account_removed", c.part[0]);
    auto removed = co_await c.data().remove_account(c.part[0], row);
    if (!removed) co_return refused(removed.error());
    co_return outgoing_reply(204);
}

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
