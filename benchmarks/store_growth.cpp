// SPDX-License-Identifier: BSL-1.0
// What a login costs in a file with a thousand accounts and in one with a million: rounds of both take turns, so that a
// slow moment of the machine meets either. Arguments: accounts of the large file, rounds, folder for the files,
// which stay there.
#include "authmod/storage/sqlite_store.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace authmod;

constexpr int at_once = 16;
constexpr int logins_a_round = 4'000;

std::string digest(std::mt19937_64& random) {
    std::string bytes;
    while (bytes.size() < 32) bytes += static_cast<char>(random() & 0xff);
    return bytes;
}

/// Person number `n`, as a provider describes them at every login.
login_candidate person(long long n) {
    auto const name = "person-" + std::to_string(n);
    login_candidate c;
    c.module_id = "module";
    c.profile.user_id = "{" + name + "}";
    c.profile.username = name;
    c.profile.full_name = "Person " + std::to_string(n);
    c.profile.email = name + "@example.com";
    c.profile.email_verified = true;
    c.auto_join_groups = {"staff"};
    c.new_account_id = "id-" + name;
    c.now = from_milliseconds(1'790'000'000'000);
    return c;
}

struct site {
    sqlite_store data;
    long long accounts;
    std::vector<double> cpu, wall; // microseconds a login, of each round
};

/// Runs `step(data)` `count` times, so many at once, in this thread.
template <class Step>
void run(sqlite_store& data, long long count, int side_by_side, Step& step) {
    asio::io_context context(1);
    auto worker = [&]() -> asio::awaitable<void> {
        while (count-- > 0) co_await step(data);
    };
    for (int i = 0; i < side_by_side; ++i) asio::co_spawn(context, worker, asio::detached);
    context.run();
}

void fill(site& s) {
    auto add_group = [](sqlite_store& data) -> asio::awaitable<void> {
        group const staff("staff", "Staff");
        audit_row const row("group_created", staff.id);
        auto made = co_await data.insert_group(staff, row);
        if (!made) std::abort();
    };
    run(s.data, 1, 1, add_group);
    long long next = 0;
    auto add = [&](sqlite_store& data) -> asio::awaitable<void> {
        login_candidate const c = person(next++);
        auto made = co_await data.finish_login(c);
        if (!made) std::abort();
    };
    run(s.data, s.accounts, 512, add);
}

double cpu_seconds() {
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    auto const seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

/// A round of logins by people who have been here before.
void measure(site& s, std::mt19937_64& random) {
    auto log_in = [&](sqlite_store& data) -> asio::awaitable<void> {
        login_candidate c = person(static_cast<long long>(random() % static_cast<unsigned long long>(s.accounts)));
        c.new_session.digest = digest(random);
        c.new_session.created_at = c.new_session.seen_at = c.now;
        auto const state = digest(random);
        auto taken = co_await data.take_state(state, c.now);
        auto done = co_await data.finish_login(c);
        if (!taken || !done || done->what != login_decision::kind::refresh) std::abort();
    };
    auto const cpu = cpu_seconds();
    auto const start = std::chrono::steady_clock::now();
    run(s.data, logins_a_round, at_once, log_in);
    std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - start;
    s.cpu.push_back((cpu_seconds() - cpu) * 1e6 / logins_a_round);
    s.wall.push_back(wall.count() * 1e6 / logins_a_round);
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

int main(int argc, char** argv) {
    long long const large = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    int const rounds = argc > 2 ? std::atoi(argv[2]) : 7;
    std::filesystem::path const folder = argc > 3 ? argv[3] : std::filesystem::temp_directory_path() / "store_growth";
    std::filesystem::create_directories(folder);
    std::vector<site> sites;
    for (long long accounts : {1000LL, large}) {
        auto const file = folder / (std::to_string(accounts) + ".db");
        bool const fresh = !std::filesystem::exists(file); // filling takes minutes, so a file is kept for the next run
        auto& s = sites.emplace_back(site{sqlite_store::open(file.string()).value(), accounts, {}, {}});
        if (fresh) fill(s);
    }
    std::mt19937_64 random(std::random_device{}()); // digests are never used twice in one file
    for (int round = 0; round < rounds + 1; ++round) {
        for (auto& s : sites) measure(s, random);
        if (round == 0) // warms up
            for (auto& s : sites) s.cpu.clear(), s.wall.clear();
    }
    std::cout << "compiler " << __VERSION__ << ", " << rounds << " rounds of " << logins_a_round << " logins, "
              << at_once << " at once\naccounts   CPU us a login   elapsed us a login\n";
    for (auto const& s : sites) std::cout << s.accounts << "   " << median(s.cpu) << "   " << median(s.wall) << '\n';
    std::cout << "ratio   " << median(sites[1].cpu) / median(sites[0].cpu) << "   "
              << median(sites[1].wall) / median(sites[0].wall) << '\n';
}
