// SPDX-License-Identifier: BSL-1.0
// An attribute mapping as texts, parsed at run time: what an administrator types.
#pragma once

#include "authmod/mapping/attribute_path.hpp"
#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/mapping/user_profile.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod_test {

struct mapping_texts {
    std::string user_id{}, username{}, full_name{}, email{}, email_verified{}, avatar{}, groups{}, account_type{};
    std::vector<std::pair<std::string, std::string>> custom_attributes{};
    std::string image_url_pattern{};
};

/// Owns what `mapping_paths` refers to. Malformed texts throw.
class parsed_texts {
public:
    explicit parsed_texts(mapping_texts texts) : texts_(std::move(texts)) {
        paths_.reserve(8 + texts_.custom_attributes.size());
        view_.user_id = parse(texts_.user_id);
        view_.username = parse(texts_.username);
        view_.full_name = parse(texts_.full_name);
        view_.email = parse(texts_.email);
        view_.email_verified = parse(texts_.email_verified);
        view_.avatar = parse(texts_.avatar);
        view_.groups = parse(texts_.groups);
        view_.account_type = parse(texts_.account_type);
        for (auto const& [name, path] : texts_.custom_attributes) custom_.push_back({name, parse(path)});
        view_.custom_attributes = custom_;
        view_.image_url_pattern = texts_.image_url_pattern;
    }

    parsed_texts(parsed_texts const&) = delete;

    [[nodiscard]] authmod::mapping_paths const& view() const noexcept { return view_; }

private:
    authmod::path_view parse(std::string_view text) {
        if (text.empty()) return {};
        return paths_.emplace_back(authmod::attribute_path::parse(text).value()).view();
    }

    mapping_texts texts_;
    std::vector<authmod::attribute_path> paths_;
    std::vector<authmod::custom_path> custom_;
    authmod::mapping_paths view_;
};

/// One line per field that has a value, for comparing and for looking at.
[[nodiscard]] inline std::string show(authmod::user_profile const& person) {
    std::string text;
    auto line = [&](std::string_view name, auto const& value) {
        if (value) text.append(name).append("=").append(*value).append("\n");
    };
    line("user_id", person.user_id);
    line("username", person.username);
    line("full_name", person.full_name);
    line("email", person.email);
    if (person.email_verified) text.append("email_verified=").append(*person.email_verified ? "true\n" : "false\n");
    line("avatar", person.avatar);
    line("account_type", person.account_type);
    if (person.groups) {
        text += "groups=";
        for (auto const& group : *person.groups) text.append(group).append(";");
        text += "\n";
    }
    for (auto const& [name, value] : person.custom_attributes)
        text.append(name).append(":=").append(value).append("\n");
    return text;
}

} // namespace authmod_test
