#include "authmod/storage/postgres_store.hpp"

#include "authmod/storage/detail/postgres_scim_rows.ipp"
#include "authmod/testing/scim_store_contract.hpp"
#include "authmod/testing/store_contract.hpp"
#include "support/private_postgres.hpp"
#include "support/run.hpp"
#include "support/scim_removal.hpp"
#include "support/store_login.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace authmod;
using authmod_test::add_okta;
using authmod_test::candidate;
using authmod_test::digest;
using authmod_test::run;
using namespace std::chrono_literals;
using authmod_test::cuttable_wire;
using authmod_test::private_postgres;
using steady = std::chrono::steady_clock;

namespace {

/// One server for all cases; it ends with the program.
private_postgres& server() {
    static private_postgres one;
    return one;
}

boost::test_tools::assertion_result postgres_is_there(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result there(server().is_there());
    if (!there) there.message() << "PostgreSQL is not installed (apt-get install postgresql-15)";
    return there;
}

/// Runs SQL beside the store; gives the first value.
std::string sql(std::string const& database, std::string const& text) {
    auto const address = detail::pg_address::parse(server().address(database), postgres_options()).value();
    auto connection = detail::pg_connection::open(address).value();
    auto rows = connection->execute(text.c_str()).value();
    return rows.next() ? rows.text(0) : std::string();
}

/// A database of its own for each test; without tables until a store is opened on it.
std::string fresh_database() {
    static int number = 0;
    auto const name = "test_" + std::to_string(++number);
    sql("postgres", "CREATE DATABASE " + name);
    return name;
}

postgres_store open(std::string const& database, postgres_options options = postgres_options()) {
    return postgres_store::open(server().address(database), options).value();
}

postgres_options impatient() {
    postgres_options options;
    options.queue_timeout = 300ms;
    options.statement_timeout = 400ms;
    options.answer_timeout = 600ms;
    return options;
}

/// What no fault may leave behind.
void check_integrity(std::string const& database) {
    auto const none = [&](std::string const& what) {
        BOOST_TEST(sql(database, "SELECT count(*) FROM " + what) == "0", what);
    };
    none("accounts a WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.account_id = a.id)");
    none("accounts a WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE s.account_id = a.id)");
    none("accounts a WHERE NOT EXISTS (SELECT 1 FROM audit r WHERE r.target = a.id AND r.event = 'account_created')");
    none("audit r WHERE r.event = 'account_created' AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = r.target)");
    none("(SELECT 1 FROM audit WHERE event = 'account_created' GROUP BY target HAVING count(*) > 1) doubled");
}

/// Repeats `call` until it succeeds; gives the time that took.
template <class Call>
steady::duration until_success(Call call) {
    auto const start = steady::now();
    while (!call() && steady::now() - start < 20s) std::this_thread::sleep_for(20ms);
    return steady::now() - start;
}

// What SCIM clients write. Each test has one client, `okta` of the module that people log in through.

scim::caller okta() {
    scim::caller by;
    by.client_id = "okta";
    by.module_id = "module";
    by.now = from_milliseconds(1'790'000'000'000);
    return by;
}

scim::user_change user(scim::change_kind what, std::string id, std::string_view members = {}) {
    scim::user_change change;
    change.what = what;
    change.by = okta();
    change.id = std::move(id);
    if (what == scim::change_kind::patch)
        change.operations =
            scim::patch::parse(scim::read_json(std::string(R"({"Operations":[{"op":"replace","value":{)") +
                                               std::string(members) +
                                               R"(}}],)"
                                               R"("schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]})")
                                   .value(),
                               scim::user_type)
                .value();
    if (what == scim::change_kind::create)
        change.body = scim::read_resource(
                          scim::read_json(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":")" +
                                          change.id + '"' + std::string(members) + '}')
                              .value(),
                          scim::user_type)
                          .value();
    return change;
}

scim::group_change add_member(std::string const& who) {
    scim::group_change change;
    change.what = scim::change_kind::patch;
    change.by = okta();
    change.id = "g";
    change.operations =
        scim::patch::parse(scim::read_json(R"({"Operations":[{"op":"add","path":"members","value":[{"value":")" + who +
                                           R"("}]}],"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]})")
                               .value(),
                           scim::group_type)
            .value();
    return change;
}

scim::result_of<scim::user_decision> change_user(postgres_store& s, scim::user_change const& change) {
    return run(s.change_scim_user(change)).value();
}

void add_group(postgres_store& s, int users) {
    add_okta(s);
    for (int i = 0; i < users; ++i)
        BOOST_REQUIRE(change_user(s, user(scim::change_kind::create, "u" + std::to_string(i))).has_value());
    scim::group_change make;
    make.by = okta();
    make.id = "g";
    make.body =
        scim::read_resource(
            scim::read_json(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"G"})").value(),
            scim::group_type)
            .value();
    BOOST_REQUIRE(run(s.change_scim_group(make)).value().has_value());
}

scim::list_query find(std::string_view filter, scim::resource_type const& type = scim::user_type) {
    scim::list_query query;
    query.client_id = "okta";
    query.what.where = scim::filter::parse(filter, type).value();
    return query;
}

} // namespace

BOOST_TEST_DECORATOR(*boost::unit_test::precondition(postgres_is_there))
BOOST_AUTO_TEST_SUITE(postgres_store_test)

