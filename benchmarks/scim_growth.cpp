// SPDX-License-Identifier: BSL-1.0
// What SCIM requests cost the store in memory with ten thousand users and a hundred thousand, and an SQLite file with
// ten thousand, a hundred thousand and a million: a GET, a filter on userName, a page of 100 from somewhere in the
// middle, one member put into a group of 10,000 and taken out again, a new user. Rounds of all sets take turns.
// Arguments: users of the largest file, rounds, folder for the files, which stay there. Ends with 1 when a filter, a
// page or a PATCH costs the largest file more than 1.5 times what it costs the smallest. scim_scimmy.mjs does the same
// with scimmy in the memory of node; scim_side_by_side runs both.
#include "authmod/storage/memory_store.hpp"
#include "authmod/storage/sqlite_store.hpp"
#include "store_load.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace authmod;
using namespace authmod_benchmark;

constexpr int members = 10'000;
constexpr std::array<char const*, 5> names = {"GET", "filter", "page of 100", "PATCH member", "POST"};
constexpr std::array<int, 5> times = {2'000, 2'000, 100, 500, 500};
constexpr std::array<bool, 5> judged = {false, true, true, true, false};
constexpr double most_growth = 1.5; // of those, in SQLite

template <scim_store Store>
struct site {
    std::unique_ptr<Store> data;
    long long users;
    long long made; // users so far
    std::array<std::vector<double>, 5> cpu{};
};

scim::caller client() {
    scim::caller by;
    by.client_id = by.module_id = "client";
    by.now = from_milliseconds(1'790'000'000'000);
    return by;
}

/// Like ids of the service, these grow with time.
std::string id_of(long long n) {
    char text[24];
    std::snprintf(text, sizeof text, "u%012lld", n);
    return text;
}

scim::user_change new_user(long long n) {
    scim::user_change change;
    change.by = client();
    change.by.now += milliseconds(n);
    change.id = id_of(n);
    auto const name = "user-" + std::to_string(n) + "@example.com";
    auto const body = R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":")" + name +
                      R"(","externalId":"x)" + std::to_string(n) +
                      R"(","name":{"givenName":"Given","familyName":"Family"},"emails":[{"type":"work","value":")" +
                      name + R"("}]})";
    change.body = scim::read_resource(scim::read_json(body).value(), scim::user_type).value();
    return change;
}

scim::group_change member_change(char const* op, std::string const& path, std::string const& value) {
    scim::group_change change;
    change.what = scim::change_kind::patch;
    change.by = client();
    change.id = "group";
    auto const body = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":")" +
                      std::string(op) + R"(","path":")" + path + '"' + value + "}]}";
    change.operations = scim::patch::parse(scim::read_json(body).value(), scim::group_type).value();
    return change;
}

void must(bool good, char const* what) {
    if (good) return;
    std::cerr << what << " failed\n";
    std::exit(1);
}

template <class Store>
void fill(site<Store>& s) {
    auto prepare = [&](long long) -> asio::awaitable<void> {
        scim_client made;
        made.id = made.name = made.module_id = "client";
        scim_token token;
        token.id = token.client_id = "client";
        token.digest = std::string(32, 'x');
        auto stored = co_await s.data->insert_scim_client(made, token, audit_rows());
        must(stored.has_value(), "the client");
    };
    run(1, 1, prepare);
    auto add = [&](long long n) -> asio::awaitable<void> {
        scim::user_change const change = new_user(n);
        auto done = co_await s.data->change_scim_user(change);
        must(done && *done, "a user");
    };
    run(s.users, 512, add);
    auto group = [&](long long) -> asio::awaitable<void> {
        scim::group_change change;
        change.by = client();
        change.id = "group";
        change.body["schemas"] = boost::json::array{scim::group_schema.urn};
        change.body["displayName"] = "Everybody";
        for (long long n = 0; n < std::min<long long>(members, s.users - 1); ++n) change.members.push_back(id_of(n));
        auto done = co_await s.data->change_scim_group(change);
        must(done && *done, "the group");
    };
    run(1, 1, group);
}

scim::list_query question(std::string const& filter) {
    scim::list_query query;
    query.client_id = "client";
    query.base = "https://login.example/scim/v2";
    if (!filter.empty()) query.what.where = scim::filter::parse(filter, scim::user_type).value();
    return query;
}

