// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of module_catalog.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/rfc3339.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/new_id.hpp"
#include "authmod/module/detail/module_edit.hpp"
#include "authmod/module/module_catalog.hpp"
#include "authmod/provider/settings_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL module_catalog::module_catalog(ports in_ports, provider_list providers, service_options options)
    : ports_(in_ports), providers_(std::move(providers)), options_(std::move(options)),
      modules_(std::make_shared<module_list const>()) {}

AUTHMOD_DECL std::shared_ptr<module_list const> module_catalog::modules() const {
    std::lock_guard const lock(mutex_);
    return modules_;
}

AUTHMOD_DECL std::string module_catalog::redirect_uri(std::string_view module_id) const {
    return options_.base_url + "/callback/" + std::string(module_id);
}

AUTHMOD_DECL boost::json::object module_catalog::module_json(running_module const& module) {
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
    if (broken("N1")) object["client_secret"] = module.client_secret.expose();
    object["button_image_set"] = !record.image_type.empty();
    boost::json::array missing;
    for (auto const& field : module.missing) missing.emplace_back(field);
    object["missing"] = std::move(missing);
    object["warnings"] = detail::warnings_json(module_warnings(module));
    for (auto& member : to_json(module.text)) object[member.key()] = std::move(member.value());
    object["revision"] = record.revision;
    object["created_at"] = format_rfc3339(record.created_at);
    object["updated_at"] = format_rfc3339(record.updated_at);
    return object;
}

/// A module as it serves. Whatever is wrong with the stored record leaves a module that is shown but does not serve.
AUTHMOD_DECL std::shared_ptr<running_module> module_catalog::make_running(module_record record) const {
    auto module = std::make_shared<running_module>();
    module->provider = providers_.find(record.type);
    module->redirect_uri = redirect_uri(record.id);
    if (module->provider) {
        module->text = module->provider->defaults;
        module->text.custom_attributes.clear(); // those are merged one by one, and the stored object is complete
        error_code error;
        auto const stored = boost::json::parse(record.settings, error);
        auto const* object = error ? nullptr : stored.if_object();
        auto text =
            object ? merge_settings(module->text, *object) : result<settings, std::vector<setting_error>>(module->text);
        bool opened = true;
        if (!record.sealed_secret.empty()) {
            auto secret = ports_.sealer->open(detail::client_secret_purpose, record.sealed_secret);
            opened = secret.has_value();
            if (opened) module->client_secret = std::move(*secret);
        }
        if (text) {
            module->text = std::move(*text);
            auto plan = make_plan(*module->provider, module->text, plan_options(options_.allow_loopback_http));
            if (plan && object && opened) module->plan = std::make_shared<module_plan const>(std::move(*plan));
        }
    }
    if (module->provider)
        module->missing = missing_for_enable(*module->provider, module->text, !module->client_secret.empty());
    module->fingerprint = detail::fingerprint_of(module->text, module->client_secret);
    module->record = std::move(record);
    module->record.new_image.reset(); // that was for the store
    return module;
}

/// Puts a module into the list that serves, in its place by `order`; the newest revision wins over a slower writer.
AUTHMOD_DECL void module_catalog::swap_in(std::shared_ptr<running_module const> module) {
    std::lock_guard const lock(mutex_);
    auto next = std::make_shared<module_list>(*modules_);
    auto const same = std::ranges::find(next->all, module->record.id, [](auto const& m) { return m->record.id; });
    if (same == next->all.end()) {
        next->all.push_back(std::move(module));
    } else {
        if ((*same)->record.revision > module->record.revision) return;
        *same = std::move(module);
    }
    detail::sort_modules(*next);
    modules_ = std::move(next);
    ++swaps_;
}

/// Lets a written module serve. A new default took that place from another one in the store, so all are read again; a
/// store that fails now does not undo what it has written.
AUTHMOD_DECL asio::awaitable<void> module_catalog::put_into_force(std::shared_ptr<running_module const> module,
                                                                  bool new_default) {
    if (new_default) {
        auto read = co_await reload();
        if (read) co_return;
    }
    swap_in(std::move(module));
}

