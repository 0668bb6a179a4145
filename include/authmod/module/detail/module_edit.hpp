// SPDX-License-Identifier: BSL-1.0
// Layer 6. What a patch of a module says about its record, and what an edit looks like in the audit.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/model/audit_row.hpp"
#include "authmod/model/module_record.hpp"
#include "authmod/module/running_module.hpp"
#include "authmod/provider/settings.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

inline constexpr std::string_view client_secret_purpose = "client-secret";
inline constexpr std::size_t max_client_secret_bytes = 4096;
inline constexpr std::size_t max_module_name_bytes = 255;

/// Members of a module's JSON that are no settings of its provider.
inline constexpr std::string_view record_fields[] = {"id",
                                                     "type",
                                                     "name",
                                                     "enabled",
                                                     "default",
                                                     "order",
                                                     "revision",
                                                     "created_at",
                                                     "updated_at",
                                                     "redirect_uri",
                                                     "client_secret",
                                                     "client_secret_set",
                                                     "imported_accounts",
                                                     "missing",
                                                     "warnings"};

/// Of these the ones that are read elsewhere, or that are told and may come back whatever they say.
inline constexpr std::string_view told_fields[] = {"client_secret",     "revision", "updated_at",
                                                   "imported_accounts", "missing",  "warnings"};

inline setting_error refuse_field(std::string_view field, std::string_view reason, std::string_view message) {
    setting_error error;
    error.field = field;
    error.reason = reason;
    error.message = message;
    return error;
}

/// Lays the record's own members of a patch over `record`. `before` is what REST showed: a read-only member may be sent
/// back unchanged, so that whatever was read can be edited and returned.
inline void merge_record(module_record& record, boost::json::object const& changes, boost::json::object const& before,
                         std::vector<setting_error>& errors) {
    for (auto const& member : changes) {
        std::string_view const field = member.key();
        auto const& value = member.value();
        if (std::ranges::find(record_fields, field) == std::end(record_fields)) continue;
        if (field == "name") {
            auto const* text = value.if_string();
            if (!text || std::string_view(*text).find_first_not_of(" \t") == std::string_view::npos)
                errors.push_back(refuse_field(field, "empty_name", "a module needs a name"));
            else if (text->size() > max_module_name_bytes)
                errors.push_back(refuse_field(field, "too_long", "at most 255 bytes are allowed"));
            else if (std::ranges::any_of(*text, ascii::is_control))
                errors.push_back(refuse_field(field, "bad_character", "control characters are not allowed"));
            else
                record.name = std::string_view(*text);
        } else if (field == "order") {
            if (auto const* number = value.if_int64(); number && *number >= 0 && *number <= 1'000'000)
                record.order = static_cast<int>(*number);
            else
                errors.push_back(refuse_field(field, "out_of_range", "the order is a whole number from 0 to 1000000"));
        } else if (field == "default") {
            if (auto const* flag = value.if_bool())
                record.is_default = *flag;
            else
                errors.push_back(refuse_field(field, "wrong_type", "this must be true or false"));
        } else if (std::ranges::find(told_fields, field) == std::end(told_fields)) {
            auto const* shown = before.if_contains(field);
            if (!shown || *shown != value)
                errors.push_back(refuse_field(field, "read_only", "this field cannot be set"));
        }
    }
}

/// The new client secret of a patch: no value when it is not there; empty to clear.
inline std::optional<secret> read_client_secret(boost::json::object const& changes,
                                                std::vector<setting_error>& errors) {
    auto const* value = changes.if_contains("client_secret");
    if (!value) return std::nullopt;
    if (value->is_null()) return secret();
    auto const* text = value->if_string();
    if (!text || text->size() > max_client_secret_bytes || !std::ranges::all_of(*text, ascii::is_printable)) {
        errors.push_back(refuse_field("client_secret", text ? "bad_character" : "wrong_type",
                                      "the secret is at most 4096 printable ASCII characters"));
        return std::nullopt;
    }
    return secret(std::string(*text));
}

/// 16 bytes that change when a setting changes whose change ends logins under way. Keyed by the secret, so that they
/// tell nothing about it.
inline std::string fingerprint_of(settings const& text, secret const& client_secret) {
    return hmac_sha256(client_secret.expose())(fingerprint_text(text)).substr(0, 16);
}

/// The beginning of an audit row about a module.
[[nodiscard]] inline audit_row change_row(std::string_view event, module_record const& module,
                                          change_author const& by) {
    audit_row row(event, module.id);
    row.module_id = module.id;
    row.author = by.name;
    row.address = by.address;
    return row;
}

/// By place on the login page; equal places keep the order of creation, which ids grow with.
inline void sort_modules(module_list& modules) {
    std::ranges::sort(modules.all, {},
                      [](auto const& m) { return std::pair(m->record.order, std::string_view(m->record.id)); });
}

[[nodiscard]] inline boost::json::array warnings_json(std::vector<setting_error> const& warnings) {
    boost::json::array list;
    for (auto const& w : warnings) list.push_back({{"field", w.field}, {"code", w.reason}, {"message", w.message}});
    return list;
}

/// Names of the members that differ, and both sides as JSON; the secret only ever reads "changed".
inline void describe_change(audit_row& row, boost::json::object const& before, boost::json::object const& after,
                            bool secret_changed) {
    boost::json::object old_values, new_values;
    auto add = [&](std::string_view field, boost::json::value from, boost::json::value to) {
        if (!row.field.empty()) row.field += ",";
        row.field += field;
        old_values[field] = std::move(from);
        new_values[field] = std::move(to);
    };
    for (auto const& member : after) {
        if (std::ranges::find(told_fields, std::string_view(member.key())) != std::end(told_fields)) continue;
        auto const* from = before.if_contains(member.key());
        if (from && *from == member.value()) continue;
        add(member.key(), from ? *from : boost::json::value(), member.value());
    }
    if (secret_changed) add("client_secret", "changed", "changed");
    row.old_value = boost::json::serialize(old_values);
    row.new_value = boost::json::serialize(new_values);
}

} // namespace detail

} // namespace authmod
