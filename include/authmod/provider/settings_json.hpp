// SPDX-License-Identifier: BSL-1.0
// Layer 2. Settings as one flat JSON object, the form they have in stores, in REST and in files.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/provider/settings.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/** Calls `visit(name, member)` for every setting, in the order of the settings page.

    The one list of the settings' names in JSON: reading, writing and comparing all go through it.
*/
template <class Settings, class Visitor>
constexpr void for_each_setting(Settings& s, Visitor&& visit) {
    visit("client_id", s.client_id);
    visit("public_client", s.public_client);
    visit("scopes", s.scopes);
    visit("authorization_url", s.authorization_url);
    visit("token_url", s.token_url);
    visit("user_info_url", s.user_info_url);
    visit("logout_url", s.logout_url);
    visit("email_url", s.email_url);
    visit("avatar_url", s.avatar_url);
    visit("groups_url", s.groups_url);
    visit("issuer", s.issuer);
    visit("jwks_url", s.jwks_url);
    visit("server_url", s.server_url);
    visit("realm", s.realm);
    visit("tenant", s.tenant);
    visit("okta_domain", s.okta_domain);
    visit("allowed_workspaces", s.allowed_workspaces);
    visit("allowed_organizations", s.allowed_organizations);
    visit("hosted_domain", s.hosted_domain);
    visit("user_id", s.user_id);
    visit("username", s.username);
    visit("full_name", s.full_name);
    visit("email", s.email);
    visit("email_verified", s.email_verified);
    visit("avatar", s.avatar);
    visit("image_url_pattern", s.image_url_pattern);
    visit("groups", s.groups);
    visit("custom_attributes", s.custom_attributes);
    visit("group_mappings", s.group_mappings);
    visit("user_creation", s.user_creation);
    visit("auto_join_groups", s.auto_join_groups);
    visit("client_authentication", s.client_authentication);
    visit("email_auto_verification", s.email_auto_verification);
    visit("extension_grant_type", s.extension_grant_type);
    visit("connection_timeout_ms", s.connection_timeout_ms);
    visit("read_timeout_ms", s.read_timeout_ms);
    visit("pkce", s.pkce);
    visit("account_linking", s.linking);
    visit("scim_match_attribute", s.scim_match_attribute);
}

namespace detail {

/// Words of the settings that are a choice, in the order of their enums.
template <class Choice>
inline constexpr std::array<std::string_view, 0> choice_words{};
template <>
inline constexpr std::array<std::string_view, 2> choice_words<client_auth>{"basic", "post"};
template <>
inline constexpr std::array<std::string_view, 3> choice_words<pkce_mode>{"required", "auto", "off"};
template <>
inline constexpr std::array<std::string_view, 2> choice_words<account_linking>{"verified_email", "never"};
template <>
inline constexpr std::array<std::string_view, 3> choice_words<scim_match>{"userName", "externalId", "emails.value"};

using named_texts = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] inline boost::json::value to_value(std::string const& text) { return boost::json::value(text); }

[[nodiscard]] inline boost::json::value to_value(bool flag) { return flag; }

[[nodiscard]] inline boost::json::value to_value(int number) { return number; }

template <class Choice>

requires(choice_words<Choice>.size() != 0) [[nodiscard]] boost::json::value to_value(Choice choice) {
    return boost::json::value(choice_words<Choice>[static_cast<std::size_t>(choice)]);
}

[[nodiscard]] inline boost::json::value to_value(std::vector<std::string> const& texts) {
    return boost::json::array(texts.begin(), texts.end());
}

[[nodiscard]] inline boost::json::value to_value(named_texts const& texts) {
    boost::json::object object;
    for (auto const& [name, text] : texts) object[name] = text;
    return object;
}

[[nodiscard]] inline boost::json::value to_value(std::vector<group_mapping> const& mappings) {
    boost::json::array list;
    for (auto const& mapping : mappings)
        list.push_back({{"external_group", mapping.external_group}, {"group", mapping.group_id}});
    return list;
}

/// What is wrong with a value: a stable word and a sentence. Both empty: nothing.
struct value_problem {
    std::string_view reason{}, message{};
};

/// Whether a value takes away a text, a list or an object.
[[nodiscard]] inline bool clears(boost::json::value const& value) {
    return value.is_null() || (value.is_string() && value.get_string().empty()) ||
           (value.is_array() && value.get_array().empty());
}

inline value_problem assign(std::string& to, boost::json::value const& from) {
    if (clears(from))
        to.clear();
    else if (auto const* text = from.if_string())
        to = std::string_view(*text);
    else
        return {"wrong_type", "this must be a text"};
    return {};
}

