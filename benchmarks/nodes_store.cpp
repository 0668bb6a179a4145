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
#include "store_load.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

using namespace authmod;
using namespace authmod_benchmark;

namespace {

std::mt19937_64 random_bits(std::random_device{}());

/// Person number `n` with a session.
login_candidate visitor(long long n) {
    auto c = person(n);
    c.new_account_id = "01m87jcd7h38yperson-" + std::to_string(n); // as long as the service's own
    c.now = system_clock().now();
    c.new_session.digest = digest(random_bits);
    c.new_session.module_id = c.module_id;
    c.new_session.csrf = std::string(43, 'c');
    c.new_session.created_at = c.new_session.seen_at = c.now;
    return c;
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
    add_staff(data);

    auto log_in = [&](long long n) -> asio::awaitable<void> {
        auto const c = visitor(n);
        auto const state = digest(random_bits);
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
        auto c = visitor(0);
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
