// SPDX-License-Identifier: BSL-1.0
#include "authmod/storage/scim_store.hpp"

#include "authmod/storage/memory_store.hpp"
#include "authmod/storage/sqlite_store.hpp"

#include "support/run.hpp"
#include "support/scratch.hpp"
#include "support/store_login.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <string>
#include <unistd.h>
#include <vector>

using namespace authmod;
using authmod_test::digest;
using authmod_test::run;

namespace {

scim_token token(std::string client_id, std::string id, int second) {
    scim_token made;
    made.digest = digest(id);
    made.client_id = std::move(client_id);
    made.id = std::move(id);
    made.created_at = from_milliseconds(1'780'000'000'000 + second * 1'000);
    return made;
}

boost::json::object read(std::string_view body, scim::resource_type const& type) {
    return scim::read_resource(scim::read_json(body).value(), type).value();
}

/// A store with the client `okta` of the module `m`, and another client of another module.
template <class Store>
struct provisioned {
    explicit provisioned(Store& in_store) : store(in_store) {
        for (auto const* name : {"okta", "entra"}) {
            scim_client client;
            client.id = client.name = name;
            client.module_id = client.id == "okta" ? "m" : "other";
            auto const first = token(name, name, 0);
            BOOST_REQUIRE(run(store.insert_scim_client(client, first, {})).has_value());
        }
        by.client_id = "okta";
        by.module_id = "m";
        by.now = from_milliseconds(1'790'000'000'000);
    }

    scim::result_of<scim::user_decision> user(scim::change_kind what, std::string id, std::string_view body = {}) {
        scim::user_change change;
        change.what = what;
        change.by = by;
        change.id = std::move(id);
        if (what == scim::change_kind::patch)
            change.operations = scim::patch::parse(scim::read_json(body).value(), scim::user_type).value();
        else if (!body.empty())
            change.body = read(body, scim::user_type);
        return run(store.change_scim_user(change)).value();
    }

    scim::result_of<scim::user_decision> make(std::string const& id) {
        return user(scim::change_kind::create, id,
                    R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":")" + id +
                        R"(@example.com","externalId":"x-)" + id + R"(","emails":[{"value":"Mail-)" + id +
                        R"(@Example.com","type":"work"}]})");
    }

    scim::group_change group(scim::change_kind what, std::string id, std::string_view body = {}) {
        scim::group_change change;
        change.what = what;
        change.by = by;
        change.id = std::move(id);
        if (what == scim::change_kind::patch) {
            change.operations = scim::patch::parse(scim::read_json(body).value(), scim::group_type).value();
        } else if (!body.empty()) {
            change.body = read(body, scim::group_type);
            change.members = scim::take_members(change.body);
        }
        return change;
    }

    long long count(std::string_view filter, bool groups = false) {
        scim::list_query query;
        query.client_id = by.client_id;
        auto const& type = groups ? scim::group_type : scim::user_type;
        query.what.where = scim::filter::parse(filter, type).value();
        if (groups) return run(store.list_scim_groups(query)).value().value().total;
        return run(store.list_scim_users(query)).value().value().total;
    }

    login_outcome log_in(std::string const& user_id, std::string_view module_id = "m") {
        login_candidate c;
        c.module_id = module_id;
        c.profile.user_id = user_id;
        c.new_account_id = "new-" + user_id + std::string(module_id);
        c.new_session.digest = digest("s-" + user_id + std::string(module_id) + std::to_string(++logins));
        c.new_session.module_id = module_id;
        c.now = c.new_session.created_at = c.new_session.seen_at = by.now;
        last_session = c.new_session.digest;
        return run(store.finish_login(c)).value();
    }

    Store& store;
    scim::caller by;
    std::string last_session;
    int logins = 0;
};

constexpr std::string_view off = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations":[{"op":"Replace","path":"active","value":"False"}]})";
constexpr std::string_view on = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations":[{"op":"replace","value":{"active":true}}]})";
constexpr std::string_view writers =
    R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Writers"})";

/// An SQLite file that goes with the test.
struct sqlite_file {
    authmod_test::scratch folder; // goes last
    sqlite_store store = sqlite_store::open(folder / "a.db").value();
};