inline value_problem assign(bool& to, boost::json::value const& from) {
    if (!from.is_bool()) return {"wrong_type", "this must be true or false"};
    to = from.get_bool();
    return {};
}

inline value_problem assign(int& to, boost::json::value const& from) {
    if (!from.is_int64() && !from.is_uint64()) return {"wrong_type", "this must be a whole number"};
    auto const* number = from.if_int64();
    if (!number || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max())
        return {"out_of_range", "this number is too large"};
    to = static_cast<int>(*number);
    return {};
}

template <class Choice>

requires(choice_words<Choice>.size() != 0) value_problem assign(Choice& to, boost::json::value const& from) {
    auto const* word = from.if_string();
    if (!word) return {"wrong_type", "this must be a word"};
    auto const& words = choice_words<Choice>;
    auto const found = std::ranges::find(words, std::string_view(*word));
    if (found == words.end()) return {"unknown_word", "this word is not one of the choices"};
    to = static_cast<Choice>(found - words.begin());
    return {};
}

inline value_problem assign(std::vector<std::string>& to, boost::json::value const& from) {
    constexpr value_problem wrong{"wrong_type", "this must be a list of texts"};
    to.clear();
    if (clears(from)) return {};
    auto const* list = from.if_array();
    if (!list) return wrong;
    for (auto const& item : *list) {
        if (!item.is_string()) return wrong;
        to.emplace_back(item.get_string());
    }
    return {};
}

inline value_problem assign(std::vector<group_mapping>& to, boost::json::value const& from) {
    constexpr value_problem wrong{"wrong_type", "this must be a list of {\"external_group\", \"group\"}"};
    to.clear();
    if (clears(from)) return {};
    auto const* list = from.if_array();
    if (!list) return wrong;
    for (auto const& item : *list) {
        auto const* object = item.if_object();
        auto const* external = object ? object->if_contains("external_group") : nullptr;
        auto const* group = object ? object->if_contains("group") : nullptr;
        if (!external || !external->is_string() || !group || !group->is_string() || object->size() != 2) return wrong;
        to.emplace_back(std::string(external->get_string()), std::string(group->get_string()));
    }
    return {};
}

/// An object is laid over what is there, member by member; a member that is null or "" goes.
inline value_problem assign(named_texts& to, boost::json::value const& from) {
    constexpr value_problem wrong{"wrong_type", "this must be an object of texts"};
    if (clears(from)) return to.clear(), value_problem{};
    auto const* object = from.if_object();
    if (!object) return wrong;
    for (auto const& member : *object) {
        std::string_view const name = member.key();
        auto const old = std::ranges::find(to, name, &named_texts::value_type::first);
        if (clears(member.value())) {
            if (old != to.end()) to.erase(old);
        } else if (!member.value().is_string()) {
            return wrong;
        } else if (std::string text(member.value().get_string()); old != to.end()) {
            old->second = std::move(text);
        } else {
            to.emplace_back(name, std::move(text));
        }
    }
    return {};
}

} // namespace detail

/// All settings, each under its name.
[[nodiscard]] inline boost::json::object to_json(settings const& text) {
    boost::json::object object;
    for_each_setting(text, [&](char const* name, auto const& member) { object[name] = detail::to_value(member); });
    return object;
}

/** Lays a JSON merge patch (RFC 7396) over settings.

    null, `""` and `[]` clear a text, a list or an object. Members named in `not_settings` are passed over: they are
    somebody else's. Whether the result keeps the rules of each field is for `make_plan` to say.
    Errors: every unknown member (`unknown_field`) and every value of a wrong kind (`wrong_type`, `out_of_range`,
    `unknown_word`). Nothing is changed then.
*/
[[nodiscard]] inline result<settings, std::vector<setting_error>>
merge_settings(settings text, boost::json::object const& patch, std::span<std::string_view const> not_settings = {}) {
    std::vector<setting_error> errors;
    for (auto const& member : patch) {
        std::string_view const name = member.key();
        if (std::ranges::find(not_settings, name) != not_settings.end()) continue;
        detail::value_problem problem{"unknown_field", "there is no setting of this name"};
        for_each_setting(text, [&](std::string_view field, auto& setting) {
            if (field == name) problem = detail::assign(setting, member.value());
        });
        if (problem.reason.empty()) continue;
        setting_error error;
        error.field = name;
        error.reason = problem.reason;
        error.message = problem.message;
        errors.push_back(std::move(error));
    }
    if (!errors.empty()) return errors;
    return text;
}

} // namespace authmod
