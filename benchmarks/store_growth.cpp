// SPDX-License-Identifier: BSL-1.0
// What a login costs in a file with a thousand accounts and in one with a million: rounds of both take turns, so that a
// slow moment of the machine meets either. Arguments: accounts of the large file, rounds, folder for the files,
// which stay there.
#include "authmod/storage/sqlite_store.hpp"
#include "store_load.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

using namespace authmod;
using namespace authmod_benchmark;

constexpr int at_once = 16;
constexpr int logins_a_round = 4'000;

struct site {
    sqlite_store data;
    long long accounts;
    time_point now;                // goes on from login to login, as indices of times expect
    std::vector<double> cpu, wall; // microseconds a login, of each round
};

void fill(site& s) {
    add_staff(s.data);
    auto add = [&](long long n) -> asio::awaitable<void> {
        login_candidate const c = person(n);
        auto made = co_await s.data.finish_login(c);
        if (!made) std::abort();
    };
    run(s.accounts, 512, add);
}

/// A round of logins by people who have been here before.
void measure(site& s, std::mt19937_64& random) {
    auto log_in = [&](long long) -> asio::awaitable<void> {
        login_candidate c = person(static_cast<long long>(random() % static_cast<unsigned long long>(s.accounts)));
        c.new_session.digest = digest(random);
        c.now = s.now += milliseconds(1);
        c.new_session.created_at = c.new_session.seen_at = c.now;
        auto const state = digest(random);
        auto taken = co_await s.data.take_state(state, c.now + std::chrono::minutes(10));
        auto done = co_await s.data.finish_login(c);
        if (!taken || !done || done->what != login_decision::kind::refresh) std::abort();
    };
    auto const cpu = cpu_us();
    auto const start = std::chrono::steady_clock::now();
    run(logins_a_round, at_once, log_in);
    std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - start;
    s.cpu.push_back((cpu_us() - cpu) / logins_a_round);
    s.wall.push_back(wall.count() * 1e6 / logins_a_round);
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
        auto& s = sites.emplace_back(site{sqlite_store::open(file.string()).value(), accounts, {}, {}, {}});
        s.now = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
        if (fresh) fill(s);
        // CPU is asked for, not the disk: a file that is kept is in the system's cache like one just filled.
        std::ifstream kept(file, std::ios::binary);
        for (std::vector<char> part(1 << 20); kept.read(part.data(), static_cast<std::streamsize>(part.size()));) {}
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
