// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on accounts, their names, pages and pictures.
#pragma once

#include "authmod/account/text_rules.hpp"
#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <cstddef>
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
    expect_ok(ask(store_.update_account(a, row(a.id))));
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
    expect_error(ask(store_.update_account(b, row(b.id))), errc::name_taken);
    expect(stored_account(b.id).username == id("Bert"), "the old name");
    auto own = a;
    own.username = fold_case(a.username);
    expect_ok(ask(store_.update_account(own, row(a.id))));
    b.username = id("Carl");
    expect_ok(ask(store_.update_account(b, row(b.id))));
    auto next = person("next");
    next.username = id("Bert"); // free again
    put_account(next);
}

template <store S>
void store_contract<S>::account_pages() {
    std::vector<std::string> made;
    for (auto name : {"e", "b", "d", "a", "c"}) {
        put_account(person(name));
        made.push_back(id(name));
    }
    std::ranges::sort(made);
    auto after = made.front();
    after.pop_back(); // sorts right before the first
    std::vector<std::string> seen;
    for (std::size_t page = 0; page < made.size(); page += 2) {
        auto const list = ask(store_.list_accounts(after, 2));
        if (!expect_ok(list) || !expect(list->size() == 2 || page == 4, "full pages")) return;
        for (auto const& a : *list) seen.push_back(a.id);
        after = seen.back();
    }
    seen.resize(std::min(seen.size(), made.size()));
    expect(seen == made, "every account once, by id");
    expect(ask(store_.list_accounts(after, 0)).value().empty(), "nothing when nothing is asked for");
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
