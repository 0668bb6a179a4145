// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/module_catalog.hpp>

#include "support/module_bench.hpp"

#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>
#include <atomic>

using namespace authmod;
using namespace authmod_test;

BOOST_AUTO_TEST_SUITE(module_catalog_suite)

BOOST_AUTO_TEST_CASE(a_module_begins_disabled_says_what_it_lacks_and_is_enabled_when_that_is_there) {
    module_bench bench;
    boost::json::object changes;
    changes["type"] = "bitbucket_cloud";
    changes["name"] = "Bitbucket";
    auto& catalog = bench.engine.catalog();
    auto const id = run(catalog.create(changes, bench.by)).value();
    auto shown = module_catalog::module_json(*bench.engine.modules()->find(id));
    BOOST_TEST(!shown["enabled"].as_bool());
    BOOST_TEST((shown["missing"] == boost::json::array{"client_id", "client_secret"}));
    auto const refused = run(catalog.enable(id, bench.by));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().errors.size() == 2u);
    BOOST_TEST(refused.error().errors.at(0).field == "client_id");
    BOOST_TEST((bench.engine.begin_login(id, "/").error().code == errc::module_disabled));

    bench.set(id, "client_id", "key");
    bench.set(id, "public_client", true); // needs no secret
    BOOST_REQUIRE(run(catalog.enable(id, bench.by)).has_value());
    BOOST_TEST((run(catalog.enable(id, bench.by)).error().code == errc::store_conflict));
    BOOST_TEST(bench.refusal(id, "client_id", "") == "required"); // an enabled module stays complete
    BOOST_REQUIRE(run(catalog.disable(id, true, bench.by)).has_value());
    BOOST_TEST((run(catalog.disable(id, true, bench.by)).error().code == errc::store_conflict));
    bench.set(id, "client_id", "");
}

BOOST_AUTO_TEST_CASE(the_default_moves_and_is_cleared) {
    module_bench bench;
    auto const one = bench.add("one"), two = bench.add("two");
    auto& catalog = bench.engine.catalog();
    BOOST_REQUIRE(run(catalog.make_default(one, bench.by)).has_value());
    BOOST_TEST(bench.engine.modules()->default_module()->record.id == one);
    BOOST_TEST(bench.audit().front().event == "module_default_set");
    BOOST_REQUIRE(run(catalog.make_default(two, bench.by)).has_value());
    BOOST_TEST(bench.engine.modules()->default_module()->record.id == two);
    BOOST_TEST(!bench.record(one).is_default);

    auto const rows = bench.audit().size();
    BOOST_REQUIRE(run(catalog.make_default(two, bench.by)).has_value()); // it is so already
    BOOST_TEST(bench.audit().size() == rows);
    BOOST_REQUIRE(run(catalog.disable(two, false, bench.by)).has_value());
    BOOST_TEST(!bench.engine.modules()->default_module()); // nobody is sent where nobody can log in
    BOOST_REQUIRE(run(catalog.clear_default(two, bench.by)).has_value());
    BOOST_TEST(!bench.record(two).is_default);
    BOOST_TEST(bench.audit().front().event == "module_default_cleared");
    BOOST_TEST((run(catalog.make_default("nobody", bench.by)).error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(the_last_way_in_is_kept_unless_forced) {
    module_bench bench;
    auto const one = bench.add("one"), two = bench.add("two");
    auto& catalog = bench.engine.catalog();
    BOOST_REQUIRE(run(catalog.disable(one, false, bench.by)).has_value());
    BOOST_TEST((run(catalog.disable(two, false, bench.by)).error().code == errc::last_way_in));
    BOOST_TEST(bench.record(two).enabled);
    BOOST_TEST(run(catalog.disable(two, true, bench.by)).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_shown_can_be_sent_back_and_changes_nothing) {
    module_bench bench;
    auto const id = bench.add("one");
    auto const before = bench.engine.modules();
    auto const rows = bench.audit().size();
    auto const shown = module_catalog::module_json(*before->find(id));
    BOOST_TEST(run(bench.engine.catalog().update(id, shown, bench.by)).has_value());
    BOOST_TEST(bench.engine.modules() == before);
    BOOST_TEST(bench.audit().size() == rows);
    for (auto const* field : {"id", "type", "enabled", "redirect_uri", "client_secret_set", "created_at"})
        BOOST_TEST(bench.refusal(id, field, "other") == "read_only");
}

BOOST_AUTO_TEST_CASE(warnings_name_what_is_allowed_but_probably_not_meant) {
    module_bench bench;
    auto const id = bench.add("one");
    auto const codes = [&] {
        std::string all;
        for (auto const& w : module_warnings(*bench.engine.modules()->find(id))) all += w.field + ":" + w.reason + " ";
        return all;
    };
    BOOST_TEST(codes() == "auto_join_groups:no_auto_join_group ");
    boost::json::object changes;
    changes["auto_join_groups"] = boost::json::array{admins_id};
    changes["group_mappings"] = boost::json::array{{{"external_group", "a"}, {"group", admins_id}}};
    changes["groups"] = "";
    changes["email_verified"] = "";
    BOOST_REQUIRE(bench.edit(id, changes).has_value());
    BOOST_TEST(codes() == "group_mappings:mappings_inactive email_verified:email_state_unknown ");
}

BOOST_AUTO_TEST_CASE(of_fifty_parallel_edits_of_one_revision_one_wins_and_the_others_are_stale) {
    module_bench bench;
    auto const id = bench.add("one");
    long long const revision = bench.record(id).revision;
    asio::thread_pool pool(4);
    std::atomic<int> good = 0, stale = 0;
    for (int i = 0; i != 50; ++i) {
        boost::json::object changes;
        changes["revision"] = revision;
        changes["scopes"] = "account email s" + std::to_string(i);
        asio::co_spawn(pool, bench.engine.catalog().update(id, changes, bench.by),
                       [&](std::exception_ptr, result<void, settings_refusal> r) {
                           if (r) ++good;
                           else if (r.error().code == errc::revision_stale) ++stale;
                       });
    }
    pool.join();
    BOOST_TEST(good == 1);
    BOOST_TEST(stale == 49);
    BOOST_TEST(bench.record(id).revision == revision + 1);
    auto const stored = run(bench.parts.data.list_modules()).value();
    BOOST_TEST((stored.at(0) == bench.record(id))); // what serves is what is stored
}

BOOST_AUTO_TEST_SUITE_END()
