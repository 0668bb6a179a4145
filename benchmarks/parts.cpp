// SPDX-License-Identifier: BSL-1.0
// Parts of a login, each beside a plain way to do the same: paths, PKCE, URL building, sealing, the check of a session, and
// what the stores do for one login and one check. Google Benchmark's own flags apply.
#include "authmod/crypto/key_ring.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/mapping/attribute_path.hpp"
#include "authmod/module/cached_store.hpp"
#include "authmod/protocol/authorization_request.hpp"
#include "authmod/protocol/pkce.hpp"
#include "authmod/storage/memory_store.hpp"
#include "authmod/storage/sqlite_store.hpp"
#include "store_load.hpp"

#include <benchmark/benchmark.h>
#include <boost/json/parse.hpp>
#include <boost/url/url.hpp>
#include <cstdio>
#include <filesystem>
#include <openssl/evp.h>
#include <string>
#include <unistd.h>
#include <unordered_map>

using namespace authmod;
using namespace authmod_benchmark;

namespace {

// -- paths

void path_of_one_step(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(attribute_path::parse("uuid"));
}

void path_with_selector_and_alternative(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(attribute_path::parse("values[is_primary]/email ?: email"));
}

// -- PKCE: one EVP call and OpenSSL's base64, as it is written by hand

std::string const verifier(43, 'v');

void pkce(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(s256_challenge(verifier));
}

void pkce_by_hand(benchmark::State& state) {
    for (auto _ : state) {
        unsigned char digest[32], text[48];
        unsigned size = 0;
        EVP_Digest(verifier.data(), verifier.size(), digest, &size, EVP_sha256(), nullptr);
        std::string out(reinterpret_cast<char*>(text), static_cast<std::size_t>(EVP_EncodeBlock(text, digest, 32)) - 1);
        for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
        benchmark::DoNotOptimize(out);
    }
}

// -- URL building, beside Boost.URL

authorization_request request() {
    authorization_request r;
    r.authorization_url = "https://bitbucket.org/site/oauth2/authorize";
    r.client_id = "key";
    r.redirect_uri = "https://service.example/callback/bitbucket_cloud";
    r.scope = "account email";
    r.state = std::string(43, 's');
    r.code_challenge = std::string(43, 'c');
    return r;
}

void authorization_url(benchmark::State& state) {
    auto const r = request();
    for (auto _ : state) benchmark::DoNotOptimize(r.to_url());
}

void authorization_url_by_boost_url(benchmark::State& state) {
    auto const r = request();
    for (auto _ : state) {
        boost::urls::url url(r.authorization_url);
        auto parameters = url.params();
        r.for_each_parameter([&](std::string_view name, std::string_view value) {
            parameters.append({boost::urls::string_view(name.data(), name.size()),
                               boost::urls::string_view(value.data(), value.size())});
        });
        benchmark::DoNotOptimize(std::string(url.buffer()));
    }
}

// -- sealing of an attempt

void seal_and_open(benchmark::State& state) {
    auto const ring = key_ring::with_fresh_key().value();
    std::string const attempt(300, 'a');
    for (auto _ : state) {
        auto const sealed = ring.seal("login-attempt", attempt);
        benchmark::DoNotOptimize(ring.open("login-attempt", *sealed));
    }
}

// -- stores

/// One login of somebody who was here before, and its session: what every login asks of a store.
template <class Store>
void log_in(Store& data, std::mt19937_64& random, std::string& session) {
    auto step = [&](long long) -> asio::awaitable<void> {
        login_candidate c = person(static_cast<long long>(random() % 1000));
        session = digest(random);
        c.new_session.digest = session;
        c.new_session.created_at = c.new_session.seen_at = c.now;
        auto const spent = digest(random);
        auto taken = co_await data.take_state(spent, c.now);
        auto done = co_await data.finish_login(c);
        if (!taken || !done) std::abort();
    };
    run(1, 1, step);
}

void memory_login(benchmark::State& state) {
    memory_store data;
    add_staff(data);
    std::mt19937_64 random(7);
    std::string session;
    for (auto _ : state) log_in(data, random, session);
}

void sqlite_login_alone(benchmark::State& state) {
    auto const file = std::filesystem::temp_directory_path() / ("parts-" + std::to_string(getpid()) + ".sqlite");
    {
        auto data = sqlite_store::open(file.string()).value();
        add_staff(data);
        std::mt19937_64 random(7);
        std::string session;
        for (auto _ : state) log_in(data, random, session);
    }
    for (auto const* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}

// -- the check of a session that was looked up a moment ago, from the cookie's text on

void session_check(benchmark::State& state) {
    memory_store data;
    add_staff(data);
    no_metrics metrics;
    detail::store_adapter<memory_store> port(data, metrics);
    cache_options long_lived;
    long_lived.age = std::chrono::hours(1);
    cached_store cached(port, long_lived);
    std::mt19937_64 random(7);
    std::string const id(token_length, 'i');
    auto step = [&](long long) -> asio::awaitable<void> {
        login_candidate c = person(1);
        c.new_session.digest = sha256(id);
        c.new_session.created_at = c.new_session.seen_at = c.now;
        auto done = co_await cached.finish_login(c);
        auto read = co_await cached.read_session(c.new_session.digest);
        if (!done || !read) std::abort();
    };
    run(1, 1, step);
    for (auto _ : state) {
        auto const known = cached.recent_session(sha256(id));
        if (!known) std::abort();
        benchmark::DoNotOptimize(known->user.username.data());
    }
}

/// A map from the session's id to what is known of it: no digest, no limits of age, no other thread.
void session_check_by_hand(benchmark::State& state) {
    std::unordered_map<std::string, session_view> sessions;
    std::string const id(token_length, 'i');
    sessions[id].user.username = "person-1";
    for (auto _ : state) benchmark::DoNotOptimize(sessions.find(id)->second.user.username.data());
}

} // namespace

BENCHMARK(path_of_one_step);
BENCHMARK(path_with_selector_and_alternative);
BENCHMARK(pkce);
BENCHMARK(pkce_by_hand);
BENCHMARK(authorization_url);
BENCHMARK(authorization_url_by_boost_url);
BENCHMARK(seal_and_open);
BENCHMARK(session_check);
BENCHMARK(session_check_by_hand);
BENCHMARK(memory_login);
BENCHMARK(sqlite_login_alone)->UseRealTime();
BENCHMARK_MAIN();
