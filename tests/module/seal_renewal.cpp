// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/seal_renewal.hpp>

#include "support/module_bench.hpp"
#include "support/store_login.hpp"

#include <authmod/module/detail/token_seal.hpp>
#include <authmod/testing/fault_store.hpp>

#include <string>
#include <vector>

using namespace authmod;
using namespace authmod_test;

namespace {

/// The keys of a node, newest first.
key_ring ring_of(std::string_view fills) {
    std::vector<secret> keys;
    for (char c : fills) keys.emplace_back(std::string(key_ring::key_size, c));
    return key_ring::from_keys(keys).value();
}

/// A node whose master keys change while it runs, as those of a restarted one do.
struct rotating_bench : module_bench {
    std::string module;

    rotating_bench() {
        parts.sealer = ring_of("a");
        module = add("one");
    }

    /// Somebody signed in, with the provider's tokens; gives the session's digest.
    std::string keep_tokens(std::string const& name) {
        auto c = candidate(name);
        c.sealed_tokens = detail::seal_tokens(port(), c.new_session.digest, tokens_of(name)).value();
        BOOST_REQUIRE(run(parts.data.finish_login(c)).has_value());
        return c.new_session.digest;
    }

    static kept_tokens tokens_of(std::string const& name) {
        kept_tokens tokens;
        tokens.access_token = secret("token of " + name);
        return tokens;
    }

    sealer_port const& port() { return *engine.parts().sealer; }

    std::string opened(std::string const& digest) {
        auto const held = run(parts.data.find_kept_tokens(digest)).value();
        auto const tokens = detail::open_tokens(port(), digest, held.sealed);
        return tokens ? std::string(tokens->access_token.expose()) : std::string(to_word(tokens.error()));
    }

    seal_counts renew() {
        seal_renewal renewal(engine);
        while (!renewal.done()) BOOST_REQUIRE(run(renewal.step()).has_value());
        return renewal.counts();
    }

