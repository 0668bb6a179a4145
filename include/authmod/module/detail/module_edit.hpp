// SPDX-License-Identifier: BSL-1.0
// Layer 6. What a patch of a module says about its record, and what an edit looks like in the audit.
#pragma once

#include "authmod/account/avatar.hpp"
#include "authmod/core/ascii.hpp"
#include "authmod/core/base64.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/utf8.hpp"
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
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

inline constexpr std::string_view client_secret_purpose = "client-secret";
inline constexpr std::size_t max_client_secret_bytes = 4096;
inline constexpr std::size_t max_module_name_bytes = 255;
inline constexpr std::size_t max_button_image_bytes = 256 * 1024;
inline constexpr std::size_t max_audit_value_bytes = 16 * 1024;

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
                                                     "button_image",
                                                     "button_image_set",
                                                     "imported_accounts",
                                                     "missing",
                                                     "warnings"};

/// Of these the ones that are read elsewhere, or that are told and may come back whatever they say.
inline constexpr std::string_view told_fields[] = {"client_secret", "button_image", "button_image_set",
                                                   "revision",      "updated_at",   "imported_accounts",
                                                   "missing",       "warnings"};

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

/// The new button image of a patch: no value when it is not there; empty bytes take the image away.
inline std::optional<avatar_image> read_button_image(boost::json::object const& changes,
                                                     std::vector<setting_error>& errors) {
    auto const* value = changes.if_contains("button_image");
    if (!value) return std::nullopt;
    avatar_image image;
    auto const* text = value->if_string();
    if (value->is_null() || (text && text->empty())) return image;
    auto const refuse = [&](std::string_view reason, std::string_view message) {
        errors.push_back(refuse_field("button_image", reason, message));
        return std::nullopt;
    };
    if (!text) return refuse("wrong_type", "the image is sent as text in base64");
    if (text->size() > (max_button_image_bytes + 2) / 3 * 4) return refuse("too_large", "at most 256 KiB are allowed");
    auto bytes = base64_decode(*text);
    if (!bytes) return refuse("bad_base64", "this is not base64");
    if (bytes->size() > max_button_image_bytes) return refuse("too_large", "at most 256 KiB are allowed");
    auto const type = image_media_type(*bytes);
    if (!type || *type == "image/webp") return refuse("not_an_image", "only PNG, JPEG and GIF are allowed");
    image.media_type = *type;
    image.bytes = std::move(*bytes);
    return image;
}

/// 16 bytes that change when a setting changes whose change ends logins under way. Keyed by the secret, so that they
/// tell nothing about it.
inline std::string fingerprint_of(settings const& text, secret const& client_secret) {
    return hmac_sha256(client_secret.expose())(fingerprint_text(text)).substr(0, 16);
}

/// A group that settings name: the field, the place in its list, the group's id.
struct named_group {
    std::string_view field;
    std::size_t index = 0;
    std::string_view id;
};

/// The groups that `after` names and `before` did not. Lifetimes: those of `after`.
[[nodiscard]] inline std::vector<named_group> new_groups(settings const& after, settings const& before) {
    std::set<std::string_view> known(before.auto_join_groups.begin(), before.auto_join_groups.end());
    for (auto const& mapping : before.group_mappings) known.insert(mapping.group_id);
    std::vector<named_group> named;
    for (std::size_t i = 0; i != after.group_mappings.size(); ++i)
        named.push_back({"group_mappings", i, after.group_mappings[i].group_id});
    for (std::size_t i = 0; i != after.auto_join_groups.size(); ++i)
        named.push_back({"auto_join_groups", i, after.auto_join_groups[i]});
    std::erase_if(named, [&](named_group const& one) { return known.contains(one.id); });
    return named;
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

/// A value as the audit has it: texts as they are, the rest as JSON, nothing where there is nothing.
[[nodiscard]] inline std::string audit_text(boost::json::value const* value) {
    if (!value || value->is_null()) return {};
    if (auto const* text = value->if_string()) return std::string(*text);
    return std::string(cut_at_bytes(boost::json::serialize(*value), max_audit_value_bytes));
}

/// One row for each member that differs, members of `custom_attributes` one by one. `row` has what they share.
inline void add_changes(std::vector<audit_row>& rows, audit_row const& row, boost::json::object const& before,
                        boost::json::object const& after, std::string const& prefix = {}) {
    auto const add = [&](std::string_view field, boost::json::value const* from, boost::json::value const* to) {
        auto const* const old_object = from ? from->if_object() : nullptr;
        auto const* const new_object = to ? to->if_object() : nullptr;
        if (old_object && new_object) return add_changes(rows, row, *old_object, *new_object, std::string(field) + '/');
        audit_row& one = rows.emplace_back(row);
        one.field = prefix + std::string(field);
        one.old_value = audit_text(from);
        one.new_value = audit_text(to);
    };
    auto const told = [&](std::string_view field) {
        return prefix.empty() && std::ranges::find(told_fields, field) != std::end(told_fields);
    };
    for (auto const& member : after) {
        auto const* from = before.if_contains(member.key());
        if (!told(member.key()) && (!from || *from != member.value())) add(member.key(), from, &member.value());
    }
    for (auto const& member : before)
        if (!told(member.key()) && !after.contains(member.key())) add(member.key(), &member.value(), nullptr);
}

/// The row of something whose value nobody may read.
inline void add_hidden_change(std::vector<audit_row>& rows, audit_row const& row, std::string_view field) {
    audit_row& one = rows.emplace_back(row);
    one.field = field;
    one.old_value = one.new_value = "changed";
}

} // namespace detail

} // namespace authmod