BOOST_AUTO_TEST_CASE(O1_it_keeps_the_contract) {
    auto s = open(fresh_database());
    for (int round = 0; round < 2; ++round) { // on a store that is in use, too
        auto const report = check_store_contract(s);
        BOOST_TEST(report.checks.size() >= 45u);
        for (auto const& f : report.failures) BOOST_ERROR(f.check + ": expected " + f.what);
    }
}

BOOST_AUTO_TEST_CASE(O1_it_keeps_the_contract_on_scim) {
    auto s = open(fresh_database());
    for (int round = 0; round < 2; ++round) {
        auto const report = check_scim_store_contract(s);
        BOOST_TEST(report.checks.size() == 7u);
        for (auto const& f : report.failures) BOOST_ERROR(f.check + ": expected " + f.what);
    }
}

BOOST_AUTO_TEST_CASE(a_store_without_a_server_answers) {
    postgres_store s;
    BOOST_TEST((run(s.ping()).error() == errc::store_unavailable));
    BOOST_TEST((run(s.finish_login(candidate("ann"))).error() == errc::store_unavailable));
    BOOST_TEST((run(s.wait_for_news(0, 10ms)).error() == errc::store_unavailable));
    BOOST_TEST(s.counts().round_trips == 0);
    auto opened = postgres_store::open("postgresql://authmod:secret@localhost:1/postgres");
    BOOST_REQUIRE(!opened);
    BOOST_TEST((opened.error().code == errc::store_unavailable));
    BOOST_TEST(!opened.error().details.provider_said.empty());
    BOOST_TEST(opened.error().message().find("secret") == std::string::npos);
    BOOST_TEST((postgres_store::open("postgresql://[").error().code == errc::setting_refused));
    BOOST_TEST((postgres_store::open("postgresql://x?no_such_word=1").error().code == errc::setting_refused));
}

BOOST_AUTO_TEST_CASE(nodes_may_start_at_the_same_time) {
    auto const database = fresh_database();
    std::vector<std::future<bool>> nodes;
    for (int i = 0; i < 8; ++i)
        nodes.push_back(std::async(std::launch::async, [&] {
            auto s = postgres_store::open(server().address(database));
            return s && run(s->ping());
        }));
    for (auto& node : nodes) BOOST_TEST(node.get());
    BOOST_TEST(sql(database, "SELECT count(*) FROM authmod.schema_version") == "1");
}

BOOST_AUTO_TEST_CASE(a_schema_that_is_not_ours_is_left_alone) {
    auto const newer = fresh_database();
    static_cast<void>(open(newer));
    sql(newer, "UPDATE authmod.schema_version SET number = number + 1");
    BOOST_TEST((postgres_store::open(server().address(newer)).error().code == errc::store_schema_unknown));
    auto const foreign = fresh_database();
    sql(foreign, "CREATE SCHEMA authmod; CREATE TABLE authmod.theirs (number int)");
    BOOST_TEST((postgres_store::open(server().address(foreign)).error().code == errc::store_schema_unknown));
    BOOST_TEST(sql(foreign, "SELECT count(*) FROM pg_tables WHERE schemaname = 'authmod'") == "1");
}

BOOST_AUTO_TEST_CASE(a_login_costs_three_round_trips_and_a_session_one) {
    auto s = open(fresh_database());
    auto const c = candidate("ann");
    BOOST_TEST(run(s.finish_login(c)).has_value());
    auto const before = s.counts();
    auto again = candidate("ann");
    again.new_session.digest = digest("ann again");
    BOOST_TEST(run(s.take_state(digest("state"), c.now)).has_value());
    BOOST_TEST(run(s.finish_login(again)).has_value());
    BOOST_TEST(s.counts().round_trips - before.round_trips == 3);
    BOOST_TEST(run(s.find_session(c.new_session.digest)).has_value());
    BOOST_TEST(s.counts().round_trips - before.round_trips == 4);
    BOOST_TEST(s.counts().connects == before.connects);
}

BOOST_AUTO_TEST_CASE(B7_one_of_many_nodes_takes_a_state) {
    auto const database = fresh_database();
    std::vector<postgres_store> nodes;
    for (int i = 0; i < 3; ++i) nodes.push_back(open(database));
    asio::thread_pool pool(4);
    int taken = 0;
    std::vector<std::future<result<void>>> calls;
    auto const state = digest("state");
    for (int i = 0; i < 50; ++i)
        calls.push_back(asio::co_spawn(
            pool, nodes[static_cast<std::size_t>(i % 3)].take_state(state, time_point::max()), asio::use_future));
    for (auto& call : calls) {
        auto const done = call.get();
        if (done) ++taken;
        BOOST_TEST((done || done.error() == errc::state_used));
    }
    BOOST_TEST(taken == 1);
    pool.join();
}