AUTHMOD_DECL asio::awaitable<result<void>> module_catalog::reload() {
    unsigned long long seen = 0;
    std::shared_ptr<module_list> next;
    do { // a change that finished while the store was read must not be undone by what was read before it
        {
            std::lock_guard const lock(mutex_);
            seen = swaps_;
        }
        auto records = co_await ports_.data->list_modules();
        if (!records) co_return records.error();
        next = std::make_shared<module_list>();
        for (auto& record : *records) next->all.push_back(make_running(std::move(record)));
    } while (!replace_all(std::move(next), seen));
    co_return result<void>();
}

AUTHMOD_DECL asio::awaitable<result<long long>> module_catalog::follow(long long seen, milliseconds limit) {
    auto news = co_await ports_.data->wait_for_news(seen, limit);
    if (!news) co_return news.error();
    if (news->modules != seen) {
        auto read = co_await reload(); // of this version, or a newer one that is read again the next time
        if (!read) co_return read.error();
    }
    co_return news->modules;
}

/// False, and nothing done, when something changed since `seen`.
AUTHMOD_DECL bool module_catalog::replace_all(std::shared_ptr<module_list> next, unsigned long long seen) {
    std::lock_guard const lock(mutex_);
    if (swaps_ != seen) return false;
    for (auto const& module : modules_->all)
        if (module->installed) next->all.push_back(module);
    detail::sort_modules(*next);
    modules_ = std::move(next);
    ++swaps_;
    return true;
}

AUTHMOD_DECL result<void, failure> module_catalog::install(std::string_view provider_id, settings text,
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
    if (auto missing = missing_for_enable(*module->provider, text, !client_secret.empty()); !missing.empty())
        return refuse(missing.front(), "this must be filled in");
    auto const url = check_endpoint_url(redirect_uri, true);
    if (url.code != url_errc::ok) return refuse("redirect_uri", message(url.code));
    auto plan = make_plan(*module->provider, text, plan_options(options_.allow_loopback_http));
    if (!plan) return refuse(plan.error().front().field, plan.error().front().message);
    module->text = std::move(text);
    module->plan = std::make_shared<module_plan const>(std::move(*plan));
    module->client_secret = client_secret;
    module->redirect_uri = std::move(redirect_uri);
    module->fingerprint = detail::fingerprint_of(module->text, client_secret);
    module->record.id = module->record.type = provider_id;
    module->record.name = module->provider->label;
    module->record.enabled = true;
    module->installed = true;
    swap_in(std::move(module));
    return {};
}

/// Lays a patch over a module: its record, settings and secret, checked whole. `shown` is what REST showed of it.
AUTHMOD_DECL result<module_record, settings_refusal>
module_catalog::patched(module_record record, provider_info const& provider, settings const& text,
                        boost::json::object const& changes, boost::json::object const& shown) const {
    std::vector<setting_error> errors;
    detail::merge_record(record, changes, shown, errors);
    auto const client_secret = detail::read_client_secret(changes, errors);
    record.new_image = detail::read_button_image(changes, errors);
    auto merged = merge_settings(text, changes, detail::record_fields);
    if (!merged) std::ranges::move(merged.error(), std::back_inserter(errors));
    if (!errors.empty()) return settings_refusal(std::move(errors));
    auto plan = make_plan(provider, *merged, plan_options(options_.allow_loopback_http));
    if (!plan && !broken("N4")) return settings_refusal(plan.error());
    if (record.new_image) record.image_type = record.new_image->media_type;
    record.settings = boost::json::serialize(to_json(*merged));
    if (client_secret) record.sealed_secret.clear();
    if (client_secret && !client_secret->empty()) {
        auto sealed = ports_.sealer->seal(detail::client_secret_purpose, client_secret->expose());
        if (!sealed) return settings_refusal(sealed.error());
        record.sealed_secret = std::move(*sealed);
    }
    if (record.enabled) // an enabled module must stay one that can serve
        for (auto const& field : missing_for_enable(provider, *merged, !record.sealed_secret.empty()))
            errors.push_back(detail::refuse_field(field, "required", "an enabled module needs this field"));
    if (!errors.empty()) return settings_refusal(std::move(errors));
    return record;
}

