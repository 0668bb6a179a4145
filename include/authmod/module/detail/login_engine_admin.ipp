// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of login_engine that set up, show and change modules.
#pragma once

#include "authmod/core/rfc3339.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/new_id.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/provider/settings_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace authmod {

namespace detail {

inline constexpr std::string_view client_secret_purpose = "client-secret";
inline constexpr std::size_t max_client_secret_bytes = 4096;
inline constexpr std::size_t max_module_name_bytes = 255;

/// Members of a module's JSON that are no settings of its provider.
inline constexpr std::string_view record_fields[] = {
    "id",    "type",         "name",       "enabled",    "default",       "order",
    "revision", "created_at", "updated_at", "redirect_uri", "client_secret", "client_secret_set",
    "imported_accounts"};

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
            if (auto const* flag = value.if_bool()) record.is_default = *flag;
            else errors.push_back(refuse_field(field, "wrong_type", "this must be true or false"));
        } else if (field != "client_secret" && field != "revision" && field != "imported_accounts") {
            auto const* shown = before.if_contains(field);
            if (!shown || *shown != value)
                errors.push_back(refuse_field(field, "read_only", "this field cannot be set"));
        }
    }
}

/// The new client secret of a patch: no value when it is not there; empty to clear.
inline std::optional<secret> read_client_secret(boost::json::object const& changes, std::vector<setting_error>& errors) {
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

/// 16 bytes that change when a setting changes whose change ends logins under way. Keyed by the secret, so that they tell
/// nothing about it.
inline std::string fingerprint_of(settings const& text, secret const& client_secret) {
    return hmac_sha256(client_secret.expose())(fingerprint_text(text)).substr(0, 16);
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
        if (member.key() == "revision" || member.key() == "updated_at") continue;
        auto const* from = before.if_contains(member.key());
        if (from && *from == member.value()) continue;
        add(member.key(), from ? *from : boost::json::value(), member.value());
    }
    if (secret_changed) add("client_secret", "changed", "changed");
    row.old_value = boost::json::serialize(old_values);
    row.new_value = boost::json::serialize(new_values);
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL boost::json::object login_engine::module_json(running_module const& module) {
    module_record const& record = module.record;
    boost::json::object object;
    object["id"] = record.id;
    object["type"] = record.type;
    object["name"] = record.name;
    object["enabled"] = record.enabled;
    object["default"] = record.is_default;
    object["order"] = record.order;
    object["redirect_uri"] = module.redirect_uri;
    object["client_secret_set"] = !module.client_secret.empty();
    for (auto& member : to_json(module.text)) object[member.key()] = std::move(member.value());
    object["revision"] = record.revision;
    object["created_at"] = format_rfc3339(record.created_at);
    object["updated_at"] = format_rfc3339(record.updated_at);
    return object;
}

/// A module as it serves. Whatever is wrong with the stored record leaves a module that is shown but does not serve.
AUTHMOD_DECL std::shared_ptr<running_module> login_engine::make_running(module_record record) const {
    auto module = std::make_shared<running_module>();
    module->provider = providers_.find(record.type);
    module->redirect_uri = redirect_uri(record.id);
    if (module->provider) {
        module->text = module->provider->defaults;
        module->text.custom_attributes.clear(); // those are merged one by one, and the stored object is complete
        error_code error;
        auto const stored = boost::json::parse(record.settings, error);
        auto const* object = error ? nullptr : stored.if_object();
        auto text = object ? merge_settings(module->text, *object) : result<settings, std::vector<setting_error>>(module->text);
        bool opened = true;
        if (!record.sealed_secret.empty()) {
            auto secret = ports_.sealer->open(detail::client_secret_purpose, record.sealed_secret);
            opened = secret.has_value();
            if (opened) module->client_secret = std::move(*secret);
        }
        if (text) {
            module->text = std::move(*text);
            auto plan = make_plan(*module->provider, module->text, plan_options(options_.allow_loopback_http));
            if (plan && object && opened) module->plan.emplace(std::move(*plan));
        }
    }
    module->fingerprint = detail::fingerprint_of(module->text, module->client_secret);
    module->record = std::move(record);
    return module;
}

/// Puts a module into the list that serves, in its place by `order`; the newest revision wins over a slower writer.
AUTHMOD_DECL void login_engine::swap_in(std::shared_ptr<running_module const> module) {
    std::lock_guard const lock(mutex_);
    auto next = std::make_shared<module_list>(*modules_);
    auto const same = std::ranges::find(next->all, module->record.id, [](auto const& m) { return m->record.id; });
    if (same == next->all.end()) {
        next->all.push_back(std::move(module));
    } else {
        if ((*same)->record.revision > module->record.revision) return;
        *same = std::move(module);
    }
    // Equal places keep the order of creation, which ids grow with.
    std::ranges::sort(next->all, {}, [](auto const& m) { return std::pair(m->record.order, std::string_view(m->record.id)); });
    modules_ = std::move(next);
}

/// Lets a written module serve. A new default took that place from another one in the store, so all are read again.
AUTHMOD_DECL asio::awaitable<result<void>> login_engine::put_into_force(std::shared_ptr<running_module const> module,
                                                                        bool new_default) {
    if (new_default) co_return co_await reload();
    swap_in(std::move(module));
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<void>> login_engine::reload() {
    auto records = co_await ports_.data->list_modules();
    if (!records) co_return records.error();
    auto next = std::make_shared<module_list>();
    for (auto& record : *records) next->all.push_back(make_running(std::move(record)));
    std::lock_guard const lock(mutex_);
    for (auto& module : next->all) // an edit that finished while the store was read must not be undone
        for (auto const& present : modules_->all)
            if (present->record.id == module->record.id && present->record.revision > module->record.revision) module = present;
    modules_ = std::move(next);
    co_return result<void>();
}

AUTHMOD_DECL result<void, failure> login_engine::install(std::string_view provider_id, settings text,
                                                         secret const& client_secret, std::string redirect_uri) {
    auto refuse = [](std::string_view field, std::string_view why) {
        diagnostics details;
        details.field = field;
        details.provider_said = why;
        return failure(errc::setting_refused, std::move(details));
    };
    auto module = std::make_shared<running_module>();
    module->provider = providers_.find(provider_id);
    if (!module->provider) return failure(errc::not_found);
    if (auto missing = missing_for_enable(text, !client_secret.empty()); !missing.empty())
        return refuse(missing.front(), "this must be filled in");
    auto const url = check_endpoint_url(redirect_uri, true);
    if (url.code != url_errc::ok) return refuse("redirect_uri", message(url.code));
    auto plan = make_plan(*module->provider, text, plan_options(options_.allow_loopback_http));
    if (!plan) return refuse(plan.error().front().field, plan.error().front().message);
    module->text = std::move(text);
    module->plan.emplace(std::move(*plan));
    module->client_secret = client_secret;
    module->redirect_uri = std::move(redirect_uri);
    module->fingerprint = detail::fingerprint_of(module->text, client_secret);
    module->record.id = module->record.type = provider_id;
    module->record.name = module->provider->label;
    module->record.enabled = true;
    swap_in(std::move(module));
    return {};
}

AUTHMOD_DECL asio::awaitable<result<std::string, settings_refusal>>
login_engine::create_module(boost::json::object changes, change_author by) {
    auto const* type = changes.if_contains("type");
    auto const* name = changes.if_contains("name");
    auto const* info = type && type->is_string() ? providers_.find(type->get_string()) : nullptr;
    std::vector<setting_error> errors;
    if (!info) errors.push_back(detail::refuse_field("type", "unknown_type", "there is no provider with this id"));
    if (!name) errors.push_back(detail::refuse_field("name", "empty_name", "a module needs a name"));
    if (!errors.empty()) co_return settings_refusal(std::move(errors));

    std::array<std::byte, id_random_bytes> entropy;
    if (auto filled = ports_.random->fill(entropy); !filled) co_return settings_refusal(filled.error());
    module_record record;
    record.created_at = record.updated_at = ports_.time->now();
    record.id = new_id(record.created_at, entropy);
    record.type = info->id;
    for (auto const& m : modules()->all) record.order = std::max(record.order, m->record.order + 1);

    boost::json::object given;
    given["type"] = record.type;
    detail::merge_record(record, changes, given, errors);
    auto client_secret = detail::read_client_secret(changes, errors);
    auto text = merge_settings(info->defaults, changes, detail::record_fields);
    if (!text) std::ranges::move(text.error(), std::back_inserter(errors));
    if (!errors.empty()) co_return settings_refusal(std::move(errors));
    auto plan = make_plan(*info, *text, plan_options(options_.allow_loopback_http));
    if (!plan) co_return settings_refusal(plan.error());

    record.settings = boost::json::serialize(to_json(*text));
    if (client_secret && !client_secret->empty()) {
        auto sealed = ports_.sealer->seal(detail::client_secret_purpose, client_secret->expose());
        if (!sealed) co_return settings_refusal(sealed.error());
        record.sealed_secret = std::move(*sealed);
    }
    auto module = make_running(record);
    audit_row row("module_created", record.id);
    row.at = record.created_at;
    row.author = by.name;
    row.address = by.address;
    row.module_id = record.id;
    row.new_value = record.name;
    auto written = co_await ports_.data->insert_module(record, row);
    if (!written) co_return settings_refusal(written.error());
    auto shown = co_await put_into_force(std::move(module), record.is_default);
    if (!shown) co_return settings_refusal(shown.error());
    co_return record.id;
}

/// Writes a changed record and puts it into force.
AUTHMOD_DECL asio::awaitable<result<void, settings_refusal>>
login_engine::write_module(running_module const& before, module_record changed, audit_row row) {
    bool const becomes_default = changed.is_default && !before.record.is_default;
    changed.revision = before.record.revision + 1;
    changed.updated_at = ports_.time->now();
    row.at = changed.updated_at;
    row.target = row.module_id = changed.id;
    auto module = make_running(changed);
    if (row.field.empty()) {
        detail::describe_change(row, module_json(before), module_json(*module),
                                before.client_secret.expose() != module->client_secret.expose());
        if (row.field.empty()) co_return result<void, settings_refusal>(); // nothing differs: no revision for it
    }
    auto written = co_await ports_.data->update_module(changed, before.record.revision, row);
    if (!written) co_return settings_refusal(written.error());
    auto shown = co_await put_into_force(std::move(module), becomes_default);
    if (!shown) co_return settings_refusal(shown.error());
    co_return result<void, settings_refusal>();
}

AUTHMOD_DECL asio::awaitable<result<void, settings_refusal>>
login_engine::update_module(std::string id, boost::json::object changes, change_author by) {
    auto const all = modules();
    auto const* before = all->find(id);
    if (!before) co_return settings_refusal(errc::not_found);
    if (!before->provider) co_return settings_refusal(errc::module_incomplete);
    auto const* revision = changes.if_contains("revision");
    if (!revision) co_return settings_refusal(errc::revision_missing);
    if (!revision->is_int64() || revision->get_int64() != before->record.revision)
        co_return settings_refusal(errc::revision_stale);

    std::vector<setting_error> errors;
    module_record record = before->record;
    detail::merge_record(record, changes, module_json(*before), errors);
    auto client_secret = detail::read_client_secret(changes, errors);
    auto text = merge_settings(before->text, changes, detail::record_fields);
    if (!text) std::ranges::move(text.error(), std::back_inserter(errors));
    if (!errors.empty()) co_return settings_refusal(std::move(errors));
    auto plan = make_plan(*before->provider, *text, plan_options(options_.allow_loopback_http));
    if (!plan) co_return settings_refusal(plan.error());
    record.settings = boost::json::serialize(to_json(*text));
    if (client_secret) {
        record.sealed_secret.clear();
        if (!client_secret->empty()) {
            auto sealed = ports_.sealer->seal(detail::client_secret_purpose, client_secret->expose());
            if (!sealed) co_return settings_refusal(sealed.error());
            record.sealed_secret = std::move(*sealed);
        }
    }
    if (record.enabled) // an enabled module must stay one that can serve
        for (auto const& field : missing_for_enable(*text, !record.sealed_secret.empty()))
            errors.push_back(detail::refuse_field(field, "required", "an enabled module needs this field"));
    if (!errors.empty()) co_return settings_refusal(std::move(errors));
    audit_row row("module_changed", record.id);
    row.author = by.name;
    row.address = by.address;
    co_return co_await write_module(*before, std::move(record), std::move(row));
}

AUTHMOD_DECL asio::awaitable<result<void, settings_refusal>>
login_engine::enable_module(std::string id, bool enabled, bool force, change_author by) {
    auto const all = modules();
    auto const* before = all->find(id);
    if (!before) co_return settings_refusal(errc::not_found);
    if (before->record.enabled == enabled) co_return settings_refusal(errc::store_conflict);
    if (enabled) {
        std::vector<setting_error> errors;
        for (auto const& field : missing_for_enable(before->text, !before->client_secret.empty()))
            errors.push_back(detail::refuse_field(field, "required", "fill this in before enabling the module"));
        if (!errors.empty()) co_return settings_refusal(std::move(errors));
        if (!before->plan) co_return settings_refusal(errc::module_incomplete);
    } else if (!force && std::ranges::count_if(all->all, [](auto const& m) { return m->serves(); }) == 1 && before->serves()) {
        co_return settings_refusal(errc::last_way_in);
    }
    module_record record = before->record;
    record.enabled = enabled;
    audit_row row(enabled ? "module_enabled" : "module_disabled", record.id);
    row.author = by.name;
    row.address = by.address;
    row.field = "enabled";
    row.old_value = enabled ? "false" : "true";
    row.new_value = enabled ? "true" : "false";
    co_return co_await write_module(*before, std::move(record), std::move(row));
}

} // inline namespace AUTHMOD_ABI

} // namespace authmod
