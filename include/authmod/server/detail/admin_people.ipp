// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of admin_handlers.hpp: accounts and groups. Included by admin_handlers.ipp.
#pragma once

#include "authmod/server/detail/admin_handlers.ipp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <span>
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
    body["created_at"] = format_rfc3339(who.created_at);
    body["updated_at"] = format_rfc3339(who.updated_at);
    return body;
}

/// A text member of a body: `fault` names the rule it fails. Missing is empty.
[[nodiscard]] inline std::string text_member(json::object const& body, std::string_view name, std::size_t max_bytes,
                                             std::string_view& fault) {
    auto const* value = body.if_contains(name);
    if (!value || value->is_null()) return {};
    if (!value->is_string()) {
        fault = "wrong_type";
        return {};
    }
    std::string text(value->get_string());
    if (text.size() > max_bytes) fault = "too_long";
    if (std::ranges::any_of(text, ascii::is_control)) fault = "bad_character";
    return text;
}

/// The name of a member that is not in `known`; empty: there is none.
[[nodiscard]] inline std::string_view unknown_member(json::object const& body,
                                                     std::span<std::string_view const> known) {
    for (auto const& member : body)
        if (std::ranges::find(known, std::string_view(member.key())) == known.end()) return member.key();
    return {};
}

[[nodiscard]] inline char const* truth_word(bool value) noexcept { return value ? "true" : "false"; }

} // namespace admin_detail

