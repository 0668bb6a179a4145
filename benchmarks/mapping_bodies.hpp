// SPDX-License-Identifier: BSL-1.0
// What Bitbucket sends, for measuring: a user, many different users, and a long list of workspaces.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace authmod_benchmark {

inline std::string join_members(std::vector<std::string> const& members) {
    std::string text = "{";
    for (auto const& member : members) (text += text.size() == 1 ? "" : ",") += member;
    return text + "}";
}

inline std::string href(std::string_view name, std::string_view url) {
    return "\"" + std::string(name) + R"(":{"href":")" + std::string(url) + "\"}";
}

/// The members of a user, in the order in which Bitbucket sends them; about 1 KB.
inline std::vector<std::string> user_members(std::string const& uuid, std::string const& name,
                                             std::string const& avatar) {
    std::string const id = "%7B" + uuid + "%7D", api = "https://api.bitbucket.org/2.0/";
    return {R"("display_name":")" + name + "\"",
            R"("links":)" + join_members({href("self", api + "users/" + id), href("avatar", avatar),
                                          href("repositories", api + "repositories/" + id),
                                          href("snippets", api + "snippets/" + id),
                                          href("html", "https://bitbucket.org/" + id + "/"),
                                          href("hooks", api + "workspaces/" + id + "/hooks")}),
            R"("created_on":"2020-11-02T08:15:30.120045+00:00")",
            R"("type":"user")",
            R"("uuid":"{)" + uuid + "}\"",
            R"("has_2fa_enabled":null)",
            R"("username":"tvlk")",
            R"("is_staff":false)",
            R"("location":null)",
            R"("website":"https://tomvlk.example/")",
            R"("account_status":"active")",
            R"("nickname":"Tom V")",
            R"("account_id":"712020:9d3e5c1b-7a44-4f6e-b1d0-55a2c8e0f713")"};
}

inline std::string user_body() {
    return join_members(
        user_members("5b1f6a0e-93c4-4f0d-8f57-20c1d4b7e6aa", "Tom Vlk",
                     "https://avatars.example/initials/TV-3.png?size=128&d=https%3A%2F%2Fp.example%2FTV"));
}

/// Users who differ in the order of members, in lengths, in what they left out and in how texts are spelled.
inline std::vector<std::string> many_users(std::size_t count) {
    static constexpr std::string_view names[] = {"Tom Vlk",
                                                 "Ada",
                                                 "Zoë Müller",
                                                 "Bartholomew Featherstonehaugh-Smith",
                                                 "李小龍",
                                                 R"(J\u00fcrgen)",
                                                 "Nguyễn Thị Minh Khai",
                                                 "ops bot"};
    static constexpr std::string_view avatars[] = {
        "https://avatars.example/128", R"(https:\/\/avatars.example\/u\/7)",
        "https://secure.gravatar.example/avatar/0bc83cb571cd1c50ba6f3e8a?d=x",
        "https://avatars.example/initials/TV-3.png?size=128"};
    std::mt19937_64 random(20);
    std::vector<std::string> users;
    for (std::size_t i = 0; i != count; ++i) {
        auto const digits = std::to_string(1'000'000'000'000 + random() % 1'000'000'000'000);
        auto members = user_members("5b1f6a0e-93c4-4f0d-8f57-" + digits.substr(1), std::string(names[random() % 8]),
                                    std::string(avatars[random() % 4]));
        if (random() % 4 == 0) std::erase_if(members, [](auto const& m) { return m.starts_with("\"username\""); });
        for (auto more = random() % 4; more != 0; --more)
            members.push_back("\"extra_" + std::to_string(more) + "\":" + std::to_string(random() % 100'000));
        std::shuffle(members.begin(), members.end(), random);
        users.push_back(join_members(members));
    }
    return users;
}

/// The workspaces of a person, about 64 bytes each.
inline std::string workspaces_body(int count) {
    std::string body = R"({"pagelen":100,"values":[)";
    for (int i = 0; i != count; ++i) {
        auto const number = std::to_string(i);
        body += i == 0 ? "" : ",";
        body += R"({"type":"w","workspace":{"slug":"team-)" + number + R"(","uuid":"{w-)" + number + R"(}"}})";
    }
    return body + "]}";
}

} // namespace authmod_benchmark