template <class Store>
void check_users(Store& store) {
    provisioned<Store> p(store);
    BOOST_TEST((run(store.find_scim_access(digest("okta"))).value().client.module_id == "m"));
    BOOST_REQUIRE(p.make("ada").has_value());
    BOOST_REQUIRE(p.make("bob").has_value());
    BOOST_TEST(p.make("ADA").error().status == 409);
    BOOST_TEST(p.user(scim::change_kind::patch, "nobody", off).error().status == 404);
    for (auto filter : {R"(userName eq "ADA@example.com")", R"(externalId eq "x-ada")", R"(id eq "ada")",
                        R"(emails[type eq "work"].value eq "mail-ada@example.com")", R"(emails.value sw "mail-ada")",
                        R"(userName sw "a" and active eq true)", R"(not (userName eq "bob@example.com"))"})
        BOOST_TEST_CONTEXT(filter) BOOST_TEST(p.count(filter) == 1);
    BOOST_TEST(p.count(R"(userName eq "ada@example.com" or userName eq "bob@example.com")") == 2);
    BOOST_TEST(p.count("userName pr") == 2);
    BOOST_TEST(p.count(R"(userName eq "none")") == 0);

    p.by.client_id = "entra"; // another client sees and changes nothing of it
    BOOST_TEST(p.count("userName pr") == 0);
    BOOST_TEST(p.user(scim::change_kind::remove, "ada").error().status == 404);
    BOOST_TEST((run(store.find_scim_user("entra", "ada", true)).error() == errc::not_found));
    p.by.client_id = "okta";

    BOOST_TEST(p.user(scim::change_kind::remove, "bob").has_value());
    BOOST_TEST(p.user(scim::change_kind::remove, "bob").error().status == 404);
    BOOST_TEST((run(store.find_account("bob")).error() == errc::not_found));
    BOOST_TEST(p.make("bob").has_value()); // the name is free again
    BOOST_TEST(p.count("userName pr") == 2);
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_store_)

BOOST_AUTO_TEST_CASE(users_are_made_found_and_removed) {
    memory_store memory;
    check_users(memory);
    sqlite_file file;
    check_users(file.store);
}

template <class Store>
void check_life(Store& store) {
    provisioned<Store> p(store);
    BOOST_REQUIRE(p.make("ada").has_value());
    // The person who logs in through the client's module is the user; through another module somebody else.
    BOOST_TEST(p.log_in("ada@example.com", "other").who.id != "ada");
    auto const first = p.log_in("ada@example.com");
    BOOST_TEST(first.who.id == "ada");
    BOOST_TEST((first.what == login_decision::kind::link));
    auto const session = p.last_session;
    BOOST_REQUIRE(p.user(scim::change_kind::patch, "ada", off).has_value());
    BOOST_TEST((run(store.find_session(session)).error() == errc::not_found));
    BOOST_TEST((p.log_in("ada@example.com").reason == errc::account_inactive));
    BOOST_TEST(p.count("active eq false") == 1); // still shown
    BOOST_REQUIRE(p.user(scim::change_kind::patch, "ada", on).has_value());
    BOOST_TEST((p.log_in("ada@example.com").what == login_decision::kind::refresh));
    auto const repeated = p.user(scim::change_kind::patch, "ada", on);
    BOOST_TEST(!repeated.value().changed);

    // Without its client the account stays; who was switched off stays out.
    BOOST_REQUIRE(p.user(scim::change_kind::patch, "ada", off).has_value());
    BOOST_REQUIRE(run(store.remove_scim_client("okta", {})).has_value());
    BOOST_TEST((p.log_in("ada@example.com").reason == errc::account_banned));
    BOOST_TEST((run(store.find_scim_access(digest("okta"))).error() == errc::not_found));
    BOOST_TEST((run(store.remove_scim_client("okta", {})).error() == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_user_who_is_switched_off_is_out_at_once) {
    memory_store memory;
    check_life(memory);
    sqlite_file file;
    check_life(file.store);
}

template <class Store>
void check_groups(Store& store) {
    provisioned<Store> p(store);
    std::vector<std::string> ids;
    for (int i = 0; i != 50; ++i) {
        ids.push_back("u" + std::to_string(i));
        BOOST_REQUIRE(p.make(ids.back()).has_value());
    }
    auto const create = p.group(scim::change_kind::create, "g", writers);
    BOOST_REQUIRE(run(store.change_scim_group(create)).value().has_value());
    auto const twin = p.group(scim::change_kind::create, "g2", writers);
    BOOST_TEST(run(store.change_scim_group(twin)).value().error().status == 409);

    asio::thread_pool pool(4);
    std::vector<scim::group_change> changes;
    for (auto const& id : ids)
        changes.push_back(p.group(scim::change_kind::patch, "g",
                                  R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[)"
                                  R"({"op":"Add","path":"members","value":[{"value":")" +
                                      id + R"("}]}]})"));
    std::vector<std::future<scim::answer<scim::group_decision>>> answers;
    for (auto const& change : changes)
        answers.push_back(asio::co_spawn(pool, store.change_scim_group(change), asio::use_future));
    for (auto& answer : answers) BOOST_TEST(answer.get().value().has_value());
    pool.join();
    auto const view = run(store.find_scim_group("okta", "g", true)).value();
    BOOST_TEST(view.members.size() == 50u);
    BOOST_TEST(view.what.version == 51);
    BOOST_TEST(run(store.find_scim_group("okta", "g", false)).value().members.empty());
    BOOST_TEST(run(store.find_scim_user("okta", "u7", true)).value().groups.size() == 1u);
    BOOST_TEST(p.count(R"(id eq "g" and members eq "u7")", true) == 1);
    BOOST_TEST(p.count(R"(members.value eq "nobody")", true) == 0);
    BOOST_TEST(p.count(R"(displayName eq "WRITERS")", true) == 1);

    auto const again = run(store.change_scim_group(changes.front())).value().value();
    BOOST_TEST(again.result.version == 51); // who is in is no change
    auto const one = p.group(scim::change_kind::replace, "g",
                             R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Writers",)"
                             R"("members":[{"value":"u3"}]})");
    BOOST_REQUIRE(run(store.change_scim_group(one)).value().has_value());
    BOOST_TEST(run(store.find_scim_group("okta", "g", true)).value().members.size() == 1u);
    auto const stranger = p.group(scim::change_kind::replace, "g",
                                  R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],)"
                                  R"("displayName":"Writers","members":[{"value":"nobody"}]})");
    BOOST_TEST(run(store.change_scim_group(stranger)).value().error().status == 400);
    BOOST_TEST(run(store.find_scim_group("okta", "g", true)).value().members.size() == 1u);
    auto const admins = p.group(scim::change_kind::create, "g3",
                                R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],)"
                                R"("displayName":"AUTHMOD-admins"})");
    BOOST_TEST(run(store.change_scim_group(admins)).value().error().status == 409); // no way to the administrators
    auto const gone = p.group(scim::change_kind::remove, "g");
    BOOST_REQUIRE(run(store.change_scim_group(gone)).value().has_value());
    BOOST_TEST(run(store.find_scim_user("okta", "u3", true)).value().groups.empty());
}