BOOST_AUTO_TEST_CASE(F6_first_logins_on_many_nodes_make_one_account) {
    auto const database = fresh_database();
    std::vector<postgres_store> nodes;
    for (int i = 0; i < 3; ++i) nodes.push_back(open(database));
    asio::thread_pool pool(4);
    std::vector<login_candidate> candidates;
    for (int i = 0; i < 60; ++i) {
        auto c = candidate("person " + std::to_string(i % 2)); // two people with one name and one address
        c.new_account_id = "account " + std::to_string(i);
        c.new_session.digest = digest(c.new_account_id);
        c.profile.username = "john";
        c.profile.email = "john@example.com";
        c.profile.email_verified = true;
        c.linking = account_linking::never;
        candidates.push_back(std::move(c));
    }
    std::vector<std::future<result<login_outcome>>> calls;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        calls.push_back(asio::co_spawn(pool, nodes[i % 3].finish_login(candidates[i]), asio::use_future));
    for (auto& call : calls) {
        auto const done = call.get();
        BOOST_TEST(done.has_value(), (done ? std::string() : std::string(to_word(done.error()))));
    }
    pool.join();
    BOOST_TEST(sql(database, "SELECT count(*) FROM accounts") == "2");
    BOOST_TEST(sql(database, "SELECT count(*) FROM accounts WHERE folded_email <> ''") == "1"); // one holds the address
    BOOST_TEST(sql(database, "SELECT count(*) FROM sessions") == "60");
    BOOST_TEST(sql(database, "SELECT count(*) FROM audit WHERE event = 'account_created'") == "2");
}

BOOST_AUTO_TEST_CASE(G3_no_session_outlives_a_ban_that_it_met) {
    auto const database = fresh_database();
    auto here = open(database), there = open(database);
    asio::thread_pool pool(2);
    for (int i = 0; i < 30; ++i) {
        auto const name = "person " + std::to_string(i);
        BOOST_REQUIRE(run(here.finish_login(candidate(name))).has_value());
        auto again = candidate(name);
        again.new_session.digest = digest(name + " again");
        auto banned = run(here.find_account(name)).value().user;
        banned.banned = true;
        audit_row const row("account_changed", name);
        auto login = asio::co_spawn(pool, here.finish_login(again), asio::use_future);
        auto ban = asio::co_spawn(pool, there.update_account(banned, banned.revision, row), asio::use_future);
        static_cast<void>(login.get());
        BOOST_TEST(ban.get().has_value());
        BOOST_TEST((run(here.find_session(again.new_session.digest)).error() == errc::not_found));
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_scim_client_that_made_many_goes_in_parts) {
    auto const database = fresh_database();
    auto s = open(database), other = open(database);
    add_okta(s);
    constexpr long long number = 3'600;
    sql(database, "CREATE TEMP TABLE many AS SELECT generate_series(1, " + std::to_string(number) +
                      ") AS i; ANALYZE many; " + authmod_test::many_scim_users(number, "'{}'"));
    // No statement may take more than a part: a million would take longer than statements may.
    sql(database, "CREATE FUNCTION authmod.refuse_many() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                  "IF (SELECT count(*) FROM gone) > 1000 THEN RAISE EXCEPTION 'too many'; END IF; RETURN NULL; END $$; "
                  "CREATE TRIGGER refuse_many AFTER DELETE ON authmod.scim_users REFERENCING OLD TABLE AS gone "
                  "EXECUTE FUNCTION authmod.refuse_many()");
    authmod_test::check_removal_in_parts(s, other, number, [&](std::string const& text) {
        return std::stoll(sql(database, "SELECT (" + text + ")::text"));
    });
}

BOOST_AUTO_TEST_CASE(nodes_that_sweep_at_once_share_a_removed_client) {
    auto const database = fresh_database();
    auto s = open(database);
    add_okta(s);
    constexpr long long number = 5'100;
    sql(database, "CREATE TEMP TABLE many AS SELECT generate_series(1, " + std::to_string(number) +
                      ") AS i; ANALYZE many; " + authmod_test::many_scim_users(number, "'{}'"));
    BOOST_TEST(run(s.remove_scim_client("okta", {})).has_value());
    asio::thread_pool pool(4);
    std::vector<std::future<result<long long>>> sweeps;
    for (int i = 0; i < 12; ++i)
        sweeps.push_back(asio::co_spawn(pool, s.sweep(candidate("x").now, session_limits()), asio::use_future));
    long long swept = 0;
    for (auto& sweep : sweeps) swept += sweep.get().value();
    while (auto const more = run(s.sweep(candidate("x").now, session_limits())).value()) swept += more;
    BOOST_TEST(swept == number - authmod_test::released_at_once + 5 + 1);
    BOOST_TEST(sql(database, "SELECT count(*)::text FROM accounts WHERE banned") == std::to_string(number / 3));
    pool.join();
}

BOOST_AUTO_TEST_CASE(more_operations_than_connections_wait_for_their_turn) {
    auto options = postgres_options();
    options.connections = 2;
    auto s = open(fresh_database(), options);
    asio::thread_pool pool(4);
    std::vector<std::future<result<std::vector<group_summary>>>> calls;
    for (int i = 0; i < 200; ++i) calls.push_back(asio::co_spawn(pool, s.list_groups(), asio::use_future));
    for (auto& call : calls) BOOST_TEST(call.get().has_value());
    pool.join();
    BOOST_TEST(s.counts().connects <= 1); // beside the one that opened the store
}

BOOST_AUTO_TEST_CASE(who_waits_gets_the_connection_that_came_back_in_that_moment) {
    postgres_options options;
    options.connections = 1;
    auto s = open(fresh_database(), options);
    asio::thread_pool pool(2);
    int refused = 0;
    for (int round = 0; round < 5'000; ++round) { // the second begins as the first ends, and nobody after it
        auto first = asio::co_spawn(pool, s.list_services(), asio::use_future);
        auto const begin = steady::now() + std::chrono::microseconds(round % 250);
        while (steady::now() < begin) {}
        auto second = asio::co_spawn(pool, s.list_services(), asio::use_future);
        refused += first.get() ? 0 : 1;
        refused += second.get() ? 0 : 1;
    }
    BOOST_TEST(refused == 0);
}

BOOST_AUTO_TEST_CASE(who_waits_too_long_for_a_connection_is_told) {
    auto options = impatient();
    options.connections = 1;
    auto const database = fresh_database();
    auto s = open(database, options);
    BOOST_REQUIRE(run(s.finish_login(candidate("ann"))).has_value());
    auto const address = detail::pg_address::parse(server().address(database), postgres_options()).value();
    auto blocker = detail::pg_connection::open(address).value();
    static_cast<void>(blocker->execute("BEGIN; LOCK TABLE authmod.sessions").value());
    asio::thread_pool pool(2);
    auto const ann = digest("ann");
    auto first = asio::co_spawn(pool, s.find_session(ann), asio::use_future);
    std::this_thread::sleep_for(20ms);
    auto second = asio::co_spawn(pool, s.list_groups(), asio::use_future);
    BOOST_TEST((second.get().error() == errc::store_unavailable)); // nobody gave it a connection
    BOOST_TEST((first.get().error() == errc::store_unavailable));  // the server ended the statement
    static_cast<void>(blocker->execute("ROLLBACK").value());
    BOOST_TEST(run(s.find_session(digest("ann"))).has_value());
    pool.join();
}

BOOST_AUTO_TEST_CASE(connections_that_the_server_ended_are_replaced) {
    auto const database = fresh_database();
    auto s = open(database);
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(run(s.ping()).has_value());
        sql("postgres",
            "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = '" + database + "'");
        BOOST_TEST(run(s.finish_login(candidate("person " + std::to_string(i)))).has_value());
    }
    check_integrity(database);
}

