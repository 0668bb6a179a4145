// SPDX-License-Identifier: BSL-1.0
// What logins and session checks ask of a PostgreSQL server: statements, round trips, CPU of this process. The two
// calls of a login are those of login_engine: its state, its outcome. Arguments: address of an empty database, accounts
// to make in it (they stay, to be weighed). Prints one line of JSON.
#include "authmod/crypto/token.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/module/policies.hpp"
#include "authmod/provider/registry.hpp"
#include "authmod/storage/postgres_store.hpp"
#include "authmod/testing/recorded_transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <sys/resource.h>

using namespace authmod;

namespace {

std::mt19937_64 random_bits(std::random_device{}());

std::string digest() {
    std::string bytes;
    while (bytes.size() < 32) bytes += static_cast<char>(random_bits() & 0xff);
    return bytes;
}

/// Person number `n`, as a provider describes them at every login, with a session.
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
    c.new_account_id = "01m87jcd7h38y" + name;
    c.now = system_clock().now();
    c.new_session.digest = digest();
    c.new_session.module_id = c.module_id;
    c.new_session.csrf = std::string(43, 'c');
    c.new_session.created_at = c.new_session.seen_at = c.now;
    return c;
}

/// Runs `step(n)` `count` times, so many at once, in this thread.
template <class Step>
void run(long long count, int side_by_side, Step& step) {
    asio::io_context context(1);
    long long next = 0;
    auto worker = [&]() -> asio::awaitable<void> {
        while (next < count) co_await step(next++);
    };
    for (int i = 0; i < side_by_side; ++i) asio::co_spawn(context, worker, asio::detached);
    context.run();
}

double cpu_us() {
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    auto const us = [](timeval t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
    return us(use.ru_utime) + us(use.ru_stime);
}

void must(bool good) {
    if (!good) std::abort();
}

/// Measures `count` steps; prints what each took of them.
template <class Step>
void measure(char const* name, postgres_store const& data, long long count, int side_by_side, Step& step) {
    auto const before = data.counts();
    auto const cpu = cpu_us();
    run(count, side_by_side, step);
    auto const after = data.counts();
    auto const each = [&](double total) { return total / static_cast<double>(count); };
    std::printf(R"("%s":{"round_trips":%.3f,"statements":%.3f,"client_cpu_us":%.1f})", name,
                each(static_cast<double>(after.round_trips - before.round_trips)),
                each(static_cast<double>(after.statements - before.statements)), each(cpu_us() - cpu));
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) return std::fprintf(stderr, "usage: benchmark_nodes_store ADDRESS [ACCOUNTS]\n"), 2;
    long long const accounts = argc > 2 ? std::atoll(argv[2]) : 20'000;
    constexpr int at_once = 16;
    auto opened = postgres_store::open(argv[1]);
    if (!opened) return std::fprintf(stderr, "%s\n", opened.error().message().c_str()), 1;
    policies<recorded_transport, postgres_store, system_clock, os_random> parts(recorded_transport(),
                                                                                std::move(*opened));
    auto& data = parts.data;
    auto prepare = [&](long long) -> asio::awaitable<void> {
        group const staff("staff", "Staff");
        audit_row const row("group_created", staff.id);
        auto made = co_await data.insert_group(staff, row);
        must(made.has_value());
    };
    run(1, 1, prepare);

    auto log_in = [&](long long n) -> asio::awaitable<void> {
        auto const c = person(n);
        auto const state = digest();
        auto taken = co_await data.take_state(state, c.now + std::chrono::minutes(10));
        auto done = co_await data.finish_login(c);
        must(taken && done);
    };
    std::printf("{");
    measure("first_login", data, accounts, at_once, log_in);
    std::printf(",");
    measure("later_login", data, accounts, at_once, log_in);

    login_engine engine(parts.as_ports(), registry<>(), service_options("https://service.example"));
    std::string const session(token_length, 's');
    auto sign_in = [&](long long) -> asio::awaitable<void> {
        auto c = person(0);
        c.new_session.digest = digest_of(session);
        auto done = co_await data.finish_login(c);
        must(done.has_value());
    };
    run(1, 1, sign_in);
    auto look = [&](long long) -> asio::awaitable<void> {
        auto found = co_await data.find_session(digest_of(session));
        must(found.has_value());
    };
    auto check = [&](long long) -> asio::awaitable<void> {
        auto known = co_await engine.check_session(session);
        must(known.has_value());
    };
    std::printf(",");
    measure("session_read", data, 1'000, 1, look);
    run(1, 1, check); // the copy is made
    std::printf(",");
    measure("session_check_copied", data, 10'000, 1, check); // a new copy every 0.9 s
    std::printf("}\n");
}
