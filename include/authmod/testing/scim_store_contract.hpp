// SPDX-License-Identifier: BSL-1.0
// Layer 6. What every store of SCIM must do, beside the store contract, as checks that any test framework can run.
// Performs what it checks: real calls, from several threads.
#pragma once

#include "authmod/storage/scim_store.hpp"
#include "authmod/testing/store_contract.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <random>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

/// Plain blocking code, as the store contract is. Every check has two clients, `a` of module `m` and `b` of module `n`.
template <scim_store S>
class scim_store_contract {
public:
    scim_store_contract(S& s, contract_report& report) : store_(s), report_(report) {
        std::random_device random; // fresh names, so that the contract may run again on the same database
        tag_ = std::to_string(random()) + "-" + std::to_string(random());
    }

    scim_store_contract(scim_store_contract const&) = delete;
    scim_store_contract& operator=(scim_store_contract const&) = delete;

    ~scim_store_contract() { pool_.join(); }

    void run(char const* name, void (scim_store_contract::*check)()) {
        check_ = name;
        report_.checks.emplace_back(name);
        try {
            for (auto const* client : {"a", "b"})
                expect(ask(store_.insert_scim_client(made(client), token(client, client, 0), row())).has_value(),
                       "a client to begin with");
            (this->*check)();
        } catch (std::exception const& e) { // thrown by the store, or by `value()` of a result it should not give
            expect(false, std::string("no exception, not ") + e.what());
        }
    }

    void clients_and_tokens() {
        auto twin = made("twin");
        twin.name = made("a").name;
        expect(ask(store_.insert_scim_client(twin, token("twin", "twin", 0), row())).error() == errc::name_taken,
               "name_taken for a name that is there");
        expect(ask(store_.add_scim_token(token("a", "second", 1), 1, row())).has_value(), "a second token");
        expect(opens("a") && opens("second"), "both valid");
        expect(ask(store_.add_scim_token(token("a", "third", 2), 1, row())).has_value(), "a third token");
        expect(!opens("a") && opens("second") && opens("third"), "only the newest before it kept");
        auto const found = ask(store_.find_scim_access(digest("third"))).value();
        expect(found.client == made("a") && found.token_id == id("third"), "client and token of a digest");
        expect(ask(store_.remove_scim_token(id("b"), id("third"), row())).error() == errc::not_found,
               "not_found for another client's token");
        expect(ask(store_.remove_scim_token(id("a"), id("third"), row())).has_value() && !opens("third"), "it ends");
        expect(ask(store_.add_scim_token(token("a", "fourth", 3), 0, row())).has_value() && !opens("second") &&
                   opens("fourth") && opens("b"),
               "all others of this client end, and no other's");
        expect(ask(store_.add_scim_token(token("none", "stray", 4), 0, row())).error() == errc::not_found,
               "not_found without its client");
        expect(create("a", "ada").has_value(), "a user");
        for (auto const& view : ask(store_.list_scim_clients()).value())
            if (view.client.id == id("a")) {
                expect(view.users == 1 && view.groups == 0, "one user, no group");
                expect(view.tokens.size() == 1 && view.tokens[0].id == id("fourth") && view.tokens[0].digest.empty(),
                       "its tokens without digests");
            }
    }