BOOST_AUTO_TEST_CASE(O3_a_server_that_crashed_is_found_again) {
    auto const database = fresh_database();
    auto s = open(database, impatient());
    BOOST_REQUIRE(run(s.finish_login(candidate("ann"))).has_value());
    server().halt();
    BOOST_TEST((run(s.ping()).error() == errc::store_unavailable));
    until_success([&] { return !run(s.ping()); });
    std::this_thread::sleep_for(400ms);
    auto const start = steady::now();
    BOOST_TEST((run(s.take_state(digest("state"), time_point::max())).error() == errc::store_unavailable));
    BOOST_TEST((steady::now() - start < 250ms)); // nobody waits for a server that is known to be away
    server().resume();
    BOOST_TEST((until_success([&] { return run(s.ping()).has_value(); }) < 5s));
    BOOST_TEST(run(s.find_session(digest("ann"))).has_value());
    BOOST_TEST(run(s.take_state(digest("state"), time_point::max())).has_value());
}

BOOST_AUTO_TEST_CASE(O3_a_server_that_hangs_keeps_nobody) {
    auto s = open(fresh_database(), impatient());
    BOOST_REQUIRE(run(s.ping()).has_value());
    server().freeze();
    auto const start = steady::now();
    auto const answer = run(s.finish_login(candidate("ann")));
    auto const took = steady::now() - start;
    server().thaw();
    BOOST_TEST((answer.error() == errc::store_unavailable));
    BOOST_TEST((took < 4s));
    BOOST_TEST((until_success([&] { return run(s.finish_login(candidate("bob"))).has_value(); }) < 5s));
}

BOOST_AUTO_TEST_CASE(a_lost_answer_to_a_commit_leaves_nobody_in_doubt) {
    for (auto const cut : {cuttable_wire::verdict::cut_before, cuttable_wire::verdict::cut_after}) {
        auto const database = fresh_database();
        std::atomic<bool> done = true; // the tables are committed too
        cuttable_wire wire(server().port(), [&](std::string_view sent) {
            if (done || sent.find("COMMIT") == sent.npos) return cuttable_wire::verdict::pass;
            done = true;
            return cut;
        });
        auto s = postgres_store::open(server().address_at(wire.port(), database) + "?sslmode=disable").value();
        done = false;
        auto const outcome = run(s.finish_login(candidate("ann")));
        BOOST_TEST(done.load());
        BOOST_REQUIRE(outcome.has_value());
        BOOST_TEST((outcome->what == login_decision::kind::create));
        BOOST_TEST(outcome->groups.size() == 1u);
        BOOST_TEST(sql(database, "SELECT count(*) FROM audit WHERE event = 'login'") == "1");
        check_integrity(database);
    }
}

