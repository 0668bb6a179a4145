// SPDX-License-Identifier: BSL-1.0
// Every call of the file system below the SQLite store fails once, and the disk fills up at every write.
#include "faults/io_errors.hpp"
#include "support/faulty_login.hpp"
#include "support/scratch.hpp"

#include <authmod/storage/sqlite_store.hpp>

#include <SQLiteCpp/Database.h>
#include <boost/test/unit_test.hpp>

using namespace authmod;
using namespace authmod_test;

namespace {

/// The file as another program finds it, with the log that was not written back yet.
void check_file(std::string const& file) {
    SQLite::Database db(file, SQLite::OPEN_READWRITE, 1'000);
    BOOST_TEST(db.execAndGet("PRAGMA integrity_check").getString() == "ok");
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM pragma_foreign_key_check").getInt() == 0);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM accounts WHERE id NOT IN (SELECT account_id FROM links)").getInt() ==
               0);
}

/// A visit on a fresh file with the fault that `set` sets; `clear` takes it away. Gives whether it struck.
template <class Set, class Clear, class Struck>
bool visit_with(Set set, Clear clear, Struck struck) {
    scratch dir;
    faulty_login<sqlite_store> login(sqlite_store::open(dir / "a.db").value());
    set();
    bool const whole = login.visit();
    bool const hit = struck();
    clear();
    if (hit)
        login.check_what_is_left(); // the same store, without opening it again
    else
        BOOST_TEST(whole);
    login.parts.data.inside = sqlite_store();
    check_file(dir / "a.db");
    return hit;
}

} // namespace

BOOST_AUTO_TEST_SUITE(disk)

BOOST_AUTO_TEST_CASE(whichever_call_of_the_file_system_fails_nothing_is_half_made_and_the_next_login_works) {
    faulty_file_system files;
    long long n = 1;
    for (bool struck = true; struck; ++n) BOOST_TEST_CONTEXT("call " << n)
    struck = visit_with([&] { files.fail_at(n); }, [&] { files.fail_at(0); }, [&] { return files.has_struck(); });
    BOOST_TEST(n > 10);
}

BOOST_AUTO_TEST_CASE(wherever_the_disk_is_full_nothing_is_half_made_and_logins_work_once_there_is_room) {
    faulty_file_system files;
    long long n = 1;
    for (bool struck = true; struck; ++n) BOOST_TEST_CONTEXT("write " << n)
    struck =
        visit_with([&] { files.full_from(n); }, [&] { files.full_from(0); }, [&] { return files.has_been_full(); });
    BOOST_TEST(n > 5);
}

BOOST_AUTO_TEST_CASE(whichever_call_fails_while_a_database_is_made_it_opens_the_next_time) {
    faulty_file_system files;
    long long n = 1;
    for (bool struck = true; struck; ++n) BOOST_TEST_CONTEXT("call " << n) {
            scratch dir;
            files.fail_at(n);
            auto const opened = sqlite_store::open(dir / "a.db");
            struck = files.has_struck();
            files.fail_at(0);
            if (!opened) BOOST_TEST((opened.error() == errc::store_unavailable));
            BOOST_TEST((opened || struck));
            auto again = sqlite_store::open(dir / "a.db");
            BOOST_REQUIRE(again);
            BOOST_TEST(run(again->ping()).has_value());
        }
    BOOST_TEST(n > 10);
}

BOOST_AUTO_TEST_SUITE_END()
