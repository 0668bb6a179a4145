// SPDX-License-Identifier: BSL-1.0
// Bytes to a profile: ours beside what one writes by hand with boost::json::parse. Compare times within one run only.
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/mapping/static_path.hpp"

#include <benchmark/benchmark.h>
#include <boost/json.hpp>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_set>

using namespace authmod;
using namespace authmod::literals;
namespace json = boost::json;

constexpr custom_path more[] = {
    {"account_id", "account_id"_path}, {"created_on", "created_on"_path}, {"page", "links/html/href"_path}};
constexpr mapping_paths paths{.user_id = "uuid"_path,
                              .username = "username ?: nickname"_path,
                              .full_name = "display_name ?: nickname"_path,
                              .avatar = "links/avatar/href"_path,
                              .groups = "values/*/workspace/slug"_path,
                              .account_type = "type"_path,
                              .custom_attributes = more};

/// A user as Bitbucket sends it, about 1 KB; with workspaces in `values` if there are to be any.
std::string user_body(int workspaces) {
    std::string const account = "https://api.bitbucket.org/2.0/users/%7B5b1f6a0e-93c4-4f0d-8f57-20c1d4b7e6aa%7D";
    std::string body =
        R"({"display_name":"Tom Vlk","links":{"self":{"href":")" + account + R"("},"avatar":{"href":)" +
        R"("https://avatars.example/initials/TV-3.png?size=128&d=https%3A%2F%2Fpictures.example%2FTV"},)" +
        R"("repositories":{"href":"https://api.bitbucket.org/2.0/repositories/%7B5b1f6a0e%7D"},)" +
        R"("snippets":{"href":"https://api.bitbucket.org/2.0/snippets/%7B5b1f6a0e%7D"},)" +
        R"("html":{"href":"https://bitbucket.org/%7B5b1f6a0e-93c4-4f0d-8f57-20c1d4b7e6aa%7D/"},)" +
        R"("hooks":{"href":"https://api.bitbucket.org/2.0/workspaces/%7B5b1f6a0e%7D/hooks"}},)" +
        R"("created_on":"2020-11-02T08:15:30.120045+00:00","type":"user",)" +
        R"("uuid":"{5b1f6a0e-93c4-4f0d-8f57-20c1d4b7e6aa}","has_2fa_enabled":null,"username":"tvlk",)" +
        R"("is_staff":false,"location":null,"account_status":"active","nickname":"Tom V",)" +
        R"("account_id":"712020:9d3e5c1b-7a44-4f6e-b1d0-55a2c8e0f713")";
    for (int i = 0; i != workspaces; ++i) {
        auto const number = std::to_string(i);
        body += i == 0 ? R"(,"values":[)" : ",";
        body += R"({"type":"w","workspace":{"slug":"team-)" + number + R"(","uuid":"{w)" + number + R"(}"}})";
    }
    return body + (workspaces == 0 ? "}" : "]}");
}

std::optional<std::string> text(json::object const* object, std::string_view name) {
    if (!object) return {};
    auto const* value = object->if_contains(name);
    auto const* string = value ? value->if_string() : nullptr;
    if (!string || string->empty()) return {};
    return std::string(*string);
}

json::object const* child(json::object const* object, std::string_view name) {
    auto const* value = object ? object->if_contains(name) : nullptr;
    return value ? value->if_object() : nullptr;
}

/// The same job by hand, without the checks for members that nobody wants.
user_profile by_hand(std::string_view body) {
    json::error_code code;
    json::value const tree = json::parse(body, code);
    auto const* user = tree.if_object();
    user_profile person;
    person.user_id = text(user, "uuid");
    person.username = text(user, "username");
    if (!person.username) person.username = text(user, "nickname");
    person.full_name = text(user, "display_name");
    if (!person.full_name) person.full_name = text(user, "nickname");
    auto const* links = child(user, "links");
    person.avatar = text(child(links, "avatar"), "href");
    person.account_type = text(user, "type");
    if (auto id = text(user, "account_id")) person.custom_attributes.emplace_back("account_id", std::move(*id));
    if (auto on = text(user, "created_on")) person.custom_attributes.emplace_back("created_on", std::move(*on));
    if (auto page = text(child(links, "html"), "href")) person.custom_attributes.emplace_back("page", std::move(*page));
    auto const* values = user ? user->if_contains("values") : nullptr;
    if (auto const* list = values ? values->if_array() : nullptr) {
        std::unordered_set<std::string_view> seen;
        person.groups.emplace();
        for (auto const& element : *list) {
            auto const* workspace = child(element.if_object(), "workspace");
            auto const* slug = workspace ? workspace->if_contains("slug") : nullptr;
            auto const* name = slug ? slug->if_string() : nullptr;
            if (name && !name->empty() && seen.insert(*name).second) person.groups->emplace_back(*name);
        }
    }
    return person;
}

void check(user_profile const& ours, user_profile const& theirs) {
    if (ours.user_id != theirs.user_id || ours.username != theirs.username || ours.full_name != theirs.full_name ||
        ours.avatar != theirs.avatar || ours.groups != theirs.groups || ours.account_type != theirs.account_type ||
        ours.custom_attributes != theirs.custom_attributes)
        std::abort();
}

void read_with(benchmark::State& state, mapping_view plan) {
    auto const body = user_body(static_cast<int>(state.range(0)));
    profile_reader reader(plan);
    auto const read = [&] {
        if (!reader.read(document_kind::profile, body)) std::abort();
        return reader.finish().value();
    };
    check(read(), by_hand(body));
    for (auto _ : state) benchmark::DoNotOptimize(read());
    state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}

void plan_of_literals(benchmark::State& state) { read_with(state, static_mapping_plan<paths>::view()); }

void plan_of_texts(benchmark::State& state) {
    mapping_plan const plan(paths);
    read_with(state, plan.view());
}

void hand_written(benchmark::State& state) {
    auto const body = user_body(static_cast<int>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(by_hand(body));
    state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}

BENCHMARK(hand_written)->Arg(0)->Arg(2000);
BENCHMARK(plan_of_literals)->Arg(0)->Arg(2000);
BENCHMARK(plan_of_texts)->Arg(0)->Arg(2000);
BENCHMARK_MAIN();