// A server gives numbers of transactions again that it had not on disk when it crashed: those who ask what became of
// theirs may meet somebody else's.
BOOST_AUTO_TEST_CASE(a_commit_that_a_crash_has_lost_is_not_taken_for_the_one_that_has_its_number_now) {
    auto const database = fresh_database();
    std::atomic<bool> done = true;
    cuttable_wire wire(server().port(), [&](std::string_view sent) {
        if (done || sent.find("COMMIT") == sent.npos) return cuttable_wire::verdict::pass;
        done = true;
        server().halt();
        server().resume();
        for (int i = 0; i != 50; ++i) sql(database, "SELECT pg_current_xact_id()"); // each a number, each committed
        return cuttable_wire::verdict::cut_before;
    });
    auto s = postgres_store::open(server().address_at(wire.port(), database) + "?sslmode=disable").value();
    done = false;
    auto const outcome = run(s.finish_login(candidate("ann")));
    BOOST_TEST(done.load());
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST(run(s.find_session(digest("ann"))).has_value()); // what was answered is there
    BOOST_TEST(sql(database, "SELECT count(*) FROM audit WHERE event = 'login'") == "1");
    check_integrity(database);
}

BOOST_AUTO_TEST_CASE(O2_a_wire_cut_at_any_packet_leaves_nothing_half_made) {
    auto const database = fresh_database();
    static_cast<void>(open(database));
    using verdict = cuttable_wire::verdict;
    for (auto const cut : {verdict::cut_before, verdict::cut_after})
        for (int n = 1, packets = n; n <= packets; ++n) {
            std::atomic<int> seen = 0, limit = 0;
            cuttable_wire wire(server().port(), [&](std::string_view) {
                int const number = ++seen;
                return limit != 0 && number >= limit ? verdict(cut) : verdict::pass;
            });
            auto s = postgres_store::open(server().address_at(wire.port(), database) + "?sslmode=disable", impatient())
                         .value();
            auto const name = "person " + std::to_string(n) + (cut == verdict::cut_before ? " before" : " after");
            int const start = seen;
            limit = start + n; // from there on every packet of every connection
            auto const outcome = run(s.finish_login(candidate(name)));
            packets = std::max(packets, std::min(seen - start, 6));
            auto const written = sql(database, "SELECT count(*) FROM accounts WHERE id = '" + name + "'");
            if (outcome) BOOST_TEST(written == "1");
            check_integrity(database);
        }
}

BOOST_AUTO_TEST_CASE(other_nodes_hear_of_changed_modules) {
    auto const database = fresh_database();
    auto here = open(database), there = open(database);
    auto const seen = run(here.wait_for_news(0, 10s)).value().modules; // another version than none: at once
    BOOST_TEST(run(here.wait_for_news(seen, 30ms)).value().modules == seen);
    module_record m;
    m.id = "module";
    m.name = "Module";
    m.settings = "{}";
    asio::thread_pool pool(1);
    auto const start = steady::now();
    auto news = asio::co_spawn(pool, here.wait_for_news(seen, 10s), asio::use_future);
    std::this_thread::sleep_for(100ms);
    audit_row const row("module_created", m.id);
    BOOST_TEST(run(there.insert_module(m, row)).has_value());
    BOOST_TEST(news.get().value().modules > seen);
    BOOST_TEST((steady::now() - start < 5s));
    auto const next = run(here.wait_for_news(seen, 10s)).value().modules;
    m.enabled = true;
    BOOST_TEST(run(there.update_module(m, 1, row, false)).has_value());
    BOOST_TEST(run(here.wait_for_news(next, 10s)).value().modules > next);
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_lost_notification_of_modules_costs_the_limit_only) {
    auto const database = fresh_database();
    auto here = open(database);
    auto const seen = run(here.wait_for_news(0, 10s)).value().modules;
    sql(database, "UPDATE authmod.modules_version SET number = number + 1"); // told to nobody
    BOOST_TEST(run(here.wait_for_news(seen, 50ms)).value().modules > seen);
}

BOOST_AUTO_TEST_CASE(G3_other_nodes_hear_whose_sessions_and_tokens_have_ended) {
    auto const database = fresh_database();
    auto here = open(database), there = open(database);
    auto const seen = run(here.wait_for_news(0, 10s)).value().modules;
    audit_row const row("test", "test");
    auto const log_in = [&](std::string const& name) {
        BOOST_REQUIRE(run(there.finish_login(candidate(name))).has_value());
    };
    auto const find = [&](std::string const& name) { return run(there.find_account(name)).value().user; };
    auto const ban = [&](std::string const& name) {
        auto banned = find(name);
        banned.banned = true;
        return run(there.update_account(banned, banned.revision, row));
    };
    provider_logout logout;
    logout.module_id = "module";
    logout.provider_session = "sid";
    logout.token_digest = digest("logout token");
    logout.remember_until = time_point::max();
    for (auto const* name : {"ann", "bob", "cem", "dan"}) log_in(name);
    auto at_provider = candidate("eve");
    at_provider.new_session.provider_session = "sid";
    BOOST_REQUIRE(run(there.finish_login(at_provider)).has_value());

    struct change {
        std::string key;
        std::function<result<void>()> make;
    };

    std::vector<change> const changes = {
        {digest("ann"), [&] { return run(there.end_session(digest("ann"), row)); }},
        {"ann", [&] { return run(there.end_sessions_of("ann", row)); }},
        {"bob", [&] { return ban("bob"); }},
        {"cem", [&] { return run(there.remove_account("cem", row)); }},
        {"dan", [&] { return run(there.put_member(admins_id, "dan", row)); }},
        {"dan", [&] { return run(there.remove_member(admins_id, "dan", row)); }},
        {"eve",
         [&] {
             auto ended = run(there.end_sessions_at_provider(logout, row));
             return ended ? result<void>() : result<void>(ended.error());
         }},
    };
    for (auto const& one : changes) {
        BOOST_TEST(one.make().has_value());
        auto const news = run(here.wait_for_news(seen, 10s)).value();
        BOOST_TEST(news.modules == seen);
        BOOST_REQUIRE(news.keys.size() == 1u); // logins, which are many, tell nothing
        BOOST_TEST(news.keys.front() == one.key);
    }
    BOOST_REQUIRE(run(there.insert_group(group("g", "g"), row)).has_value());
    BOOST_REQUIRE(run(there.remove_group("g", row)).has_value()); // its members are everybody, for all we know
    BOOST_TEST(run(here.wait_for_news(seen, 10s)).value().keys.at(0).empty());
    BOOST_TEST((run(there.end_session(digest("nobody"), row)).error() == errc::not_found));
    BOOST_TEST(run(here.wait_for_news(seen, 50ms)).value().keys.empty()); // nothing happened
}