    void users() {
        expect(create("a", "ada").has_value() && create("a", "bob").has_value(), "two users");
        expect(create("a", "ADA").error().status == 409, "409 for a userName that differs in case alone");
        expect(create("b", "ada", "twin").error().status == 409, "409 for another client's userName");
        account local;
        local.id = id("local");
        local.username = name("carl");
        expect(ask(store_.insert_account(local, row())).has_value() && create("a", "carl").error().status == 409,
               "409 for the name of a local account");
        for (std::string const& filter :
             {"userName eq \"" + name("ADA") + '"', "externalId eq \"x-" + name("ada") + '"',
              "id eq \"" + id("ada") + '"', "emails[type eq \"work\"].value eq \"mail-" + name("ada") + '"',
              "emails.value sw \"mail-ada." + tag_ + '"', std::string("userName sw \"ada.\" and active eq true"),
              "not (userName eq \"" + name("bob") + "\")"})
            expect(count("a", filter) == 1, "one user for " + filter);
        expect(count("a", "userName eq \"" + name("ada") + "\" or userName eq \"" + name("bob") + '"') == 2,
               "both users for one or the other");
        expect(count("a", "userName eq \"" + name("none") + '"') == 0, "nobody for another name");
        expect(count("a", "userName pr") == 2 && count("b", "userName pr") == 0, "each client its own users");
        expect(change("b", scim::change_kind::remove, "ada").error().status == 404, "404 for another client's user");
        expect(ask(store_.find_scim_user(id("b"), id("ada"), true)).error() == errc::not_found, "not_found likewise");
        expect(change("a", scim::change_kind::remove, "bob").has_value(), "a removal");
        expect(change("a", scim::change_kind::remove, "bob").error().status == 404, "404 the second time");
        expect(ask(store_.find_account(id("bob"))).error() == errc::not_found, "the account goes along");
        expect(change("a", scim::change_kind::patch, "bob", off).error().status == 404, "404 for a change of it");
        expect(create("a", "bob", "bob-again").has_value(), "the name is free for another one");
    }

    void joining() {
        expect(create("a", "ada").has_value(), "a user");
        expect(log_in("ada", "n").who.id != id("ada"), "somebody else through another module");
        expect(log_in("ada", "m").who.id == id("ada"), "the user through the client's module");
        expect(change("a", scim::change_kind::patch, "ada", off).has_value(), "switched off");
        expect(ask(store_.find_session(last_session_)).error() == errc::not_found, "no session any more");
        expect(log_in("ada", "m").reason == errc::account_inactive, "no login while off");
        expect(count("a", "active eq false") == 1, "still in the list");
        expect(change("a", scim::change_kind::patch, "ada", on).has_value(), "switched on");
        expect(log_in("ada", "m").who.id == id("ada"), "in again");
        expect(!change("a", scim::change_kind::patch, "ada", on).value().changed, "the same again is no change");
        expect(change("a", scim::change_kind::patch, "ada", off).has_value(), "off once more");
        expect(ask(store_.remove_scim_client(id("a"), row())).has_value(), "the client goes");
        expect(!opens("a") && log_in("ada", "m").reason == errc::account_banned, "who was off stays out");
        expect(ask(store_.remove_scim_client(id("a"), row())).error() == errc::not_found, "not_found the second time");
    }