    void drop_old_key() {
        parts.sealer = ring_of("b");
        BOOST_REQUIRE(run(engine.catalog().reload()).has_value()); // as after a restart
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(seal_renewal_suite)

BOOST_AUTO_TEST_CASE(N1_a_client_secret_is_sealed_with_the_newest_key_and_the_old_one_may_go) {
    rotating_bench bench;
    auto const revision = bench.record(bench.module).revision;
    BOOST_TEST(bench.renew().renewed == 0);
    BOOST_TEST(bench.record(bench.module).revision == revision);
    bench.parts.sealer = ring_of("ba");
    auto const under_way = bench.begin(bench.module);
    BOOST_TEST(bench.renew().renewed == 1);
    BOOST_TEST(bench.audit().front().event == "client_secret_sealed_again");
    BOOST_TEST(bench.audit().front().author == "system");
    BOOST_TEST(bench.record(bench.module).revision == revision + 1); // whoever read the older seal cannot put it back
    BOOST_TEST(bench.renew().renewed == 0);
    BOOST_TEST(bench.finish(bench.module, under_way).has_value());
    bench.drop_old_key();
    BOOST_TEST(bench.log_in(bench.module).has_value());
}

BOOST_AUTO_TEST_CASE(N1_without_renewal_the_old_key_is_missed) { // so the test above can fail
    rotating_bench bench;
    auto const digest = bench.keep_tokens("ann");
    bench.drop_old_key();
    BOOST_TEST((run(bench.engine.begin_login(bench.module, "/")).error().code == errc::module_disabled));
    BOOST_TEST(bench.opened(digest) == "seal_broken");
    auto const counts = bench.renew();
    BOOST_TEST(counts.lost == 2);
    BOOST_TEST(counts.renewed == 0);
}

BOOST_AUTO_TEST_CASE(N1_typing_the_same_client_secret_seals_it_anew_too) {
    rotating_bench bench;
    auto const rows = bench.audit().size();
    bench.set(bench.module, "client_secret", "canary-secret");
    BOOST_TEST(bench.audit().size() == rows); // the key is the newest: nothing changes
    bench.parts.sealer = ring_of("ba");
    bench.set(bench.module, "client_secret", "canary-secret");
    BOOST_TEST(bench.audit().size() == rows + 1);
    BOOST_TEST(bench.audit().front().event == "client_secret_sealed_again");
    BOOST_TEST(bench.audit().front().author == bench.by.name);
    bench.drop_old_key();
    BOOST_TEST(bench.log_in(bench.module).has_value());
}

BOOST_AUTO_TEST_CASE(N1_kept_tokens_of_any_number_of_sessions_are_sealed_anew) {
    rotating_bench bench;
    std::vector<std::string> digests;
    for (int i = 0; i != 450; ++i) digests.push_back(bench.keep_tokens("person " + std::to_string(i)));
    bench.parts.sealer = ring_of("ba");
    digests.push_back(bench.keep_tokens("late"));
    BOOST_TEST(bench.renew().renewed == 451); // with the client secret, without the late one
    bench.drop_old_key();
    for (std::size_t i = 0; i != 450; ++i)
        BOOST_TEST(bench.opened(digests[i]) == "token of person " + std::to_string(i));
    BOOST_TEST(bench.opened(digests.back()) == "token of late");
}

BOOST_AUTO_TEST_CASE(N1_a_refresh_under_way_keeps_its_right_and_is_looked_at_again) {
    rotating_bench bench;
    auto const digest = bench.keep_tokens("ann");
    auto const old_seal = [&] { return detail::seal_tokens(bench.port(), digest, bench.tokens_of("ann 2")).value(); }();
    auto const now = bench.parts.time.now();
    BOOST_REQUIRE(run(bench.parts.data.claim_kept_tokens(digest, 1, now, now + std::chrono::seconds(30))).has_value());
    bench.parts.sealer = ring_of("ba");
    auto counts = bench.renew();
    BOOST_TEST(counts.busy == 1);
    BOOST_REQUIRE(run(bench.parts.data.put_kept_tokens(digest, old_seal, 1)).has_value()); // by a node with the old key
    counts = bench.renew();
    BOOST_TEST(counts.busy == 0);
    BOOST_TEST(counts.renewed == 1);
    bench.drop_old_key();
    BOOST_TEST(bench.opened(digest) == "token of ann 2");
}

BOOST_AUTO_TEST_CASE(N1_of_two_nodes_that_renew_the_later_one_finds_nothing_left) {
    rotating_bench bench;
    login_engine other(bench.engine.parts(), registry<bitbucket_cloud>(), service_options("https://service.example"));
    BOOST_REQUIRE(run(other.catalog().reload()).has_value());
    bench.parts.sealer = ring_of("ba");
    BOOST_TEST(bench.renew().renewed == 1);
    seal_renewal later(other); // its modules are older than what the first one wrote
    while (!later.done()) BOOST_REQUIRE(run(later.step()).has_value());
    BOOST_TEST(later.counts().renewed == 0);
    BOOST_TEST(later.counts().busy == 1);
    BOOST_TEST(run(other.catalog().renew_seals()).value().busy == 0);
}

BOOST_AUTO_TEST_CASE(O3_a_store_that_fails_is_asked_again_for_the_same_step) {
    policies<recorded_transport, fault_store<memory_store>, fixed_clock, counting_random> parts{recorded_transport()};
    parts.sealer = ring_of("a");
    login_engine engine(parts.as_ports(), registry<bitbucket_cloud>(), service_options("https://service.example"));
    auto c = candidate("ann");
    c.sealed_tokens = detail::seal_tokens(*engine.parts().sealer, c.new_session.digest, kept_tokens()).value();
    BOOST_REQUIRE(run(parts.data.finish_login(c)).has_value());
    parts.sealer = ring_of("ba");
    seal_renewal renewal(engine);
    BOOST_TEST(run(renewal.step()).has_value());
    parts.data.faults.fail_at(1, errc::store_unavailable);
    BOOST_TEST((run(renewal.step()).error() == errc::store_unavailable));
    BOOST_TEST(!renewal.done());
    BOOST_TEST(run(renewal.step()).has_value());
    BOOST_TEST(renewal.done());
    BOOST_TEST(renewal.counts().renewed == 1);
}

BOOST_AUTO_TEST_SUITE_END()