BOOST_AUTO_TEST_CASE(G3_after_a_new_connection_everything_is_news) {
    auto const database = fresh_database();
    auto here = open(database);
    auto const seen = run(here.wait_for_news(0, 10s)).value();
    BOOST_REQUIRE(seen.keys.size() == 1u);
    BOOST_TEST(seen.keys.front().empty());
    BOOST_TEST(run(here.wait_for_news(seen.modules, 10ms)).value().keys.empty());
    sql("postgres", "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = '" + database + "'");
    result<store_news> again = errc::store_unavailable;
    until_success([&] { return (again = run(here.wait_for_news(seen.modules, 10s))).has_value(); });
    BOOST_REQUIRE(again.has_value());
    BOOST_REQUIRE(again->keys.size() == 1u); // whatever was told in between was told to nobody
    BOOST_TEST(again->keys.front().empty());
}

BOOST_AUTO_TEST_CASE(J1_a_server_elsewhere_proves_itself) {
    auto const database = fresh_database();
    auto const at = [&](std::string const& host, std::string const& words) {
        auto opened = postgres_store::open(server().address(database, host) + words);
        return opened.has_value();
    };
    BOOST_TEST(at("localhost", ""));
    BOOST_TEST(at("localhost", "?sslmode=verify-full&sslrootcert=" + server().certificate()));
    BOOST_TEST(at("localhost", "?sslmode=require"));
    BOOST_TEST(!at("127.0.0.1", "?sslmode=verify-full&sslrootcert=" + server().certificate())); // another name
    BOOST_TEST(!at("127.0.0.2", "")); // not known to be this machine: verify-full
    BOOST_TEST(at("127.0.0.2", "?sslmode=disable"));
}

BOOST_AUTO_TEST_CASE(text_that_cannot_be_stored_is_not_found) {
    auto s = open(fresh_database());
    BOOST_TEST((run(s.find_account("\xff")).error() == errc::not_found));
    BOOST_TEST((run(s.find_account(std::string("a\0b", 3))).error() == errc::not_found));
    BOOST_TEST(run(s.ping()).has_value());
}

BOOST_AUTO_TEST_CASE(pages_of_accounts_and_audit_come_from_indices) {
    auto const database = fresh_database();
    auto s = open(database);
    sql(database,
        "INSERT INTO accounts SELECT 'a' || n, 'u' || n, '', 'e' || n, true, '', false, '', 'm', '{}', 0, 0, "
        "'u' || n, 'e' || n, 1 FROM generate_series(1, 20000) n; "
        "INSERT INTO links SELECT 'm', n::text, 'a' || n, 0, 0 FROM generate_series(1, 20000) n; "
        "INSERT INTO audit (at, author, address, event, target, module_id, field, old_value, new_value, reason) "
        "SELECT n, 'login', '', 'login', 'a' || n, 'm', '', '', '', '' FROM generate_series(1, 20000) n; "
        "ANALYZE");
    auto const reads = [&] {
        return std::stoll(sql(database, "SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables"));
    };
    std::this_thread::sleep_for(1100ms); // backends report what they did once a second
    BOOST_TEST(run(s.ping()).has_value());
    auto const before = reads();
    account_filter page;
    page.limit = 10;
    page.after = "a5";
    BOOST_TEST(run(s.list_accounts(page)).value().size() == 10u);
    page.module_id = "m";
    BOOST_TEST(run(s.list_accounts(page)).value().size() == 10u);
    page = account_filter();
    page.search = "U1999";
    BOOST_TEST(run(s.list_accounts(page)).value().size() == 11u);
    audit_filter rows;
    rows.target = "a77";
    BOOST_TEST(run(s.list_audit(rows)).value().size() == 1u);
    rows = audit_filter();
    rows.author = "admin-token";
    BOOST_TEST(run(s.list_audit(rows)).value().empty());
    BOOST_TEST(run(s.finish_login(candidate("ann"))).has_value());
    std::this_thread::sleep_for(1100ms);
    BOOST_TEST(run(s.ping()).has_value());
    std::this_thread::sleep_for(100ms);
    BOOST_TEST(reads() - before < 1000);
}