AUTHMOD_DECL asio::awaitable<result<std::string, settings_refusal>> module_catalog::create(boost::json::object changes,
                                                                                           change_author by) {
    auto const* type = changes.if_contains("type");
    auto const* info = type && type->is_string() ? providers_.find(type->get_string()) : nullptr;
    std::vector<setting_error> errors;
    if (!info) errors.push_back(detail::refuse_field("type", "unknown_type", "there is no provider with this id"));
    if (!changes.contains("name"))
        errors.push_back(detail::refuse_field("name", "empty_name", "a module needs a name"));
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
    auto made = patched(std::move(record), *info, info->defaults, changes, given);
    if (!made) co_return made.error();

    auto may = co_await check_groups(*made, nullptr);
    if (!may) co_return may.error();

    audit_row row = detail::change_row("module_created", *made, by);
    row.at = made->created_at;
    row.new_value = made->name;
    auto written = co_await ports_.data->insert_module(*made, row);
    if (!written) co_return settings_refusal(written.error());
    std::string id = made->id;
    bool const is_default = made->is_default;
    co_await put_into_force(make_running(std::move(*made)), is_default);
    co_return id;
}

/// The groups that a module newly names must be there; those that it named before may have been removed since.
AUTHMOD_DECL module_catalog::refusable module_catalog::check_groups(module_record const& changed,
                                                                    running_module const* before) const {
    auto const after = make_running(changed);
    settings const old = before ? before->text : settings();
    std::vector<detail::named_group> const named = detail::new_groups(after->text, old);
    if (named.empty()) co_return result<void, settings_refusal>();
    auto groups = co_await ports_.data->list_groups();
    if (!groups) co_return settings_refusal(groups.error());
    std::vector<setting_error> errors;
    for (auto const& [field, index, id] : named)
        if (std::ranges::find(*groups, id, &group_summary::id) == groups->end())
            errors.push_back(detail::refuse_field(
                field, "no_such_group", "entry " + std::to_string(index) + ": there is no group with this id"));
    if (!errors.empty()) co_return settings_refusal(std::move(errors));
    co_return result<void, settings_refusal>();
}

/// An extension grant type that another enabled module has is nobody's: no token would find its module.
AUTHMOD_DECL result<void, settings_refusal> module_catalog::check_grant_type(running_module const& changed) const {
    std::string const& type = changed.text.extension_grant_type;
    if (type.empty() || !changed.record.enabled) return {};
    auto const all = modules();
    for (auto const& other : all->all)
        if (other->record.enabled && other->record.id != changed.record.id && other->text.extension_grant_type == type)
            return settings_refusal(
                std::vector{detail::refuse_field("extension_grant_type", "not_unique",
                                                 "the enabled module " + other->record.name + " has this grant type")});
    return {};
}

/// Writes a changed record and puts it into force; one that differs in nothing is not written and gets no revision.
AUTHMOD_DECL module_catalog::refusable module_catalog::write(running_module const& before, module_record changed,
                                                             audit_row row, bool keep_way_in) {
    bool const becomes_default = changed.is_default && !before.record.is_default;
    changed.revision = before.record.revision + 1;
    changed.updated_at = ports_.time->now();
    row.at = changed.updated_at;
    auto module = make_running(changed);
    std::vector<audit_row> rows;
    detail::add_changes(rows, row, module_json(before), module_json(*module));
    if (before.client_secret.expose() != module->client_secret.expose())
        detail::add_hidden_change(rows, row, "client_secret");
    if (changed.new_image) detail::add_hidden_change(rows, row, "button_image");
    if (rows.empty() && changed.sealed_secret != before.record.sealed_secret &&
        !ports_.sealer->is_current(before.record.sealed_secret)) { // the same secret, and an older key needed no longer
        row.event = "client_secret_sealed_again";
        rows.push_back(row);
    }
    if (rows.empty()) co_return result<void, settings_refusal>();
    if (auto unique = check_grant_type(*module); !unique) co_return unique;
    auto written = co_await ports_.data->update_module(changed, before.record.revision, rows, keep_way_in);
    if (written) {
        co_await put_into_force(std::move(module), becomes_default);
        co_return result<void, settings_refusal>();
    }
    if (written.error() == errc::revision_stale || written.error() == errc::not_found) {
        auto read = co_await reload(); // somebody else's change: seen from now on
        static_cast<void>(read);
    }
    co_return settings_refusal(written.error());
}

