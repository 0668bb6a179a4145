#include "authmod/storage/memory_store.hpp"

#include "authmod/testing/store_contract.hpp"

#include "support/run.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using authmod_test::run;

namespace {} // namespace

BOOST_AUTO_TEST_SUITE(memory_store_test)

BOOST_AUTO_TEST_CASE(O1_F1_F6_it_keeps_the_contract) {
    memory_store s;
    for (int round = 0; round < 5; ++round) { // on a store that is in use, too
        auto const report = check_store_contract(s);
        BOOST_TEST(report.checks.size() >= 45u);
        for (auto const& f : report.failures) BOOST_ERROR(f.check + ": expected " + f.what);
    }
}

BOOST_AUTO_TEST_CASE(the_audit_keeps_the_newest_rows_only) {
    memory_store s(3);
    for (int i = 0; i < 5; ++i) {
        audit_row const r("event", "target " + std::to_string(i));
        BOOST_TEST(run(s.append_audit(r)).has_value());
    }
    audit_filter const filter;
    auto const rows = run(s.list_audit(filter)).value();
    BOOST_REQUIRE(rows.size() == 3u);
    BOOST_TEST(rows.front().target == "target 4");
    BOOST_TEST(rows.back().number == 3);
}

BOOST_AUTO_TEST_SUITE_END()