AUTHMOD_DECL admin_handlers::reply admin_handlers::list_accounts(call const& c) {
    std::string const after = admin_detail::parameter(c.request, "after");
    int const limit = admin_detail::page_size(c.request);
    auto found = co_await engine_.parts().data->list_accounts(after, limit);
    if (!found) co_return admin_detail::refused(found.error());
    boost::json::array items;
    for (auto const& who : *found) items.push_back(admin_detail::account_json(who));
    boost::json::value next;
    if (static_cast<int>(found->size()) == limit) next = found->back().id; // for `after`
    co_return admin_detail::list_reply(std::move(items), std::move(next));
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::show_account(call const& c) {
    auto found = co_await engine_.parts().data->find_account(c.part);
    if (!found) co_return admin_detail::refused(found.error());
    boost::json::object body = admin_detail::account_json(found->user);
    boost::json::array groups;
    for (auto const& name : found->groups) groups.emplace_back(name);
    body["groups"] = std::move(groups);
    co_return json_reply(200, body);
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::create_account(call const& c) {
    using namespace admin_detail;
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
    auto id = fresh_id();
    if (!id) co_return refused(id.error());
    who.id = *id;
    who.created_at = who.updated_at = engine_.parts().time->now();
    audit_row const row = row_for(c, "account_created", who.id);
    auto stored = co_await engine_.parts().data->insert_account(who, row);
    if (!stored) co_return refused(stored.error());
    outgoing_reply answer = json_reply(201, account_json(who));
    answer.set("Location", "/api/accounts/" + who.id);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::update_account(call const& c) {
    using namespace admin_detail;
    auto const body = parse_object(c.request.body);
    if (!body) co_return bad_json();
    constexpr std::string_view known[] = {"banned", "ban_reason", "email_verified"};
    if (auto const name = unknown_member(*body, known); !name.empty())
        co_return bad_field("unknown_field", name, "only a ban and the verified state can be changed here");
    std::string_view fault;
    std::string const reason = text_member(*body, "ban_reason", 1000, fault);
    if (!fault.empty()) co_return bad_field(fault, "ban_reason", "this text does not fit the field");
    auto const* banned = body->if_contains("banned");
    auto const* verified = body->if_contains("email_verified");
    if (banned && !banned->is_bool()) co_return bad_field("wrong_type", "banned", "true or false");
    if (verified && !verified->is_bool()) co_return bad_field("wrong_type", "email_verified", "true or false");

    auto found = co_await engine_.parts().data->find_account(c.part);
    if (!found) co_return refused(found.error());
    account who = found->user;
    // One row of the audit for each field that changes, in one transaction with it.
    for (auto const* field : {"banned", "email_verified"}) {
        bool const ban = std::string_view(field) == "banned";
        auto const* wanted = ban ? banned : verified;
        bool& state = ban ? who.banned : who.email_verified;
        bool const new_reason = ban && body->contains("ban_reason") && reason != who.ban_reason;
        if (!new_reason && (!wanted || wanted->get_bool() == state)) continue;
        audit_row row = row_for(c, "account_changed", who.id);
        row.field = field;
        row.old_value = truth_word(state);
        if (wanted) state = wanted->get_bool();
        row.new_value = truth_word(state);
        if (ban) who.ban_reason = who.banned ? reason : std::string();
        who.updated_at = row.at;
        auto stored = co_await engine_.parts().data->update_account(who, row);
        if (!stored) co_return refused(stored.error());
    }
    outgoing_reply answer = co_await show_account(c);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::remove_account(call const& c) {
    audit_row const row = row_for(c, "account_removed", c.part);
    auto removed = co_await engine_.parts().data->remove_account(c.part, row);
    if (!removed) co_return admin_detail::refused(removed.error());
    co_return outgoing_reply(204);
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::list_groups(call const&) {
    auto found = co_await engine_.parts().data->list_groups();
    if (!found) co_return admin_detail::refused(found.error());
    boost::json::array items;
    for (auto const& one : *found) {
        boost::json::object item;
        item["id"] = one.id;
        item["name"] = one.name;
        items.push_back(std::move(item));
    }
    co_return admin_detail::list_reply(std::move(items));
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::create_group(call const& c) {
    using namespace admin_detail;
    auto const body = parse_object(c.request.body);
    if (!body) co_return bad_json();
    std::string_view fault;
    std::string name = text_member(*body, "name", 255, fault);
    if (fault.empty() && name.empty()) fault = "missing";
    if (!fault.empty()) co_return bad_field(fault, "name", "a group needs a name of at most 255 bytes");
    auto id = fresh_id();
    if (!id) co_return refused(id.error());
    group const made(*id, std::move(name));
    audit_row row = row_for(c, "group_created", made.id);
    row.new_value = made.name;
    auto stored = co_await engine_.parts().data->insert_group(made, row);
    if (!stored) co_return refused(stored.error());
    boost::json::object item;
    item["id"] = made.id;
    item["name"] = made.name;
    outgoing_reply answer = json_reply(201, item);
    co_return answer;
}

AUTHMOD_DECL admin_handlers::reply admin_handlers::remove_group(call const& c) {
    audit_row const row = row_for(c, "group_removed", c.part);
    auto removed = co_await engine_.parts().data->remove_group(c.part, row);
    if (!removed) co_return admin_detail::refused(removed.error());
    co_return outgoing_reply(204);
}

/// `c.part` is `{group}/members/{account}`.
AUTHMOD_DECL admin_handlers::reply admin_handlers::change_member(call const& c) {
    constexpr std::string_view between = "/members/";
    auto const at = c.part.find(between);
    std::string const group_id = c.part.substr(0, at);
    std::string const account_id = c.part.substr(at + between.size());
    bool const put = c.request.method == "PUT";
    audit_row row = row_for(c, put ? "member_added" : "member_removed", group_id);
    row.field = "members";
    (put ? row.new_value : row.old_value) = account_id;
    auto* store = engine_.parts().data;
    result<void> changed = errc::not_found;
    if (put)
        changed = co_await store->put_member(group_id, account_id, row);
    else
        changed = co_await store->remove_member(group_id, account_id, row);
    if (!changed) co_return admin_detail::refused(changed.error());
    co_return outgoing_reply(204);
}

} // namespace AUTHMOD_ABI

} // namespace authmod
