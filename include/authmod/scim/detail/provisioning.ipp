// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of provisioning.hpp.
#pragma once

#include "authmod/account/email_verification.hpp"
#include "authmod/account/text_rules.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/scim/provisioning.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <utility>

namespace authmod::scim {

namespace detail {

namespace json = boost::json;

/// Names of the attributes that differ, those of the extension among them.
inline void collect_changes(json::object const& before, json::object const& after, std::string& names) {
    auto const note = [&](std::string_view name) {
        if (name == "schemas") return;
        if (!names.empty()) names += ' ';
        names += name;
    };
    static json::object const none;
    auto const extension = [](json::object const& of) -> json::object const& {
        auto const* found = of.if_contains(enterprise_schema.urn);
        return found && found->is_object() ? found->get_object() : none;
    };
    for (auto const& [name, value] : after) {
        if (std::string_view(name) == enterprise_schema.urn) continue;
        auto const* old = before.if_contains(name);
        if (!old || *old != value) note(name);
    }
    for (auto const& [name, value] : before)
        if (std::string_view(name) != enterprise_schema.urn && !after.contains(name)) note(name);
    if (before.contains(enterprise_schema.urn) || after.contains(enterprise_schema.urn)) {
        auto const& left = extension(before);
        auto const& right = extension(after);
        if (&left != &none || &right != &none) collect_changes(left, right, names);
    }
}

[[nodiscard]] inline std::string_view first_text(json::object const& of,
                                                 std::initializer_list<std::string_view> names) {
    for (auto name : names)
        if (auto const* value = of.if_contains(name); value && value->is_string() && !value->get_string().empty())
            return value->get_string();
    return {};
}

/// displayName, else the formatted name, else given and family name, else the userName.
[[nodiscard]] inline std::string full_name_of(json::object const& attributes) {
    std::string whole(first_text(attributes, {"displayName"}));
    if (auto const* name = attributes.if_contains("name"); whole.empty() && name && name->is_object()) {
        auto const& parts = name->get_object();
        whole = first_text(parts, {"formatted"});
        if (whole.empty()) {
            whole = first_text(parts, {"givenName"});
            auto const family = first_text(parts, {"familyName"});
            if (!whole.empty() && !family.empty()) whole += ' ';
            whole += family;
        }
    }
    if (whole.empty()) whole = first_text(attributes, {"userName"});
    return std::string(first_code_points(whole, max_name_code_points));
}

/// The primary email, else the first one for work, else the first one. Empty: none, or none that an account can have.
[[nodiscard]] inline std::string email_of(json::object const& attributes) {
    auto const* emails = attributes.if_contains("emails");
    if (!emails || !emails->is_array()) return {};
    json::object const* best = nullptr;
    int best_rank = 0;
    for (auto const& one : emails->get_array()) {
        auto const* email = one.if_object();
        if (!email || first_text(*email, {"value"}).empty()) continue;
        auto const* primary = email->if_contains("primary");
        int rank = 1;
        if (ascii::equal_ignoring_case(first_text(*email, {"type"}), "work")) rank = 2;
        if (primary && primary->is_bool() && primary->get_bool()) rank = 3;
        if (rank > best_rank) best = email, best_rank = rank;
    }
    if (!best) return {};
    auto const value = first_text(*best, {"value"});
    return value.size() <= max_email_bytes ? std::string(value) : std::string();
}

/// 404 or 412, or nothing.
template <class Stored, class Change>
[[nodiscard]] result<void, error> check_target(Change const& change, Stored const* stored) {
    if (change.what == change_kind::create) return {};
    if (!stored) return error(404, error_type::none, "there is no such resource");
    if (change.if_match && !etag_matches(*change.if_match, stored->version))
        return error(412, error_type::none, "the resource has another version by now");
    return {};
}

[[nodiscard]] inline audit_row note(caller const& by, std::string_view event, std::string_view target,
                                    std::string_view attributes) {
    audit_row row(event, target);
    row.at = by.now;
    row.author = grant_of(by.client_id);
    row.address = by.address;
    row.module_id = by.module_id;
    row.field = first_code_points(attributes, max_name_code_points);
    row.new_value = by.request_id;
    return row;
}

/// The next version of what is stored, or the first one.
template <class Resource>
void begin_version(Resource& result, caller const& by, std::string_view id, Resource const* stored) {
    if (stored) {
        result = *stored;
        ++result.version;
        result.updated_at = std::max(by.now, stored->updated_at);
    } else {
        result.id = id;
        result.client_id = by.client_id;
        result.created_at = result.updated_at = by.now;
    }
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL result<user_plan, error> plan_user(user_change const& change, user const* stored) {
    if (auto found = detail::check_target(change, stored); !found) return found.error();
    user_plan plan;
    if (change.what == change_kind::remove) {
        plan.result = *stored;
        plan.changed = true;
        return plan;
    }
    if (change.what == change_kind::create) stored = nullptr;
    auto const before = stored ? attributes_of(*stored) : boost::json::object();
    auto after = change.what == change_kind::patch ? before : change.body;
    if (change.what == change_kind::patch) {
        if (auto done = change.operations.apply(after); !done) return done.error();
    }
    if (!after.contains("active")) after["active"] = !stored || stored->active;
    plan.changed = !stored || before != after;
    if (!plan.changed) {
        plan.result = *stored;
        return plan;
    }
    detail::begin_version(plan.result, change.by, change.id, stored);
    set_resource(plan.result, after);
    detail::collect_changes(before, after, plan.attributes);
    plan.username = detail::first_text(after, {"userName"});
    plan.full_name = detail::full_name_of(after);
    plan.email = detail::email_of(after);
    return plan;
}

AUTHMOD_DECL result<user_decision, error> decide_user(user_change const& change, user_plan const& plan,
                                                      user_facts const& facts) {
    user_decision out;
    out.what = change.what;
    out.result = plan.result;
    out.changed = plan.changed;
    if (facts.who) out.who = *facts.who;
    if (!plan.changed) return out;
    auto const& by = change.by;
    auto const& id = plan.result.id;
    if (change.what == change_kind::remove) {
        out.ends_sessions = true;
        out.audit.push_back(detail::note(by, "scim_user_removed", id, {}));
        return out;
    }
    if (facts.username_taken) return error(409, error_type::uniqueness, "the userName is taken");

    bool const is_new = change.what == change_kind::create;
    auto const changed = [names = ' ' + plan.attributes + ' '](std::string_view name) {
        return names.find(' ' + std::string(name) + ' ') != std::string::npos;
    };
    out.ends_sessions = !plan.result.active && changed("active");
    std::string_view event = "scim_user_changed";
    if (changed("active")) event = plan.result.active ? "scim_user_activated" : "scim_user_deactivated";
    if (is_new) event = "scim_user_created";
    out.audit.push_back(detail::note(by, event, id, plan.attributes));

    // What the client left as it was may have come from a login since: it stays.
    auto& who = out.who;
    auto const before = who;
    if (is_new) {
        who.id = id;
        who.created_by_module = by.module_id;
        who.created_at = who.updated_at = by.now;
    }
    if (changed("userName")) who.username = plan.username;
    if (changed("userName") || changed("displayName") || changed("name")) who.full_name = plan.full_name;
    if (changed("emails") && !same_folded(who.email, plan.email)) {
        if (facts.email_taken && !plan.email.empty()) {
            out.audit.push_back(detail::note(by, "email_withheld", id, "emails"));
        } else {
            who.email = plan.email;
            who.email_verified = false;
        }
    }
    out.account_changed = who != before;
    if (out.account_changed && !is_new) {
        who.updated_at = std::max(by.now, before.updated_at);
        ++who.revision;
    }
    return out;
}

AUTHMOD_DECL result<group_plan, error> plan_group(group_change const& change, group const* stored,
                                                  std::vector<member> const* present) {
    if (auto found = detail::check_target(change, stored); !found) return found.error();
    group_plan plan;
    if (change.what == change_kind::remove) {
        plan.result = *stored;
        plan.attributes_changed = true;
        return plan;
    }
    if (change.what == change_kind::create) stored = nullptr;
    auto const before = stored ? attributes_of(*stored) : boost::json::object();
    auto after = change.what == change_kind::patch ? before : change.body;
    if (change.what == change_kind::patch) {
        plan.needs_members = !present && change.operations.needs_members();
        auto const members = present ? std::span<member const>(*present) : std::span<member const>();
        if (auto done = change.operations.apply(after, plan.members, members); !done) return done.error();
    } else {
        plan.members.add = change.members;
        std::ranges::sort(plan.members.add);
        auto const doubles = std::ranges::unique(plan.members.add);
        plan.members.add.erase(doubles.begin(), doubles.end());
        plan.members.replaces = stored != nullptr; // what a PUT leaves out is cleared
    }
    plan.attributes_changed = !stored || before != after;
    detail::begin_version(plan.result, change.by, change.id, stored);
    if (plan.attributes_changed) set_resource(plan.result, after);
    detail::collect_changes(before, after, plan.attributes);
    if (!plan.members.empty()) plan.attributes += plan.attributes.empty() ? "members" : " members";
    return plan;
}

AUTHMOD_DECL result<group_decision, error> decide_group(group_change const& change, group_plan const& plan,
                                                        group_facts const& facts) {
    bool const removes = change.what == change_kind::remove;
    if (!removes && facts.name_taken) return error(409, error_type::uniqueness, "the displayName is taken");
    if (!removes && facts.unknown_member) return error(error_type::invalid_value, "a member is no user of this client");
    group_decision out;
    out.what = change.what;
    out.result = plan.result;
    out.attributes_changed = plan.attributes_changed;
    out.members = plan.members;
    std::string_view event = "scim_group_changed";
    if (removes) event = "scim_group_removed";
    if (change.what == change_kind::create) event = "scim_group_created";
    out.audit.push_back(detail::note(change.by, event, plan.result.id, plan.attributes));
    return out;
}

AUTHMOD_DECL std::vector<std::string> login_keys(column where, user_profile const& profile) {
    std::vector<std::string> keys;
    bool const folds = where == column::user_name || where == column::email;
    if (profile.user_id && where != column::email)
        keys.push_back(folds ? fold_case(*profile.user_id) : *profile.user_id);
    if (folds && email_is_proven(profile)) keys.push_back(fold_case(usable_email(profile)));
    return keys;
}

} // namespace AUTHMOD_ABI

} // namespace authmod::scim