BOOST_AUTO_TEST_CASE(tables_of_an_older_version_grow_while_nodes_start) {
    auto const database = fresh_database();
    std::string old = "CREATE SCHEMA authmod; CREATE TABLE schema_version (number bigint NOT NULL); "
                      "INSERT INTO schema_version VALUES (2);";
    for (int version = 0; version < 2; ++version) old += detail::pg_schema_steps[version];
    sql(database,
        old + "INSERT INTO accounts VALUES ('ann', 'Ann', '', '', false, '', false, '', 'm', '{}', 0, 0, 'ann', "
              "'', 1)");
    std::vector<std::future<postgres_store>> nodes;
    for (int i = 0; i < 4; ++i) nodes.push_back(std::async(std::launch::async, [&] { return open(database); }));
    std::vector<postgres_store> started;
    for (auto& node : nodes) started.push_back(node.get());
    BOOST_TEST(run(started[0].find_account("ann")).value().user.username == "Ann");
    add_okta(started[1]);
    BOOST_TEST(change_user(started[2], user(scim::change_kind::create, "ANN")).error().status == 409);
    BOOST_TEST(change_user(started[3], user(scim::change_kind::create, "bob")).has_value());
    BOOST_TEST(run(started[0].list_scim_clients()).value().front().users == 1);
}

BOOST_AUTO_TEST_CASE(O1_member_adds_on_three_nodes_lose_none) {
    auto const database = fresh_database();
    std::vector<postgres_store> nodes;
    for (int i = 0; i < 3; ++i) nodes.push_back(open(database));
    add_group(nodes[0], 50);
    asio::thread_pool pool(4);
    std::vector<scim::group_change> adds;
    for (int i = 0; i < 50; ++i) adds.push_back(add_member("u" + std::to_string(i)));
    std::vector<std::future<scim::answer<scim::group_decision>>> calls;
    for (std::size_t i = 0; i < adds.size(); ++i)
        calls.push_back(asio::co_spawn(pool, nodes[i % 3].change_scim_group(adds[i]), asio::use_future));
    for (auto& call : calls) BOOST_TEST(call.get().value().has_value());
    pool.join();
    auto const view = run(nodes[1].find_scim_group("okta", "g", true)).value();
    BOOST_TEST(view.members.size() == 50u);
    BOOST_TEST(view.what.version == 51);
    BOOST_TEST(sql(database, "SELECT count(*) FROM audit WHERE event = 'scim_group_changed'") == "50");
}