BOOST_AUTO_TEST_CASE(fifty_parallel_member_adds_lose_none) {
    memory_store memory;
    check_groups(memory);
    sqlite_file file;
    check_groups(file.store);
}

template <class Store>
void check_tokens(Store& store) {
    provisioned<Store> p(store);
    auto const works = [&](std::string const& id) { return run(store.find_scim_access(digest(id))).has_value(); };
    auto const second = token("okta", "second", 1), third = token("okta", "third", 2), fourth = token("okta", "4th", 3);
    BOOST_REQUIRE(run(store.add_scim_token(second, 1, {})).has_value());
    BOOST_TEST((works("okta") && works("second")));
    BOOST_REQUIRE(run(store.add_scim_token(third, 1, {})).has_value());
    BOOST_TEST((!works("okta") && works("second") && works("third")));
    BOOST_TEST(run(store.find_scim_access(digest("third"))).value().token_id == "third");
    BOOST_TEST((run(store.remove_scim_token("entra", "third", {})).error() == errc::not_found));
    BOOST_REQUIRE(run(store.remove_scim_token("okta", "third", {})).has_value());
    BOOST_TEST((run(store.remove_scim_token("okta", "third", {})).error() == errc::not_found));
    BOOST_TEST((works("second") && !works("third")));
    BOOST_REQUIRE(run(store.add_scim_token(fourth, 0, {})).has_value());
    BOOST_TEST((!works("second") && works("4th") && works("entra")));
    auto const stray = token("none", "stray", 4);
    BOOST_TEST((run(store.add_scim_token(stray, 0, {})).error() == errc::not_found));

    BOOST_REQUIRE(p.make("ada").has_value());
    auto const listed = run(store.list_scim_clients()).value();
    BOOST_REQUIRE(listed.size() == 2u);
    BOOST_TEST((listed[0].client.name == "entra" && listed[1].client.name == "okta"));
    BOOST_REQUIRE(listed[1].tokens.size() == 1u);
    BOOST_TEST((listed[1].tokens[0].id == "4th" && listed[1].tokens[0].digest.empty()));
    BOOST_TEST((listed[1].users == 1 && listed[1].groups == 0 && listed[0].users == 0));
    scim_client twin;
    twin.id = "twin";
    twin.name = "okta";
    auto const first = token("twin", "fifth", 5);
    BOOST_TEST((run(store.insert_scim_client(twin, first, {})).error() == errc::name_taken));
}

BOOST_AUTO_TEST_CASE(tokens_are_rotated) {
    memory_store memory;
    check_tokens(memory);
    sqlite_file file;
    check_tokens(file.store);
}

BOOST_AUTO_TEST_SUITE_END()