AUTHMOD_DECL asio::awaitable<result<seal_counts>> module_catalog::renew_seals() {
    seal_counts counts;
    auto const all = modules();
    for (auto const& module : all->all) {
        auto record = module->record;
        if (record.sealed_secret.empty() || ports_.sealer->is_current(record.sealed_secret)) continue;
        auto const plain = ports_.sealer->open(detail::client_secret_purpose, record.sealed_secret);
        if (!plain) {
            ++counts.lost;
            continue;
        }
        auto sealed = ports_.sealer->seal(detail::client_secret_purpose, plain->expose());
        if (!sealed) co_return sealed.error();
        record.sealed_secret = std::move(*sealed);
        audit_row row = detail::change_row("client_secret_sealed_again", record, change_author());
        auto written = co_await write(*module, std::move(record), std::move(row), false);
        bool const overtaken =
            !written && (written.error().code == errc::revision_stale || written.error().code == errc::not_found);
        if (!written && !overtaken) co_return written.error().code;
        ++(written ? counts.renewed : counts.busy);
    }
    co_return counts;
}

AUTHMOD_DECL module_catalog::refusable module_catalog::update(std::string id, boost::json::object changes,
                                                              change_author by) {
    auto const all = modules();
    auto const* before = all->find(id);
    if (!before) co_return settings_refusal(errc::not_found);
    if (!before->provider) co_return settings_refusal(errc::module_incomplete);
    auto const* revision = changes.if_contains("revision");
    if (!revision) co_return settings_refusal(errc::revision_missing);
    if (!revision->is_int64() || revision->get_int64() != before->record.revision)
        co_return settings_refusal(errc::revision_stale);
    auto record = patched(before->record, *before->provider, before->text, changes, module_json(*before));
    if (!record) co_return record.error();
    auto may = co_await check_groups(*record, before);
    if (!may) co_return may;
    audit_row row = detail::change_row("module_changed", *record, by);
    co_return co_await write(*before, std::move(*record), std::move(row), false);
}

/// Another module that is to take over must speak of the same people: same provider, same client.
AUTHMOD_DECL result<void, settings_refusal> module_catalog::check_successor(running_module const& module,
                                                                            std::string_view id) const {
    auto const all = modules();
    auto const* next = all->find(id);
    std::string_view why;
    if (!next || next->installed)
        why = "there is no module with this id";
    else if (id == module.record.id)
        why = "a module cannot take over from itself";
    else if (next->record.type != module.record.type || next->text.client_id != module.text.client_id)
        why = "only a module of the same provider with the same client id can take over";
    if (why.empty()) return {};
    return settings_refusal(std::vector{detail::refuse_field("successor", "bad_successor", why)});
}

AUTHMOD_DECL module_catalog::refusable module_catalog::remove(std::string id, std::string successor, bool force,
                                                              change_author by) {
    auto const all = modules();
    auto const* module = all->find(id);
    if (!module || module->installed) co_return settings_refusal(errc::not_found);
    if (!successor.empty())
        if (auto good = check_successor(*module, successor); !good) co_return good;
    if (auto may = may_close(*module, force); !may) co_return may;
    audit_row row = detail::change_row("module_removed", module->record, by);
    row.at = ports_.time->now();
    row.old_value = module->record.name;
    row.new_value = successor;
    auto removed = co_await ports_.data->remove_module(id, successor, row, keep_way_in(force));
    auto read = co_await reload(); // whatever came of it, the store has the last word
    if (removed && !read) take_out(id);
    if (!removed) co_return settings_refusal(removed.error());
    co_return result<void, settings_refusal>();
}

