#include "authmod/storage/sqlite_store.hpp"

#include "authmod/storage/detail/sqlite_rows.ipp"
#include "authmod/testing/store_contract.hpp"
#include "support/run.hpp"
#include "support/scim_removal.hpp"
#include "support/scratch.hpp"
#include "support/store_login.hpp"
#include "test_paths.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace authmod;
using authmod_test::add_okta;
using authmod_test::candidate;
using authmod_test::digest;
using authmod_test::run;
using authmod_test::scratch;

namespace {

sqlite_options impatient() {
    sqlite_options options;
    options.busy_timeout = milliseconds(50);
    return options;
}

std::string bytes_of(std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What version 1 of the store wrote, as SQL.
std::string version_1() {
    return bytes_of(AUTHMOD_TEST_DATA "/sqlite_schema_1.sql") +
           "PRAGMA application_id = 1635087469; PRAGMA user_version = 1; PRAGMA journal_mode = WAL";
}

long long count(SQLite::Database& db, std::string const& sql) { return db.execAndGet(sql).getInt64(); }

/// What no crash and no full disk may leave behind.
void check_integrity(std::string const& file) {
    SQLite::Database db(file, SQLite::OPEN_READWRITE, 1'000);
    BOOST_TEST(db.execAndGet("PRAGMA integrity_check").getString() == "ok");
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM pragma_foreign_key_check").getInt() == 0);
    BOOST_TEST(count(db, "SELECT count(*) FROM accounts a WHERE NOT EXISTS "
                         "(SELECT 1 FROM links l WHERE l.account_id = a.id)") == 0);
    BOOST_TEST(count(db, "SELECT count(*) FROM accounts a WHERE NOT EXISTS "
                         "(SELECT 1 FROM sessions s WHERE s.account_id = a.id)") == 0);
    BOOST_TEST(count(db, "SELECT count(*) FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM audit r WHERE "
                         "r.target = a.id AND r.event = 'account_created')") == 0);
    BOOST_TEST(count(db, "SELECT count(*) FROM audit r WHERE r.event = 'account_created' AND NOT EXISTS "
                         "(SELECT 1 FROM accounts a WHERE a.id = r.target)") == 0);
}

/// Runs `work` in a process of its own; gives its exit code.
template <class Work>
int in_child(Work work) {
    auto const child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_store_test)

BOOST_AUTO_TEST_CASE(O1_F1_F6_it_keeps_the_contract) {
    scratch dir;
    for (int round = 0; round < 2; ++round) { // the second on the file of the first
        auto s = sqlite_store::open(dir / "a.db");
        BOOST_REQUIRE(s);
        auto const report = check_store_contract(*s);
        BOOST_TEST(report.checks.size() >= 45u);
        for (auto const& f : report.failures) BOOST_ERROR(f.check + ": expected " + f.what);
    }
}

BOOST_AUTO_TEST_CASE(its_files_are_for_their_owner_alone) {
    scratch dir;
    auto s = sqlite_store::open(dir / "a.db");
    BOOST_REQUIRE(s);
    BOOST_TEST(run(s->ping()).has_value());
    for (auto const& entry : std::filesystem::directory_iterator(dir.path())) {
        struct stat info {};

        BOOST_REQUIRE(::stat(entry.path().c_str(), &info) == 0);
        BOOST_TEST_CONTEXT(entry.path()) BOOST_TEST((info.st_mode & 0777u) == 0600u);
    }
}

BOOST_AUTO_TEST_CASE(what_was_written_is_there_after_reopening) {
    scratch dir;
    auto const c = candidate("somebody");
    {
        auto s = sqlite_store::open(dir / "a.db");
        BOOST_REQUIRE(s);
        BOOST_TEST(run(s->finish_login(c)).has_value());
        BOOST_TEST(run(s->take_state(digest("state"), c.now)).has_value());
    }
    auto s = sqlite_store::open(dir / "a.db");
    BOOST_REQUIRE(s);
    BOOST_TEST(run(s->find_session(c.new_session.digest)).has_value());
    BOOST_TEST((run(s->take_state(digest("state"), c.now)).error() == errc::state_used));
    check_integrity(dir / "a.db");
}

/// Opens what a machine that goes down now would leave: the files as they are, without the shared memory.
template <class Look>
void after_a_crash(scratch& dir, Look look) {
    for (auto const* end : {"", "-wal"}) {
        auto const from = dir / "a.db" + end, to = dir / "crashed.db" + end;
        std::filesystem::remove(to);
        if (std::filesystem::exists(from)) std::filesystem::copy_file(from, to);
    }
    SQLite::Database db(dir / "crashed.db", SQLite::OPEN_READWRITE);
    BOOST_TEST(db.execAndGet("PRAGMA integrity_check").getString() == "ok");
    look(db);
}

BOOST_AUTO_TEST_CASE(O2_what_is_answered_is_in_the_files) {
    scratch dir;
    auto s = sqlite_store::open(dir / "a.db").value();
    for (int i = 1; i <= 20; ++i) {
        BOOST_TEST(run(s.take_state(digest("state " + std::to_string(i)), time_point())).has_value());
        after_a_crash(dir, [&](SQLite::Database& db) { BOOST_TEST(count(db, "SELECT count(*) FROM states") == i); });
    }
    auto c = candidate("somebody"); // more than waits in memory
    c.avatar.emplace();
    c.avatar->media_type = "image/png";
    c.avatar->bytes.assign(700'000, 'x');
    BOOST_TEST(run(s.finish_login(c)).has_value());
    after_a_crash(dir,
                  [](SQLite::Database& db) { BOOST_TEST(count(db, "SELECT length(bytes) FROM avatars") == 700'000); });
}

BOOST_AUTO_TEST_CASE(O2_a_transaction_larger_than_the_cache_reads_what_it_wrote_and_can_be_taken_back) {
    scratch dir;
    { std::ofstream const made(dir / "a.db"); }
    detail::sqlite_connection writer(dir / "a.db", milliseconds(1'000), std::make_unique<detail::sqlite_log_buffer>());
    writer.execute("PRAGMA journal_mode=WAL; PRAGMA cache_size=20; CREATE TABLE t (n INTEGER PRIMARY KEY, x BLOB)");
    auto const fill = [&](int first, int last) {
        for (int n = first; n <= last; ++n) detail::sqlite_run(writer, "INSERT INTO t VALUES (?1, zeroblob(3000))", n);
    };
    auto const number = [&] {
        detail::sqlite_query row(writer, "SELECT count(*) FROM t WHERE length(x) = 3000");
        return row.next() ? row.number(0) : -1;
    };
    writer.execute("BEGIN");
    fill(1, 1'000);
    BOOST_TEST(number() == 1'000);
    writer.execute("SAVEPOINT one");
    fill(1'001, 2'000);
    writer.execute("ROLLBACK TO one; RELEASE one");
    BOOST_TEST(number() == 1'000);
    writer.execute("COMMIT; BEGIN");
    fill(2'001, 3'000);
    after_a_crash(dir, [](SQLite::Database& db) { BOOST_TEST(count(db, "SELECT count(*) FROM t") == 1'000); });
    writer.execute("ROLLBACK");
    BOOST_TEST(number() == 1'000);
    fill(3'001, 3'010); // after the log has begun anew
    writer.execute("PRAGMA wal_checkpoint(RESTART)");
    fill(3'011, 3'020);
    BOOST_TEST(number() == 1'020);
    after_a_crash(dir, [](SQLite::Database& db) { BOOST_TEST(count(db, "SELECT count(*) FROM t") == 1'020); });
}

BOOST_AUTO_TEST_CASE(O3_a_store_that_is_not_open_answers_unavailable) {
    sqlite_store closed;
    BOOST_TEST((run(closed.ping()).error() == errc::store_unavailable));
    BOOST_TEST((run(closed.take_state(digest("x"), time_point())).error() == errc::store_unavailable));
    BOOST_TEST((run(closed.find_session(digest("x"))).error() == errc::store_unavailable));

    scratch dir;
    closed = sqlite_store::open(dir / "a.db").value();
    BOOST_TEST(run(closed.ping()).has_value());
    auto const moved = std::move(closed);
    BOOST_TEST((run(closed.ping()).error() == errc::store_unavailable));
}

BOOST_AUTO_TEST_CASE(names_without_a_file_are_refused) {
    BOOST_TEST((sqlite_store::open("").error() == errc::setting_refused));
    BOOST_TEST((sqlite_store::open(":memory:").error() == errc::setting_refused));
    scratch dir;
    BOOST_TEST((sqlite_store::open(dir / "none/a.db").error() == errc::store_unavailable));
    BOOST_TEST((sqlite_store::open(dir.path()).error() == errc::store_unavailable));
}

BOOST_AUTO_TEST_CASE(databases_of_others_and_of_newer_versions_stay_untouched) {
    scratch dir;
    auto const refused = [&](char const* name, char const* sql) {
        auto const file = dir / name;
        { SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql); }
        auto const before = bytes_of(file);
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST((sqlite_store::open(file).error() == errc::store_schema_unknown));
            BOOST_TEST((bytes_of(file) == before));
        }
    };
    refused("tables.db", "CREATE TABLE t (x)");
    refused("application.db", "PRAGMA application_id = 1");
    refused("version.db", "PRAGMA user_version = 1");
    { BOOST_REQUIRE(sqlite_store::open(dir / "newer.db")); }
    refused("newer.db", ("PRAGMA user_version = " + std::to_string(detail::sqlite_schema_version + 1)).c_str());
    { BOOST_REQUIRE(sqlite_store::open(dir / "older.db")); }
    refused("older.db", "PRAGMA user_version = 0");
}

BOOST_AUTO_TEST_CASE(a_file_of_version_1_moves_forward_with_everything_in_it) {
    scratch dir;
    auto const file = dir / "a.db";
    { SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(version_1()); }
    auto s = sqlite_store::open(file);
    BOOST_REQUIRE(s);
    auto const ann = run(s->find_account("id-ann"));
    BOOST_REQUIRE(ann);
    BOOST_TEST(ann->user.full_name == "ann it's");
    BOOST_TEST(ann->user.email == "ann@example.com");
    BOOST_TEST((ann->user.custom_attributes == detail::attribute_list{{"team", "red"}}));
    BOOST_TEST(ann->user.revision == 1);
    BOOST_TEST((ann->groups == std::vector<std::string>{all_users, "Staff", admins_group}));
    BOOST_REQUIRE(ann->links.size() == 1u);
    BOOST_TEST(ann->links[0].user_id == "{ann}");
    BOOST_TEST(run(s->load_avatar("id-bob")).value().bytes == std::string("\x89PNG\0x", 6));
    BOOST_TEST(run(s->find_session(std::string(32, 'a'))).value().who.csrf == "csrf");
    BOOST_TEST((run(s->find_session(std::string(32, 'e'))).error() == errc::not_found)); // eve is banned
    BOOST_TEST((run(s->take_state(std::string(32, 's'), time_point())).error() == errc::state_used));
    auto modules = run(s->list_modules()).value();
    BOOST_REQUIRE(modules.size() == 2u);
    BOOST_TEST(modules[0].id == "bitbucket");
    BOOST_TEST(modules[0].sealed_secret == "sealed");
    BOOST_TEST(modules[0].image_type == "");
    auto const rows = run(s->list_audit(audit_filter())).value();
    BOOST_TEST(rows.size() > 10u);
    BOOST_TEST(rows.back().event == "module_created");

    modules[0].new_image.emplace();
    modules[0].new_image->bytes = "GIF89a";
    audit_row const r("module_changed", "bitbucket");
    BOOST_TEST(run(s->update_module(modules[0], 1, r, true)).has_value());
    BOOST_TEST(run(s->update_account(ann->user, 1, r)).has_value());
    BOOST_TEST(run(s->finish_login(candidate("new"))).has_value());
    s = sqlite_store();
    s = sqlite_store::open(file); // there is nothing left to do
    BOOST_REQUIRE(s);
    BOOST_TEST(run(s->find_account("id-ann")).value().user.revision == 2);
    BOOST_TEST(check_store_contract(*s).failures.empty());
}

BOOST_AUTO_TEST_CASE(a_move_to_a_new_version_happens_whole_or_not_at_all) {
    scratch dir;
    auto const file = dir / "a.db";
    {
        SQLite::Database db(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        db.exec(version_1());
        db.exec("CREATE TABLE tokens (x)"); // in the way of the last tables of the step
    }
    BOOST_TEST((sqlite_store::open(file).error() == errc::store_unavailable));
    SQLite::Database db(file, SQLite::OPEN_READWRITE);
    BOOST_TEST(count(db, "PRAGMA user_version") == 1);
    BOOST_TEST(count(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'services'") == 0);
    BOOST_TEST(count(db, "SELECT count(*) FROM pragma_table_info('accounts') WHERE name = 'revision'") == 0);
    db.exec("DROP TABLE tokens");
    BOOST_TEST(sqlite_store::open(file).has_value());
}

BOOST_AUTO_TEST_CASE(many_stores_opened_at_once_move_a_file_forward_once) {
    scratch dir;
    auto const file = dir / "a.db";
    { SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(version_1()); }
    std::vector<std::future<bool>> opened;
    for (int i = 0; i < 8; ++i)
        opened.push_back(std::async(std::launch::async, [&] {
            auto s = sqlite_store::open(file);
            return s && run(s->find_account("id-ann")).has_value();
        }));
    for (auto& one : opened) BOOST_TEST(one.get());
}

BOOST_AUTO_TEST_CASE(a_scim_client_that_made_many_goes_in_parts) {
    scratch dir;
    auto s = sqlite_store::open(dir / "a.db").value();
    add_okta(s);
    constexpr long long number = 3'600;
    SQLite::Database db(dir / "a.db", SQLite::OPEN_READWRITE, 1'000);
    db.exec("CREATE TEMP TABLE many AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
            std::to_string(number) + ") SELECT i FROM n; BEGIN;" + authmod_test::many_scim_users(number, "''") +
            "COMMIT");
    authmod_test::check_removal_in_parts(s, s, number, [&](std::string const& text) { return count(db, text); });
}

BOOST_AUTO_TEST_CASE(pages_of_accounts_are_read_from_indices) {
    scratch dir;
    { BOOST_REQUIRE(sqlite_store::open(dir / "a.db")); }
    SQLite::Database db(dir / "a.db", SQLite::OPEN_READWRITE);
    for (int set = 0; set < 8; ++set) { // every combination of filters
        account_filter filter;
        if (set & 1) filter.search = "ann";
        if (set & 2) filter.group_id = "staff";
        if (set & 4) filter.module_id = "module";
        auto const sql = detail::account_page_sql(filter);
        SQLite::Statement plan(db, "EXPLAIN QUERY PLAN " + sql);
        while (plan.executeStep()) {
            std::string const step = plan.getColumn(3).getString();
            bool const whole_table = step.starts_with("SCAN ") && step != "SCAN s";
            bool const sorts = step.find("TEMP B-TREE") != std::string::npos && set != 1;
            BOOST_TEST_CONTEXT(sql) BOOST_TEST((!whole_table && !sorts), step);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_audit_is_read_from_indices_that_logins_do_not_pay_for) {
    scratch dir;
    { BOOST_REQUIRE(sqlite_store::open(dir / "a.db")); }
    SQLite::Database db(dir / "a.db", SQLite::OPEN_READWRITE);
    auto const plan_of = [&](audit_filter const& filter) {
        SQLite::Statement plan(db, "EXPLAIN QUERY PLAN " + detail::audit_page_sql(filter, '?'));
        std::string steps;
        while (plan.executeStep()) steps += plan.getColumn(3).getString() + "; ";
        return steps;
    };
    audit_filter filter;
    BOOST_TEST(plan_of(filter) == "SCAN audit; "); // by number, and it stops at the limit
    filter.author = "login";
    BOOST_TEST(plan_of(filter) == "SCAN audit; "); // nearly every row is one
    filter.author = "admin-token";
    BOOST_TEST(plan_of(filter) == "SEARCH audit USING INDEX audit_author (author=?); ");
    filter.author.clear();
    filter.event = "module_changed";
    BOOST_TEST(plan_of(filter) == "SEARCH audit USING INDEX audit_event (event=?); ");
    filter.event.clear();
    filter.target = "somebody";
    BOOST_TEST(plan_of(filter) == "SEARCH audit USING INDEX audit_target (target=?); ");
    filter.target.clear();
    filter.module_id = "module";
    filter.before = 7;
    BOOST_TEST(plan_of(filter).starts_with("SEARCH audit USING INDEX audit_module (module_id=? AND rowid<?)"));
}

BOOST_AUTO_TEST_CASE(a_corrupt_file_is_unavailable) {
    scratch dir;
    std::ofstream(dir / "text.db") << std::string(8'192, 'x');
    BOOST_TEST((sqlite_store::open(dir / "text.db").error() == errc::store_unavailable));

    { // sound header, broken pages
        auto s = sqlite_store::open(dir / "pages.db");
        for (int i = 0; i < 50; ++i) BOOST_REQUIRE(run(s->finish_login(candidate("p" + std::to_string(i)))));
    }
    {
        std::fstream file(dir / "pages.db", std::ios::in | std::ios::out | std::ios::binary);
        auto const size = static_cast<long long>(std::filesystem::file_size(dir / "pages.db"));
        std::string const junk(static_cast<std::size_t>(size - 8'192), '\xa5');
        file.seekp(8'192);
        file << junk;
    }
    auto s = sqlite_store::open(dir / "pages.db");
    if (s)
        BOOST_TEST((run(s->finish_login(candidate("late"))).error() == errc::store_unavailable));
    else
        BOOST_TEST((s.error() == errc::store_unavailable));
}

BOOST_AUTO_TEST_CASE(a_write_waits_for_other_processes_and_gives_up_in_time) {
    scratch dir;
    auto s = sqlite_store::open(dir / "a.db", impatient());
    BOOST_REQUIRE(s);
    SQLite::Database other(dir / "a.db", SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    BOOST_TEST((run(s->take_state(digest("x"), time_point())).error() == errc::store_unavailable));
    BOOST_TEST(run(s->list_groups()).has_value()); // reads go on
    other.exec("COMMIT");
    BOOST_TEST(run(s->take_state(digest("x"), time_point())).has_value());
}

BOOST_AUTO_TEST_CASE(operations_that_share_a_commit_succeed_and_fail_alone) {
    scratch dir;
    sqlite_options patient;
    patient.busy_timeout = milliseconds(20'000);
    auto s = sqlite_store::open(dir / "a.db", patient);
    BOOST_REQUIRE(s);
    BOOST_TEST(run(s->take_state(digest("used"), time_point())).has_value());
    BOOST_TEST(run(s->finish_login(candidate("somebody"))).has_value());
    auto clash = candidate("clash"); // fails at its very end, with everything else written
    clash.new_session.digest = digest("somebody");
    auto const state = digest("used");
    std::vector<login_candidate> fresh;
    for (int i = 0; i < 20; ++i) fresh.push_back(candidate("fresh " + std::to_string(i)));

    asio::thread_pool pool(2);
    std::vector<std::future<result<void>>> used;
    std::vector<std::future<result<login_outcome>>> clashes, logins;
    SQLite::Database other(dir / "a.db", SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE"); // all that follow wait behind the first
    for (auto const& c : fresh) {
        used.push_back(asio::co_spawn(pool, s->take_state(state, time_point()), asio::use_future));
        clashes.push_back(asio::co_spawn(pool, s->finish_login(clash), asio::use_future));
        logins.push_back(asio::co_spawn(pool, s->finish_login(c), asio::use_future));
    }
    other.exec("COMMIT");
    for (auto& call : used) BOOST_TEST((call.get().error() == errc::state_used));
    for (auto& call : clashes) BOOST_TEST((call.get().error() == errc::store_conflict));
    for (auto& call : logins) BOOST_TEST(call.get().has_value());
    pool.join();
    BOOST_TEST((run(s->find_account("clash")).error() == errc::not_found));
    for (auto const& c : fresh) BOOST_TEST(run(s->find_session(c.new_session.digest)).has_value());
    check_integrity(dir / "a.db");
}

BOOST_AUTO_TEST_CASE(N3_what_a_refused_change_wrote_is_undone_with_it) {
    scratch const dir;
    auto s = sqlite_store::open(dir / "s.db").value();
    module_record first;
    first.id = "first";
    first.name = "Name";
    first.settings = "{}";
    first.is_default = true;
    audit_row const row("module_created", "first");
    BOOST_REQUIRE(run(s.insert_module(first, row)).has_value());
    module_record second = first; // its insertion takes the default from the first one, and then meets its name
    second.id = "second";
    BOOST_TEST((run(s.insert_module(second, row)).error() == errc::name_taken));
    auto const modules = run(s.list_modules()).value();
    BOOST_REQUIRE(modules.size() == 1u);
    BOOST_TEST(modules[0].is_default);
    BOOST_TEST(modules[0].revision == first.revision);
    audit_filter const all;
    BOOST_TEST(run(s.list_audit(all)).value().size() == 1u);
}

BOOST_AUTO_TEST_CASE(O2_two_stores_on_one_file_take_a_state_once) {
    scratch dir;
    auto first = sqlite_store::open(dir / "a.db");
    auto second = sqlite_store::open(dir / "a.db");
    BOOST_REQUIRE((first && second));
    asio::thread_pool pool(2);
    for (int round = 0; round < 20; ++round) {
        auto const state = digest("state " + std::to_string(round));
        auto one = asio::co_spawn(pool, first->take_state(state, time_point()), asio::use_future);
        auto two = asio::co_spawn(pool, second->take_state(state, time_point()), asio::use_future);
        BOOST_TEST(one.get().has_value() + two.get().has_value() == 1);
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_store_that_goes_finishes_what_was_begun) {
    scratch dir;
    asio::thread_pool pool(2);
    std::vector<std::string> states;
    std::vector<std::future<result<void>>> calls;
    for (int i = 0; i < 100; ++i) states.push_back(digest("state " + std::to_string(i)));
    {
        auto s = sqlite_store::open(dir / "a.db");
        BOOST_REQUIRE(s);
        asio::io_context context; // starts all calls before the store goes
        for (auto const& state : states)
            calls.push_back(asio::co_spawn(context, s->take_state(state, time_point()), asio::use_future));
        context.poll();
        s = sqlite_store();
        context.run();
    }
    for (auto& call : calls) BOOST_TEST(call.get().has_value());
    auto s = sqlite_store::open(dir / "a.db");
    for (auto const& state : states) BOOST_TEST((run(s->take_state(state, time_point())).error() == errc::state_used));
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_unavailable) {
    scratch dir;
    { BOOST_REQUIRE(sqlite_store::open(dir / "a.db")); }
    std::filesystem::permissions(dir / "a.db", std::filesystem::perms(0444));
    std::filesystem::permissions(dir.path(), std::filesystem::perms(0555));
    int const code = in_child([&] {
        if (::geteuid() == 0 && ::setuid(65534) != 0) return 2; // root may write anything
        return sqlite_store::open(dir / "a.db").error() == errc::store_unavailable ? 0 : 1;
    });
    BOOST_TEST(code == 0);
    std::filesystem::permissions(dir.path(), std::filesystem::perms(0755));
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_writes_whole_and_heals_without_a_restart) {
    scratch dir;
    int const code = in_child([&] {
        std::signal(SIGXFSZ, SIG_IGN); // a write past the limit then fails as on a full disk
        auto s = sqlite_store::open(dir / "a.db");
        if (!s || !run(s->finish_login(candidate("first")))) return 1;
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        auto small = limit;
        small.rlim_cur = 600'000;
        ::setrlimit(RLIMIT_FSIZE, &small);
        int made = 0;
        for (;; ++made) {
            auto const outcome = run(s->finish_login(candidate("p" + std::to_string(made))));
            if (!outcome && outcome.error() != errc::store_unavailable) return 2;
            if (!outcome) break;
            if (made > 5'000) return 3;
        }
        if (run(s->ping()) && run(s->finish_login(candidate("p" + std::to_string(made))))) return 4;
        if (!run(s->find_session(digest("first")))) return 5; // reads go on
        ::setrlimit(RLIMIT_FSIZE, &limit);
        if (!run(s->ping())) return 6;
        if (!run(s->finish_login(candidate("p" + std::to_string(made))))) return 7;
        return made > 0 ? 0 : 8;
    });
    BOOST_TEST(code == 0);
    check_integrity(dir / "a.db");
}

BOOST_AUTO_TEST_CASE(kill_9_leaves_what_was_acknowledged_and_nothing_half_made) {
    scratch dir;
    int const cycles = std::getenv("AUTHMOD_LONG") ? 1'000 : 100;
    std::mt19937 random(7);
    std::size_t acknowledged = 0;
    for (int cycle = 0; cycle < cycles; ++cycle) {
        auto const file = dir / ("a" + std::to_string(cycle / 20) + ".db").c_str();
        int pipe_ends[2];
        BOOST_REQUIRE(::pipe(pipe_ends) == 0);
        auto const child = ::fork();
        if (child == 0) {
            ::close(pipe_ends[0]);
            auto s = sqlite_store::open(file);
            if (!s) ::_exit(1);
            std::vector<std::thread> people;
            for (int thread = 0; thread < 4; ++thread)
                people.emplace_back([&, thread] {
                    for (int i = 0;; ++i) {
                        auto const name =
                            std::to_string(cycle) + "-" + std::to_string(thread) + "-" + std::to_string(i);
                        auto const tell = [&](char what) { // one write is atomic on a pipe
                            auto const line = what + digest(name);
                            if (::write(pipe_ends[1], line.data(), line.size()) != 33) ::_exit(2);
                        };
                        if (run(s->take_state(digest(name), from_milliseconds(1'800'000'000'000)))) tell('s');
                        if (run(s->finish_login(candidate(name)))) tell('l');
                    }
                });
            for (auto& p : people) p.join();
        }
        ::close(pipe_ends[1]);
        std::string told;
        char buffer[4'096];
        // Every other cycle waits for the first word, so that the kill hits logins and not only the opening.
        if (cycle % 2 != 0)
            if (auto const n = ::read(pipe_ends[0], buffer, 33); n > 0)
                told.append(buffer, static_cast<std::size_t>(n));
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 40'000)); // the point of the kill is random
        ::kill(child, SIGKILL);
        for (ssize_t n; (n = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;)
            told.append(buffer, static_cast<std::size_t>(n));
        ::close(pipe_ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_REQUIRE_MESSAGE(WIFSIGNALED(status), "the child ended by itself with " << status);

        auto s = sqlite_store::open(file);
        BOOST_REQUIRE(s);
        for (std::size_t at = 0; at + 33 <= told.size(); at += 33, ++acknowledged) {
            auto const key = told.substr(at + 1, 32);
            if (told[at] == 's')
                BOOST_TEST((run(s->take_state(key, time_point())).error() == errc::state_used));
            else
                BOOST_TEST(run(s->find_session(key)).has_value());
        }
        check_integrity(file);
    }
    BOOST_TEST(acknowledged > static_cast<std::size_t>(cycles)); // or nothing was shown
}

BOOST_AUTO_TEST_SUITE_END()