template <class Store>
void measure(site<Store>& s, std::mt19937_64& random) {
    auto const any = [&] { return static_cast<long long>(random() % static_cast<unsigned long long>(s.users)); };
    auto get = [&](long long) -> asio::awaitable<void> {
        auto const who = id_of(any());
        auto found = co_await s.data->find_scim_user("client", who, true);
        must(found.has_value(), "a GET");
    };
    auto filter = [&](long long) -> asio::awaitable<void> {
        scim::list_query const query = question("userName eq \"user-" + std::to_string(any()) + "@example.com\"");
        auto found = co_await s.data->list_scim_users(query);
        must(found && *found && (*found)->total == 1, "a filter");
    };
    auto page = [&](long long) -> asio::awaitable<void> {
        scim::list_query query = question({});
        query.what.start_index = 1 + any() % 5'000;
        auto found = co_await s.data->list_scim_users(query);
        must(found && *found && (*found)->items.size() == 100, "a page");
    };
    auto patch = [&](long long n) -> asio::awaitable<void> {
        auto const who = id_of(s.users - 1);
        scim::group_change const change =
            n % 2 == 0 ? member_change("add", "members", R"(,"value":[{"value":")" + who + "\"}]")
                       : member_change("remove", "members[value eq \\\"" + who + "\\\"]", "");
        auto done = co_await s.data->change_scim_group(change);
        must(done && *done, "a PATCH");
    };
    auto post = [&](long long) -> asio::awaitable<void> {
        scim::user_change const change = new_user(s.made++);
        auto done = co_await s.data->change_scim_user(change);
        must(done && *done, "a POST");
    };
    auto const each = [&](std::size_t which, auto& step) {
        auto const before = cpu_us();
        run(times[which], 1, step);
        s.cpu[which].push_back((cpu_us() - before) / times[which]);
    };
    each(0, get);
    each(1, filter);
    each(2, page);
    each(3, patch);
    each(4, post);
}

/// Measures all sites in turn, so that what the machine does meanwhile meets all alike. Whether none grows too much.
template <class Store>
bool report(char const* what, std::vector<site<Store>>& sites, int rounds) {
    for (auto& s : sites) {
        auto count = [&](long long) -> asio::awaitable<void> {
            auto clients = co_await s.data->list_scim_clients();
            s.made = clients.value().front().users;
        };
        run(1, 1, count);
    }
    std::mt19937_64 random(1);
    for (int round = 0; round < rounds + 1; ++round) {
        for (auto& s : sites) measure(s, random);
        if (round == 0) // warms up
            for (auto& s : sites) s.cpu = {};
    }
    std::printf("%s, compiler %s, %d rounds; microseconds of CPU a request\n%10s", what, __VERSION__, rounds, "users");
    for (auto const* name : names) std::printf("  %14s", name);
    for (auto const& s : sites) {
        std::printf("\n%10lld", s.users);
        for (auto const& values : s.cpu) std::printf("  %14.1f", median(values));
    }
    std::printf("\n%10s", "growth");
    bool good = true;
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto const growth = median(sites.back().cpu[i]) / median(sites.front().cpu[i]);
        std::printf("  %14.2f", growth);
        good = good && (growth <= most_growth || !judged[i]);
    }
    std::puts("\n");
    std::fflush(stdout);
    return good;
}

int main(int argc, char** argv) {
    long long const largest = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    int const rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    std::filesystem::path const folder = argc > 3 ? argv[3] : std::filesystem::temp_directory_path() / "scim_growth";
    std::filesystem::create_directories(folder);

    std::vector<site<memory_store>> in_memory;
    for (long long users : {10'000LL, 100'000LL})
        if (users <= largest)
            fill(in_memory.emplace_back(site<memory_store>{std::make_unique<memory_store>(), users, 0}));
    static_cast<void>(report("in memory", in_memory, rounds)); // there a set that outgrows the caches costs more
    in_memory.clear();

    std::vector<site<sqlite_store>> in_files;
    for (long long users : {10'000LL, 100'000LL, 1'000'000LL}) {
        if (users > largest) break;
        auto const file = folder / (std::to_string(users) + ".db");
        bool const fresh = !std::filesystem::exists(file); // filling takes minutes, so a file is kept for the next run
        auto store = std::make_unique<sqlite_store>(sqlite_store::open(file.string()).value());
        auto& s = in_files.emplace_back(site<sqlite_store>{std::move(store), users, 0});
        if (fresh) fill(s);
    }
    if (report("SQLite", in_files, rounds)) return 0;
    std::cerr << "SQLite: a filter, a page or a PATCH costs the largest set more than 1.5 times the smallest\n";
    return 1;
}