    void members() {
        std::vector<std::string> ids;
        for (int i = 0; i != 50; ++i) {
            ids.push_back("u" + std::to_string(i));
            expect(create("a", ids.back()).has_value(), "a user");
        }
        auto const make = group("a", scim::change_kind::create, "g", group_body(id("g")));
        expect(ask(store_.change_scim_group(make)).value().has_value(), "a group");
        auto const twin = group("b", scim::change_kind::create, "twin", group_body(id("g")));
        expect(ask(store_.change_scim_group(twin)).value().error().status == 409, "409 for its name");
        std::vector<scim::group_change> adds;
        for (auto const& who : ids)
            adds.push_back(group("a", scim::change_kind::patch, "g",
                                 R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[)"
                                 R"({"op":"Add","path":"members","value":[{"value":")" +
                                     id(who) + "\"}]}]}"));
        std::vector<std::future<scim::answer<scim::group_decision>>> answers;
        for (auto const& add : adds)
            answers.push_back(asio::co_spawn(pool_, store_.change_scim_group(add), asio::use_future));
        for (auto& answer : answers) expect(answer.get().value().has_value(), "no add refused");
        auto const view = ask(store_.find_scim_group(id("a"), id("g"), true)).value();
        expect(view.members.size() == ids.size() && view.what.version == 51, "fifty parallel adds, none lost");
        expect(ask(store_.find_scim_group(id("a"), id("g"), false)).value().members.empty(), "none, where none asked");
        auto const again = ask(store_.change_scim_group(adds.front())).value().value();
        expect(again.result.version == 51, "no new version for who is in");
        expect(count("a", "id eq \"" + id("g") + "\" and members eq \"" + id("u7") + '"', true) == 1,
               "found by member");
        expect(count("a", "members.value eq \"nobody\"", true) == 0, "and by nobody else");
        expect(count("a", "displayName eq \"" + id("G") + '"', true) == 1, "found by a name that differs in case");
        expect(ask(store_.find_scim_user(id("a"), id("u7"), true)).value().groups.size() == 1, "and by user");
        auto const put = group("a", scim::change_kind::replace, "g", group_body(id("g"), id("u3")));
        expect(ask(store_.change_scim_group(put)).value().has_value(), "a replacement");
        expect(ask(store_.find_scim_group(id("a"), id("g"), true)).value().members.size() == 1, "one member is left");
        expect(create("b", "stranger").has_value(), "another client's user");
        auto const foreign = group("a", scim::change_kind::replace, "g", group_body(id("g"), id("stranger")));
        expect(ask(store_.change_scim_group(foreign)).value().error().status == 400, "400 for it as a member");
        expect(ask(store_.find_scim_group(id("a"), id("g"), true)).value().members.size() == 1, "and nothing written");
        auto const admins = group("a", scim::change_kind::create, "admins", group_body("AUTHMOD-admins"));
        expect(ask(store_.change_scim_group(admins)).value().error().status == 409, "409 for a local group's name");
        auto const gone = group("a", scim::change_kind::remove, "g");
        expect(ask(store_.change_scim_group(gone)).value().has_value(), "a removal");
        expect(ask(store_.find_scim_user(id("a"), id("u3"), true)).value().groups.empty(), "no membership is left");
    }

    void lists() {
        std::vector<std::string> const names{"gil", "ann", "eva", "bob", "fay", "cid", "dan"};
        for (auto const& who : names) expect(create("a", who).has_value(), "a user");
        auto const collect = [&](std::string const& filter, std::string const& sort_by) {
            std::vector<std::string> seen;
            for (int start = 1; std::cmp_less(seen.size(), names.size()); start += 3) {
                auto const first = std::to_string(start);
                auto const page =
                    list({{"filter", filter}, {"sortBy", sort_by}, {"count", "3"}, {"startIndex", first}});
                expect(page.total == 7, "the number of all on every page");
                if (page.items.empty()) break;
                for (auto const& view : page.items) seen.push_back(view.who.user_name);
            }
            return seen;
        };
        auto const all = collect("userName pr", "userName");
        expect(std::ranges::is_sorted(all) && all.size() == names.size(), "the order that was asked for");
        auto const indexed = collect("active eq true", {}), tested = collect("emails.type eq \"work\"", {});
        expect(indexed == tested, "the same order, whether an index finds them or a test");
        expect(std::ranges::is_permutation(tested, all), "each user on one page");
        expect(list({{"count", "0"}}).items.empty(), "a number alone where none is asked for");
        auto const make = group("a", scim::change_kind::create, "g", group_body(id("g"), id("ann")));
        expect(ask(store_.change_scim_group(make)).value().has_value(), "a group");
        scim::list_query query;
        query.client_id = id("a");
        auto const groups = ask(store_.list_scim_groups(query)).value().value();
        expect(groups.total == 1 && groups.items.size() == 1 && groups.items[0].members.size() == 1,
               "a page of groups with members");
        expect(count("a", "groups.display eq \"" + id("g") + '"') == 1, "found by the name of a group");
    }

    void races() {
        std::vector<scim::user_change> makes;
        for (int i = 0; i != 10; ++i) makes.push_back(new_user("a", "racer", "racer-" + std::to_string(i)));
        std::vector<std::future<scim::answer<scim::user_decision>>> answers;
        for (auto const& make : makes)
            answers.push_back(asio::co_spawn(pool_, store_.change_scim_user(make), asio::use_future));
        int done = 0, refused = 0;
        for (auto& answer : answers) {
            auto const got = answer.get();
            if (got && *got) ++done;
            if (got && !*got && got->error().status == 409) ++refused;
        }
        expect(done == 1 && refused == 9, "one of ten parallel creates done, the others 409");
    }

    void modules() {
        expect(create("a", "ada").has_value(), "a user");
        for (auto const* module_name : {"m", "next"}) {
            module_record m;
            m.id = id(module_name);
            m.type = "bitbucket_cloud";
            m.name = m.id;
            m.settings = "{}";
            expect(ask(store_.insert_module(m, row())).has_value(), "a module");
        }
        expect(ask(store_.remove_module(id("m"), id("next"), row(), false)).has_value(), "moved to a successor");
        expect(ask(store_.find_scim_access(digest("a"))).value().client.module_id == id("next"), "the client as well");
        expect(ask(store_.remove_module(id("next"), "", row(), false)).has_value(), "removed without one");
        expect(!opens("a") && ask(store_.find_account(id("ada"))).has_value(), "the client goes, the account stays");
    }