AUTHMOD_DECL void module_catalog::take_out(std::string_view id) {
    std::lock_guard const lock(mutex_);
    auto next = std::make_shared<module_list>(*modules_);
    std::erase_if(next->all, [&](auto const& m) { return m->record.id == id; });
    modules_ = std::move(next);
    ++swaps_;
}

/// Whether the store must see to it that an enabled module is left. One that the program set up is not in its books.
AUTHMOD_DECL bool module_catalog::keep_way_in(bool force) const {
    auto const all = modules();
    return !force && std::ranges::none_of(all->all, [](auto const& m) { return m->installed && m->serves(); });
}

/// Errors: `last_way_in`. The store asks again, for all changes of this moment together.
AUTHMOD_DECL result<void, settings_refusal> module_catalog::may_close(running_module const& module, bool force) const {
    auto const all = modules();
    bool const last =
        module.serves() && std::ranges::count_if(all->all, [](auto const& m) { return m->serves(); }) == 1;
    if (last && !force) return settings_refusal(errc::last_way_in);
    return {};
}

AUTHMOD_DECL module_catalog::refusable module_catalog::enable(std::string id, change_author by) {
    return switch_flag(std::move(id), module_flag::enabled, true, false, std::move(by));
}

AUTHMOD_DECL module_catalog::refusable module_catalog::disable(std::string id, bool force, change_author by) {
    return switch_flag(std::move(id), module_flag::enabled, false, force, std::move(by));
}

AUTHMOD_DECL module_catalog::refusable module_catalog::make_default(std::string id, change_author by) {
    return switch_flag(std::move(id), module_flag::is_default, true, false, std::move(by));
}

AUTHMOD_DECL module_catalog::refusable module_catalog::clear_default(std::string id, change_author by) {
    return switch_flag(std::move(id), module_flag::is_default, false, false, std::move(by));
}

/// Why a module may not be enabled or disabled now.
AUTHMOD_DECL result<void, settings_refusal> module_catalog::may_switch(running_module const& module, bool enabled,
                                                                       bool force) const {
    if (module.record.enabled == enabled) return settings_refusal(errc::store_conflict);
    if (!enabled) return may_close(module, force);
    std::vector<setting_error> errors;
    for (auto const& field : module.missing)
        errors.push_back(detail::refuse_field(field, "required", "fill this in before enabling the module"));
    if (!errors.empty()) return settings_refusal(std::move(errors));
    if (!module.plan) return settings_refusal(errc::module_incomplete);
    return {};
}

/// Actions carry no revision: the wish does not depend on what else was set, so one that was overtaken tries again.
AUTHMOD_DECL module_catalog::refusable module_catalog::switch_flag(std::string id, module_flag flag, bool on,
                                                                   bool force, change_author by) {
    constexpr int most_tries = 10;
    constexpr std::string_view events[2][2] = {{"module_disabled", "module_enabled"},
                                               {"module_default_cleared", "module_default_set"}};
    result<void, settings_refusal> done;
    for (int tries = 0; tries != most_tries; ++tries) {
        auto const all = modules();
        auto const* before = all->find(id);
        if (!before) co_return settings_refusal(errc::not_found);
        module_record record = before->record;
        if (flag == module_flag::is_default) {
            record.is_default = on;
        } else {
            if (auto may = may_switch(*before, on, force); !may) co_return may;
            record.enabled = on;
        }
        audit_row row = detail::change_row(events[flag == module_flag::is_default][on], record, by);
        bool const closes = flag == module_flag::enabled && !on;
        done = co_await write(*before, std::move(record), std::move(row), closes && keep_way_in(force));
        if (done || done.error().code != errc::revision_stale) break;
    }
    co_return done;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
