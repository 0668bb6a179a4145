// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on accounts, their names, pages and pictures.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <cstddef>
#include <future>
#include <string>
#include <vector>

namespace authmod::detail {

template <store S>
void store_contract<S>::accounts() {
    auto a = person("full");
    a.email = id("full") + "@example.com";
    a.email_verified = true;
    a.avatar = "https://example.com/a.png";
    a.created_by_module = id("module");
    a.custom_attributes = {{"b", "2"}, {"a", "1"}};
    put_account(a);
    expect(stored_account(a.id) == a, "every member as it was");
    a.email.clear();
    a.email_verified = false;
    a.custom_attributes.clear();
    a.created_by_module.clear();
    expect_ok(ask(store_.update_account(a, a.revision, row(a.id))));
    ++a.revision;
    expect(stored_account(a.id) == a, "every member as changed");
    expect(ask(store_.count_accounts_made_by(id("module"))).value() == 0, "no account made by the module any more");
}

template <store S>
void store_contract<S>::account_names() {
    auto const a = person("Anna");
    put_account(a);
    auto twin = person("twin");
    twin.username = fold_case(a.username);
    expect_error(ask(store_.insert_account(twin, row(twin.id))), errc::name_taken);
    auto same_id = person("Anna");
    same_id.username = id("another");
    expect_error(ask(store_.insert_account(same_id, row(same_id.id))), errc::store_conflict);
    auto b = person("Bert");
    put_account(b);
    b.username = fold_case(a.username);
    expect_error(ask(store_.update_account(b, b.revision, row(b.id))), errc::name_taken);
    expect(stored_account(b.id).username == id("Bert"), "the old name");
    auto own = a;
    own.username = fold_case(a.username);
    expect_ok(ask(store_.update_account(own, own.revision, row(a.id))));
    b.username = id("Carl");
    expect_ok(ask(store_.update_account(b, b.revision, row(b.id))));
    auto next = person("next");
    next.username = id("Bert"); // free again
    put_account(next);
}

template <store S>
void store_contract<S>::account_revisions() {
    auto a = person("edited");
    put_account(a);
    a.full_name = "New Name";
    std::vector<audit_row> const two{row("first", a.id), row("second", a.id)};
    expect_ok(ask(store_.update_account(a, 1, two)));
    expect(stored_account(a.id).revision == 2 && stored_account(a.id).full_name == "New Name", "revision 2");
    auto const told = rows_about(a.id);
    expect(told.size() == 3 && told[0].event == "second" && told[1].event == "first", "every row, in order");
    expect_error(ask(store_.update_account(a, 1, row("stale", a.id))), errc::revision_stale);

    std::vector<std::future<result<void>>> calls;
    audit_row const r = row(id("race"));
    for (int i = 0; i < 10; ++i) calls.push_back(spawn(store_.update_account(a, 2, r)));
    int wins = 0;
    for (auto& call : calls) {
        auto const answer = call.get();
        wins += answer ? 1 : 0;
        if (!answer) expect_error(answer, errc::revision_stale);
    }
    expect(wins == 1 && stored_account(a.id).revision == 3, "one of ten updates of one revision");

    auto c = candidate("somebody"); // a login is a change too, if it changes something
    log_in(c);
    auto const again = [&] {
        c.new_session.digest = digest("session " + std::to_string(++logins_));
        return log_in(c).who.revision;
    };
    expect(again() == 1, "no new revision when nothing changes");
    c.profile.full_name = "Other Name";
    expect(again() == 2 && stored_account(c.new_account_id).revision == 2, "a new revision with a new name");
    auto stale = stored_account(c.new_account_id);
    expect_error(ask(store_.update_account(stale, 1, r)), errc::revision_stale);
}

template <store S>
void store_contract<S>::account_pages() {
    std::vector<std::string> made;
    for (auto name : {"e", "b", "d", "a", "c"}) {
        put_account(person(name));
        made.push_back(id(name));
    }
    std::ranges::sort(made);
    account_filter page_of;
    page_of.limit = 2;
    page_of.after = made.front();
    page_of.after.pop_back(); // sorts right before the first
    std::vector<std::string> seen;
    for (std::size_t page = 0; page < made.size(); page += 2) {
        auto const list = ask(store_.list_accounts(page_of));
        if (!expect_ok(list) || !expect(list->size() == 2 || page == 4, "full pages")) return;
        for (auto const& a : *list) seen.push_back(a.id);
        page_of.after = seen.back();
    }
    seen.resize(std::min(seen.size(), made.size()));
    expect(seen == made, "every account once, by id");
    page_of.limit = 0;
    expect(ask(store_.list_accounts(page_of)).value().empty(), "nothing when nothing is asked for");
}

template <store S>
void store_contract<S>::account_search() {
    auto const add = [&](std::string_view name, std::string username, std::string email) {
        auto a = person(name);
        a.username = std::move(username);
        a.email = std::move(email);
        put_account(a);
        return a.id;
    };
    auto const tag = id("");
    auto const by_name = add("1", tag + "Ann", "");
    auto const by_email = add("2", "x" + tag, tag + "ANN@example.com");
    auto const by_both = add("3", tag + "anne", tag + "anne@example.com");
    add("4", tag + "bob", tag + "bob@example.com");
    add("5", "y" + tag + "ann", "z" + tag + "ann@example.com"); // in the middle only
    add("6", tag + "a%", "");
    account_filter filter;
    filter.search = tag + "aNN";
    expect(ids_of(filter) == std::vector{by_name, by_email, by_both}, "prefixes of name and email, each account once");
    filter.limit = 2;
    expect(ids_of(filter) == std::vector{by_name, by_email}, "a page of them");
    filter.after = by_email;
    expect(ids_of(filter) == std::vector{by_both}, "the next page");
    filter = account_filter();
    filter.search = tag + "a%";
    expect(ids_of(filter) == std::vector{id("6")}, "no wild cards");

    group const g(id("group"), id("group"));
    put_group(g);
    for (auto const& who : {by_name, id("4")}) expect_ok(ask(store_.put_member(g.id, who, row(who))));
    auto c = candidate("7");
    c.module_id = id("other module");
    c.profile.username = tag + "anton";
    c.auto_join_groups = {g.id};
    log_in(c);
    expect_ok(ask(store_.put_member(g.id, c.new_account_id, row(g.id)))); // a second grant, no second line
    c.profile.user_id = id("7 again");                                    // nor has a second link of one person
    c.profile.email = tag + "seven@example.com";
    auto seven = stored_account(c.new_account_id);
    seven.email = *c.profile.email;
    seven.email_verified = true;
    expect_ok(ask(store_.update_account(seven, seven.revision, row(seven.id))));
    c.profile.email_verified = true;
    c.new_session.digest = digest("7 again");
    expect(log_in(c).what == login_decision::kind::link, "a second link");

    filter = account_filter();
    filter.group_id = g.id;
    expect(ids_of(filter) == std::vector{by_name, id("4"), id("7")}, "members of a group");
    filter.limit = 1;
    filter.after = by_name;
    expect(ids_of(filter) == std::vector{id("4")}, "a page of members");
    filter.limit = 100;
    filter.after.clear();
    filter.search = tag + "an";
    expect(ids_of(filter) == std::vector{by_name, id("7")}, "members with a name");
    filter.module_id = id("other module");
    expect(ids_of(filter) == std::vector{id("7")}, "members linked through a module");
    filter.group_id.clear();
    expect(ids_of(filter) == std::vector{id("7")}, "people of a module with a name");
    filter.search.clear();
    expect(ids_of(filter) == std::vector{id("7")}, "people of a module, each once");
    filter.group_id = all_users_id;
    expect(ids_of(filter) == std::vector{id("7")}, "everybody is in All Users");
    filter.group_id = id("no group");
    expect(ids_of(filter).empty(), "nobody in a group that is not there");
}

template <store S>
void store_contract<S>::avatars() {
    auto c = candidate("somebody");
    log_in(c);
    expect_error(ask(store_.load_avatar(c.new_account_id)), errc::not_found);
    for (auto bytes : {"\x89PNG first", "\x89PNG second"}) {
        c.avatar.emplace();
        c.avatar->media_type = "image/png";
        c.avatar->bytes = std::string(bytes) + std::string(3, '\0');
        c.new_session.digest = digest(bytes);
        log_in(c);
        expect(ask(store_.load_avatar(id("somebody"))).value() == *c.avatar, "the picture of the last login");
    }
    expect_ok(ask(store_.remove_account(id("somebody"), row(id("somebody")))));
    expect_error(ask(store_.load_avatar(id("somebody"))), errc::not_found);
}

} // namespace authmod::detail
