// SPDX-License-Identifier: BSL-1.0
// Layer 2. Settings that passed every rule, ready to run. Decides what administrators may save; performs nothing.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/mapping/attribute_path.hpp"
#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/mapping/url_pattern.hpp"
#include "authmod/model/endpoint_url.hpp"
#include "authmod/provider/provider_info.hpp"
#include "authmod/provider/scopes.hpp"
#include "authmod/provider/settings.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// What the service allows beyond the rules of the settings.
struct plan_options {
    bool allow_loopback_http = false; ///< http endpoints on 127.0.0.0/8, ::1 and localhost

    plan_options() = default;

    explicit plan_options(bool in_allow_loopback_http) : allow_loopback_http(in_allow_loopback_http) {}
};

/** The settings of a module as flows use them. `make_plan` is the one maker; nobody changes a plan afterwards.

    Whole in itself: it refers to nothing but what the program's own provider traits hold. A plan may lack fields that
    `missing_for_enable` names; it is run only when that list is empty.
*/
struct module_plan {
    settings text; ///< as checked; scopes stand with single spaces between them
    mapping_plan mapping;
    provider_info const* provider;

    module_plan(settings in_text, mapping_plan in_mapping, provider_info const& in_provider)
        : text(std::move(in_text)), mapping(std::move(in_mapping)), provider(&in_provider) {}

    /// Whether people with this kind of account may log in. An answer that names no kind is not asked about.
    [[nodiscard]] bool accepts_account_type(std::string_view type) const noexcept {
        return provider->account_type.empty() ||
               std::ranges::find(provider->accepted_account_types, type) != provider->accepted_account_types.end();
    }
};

namespace detail {

/// Collects what is wrong with settings, field by field.
class settings_check {
public:
    explicit settings_check(plan_options options) : options_(options) {}

    void text(std::string_view field, std::string_view value, std::size_t max_bytes) {
        if (value.size() > max_bytes) return fail(field, "too_long", max_bytes, at_most(max_bytes, "bytes"));
        std::size_t const valid = valid_utf8_prefix(value);
        auto const control = std::ranges::find_if(value, ascii::is_control) - value.begin();
        if (auto const bad = std::min(valid, static_cast<std::size_t>(control)); bad != value.size())
            fail(field, "bad_character", bad, "control characters and bytes that are not UTF-8 are not allowed");
    }

    void name(std::string_view field, std::string_view value, std::size_t max_bytes) {
        if (value.find_first_not_of(" \t") == value.npos) return fail(field, "empty_name", 0, "this must not be blank");
        text(field, value, max_bytes);
    }

    void printable(std::string_view field, std::string_view value, std::size_t max_bytes) {
        if (value.size() > max_bytes) return fail(field, "too_long", max_bytes, at_most(max_bytes, "bytes"));
        if (auto const bad = std::ranges::find_if_not(value, ascii::is_printable); bad != value.end())
            fail(field, "bad_character", static_cast<std::size_t>(bad - value.begin()),
                 "only printable ASCII characters are allowed");
    }

    void scopes(std::string_view field, std::string_view value) {
        if (value.size() > max_url_bytes)
            return fail(field, "too_long", max_url_bytes, at_most(max_url_bytes, "bytes"));
        if (auto const bad = find_bad_scope_character(value); bad != value.npos)
            fail(field, "bad_character", bad,
                 "scopes are printable ASCII without quotes and backslashes, separated by spaces");
    }

    void url(std::string_view field, std::string_view value) {
        if (value.empty()) return;
        auto const error = check_endpoint_url(value, options_.allow_loopback_http);
        if (error.code != url_errc::ok) fail(field, to_word(error.code), error.offset, message(error.code));
    }

    void pattern(std::string_view field, std::string_view value) {
        if (value.empty()) return;
        auto const error = check_url_pattern(value);
        if (error.code != pattern_errc::ok) fail(field, to_word(error.code), error.offset, message(error.code));
    }

    /// An unset path when the text is empty or bad.
    attribute_path path(std::string_view field, std::string_view value) {
        if (value.empty()) return {};
        auto parsed = attribute_path::parse(value);
        if (parsed) return std::move(*parsed);
        fail(field, to_word(parsed.error().code), parsed.error().offset, message(parsed.error().code));
        return {};
    }

    void milliseconds(std::string_view field, int value) {
        constexpr int max = 600'000;
        if (value < 0 || value > max) fail(field, "out_of_range", 0, "the limit must be 0 to 600000 milliseconds");
    }

    /// Whether `size` is within `max`; a longer list is one error and not looked into.
    [[nodiscard]] bool count(std::string_view field, std::size_t size, std::size_t max) {
        if (size > max) fail(field, "too_many", 0, at_most(max, "entries"));
        return size <= max;
    }

    void fail(std::string_view field, std::string_view reason, std::size_t offset, std::string_view why) {
        setting_error error;
        error.field = field;
        error.reason = reason;
        error.offset = offset;
        error.message = why;
        errors.push_back(std::move(error));
    }

    std::vector<setting_error> errors;

private:
    static std::string at_most(std::size_t max, std::string_view what) {
        return "at most " + std::to_string(max) + " " + std::string(what) + " are allowed";
    }

