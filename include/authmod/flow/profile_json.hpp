// SPDX-License-Identifier: BSL-1.0
// Layer 4. Mapped fields as JSON, for test logins and the mapping preview.
#pragma once

#include "authmod/mapping/user_profile.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>

namespace authmod {

/// `{user_id, username, full_name, email, email_verified, avatar, groups, custom_attributes}`; what the provider did
/// not give is null.
[[nodiscard]] inline boost::json::object profile_json(user_profile const& person) {
    auto const text = [](std::optional<std::string> const& value) {
        return value ? boost::json::value(*value) : boost::json::value();
    };
    boost::json::object fields;
    fields["user_id"] = text(person.user_id);
    fields["username"] = text(person.username);
    fields["full_name"] = text(person.full_name);
    fields["email"] = text(person.email);
    fields["email_verified"] = nullptr;
    if (person.email_verified) fields["email_verified"] = *person.email_verified;
    fields["avatar"] = text(person.avatar);
    fields["groups"] = nullptr;
    if (person.groups) fields["groups"] = boost::json::array(person.groups->begin(), person.groups->end());
    boost::json::object attributes;
    for (auto const& [name, value] : person.custom_attributes) attributes[name] = value;
    fields["custom_attributes"] = std::move(attributes);
    return fields;
}

} // namespace authmod