BOOST_AUTO_TEST_CASE(G3_no_session_outlives_the_end_of_a_user_that_it_met) {
    auto const database = fresh_database();
    auto here = open(database), there = open(database);
    add_okta(here);
    asio::thread_pool pool(2);
    for (int i = 0; i < 30; ++i) {
        auto const name = "person " + std::to_string(i);
        BOOST_REQUIRE(change_user(here, user(scim::change_kind::create, name)).has_value());
        if (i % 2 == 0)
            BOOST_REQUIRE(run(here.finish_login(candidate(name))).has_value()); // else it is the first login
        auto again = candidate(name);
        again.new_session.digest = digest(name + " again");
        auto const off = user(scim::change_kind::patch, name, R"("active":false)");
        auto login = asio::co_spawn(pool, here.finish_login(again), asio::use_future);
        auto end = asio::co_spawn(pool, there.change_scim_user(off), asio::use_future);
        static_cast<void>(login.get());
        BOOST_TEST(end.get().value().has_value());
        BOOST_TEST((run(here.find_session(again.new_session.digest)).error() == errc::not_found));
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(O2_of_two_people_who_fit_one_user_one_joins_it) {
    auto const database = fresh_database();
    auto here = open(database), there = open(database);
    add_okta(here);
    asio::thread_pool pool(2);
    for (int i = 0; i < 20; ++i) {
        auto const address = "ann" + std::to_string(i) + "@example.com";
        BOOST_REQUIRE(change_user(here, user(scim::change_kind::create, address)).has_value());
        std::vector<login_candidate> people;
        for (auto const* who : {"left ", "right "}) {
            auto& c = people.emplace_back(candidate(who + std::to_string(i)));
            c.profile.email = address;
            c.profile.email_verified = true;
            c.linking = account_linking::never; // who comes second is somebody else
        }
        auto left = asio::co_spawn(pool, here.finish_login(people[0]), asio::use_future);
        auto right = asio::co_spawn(pool, there.finish_login(people[1]), asio::use_future);
        int joined = 0;
        for (auto* login : {&left, &right}) joined += login->get().value().who.id == address;
        BOOST_TEST(joined == 1);
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(O2_a_member_added_over_a_wire_that_is_cut_is_in_or_not) {
    auto const database = fresh_database();
    auto s = open(database);
    add_group(s, 20);
    using verdict = cuttable_wire::verdict;
    int who = 0;
    for (auto const cut : {verdict::cut_before, verdict::cut_after})
        for (int n = 1; n <= 4; ++n, ++who) {
            std::atomic<int> seen = 0, limit = 0;
            cuttable_wire wire(server().port(), [&](std::string_view) {
                int const number = ++seen;
                return limit != 0 && number >= limit ? verdict(cut) : verdict::pass;
            });
            auto node =
                postgres_store::open(server().address_at(wire.port(), database) + "?sslmode=disable", impatient())
                    .value();
            auto const before = run(s.find_scim_group("okta", "g", true)).value();
            limit = seen + n; // from there on every packet of every connection
            auto const add = add_member("u" + std::to_string(who));
            auto const answer = run(node.change_scim_group(add));
            auto const after = run(s.find_scim_group("okta", "g", true)).value();
            auto const rows = sql(database, "SELECT count(*) FROM audit WHERE event = 'scim_group_changed'");
            BOOST_TEST(after.members.size() - before.members.size() ==
                       static_cast<std::size_t>(after.what.version - before.what.version));
            BOOST_TEST(rows == std::to_string(after.what.version - 1));
            if (answer) BOOST_TEST(after.what.version == before.what.version + 1);
        }
}

BOOST_AUTO_TEST_CASE(scim_filters_pages_and_changes_come_from_indices) {
    auto const database = fresh_database();
    auto s = open(database);
    add_group(s, 0);
    sql(database,
        "INSERT INTO accounts SELECT 'a' || n, 'u' || n, '', 'e' || n, true, '', false, '', 'm', '{}', 0, 0, "
        "'u' || n, 'e' || n, 1 FROM generate_series(1, 20000) n; "
        "INSERT INTO scim_users SELECT 'a' || n, 'okta', 'x' || n, 'u' || n, 'd' || n, '', true, n, n, 1, "
        "'{\"userName\":\"u' || n || '\"}' FROM generate_series(1, 20000) n; "
        "INSERT INTO scim_emails SELECT 'e' || n, 'a' || n FROM generate_series(1, 20000) n; "
        "INSERT INTO memberships SELECT 'a' || n, 'g', 'scim:okta' FROM generate_series(1, 20000) n; ANALYZE");
    auto const reads = [&] {
        return std::stoll(sql(database, "SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables "
                                        "WHERE relname <> 'scim_clients'")); // of one row
    };
    std::this_thread::sleep_for(1100ms); // backends report what they did once a second
    BOOST_TEST(run(s.ping()).has_value());
    auto const before = reads();
    for (auto filter :
         {R"(userName eq "U77")", R"(externalId eq "x77")", R"(id eq "a77")", R"(displayName eq "D77")",
          R"(emails.value eq "e77")", R"(emails.value sw "E19999" and active eq true)",
          R"(userName eq "u1" or externalId eq "x2")", R"(meta.lastModified gt "1970-01-01T00:00:19.990Z")"})
        BOOST_TEST_CONTEXT(filter) {
            auto const query = find(filter);
            auto const total = run(s.list_scim_users(query)).value().value().total;
            BOOST_TEST((total >= 1 && total <= 11));
        }
    scim::list_query page;
    page.client_id = "okta";
    auto const first = run(s.list_scim_users(page)).value().value();
    BOOST_TEST((first.total == 20'000 && first.items.size() == 100u && first.items[7].who.id == "a8"));
    BOOST_TEST(first.items[7].groups.size() == 1u);
    auto found = find(R"(id eq "g" and members eq "a77")", scim::group_type);
    found.what.shown = scim::projection::parse("", "members", scim::group_type).value(); // as Entra asks
    BOOST_TEST(run(s.list_scim_groups(found)).value().value().total == 1);
    auto const add = add_member("a77");
    BOOST_TEST(run(s.change_scim_group(add)).value().value().result.version == 1); // it is in
    BOOST_TEST(change_user(s, user(scim::change_kind::patch, "a77", R"("title":"x")")).has_value());
    BOOST_TEST(run(s.finish_login(candidate("u78"))).value().who.id == "a78");
    std::this_thread::sleep_for(1100ms);
    BOOST_TEST(run(s.ping()).has_value());
    std::this_thread::sleep_for(100ms);
    BOOST_TEST(reads() - before < 1000);
}

BOOST_AUTO_TEST_CASE(filters_of_any_shape_leave_nothing_behind) {
    auto const database = fresh_database();
    auto s = open(database);
    add_okta(s);
    auto options = postgres_options();
    options.connections = 1;
    auto const address = detail::pg_address::parse(server().address(database), options).value();
    auto const pool = std::make_shared<detail::pg_pool>(address, options);
    auto const kept = [&] {
        detail::pg_batch ask;
        ask.add("SELECT count(*) FROM pg_prepared_statements");
        auto answer = run(detail::pg_ask(pool, ask)).value();
        answer.front().next();
        return answer.front().number(0);
    };
    auto const before = kept();
    std::string filter = R"(userName eq "u")";
    for (int i = 0; i < 20; ++i) {
        filter += R"( or externalId eq "x")";
        auto const query = find(filter);
        BOOST_TEST(run(detail::pg_list_scim<detail::pg_scim_users>(pool, query)).value().value().total == 0);
    }
    BOOST_TEST(kept() == before);
}

BOOST_AUTO_TEST_CASE(a_name_that_no_index_takes_is_the_clients_fault) {
    auto s = open(fresh_database());
    add_group(s, 1);
    std::string noise; // long, and nothing makes it shorter
    for (unsigned n = 1; noise.size() < 20'000; n = n * 1664525 + 1013904223)
        noise += static_cast<char>('!' + 2 + n / 65536 % 56);
    BOOST_TEST(
        change_user(s, user(scim::change_kind::create, "bob", ",\"displayName\":\"" + noise + '"')).error().status ==
        400);
    BOOST_TEST(run(s.ping()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