private:
    static constexpr std::string_view off = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations":[{"op":"Replace","path":"active","value":"False"}]})";
    static constexpr std::string_view on = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations":[{"op":"replace","value":{"active":true}}]})";

    template <class T>
    T ask(asio::awaitable<T> call) {
        return asio::co_spawn(pool_, std::move(call), asio::use_future).get();
    }

    void expect(bool kept, std::string_view what, std::source_location at = std::source_location::current()) {
        if (!kept)
            report_.failures.emplace_back(check_, std::string(what) + " (line " + std::to_string(at.line()) + ")");
    }

    std::string id(std::string_view of) const { return tag_ + "-" + check_ + "-" + std::string(of); }

    std::string name(std::string_view of) const { return std::string(of) + '.' + tag_ + '.' + check_; }

    std::string digest(std::string_view of) const {
        std::mt19937_64 generator(std::hash<std::string>()(id(of)));
        std::string bytes(32, '\0');
        for (std::size_t i = 1; i < bytes.size(); ++i) bytes[i] = static_cast<char>(generator() & 0xff);
        return bytes;
    }

    audit_row row() const { return audit_row("contract", tag_); }

    scim_client made(std::string_view of) const {
        scim_client c;
        c.id = c.name = id(of);
        c.module_id = id(of == "a" ? "m" : "n");
        c.created_at = now_;
        return c;
    }

    scim_token token(std::string_view client, std::string_view of, int second) const {
        scim_token t;
        t.id = id(of);
        t.client_id = id(client);
        t.digest = digest(of);
        t.created_at = now_ + std::chrono::seconds(second);
        return t;
    }

    bool opens(std::string_view of) { return ask(store_.find_scim_access(digest(of))).has_value(); }

    scim::caller caller(std::string_view client) const {
        scim::caller by;
        by.client_id = id(client);
        by.module_id = made(client).module_id;
        by.now = now_;
        return by;
    }

    scim::user_change new_user(std::string_view client, std::string_view who, std::string_view as) const {
        scim::user_change c;
        c.by = caller(client);
        c.id = id(as);
        auto const body = R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":")" + name(who) +
                          R"(","externalId":"x-)" + name(who) + R"(","emails":[{"value":"Mail-)" + name(who) +
                          R"(","type":"work"}]})";
        c.body = scim::read_resource(scim::read_json(body).value(), scim::user_type).value();
        return c;
    }

    /// `as`: its id, where that must differ from `who`.
    scim::result_of<scim::user_decision> create(std::string_view client, std::string_view who,
                                                std::string_view as = {}) {
        auto const c = new_user(client, who, as.empty() ? who : as);
        return ask(store_.change_scim_user(c)).value();
    }

    scim::result_of<scim::user_decision> change(std::string_view client, scim::change_kind what, std::string_view who,
                                                std::string_view body = {}) {
        scim::user_change c;
        c.what = what;
        c.by = caller(client);
        c.id = id(who);
        if (!body.empty()) c.operations = scim::patch::parse(scim::read_json(body).value(), scim::user_type).value();
        return ask(store_.change_scim_user(c)).value();
    }

    static std::string group_body(std::string_view name, std::string_view member = {}) {
        auto body = R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":")" + std::string(name);
        if (!member.empty()) body.append(R"(","members":[{"value":")").append(member).append("\"}]}");
        return member.empty() ? body + "\"}" : body;
    }

    scim::group_change group(std::string_view client, scim::change_kind what, std::string_view of,
                             std::string const& body = {}) const {
        scim::group_change c;
        c.what = what;
        c.by = caller(client);
        c.id = id(of);
        if (what == scim::change_kind::patch) {
            c.operations = scim::patch::parse(scim::read_json(body).value(), scim::group_type).value();
        } else if (!body.empty()) {
            c.body = scim::read_resource(scim::read_json(body).value(), scim::group_type).value();
            c.members = scim::take_members(c.body);
        }
        return c;
    }

    long long count(std::string_view client, std::string const& filter, bool groups = false) {
        scim::list_query query;
        query.client_id = id(client);
        query.what.where = scim::filter::parse(filter, groups ? scim::group_type : scim::user_type).value();
        if (groups) return ask(store_.list_scim_groups(query)).value().value().total;
        return ask(store_.list_scim_users(query)).value().value().total;
    }

    scim::page<scim::user_view> list(std::vector<std::pair<std::string, std::string>> const& parameters) {
        scim::list_query query;
        query.client_id = id("a");
        query.what = scim::list_request::parse(parameters, scim::user_type).value();
        return ask(store_.list_scim_users(query)).value().value();
    }

    /// By somebody whose provider calls them as `who` is called here.
    login_outcome log_in(std::string_view who, std::string_view module_name) {
        login_candidate c;
        c.module_id = id(module_name);
        c.profile.user_id = name(who);
        c.new_account_id = id("login-" + std::to_string(++logins_));
        c.new_session.digest = last_session_ = digest("session-" + std::to_string(logins_));
        c.new_session.module_id = c.module_id;
        c.now = c.new_session.created_at = c.new_session.seen_at = now_;
        return ask(store_.finish_login(c)).value();
    }

    S& store_;
    contract_report& report_;
    std::string tag_, check_, last_session_;
    int logins_ = 0;
    time_point const now_ = from_milliseconds(1'790'000'000'000);
    asio::thread_pool pool_{4}; // last: its threads use all of the above
};

} // namespace detail

/** Checks every promise that the concept @ref scim_store adds to @ref store, with calls from four threads at once.

    Blocks until it is done. It leaves accounts, clients and audit rows with fresh names behind: give it a database of
   its own.

    @par Example
    @code
    my_store s;
    for (auto const& f : authmod::check_scim_store_contract(s).failures)
        std::cout << f.check << ": expected " << f.what << '\n';
    @endcode
*/
template <scim_store S>
[[nodiscard]] contract_report check_scim_store_contract(S& s) {
    using contract = detail::scim_store_contract<S>;
    contract_report report;
    contract checks(s, report);
    checks.run("clients_have_tokens_that_are_rotated_and_revoked", &contract::clients_and_tokens);
    checks.run("users_are_made_found_and_removed_by_their_own_client", &contract::users);
    checks.run("a_user_logs_in_through_the_clients_module_while_it_is_on", &contract::joining);
    checks.run("O1_fifty_parallel_member_adds_lose_none", &contract::members);
    checks.run("pages_neither_skip_nor_repeat", &contract::lists);
    checks.run("O1_of_ten_parallel_creates_one_succeeds", &contract::races);
    checks.run("a_client_moves_or_goes_with_its_module", &contract::modules);
    return report;
}

} // namespace authmod