    plan_options options_;
};

} // namespace detail

/** Makes a plan of settings.

    Effects: none beside the answer; the same settings give the same plan at any time.
    Errors: every field that fails its rule, in the order of the settings page. Empty fields fail none: see
    @ref missing_for_enable.
    Lifetimes: `provider` lives as long as the plan; `info_of` gives such ones.
*/
[[nodiscard]] inline result<module_plan, std::vector<setting_error>>
make_plan(provider_info const& provider, settings text, plan_options options = plan_options()) {
    constexpr std::size_t max_name = 255, max_id = 128;
    detail::settings_check check(options);

    check.printable("client_id", text.client_id, 1024);
    check.scopes("scopes", text.scopes);
    check.url("authorization_url", text.authorization_url);
    check.url("token_url", text.token_url);
    check.url("user_info_url", text.user_info_url);
    check.url("logout_url", text.logout_url);
    check.url("email_url", text.email_url);
    check.url("avatar_url", text.avatar_url);
    check.url("groups_url", text.groups_url);

    auto const user_id = check.path("user_id", text.user_id);
    auto const username = check.path("username", text.username);
    auto const full_name = check.path("full_name", text.full_name);
    auto const email = check.path("email", text.email);
    auto const email_verified = check.path("email_verified", text.email_verified);
    auto const avatar = check.path("avatar", text.avatar);
    auto const groups = check.path("groups", text.groups);
    check.pattern("image_url_pattern", text.image_url_pattern);

    std::vector<attribute_path> attributes;
    if (check.count("custom_attributes", text.custom_attributes.size(), max_custom_attributes)) {
        std::set<std::string_view> names;
        for (auto const& [name, path] : text.custom_attributes) {
            std::string const field = "custom_attributes/" + name;
            check.name(field, name, max_name);
            if (!names.insert(name).second) check.fail(field, "duplicate", 0, "this name is there twice");
            if (path.empty()) check.fail(field, to_word(path_errc::empty_path), 0, message(path_errc::empty_path));
            attributes.push_back(check.path(field, path));
        }
    }
    if (check.count("group_mappings", text.group_mappings.size(), 10'000)) {
        std::set<std::pair<std::string_view, std::string_view>> pairs;
        for (auto const& mapping : text.group_mappings) {
            check.name("group_mappings", mapping.external_group, max_name);
            check.name("group_mappings", mapping.group_id, max_id);
            if (!pairs.insert({mapping.external_group, mapping.group_id}).second)
                check.fail("group_mappings", "duplicate", 0, "this mapping is there twice");
        }
    }
    if (check.count("auto_join_groups", text.auto_join_groups.size(), 1'000)) {
        std::set<std::string_view> ids;
        for (auto const& id : text.auto_join_groups) {
            check.name("auto_join_groups", id, max_id);
            if (!ids.insert(id).second) check.fail("auto_join_groups", "duplicate", 0, "this group is there twice");
        }
    }
    check.milliseconds("connection_timeout_ms", text.connection_timeout_ms);
    check.milliseconds("read_timeout_ms", text.read_timeout_ms);
    if (!check.errors.empty()) return std::move(check.errors);

    std::vector<custom_path> custom;
    for (std::size_t i = 0; i != attributes.size(); ++i)
        custom.push_back({text.custom_attributes[i].first, attributes[i].view()});
    mapping_plan mapping({.user_id = user_id.view(),
                          .username = username.view(),
                          .full_name = full_name.view(),
                          .email = email.view(),
                          .email_verified = email_verified.view(),
                          .avatar = avatar.view(),
                          .groups = groups.view(),
                          .account_type = provider.account_type,
                          .custom_attributes = custom,
                          .image_url_pattern = text.image_url_pattern});
    text.scopes = normalized_scopes(text.scopes);
    return module_plan(std::move(text), std::move(mapping), provider);
}

/// Names of the fields that must be filled in before a module can be enabled; empty when it is complete.
[[nodiscard]] inline std::vector<std::string> missing_for_enable(settings const& text, bool has_secret) {
    std::vector<std::string> missing;
    auto const need = [&](bool there, char const* field) {
        if (!there) missing.emplace_back(field);
    };
    need(!text.client_id.empty(), "client_id");
    need(has_secret || text.public_client, "client_secret");
    need(!text.authorization_url.empty(), "authorization_url");
    need(!text.token_url.empty(), "token_url");
    need(!text.user_info_url.empty(), "user_info_url");
    need(!text.user_id.empty(), "user_id");
    return missing;
}

/** The settings whose change ends logins under way, as one text to hash together with the client secret.

    Lengths stand before texts, so no two different settings give the same text.
*/
[[nodiscard]] inline std::string fingerprint_text(settings const& text) {
    std::string joined = text.client_authentication == client_auth::basic ? "basic;" : "post;";
    for (auto const* part : {&text.client_id, &text.authorization_url, &text.token_url, &text.user_info_url,
                             &text.email_url, &text.groups_url})
        joined.append(std::to_string(part->size())).append(":").append(*part);
    return joined;
}

} // namespace authmod
