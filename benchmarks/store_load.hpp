// SPDX-License-Identifier: BSL-1.0
// What the programs that load a store share: people who log in, steps side by side, what they cost.
#pragma once

#include "authmod/account/linking.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <random>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace authmod_benchmark {

/// As random as the digests of states and sessions are.
inline std::string digest(std::mt19937_64& random) {
    std::string bytes;
    while (bytes.size() < 32) bytes += static_cast<char>(random() & 0xff);
    return bytes;
}

/// Person number `n`, as a provider describes them at every login.
inline authmod::login_candidate person(long long n) {
    auto const name = "person-" + std::to_string(n);
    authmod::login_candidate c;
    c.module_id = "module";
    c.profile.user_id = "{" + name + "}";
    c.profile.username = name;
    c.profile.full_name = "Person " + std::to_string(n);
    c.profile.email = name + "@example.com";
    c.profile.email_verified = true;
    c.auto_join_groups = {"staff"};
    c.new_account_id = "id-" + name;
    c.now = authmod::from_milliseconds(1'790'000'000'000);
    return c;
}

/// Runs `step(n)` for n below `count`, so many at once, in this thread.
template <class Step>
void run(long long count, int side_by_side, Step& step) {
    boost::asio::io_context context(1);
    long long next = 0;
    auto worker = [&]() -> boost::asio::awaitable<void> {
        while (next < count) co_await step(next++);
    };
    for (int i = 0; i < side_by_side; ++i) boost::asio::co_spawn(context, worker, boost::asio::detached);
    context.run();
}

/// The group that everybody of @ref person joins.
template <class Store>
void add_staff(Store& data) {
    auto add = [&](long long) -> boost::asio::awaitable<void> {
        authmod::group const staff("staff", "Staff");
        authmod::audit_row const row("group_created", staff.id);
        auto made = co_await data.insert_group(staff, row);
        if (!made) std::abort();
    };
    run(1, 1, add);
}

/// Microseconds of this process so far, user and system.
inline double cpu_us() {
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    auto const us = [](timeval t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
    return us(use.ru_utime) + us(use.ru_stime);
}

inline double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace authmod_benchmark
