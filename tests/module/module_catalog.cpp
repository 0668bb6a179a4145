// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/module_catalog.hpp>

#include "support/module_bench.hpp"

#include <authmod/core/base64.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <atomic>
#include <map>

using namespace authmod;
using namespace authmod_test;

namespace {

boost::json::value base64_json(std::string_view bytes) { return boost::json::value(base64_encode(bytes)); }

} // namespace

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
    BOOST_TEST((run(bench.engine.begin_login(id, "/")).error().code == errc::module_disabled));

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
    bench.set(id, "extension_grant_type", "urn:example:x");
    BOOST_TEST(codes().ends_with("extension_grant_type:token_not_provable ")); // Bitbucket cannot tell whose a token is
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

BOOST_AUTO_TEST_CASE(n3_each_field_of_an_edit_is_a_row_of_the_audit_and_secrets_read_changed) {
    module_bench bench;
    auto const id = bench.add("one");
    boost::json::object changes;
    changes["scopes"] = "account";
    changes["user_creation"] = false;
    changes["client_secret"] = "canary-two";
    changes["button_image"] = "iVBORw0KGgo=";
    changes["custom_attributes"] = boost::json::object{{"nick", "nickname"}};
    auto const before = bench.audit().size();
    BOOST_REQUIRE(bench.edit(id, changes).has_value());
    auto const rows = bench.audit();
    BOOST_TEST(rows.size() == before + 5);
    std::map<std::string, audit_row> by_field;
    for (std::size_t i = 0; i != rows.size() - before; ++i) {
        BOOST_TEST(rows[i].event == "module_changed");
        BOOST_TEST(rows[i].author == "admin-token");
        BOOST_TEST(rows[i].address == "192.0.2.1");
        BOOST_TEST(rows[i].target == id);
        by_field[rows[i].field] = rows[i];
    }
    BOOST_TEST(by_field["scopes"].old_value == "account email");
    BOOST_TEST(by_field["scopes"].new_value == "account");
    BOOST_TEST(by_field["user_creation"].old_value == "true");
    BOOST_TEST(by_field["user_creation"].new_value == "false");
    BOOST_TEST(by_field["custom_attributes/nick"].new_value == "nickname");
    BOOST_TEST(by_field["client_secret"].new_value == "changed");
    BOOST_TEST(by_field["button_image"].new_value == "changed");
    for (auto const& row : rows) BOOST_TEST((row.old_value + row.new_value).find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(n3_a_store_that_refuses_the_write_keeps_neither_change_nor_row) {
    module_bench bench;
    auto const id = bench.add("one");
    bench.add("two");
    auto const rows = bench.audit().size();
    BOOST_TEST(bench.refusal(id, "name", "two") == "name_taken");
    BOOST_TEST(bench.audit().size() == rows);
}

BOOST_AUTO_TEST_CASE(n1_secrets_are_sealed_in_the_store_and_come_back_from_nowhere) {
    module_bench bench;
    auto const id = bench.add("one");
    auto const stored = run(bench.parts.data.list_modules()).value().at(0);
    BOOST_TEST(!stored.sealed_secret.empty());
    BOOST_TEST((stored.settings + stored.sealed_secret).find("canary-secret") == std::string::npos);
    auto const shown = module_catalog::module_json(*bench.engine.modules()->find(id));
    BOOST_TEST(shown.at("client_secret_set").as_bool());
    BOOST_TEST(boost::json::serialize(shown).find("canary-secret") == std::string::npos);

    // A key that is gone leaves a module that is shown, says nothing of its secret and serves nobody.
    bench.parts.sealer = key_ring::with_fresh_key().value();
    BOOST_REQUIRE(run(bench.engine.catalog().reload()).has_value());
    BOOST_TEST(!bench.engine.modules()->find(id)->serves());
    BOOST_TEST((run(bench.engine.begin_login(id, "/")).error().code == errc::module_disabled));
}

BOOST_AUTO_TEST_CASE(a_removed_module_leaves_its_people_to_a_successor_of_the_same_client_or_to_nobody) {
    module_bench bench;
    auto const old = bench.add("old"), heir = bench.add("heir"), stranger = bench.add("stranger", {{"client_id", "another"}});
    auto const user = bench.log_in(old).value().user.id;
    auto& catalog = bench.engine.catalog();
    for (auto const& bad : {stranger, old, std::string("nobody")}) {
        auto const refused = run(catalog.remove(old, bad, false, bench.by));
        BOOST_REQUIRE(!refused);
        BOOST_TEST(refused.error().errors.at(0).field == "successor");
    }
    BOOST_REQUIRE(run(catalog.remove(old, heir, false, bench.by)).has_value());
    BOOST_TEST(!bench.engine.modules()->find(old));
    BOOST_TEST(bench.audit().front().event == "module_removed");
    BOOST_TEST(bench.audit().front().new_value == heir);
    BOOST_TEST((run(bench.engine.begin_login(old, "/")).error().code == errc::not_found));
    BOOST_TEST(bench.log_in(heir).value().user.id == user); // the same person, without a new link
    BOOST_TEST(run(bench.parts.data.count_accounts_made_by(heir)).value() == 1);

    BOOST_REQUIRE(run(catalog.remove(heir, "", false, bench.by)).has_value());
    auto const left = run(bench.parts.data.find_account(user)).value();
    BOOST_TEST(left.links.empty());
    BOOST_TEST((run(catalog.remove(stranger, "", false, bench.by)).error().code == errc::last_way_in));
    BOOST_TEST(run(catalog.remove(stranger, "", true, bench.by)).has_value());
    BOOST_TEST((run(catalog.remove(stranger, "", true, bench.by)).error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(of_fifty_modules_disabled_at_the_same_time_one_stays) {
    module_bench bench;
    std::vector<std::string> ids;
    for (int i = 0; i != 50; ++i) ids.push_back(bench.add("module " + std::to_string(i)));
    asio::thread_pool pool(4);
    std::atomic<int> off = 0, kept = 0;
    for (auto const& id : ids)
        asio::co_spawn(pool, bench.engine.catalog().disable(id, false, bench.by),
                       [&](std::exception_ptr, result<void, settings_refusal> r) {
                           if (r) ++off;
                           else if (r.error().code == errc::last_way_in) ++kept;
                       });
    pool.join();
    BOOST_TEST(off == 49);
    BOOST_TEST(kept == 1);
    auto const all = bench.engine.modules();
    BOOST_TEST(std::ranges::count_if(all->all, [](auto const& m) { return m->serves(); }) == 1);
}

BOOST_AUTO_TEST_CASE(the_button_image_is_a_small_picture_by_its_first_bytes) {
    module_bench bench;
    auto const id = bench.add("one");
    std::string const png = "\x89PNG\r\n\x1a\n", large = png + std::string(256 * 1024, 'x');
    bench.set(id, "button_image", base64_json(png));
    BOOST_TEST(bench.record(id).image_type == "image/png");
    BOOST_TEST(!bench.record(id).new_image.has_value()); // kept by the store, not by every node
    BOOST_TEST(run(bench.parts.data.load_module_image(id)).value().bytes == png);
    bench.set(id, "scopes", "account"); // another edit leaves it alone
    BOOST_REQUIRE(run(bench.engine.catalog().make_default(id, bench.by)).has_value());
    BOOST_TEST(run(bench.parts.data.load_module_image(id)).value().bytes == png);
    BOOST_TEST(bench.audit().front().field == "default"); // and is no change of it

    BOOST_TEST(bench.refusal(id, "button_image", base64_json(large)) == "too_large");
    BOOST_TEST(bench.refusal(id, "button_image", "not base64!") == "bad_base64");
    BOOST_TEST(bench.refusal(id, "button_image", base64_json("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")) == "not_an_image");
    BOOST_TEST(bench.refusal(id, "button_image", base64_json(std::string("RIFF\0\0\0\0WEBP", 12))) == "not_an_image");
    BOOST_TEST(bench.refusal(id, "button_image", 5) == "wrong_type");
    bench.set(id, "button_image", nullptr);
    BOOST_TEST(bench.record(id).image_type == "");
    BOOST_TEST((run(bench.parts.data.load_module_image(id)).error() == errc::not_found));
}

BOOST_AUTO_TEST_CASE(groups_must_be_there_when_they_are_named_and_may_go_later) {
    module_bench bench;
    group const team("g1", "Team");
    audit_row const row("group_created", "g1");
    BOOST_REQUIRE(run(bench.parts.data.insert_group(team, row)).has_value());
    auto const id = bench.add("one", {{"auto_join_groups", boost::json::array{"g1"}}});
    BOOST_REQUIRE(run(bench.parts.data.remove_group("g1", row)).has_value());
    bench.set(id, "scopes", "account"); // what was named before is not asked about again
    auto const refused = bench.edit(id, {{"auto_join_groups", boost::json::array{"g1", "g2"}}});
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().errors.size() == 1u);
    BOOST_TEST(refused.error().errors.at(0).message.starts_with("entry 1:"));
    boost::json::object fresh{{"type", "bitbucket_cloud"}, {"name", "two"}, {"auto_join_groups", boost::json::array{"g1"}}};
    BOOST_TEST(run(bench.engine.catalog().create(fresh, bench.by)).error().errors.at(0).reason == "no_such_group");
}

BOOST_AUTO_TEST_SUITE_END()
