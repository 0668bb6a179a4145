// SPDX-License-Identifier: BSL-1.0
// Layer 2. Bodies of module_plan.
#pragma once

#include "authmod/mapping/attribute_path.hpp"
#include "authmod/provider/module_plan.hpp"
#include "authmod/provider/scopes.hpp"
#include "authmod/provider/settings_check.hpp"
#include "authmod/provider/url_template.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <utility>

namespace authmod {

namespace detail {

/// The settings that fill places, in the order of `url_settings`.
inline constexpr std::string settings::*url_setting_members[] = {&settings::server_url, &settings::realm,
                                                                 &settings::tenant, &settings::okta_domain};

/// The names that a module's limit lets in; empty: everybody.
[[nodiscard]] inline std::vector<std::string> allowed_names(provider_info const& provider, settings const& text) {
    auto const setting = provider.extras.limit.setting;
    if (setting == "allowed_workspaces") return text.allowed_workspaces;
    if (setting == "allowed_organizations") return text.allowed_organizations;
    if (setting == "hosted_domain") return split_domains(text.hosted_domain);
    return {};
}

/// Where the API of a server lies; empty when the server is unset.
[[nodiscard]] inline std::string api_url(api_location const& api, std::string const& server_url) {
    endpoint_url url;
    if (parse_endpoint_url(server_url, true, url).code != url_errc::ok) return {};
    auto const below = url.host.size() - std::min(url.host.size(), api.hosted_below.size());
    bool const hosted = ascii::equal_ignoring_case(url.host, api.hosted) ||
                        (!api.hosted_below.empty() && below != 0 && url.host[below - 1] == '.' &&
                         ascii::equal_ignoring_case(url.host.substr(below), api.hosted_below));
    if (hosted) return "https://api." + std::string(url.host);
    return server_url + std::string(api.path);
}

/// Fills the places of all URLs.
inline void fill_urls(module_plan& plan) {
    settings& text = plan.text;
    std::string server = text.server_url;
    while (server.ends_with('/')) server.pop_back();
    std::string const api = api_url(plan.provider->extras.api, server);
    url_values const values{.server_url = server,
                            .api_url = api,
                            .realm = text.realm,
                            .tenant = text.tenant,
                            .okta_domain = text.okta_domain,
                            .client_id = text.client_id};
    for (auto const& [name, member] : url_fields) text.*member = fill_url_template(text.*member, values);
    plan.revocation_url = fill_url_template(plan.provider->extras.revocation_url, values);
    plan.proof_url = fill_url_template(plan.provider->extras.proof.url, values);
    if (plan.limit) plan.limit->url = fill_url_template(plan.limit->url, values);
}

/// The settings that only some providers have.
inline void check_extra_settings(settings_check& check, provider_info const& provider, settings const& text) {
    auto const has = [&](std::string_view field, bool set) {
        if (!set) return false;
        if (provider.has_setting(field)) return true;
        check.fail(field, "not_for_this_provider", 0, "this provider does not have this setting");
        return false;
    };
    if (has("issuer", !text.issuer.empty())) {
        check.url_template("issuer", text.issuer, provider.extra_settings);
        check.no_query("issuer", text.issuer);
    }
    if (has("jwks_url", !text.jwks_url.empty())) check.url_template("jwks_url", text.jwks_url, provider.extra_settings);
    if (has("server_url", !text.server_url.empty())) {
        check.url("server_url", text.server_url);
        check.no_query("server_url", text.server_url);
    }
    if (has("realm", !text.realm.empty())) check.segment("realm", text.realm);
    if (has("tenant", !text.tenant.empty())) check.host("tenant", text.tenant); // a UUID has the form of one as well
    if (has("okta_domain", !text.okta_domain.empty())) check.host("okta_domain", text.okta_domain);
    if (has("allowed_workspaces", !text.allowed_workspaces.empty()))
        check.words("allowed_workspaces", text.allowed_workspaces);
    if (has("allowed_organizations", !text.allowed_organizations.empty()))
        check.words("allowed_organizations", text.allowed_organizations);
    if (has("hosted_domain", !text.hosted_domain.empty())) check.domains("hosted_domain", text.hosted_domain);
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL result<module_plan, std::vector<setting_error>>
make_plan(provider_info const& provider, settings text, plan_options options) {
    constexpr std::size_t max_name = 255, max_id = 128;
    detail::settings_check check(options);

    check.printable("client_id", text.client_id, 1024);
    check.scopes("scopes", text.scopes);
    if (provider.extras.openid && !contains_scope(text.scopes, "openid"))
        check.fail("scopes", "openid_missing", 0, "OpenID Connect needs the scope openid");
    for (auto const& [name, member] :
         std::span(detail::url_fields).first<7>()) // issuer and keys have rules of their own
        check.url_template(name, text.*member, provider.extra_settings);
    detail::check_extra_settings(check, provider, text);

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
    check.grant_type("extension_grant_type", text.extension_grant_type);
    check.milliseconds("connection_timeout_ms", text.connection_timeout_ms);
    check.milliseconds("read_timeout_ms", text.read_timeout_ms);
    if (text.public_client && text.pkce == pkce_mode::off)
        check.fail("pkce", "needed_without_secret", 0, "a client without a secret needs PKCE");
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
    module_plan plan(std::move(text), std::move(mapping), provider);
    auto const& extras = provider.extras;
    if (auto allowed = detail::allowed_names(provider, plan.text); !allowed.empty()) {
        // Where the preset's list of groups is what the limit asks for, an administrator's other address of it counts.
        bool const is_groups = extras.limit.url == provider.defaults.groups_url && !plan.text.groups_url.empty();
        plan.limit.emplace(std::string(extras.limit.setting), std::move(allowed), extras.limit.ignores_case,
                           is_groups ? plan.text.groups_url : std::string(extras.limit.url),
                           mapping_plan({.groups = extras.limit.path}));
        if (!extras.limit.scope.empty() && !contains_scope(plan.text.scopes, extras.limit.scope))
            plan.text.scopes = normalized_scopes(plan.text.scopes + ' ' + std::string(extras.limit.scope));
    }
    if (extras.openid) {
        plan.subject.emplace(mapping_paths{.user_id = extras.openid->subject});
        for (auto const word : extras.openid->algorithms)
            if (auto const known = find_signature_algorithm(word)) plan.token_algorithms.insert(*known);
    }
    detail::fill_urls(plan);
    return plan;
}

AUTHMOD_DECL std::vector<std::string> missing_for_enable(provider_info const& provider, settings const& text,
                                                                 bool has_secret) {
    std::vector<std::string> missing;
    auto const need = [&](bool there, std::string_view field) {
        if (!there) missing.emplace_back(field);
    };
    bool const openid = provider.extras.openid.has_value();
    bool const discoverable = openid && !text.issuer.empty();
    need(!text.client_id.empty(), "client_id");
    need(has_secret || text.public_client, "client_secret");
    need(discoverable || !text.authorization_url.empty(), "authorization_url");
    need(discoverable || !text.token_url.empty(), "token_url");
    need(discoverable || !text.user_info_url.empty(), "user_info_url");
    need(!openid || !text.issuer.empty(), "issuer");
    for (std::size_t i = 0; i != std::size(url_settings); ++i) {
        bool const used = std::ranges::any_of(
            detail::url_fields, [&](auto const& field) { return uses_setting(text.*field.second, url_settings[i]); });
        need(!used || !(text.*detail::url_setting_members[i]).empty(), url_settings[i]);
    }
    need(!text.user_id.empty(), "user_id");
    return missing;
}

AUTHMOD_DECL std::string fingerprint_text(settings const& text) {
    std::string joined = text.client_authentication == client_auth::basic ? "basic;" : "post;";
    for (auto const* part :
         {&text.client_id, &text.authorization_url, &text.token_url, &text.user_info_url, &text.email_url,
          &text.groups_url, &text.issuer, &text.server_url, &text.realm, &text.tenant, &text.okta_domain})
        joined.append(std::to_string(part->size())).append(":").append(*part);
    return joined;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
