// SPDX-License-Identifier: BSL-1.0
// Layer 6. The store contract on modules, their order, revisions and removal.
#pragma once

#include "authmod/testing/detail/contract_support.hpp"

#include <algorithm>
#include <future>
#include <string>
#include <vector>

namespace authmod::detail {

template <store S>
void store_contract<S>::modules() {
    auto first = module("first");
    first.order = 2;
    first.enabled = true;
    first.sealed_secret = "sealed";
    auto second = module("second");
    second.order = 1;
    expect_ok(ask(store_.insert_module(first, row(first.id))));
    expect_ok(ask(store_.insert_module(second, row(second.id))));
    expect(stored_module(first.id) == first, "every member as it was");
    auto const list = ask(store_.list_modules());
    if (!expect_ok(list)) return;
    auto const place = [&](module_record const& m) { return std::ranges::find(*list, m.id, &module_record::id); };
    expect(place(second) < place(first), "ascending order");
}

template <store S>
void store_contract<S>::module_names() {
    auto const first = module("first");
    expect_ok(ask(store_.insert_module(first, row(first.id))));
    auto twin = module("twin");
    twin.name = first.name;
    expect_error(ask(store_.insert_module(twin, row(twin.id))), errc::name_taken);
    auto same_id = module("first");
    same_id.name += " again";
    expect_error(ask(store_.insert_module(same_id, row(same_id.id))), errc::store_conflict);
    auto second = module("second");
    expect_ok(ask(store_.insert_module(second, row(second.id))));
    second.name = first.name;
    expect_error(ask(store_.update_module(second, 1, row(second.id), false)), errc::name_taken);
    expect(stored_module(second.id).name == module("second").name, "the old name after a refused rename");
}

template <store S>
void store_contract<S>::revisions() {
    auto m = module("edited");
    expect_ok(ask(store_.insert_module(m, row(m.id))));
    m.settings = "{}";
    expect_ok(ask(store_.update_module(m, 1, row(m.id), false)));
    expect(stored_module(m.id).revision == 2 && stored_module(m.id).settings == "{}", "revision 2 and the new text");
    expect_error(ask(store_.update_module(m, 1, row(m.id), false)), errc::revision_stale);

    std::vector<std::future<result<void>>> calls;
    audit_row const r = row(m.id);
    for (int i = 0; i < 10; ++i) calls.push_back(spawn(store_.update_module(m, 2, r, false)));
    int wins = 0;
    for (auto& call : calls) {
        auto const answer = call.get();
        wins += answer ? 1 : 0;
        if (!answer) expect_error(answer, errc::revision_stale);
    }
    expect(wins == 1 && stored_module(m.id).revision == 3, "one of ten updates of one revision");
}

template <store S>
void store_contract<S>::defaults() {
    std::vector<module_record> made;
    for (auto name : {"a", "b", "c", "d"}) {
        auto& m = made.emplace_back(module(name));
        m.is_default = true;
        expect_ok(ask(store_.insert_module(m, row(m.id))));
    }
    auto const count = [&] {
        auto const list = ask(store_.list_modules());
        return list ? std::ranges::count(*list, true, &module_record::is_default) : -1;
    };
    expect(count() == 1 && stored_module(made[3].id).is_default, "the last one made default, alone");
    auto const a = stored_module(made[0].id);
    expect(a.revision == 2, "a new revision of the one that is no longer default");

    std::vector<std::future<result<void>>> calls;
    for (auto& m : made) m.revision = stored_module(m.id).revision;
    audit_row const r = row(id("race"));
    for (auto const& m : made) calls.push_back(spawn(store_.update_module(m, m.revision, r, false)));
    for (auto& call : calls) call.wait();
    expect(count() == 1, "one default after a race");
    for (auto const& m : made) {
        auto plain = stored_module(m.id);
        plain.is_default = false;
        expect_ok(ask(store_.update_module(plain, plain.revision, r, false)));
    }
    expect(count() == 0, "no default when all are cleared");
}

template <store S>
void store_contract<S>::module_removal() {
    auto const m = module("module");
    expect_ok(ask(store_.insert_module(m, row(m.id))));
    group const g(id("group"), id("group"));
    put_group(g);
    auto c = candidate("somebody");
    c.auto_join_groups = {g.id};
    log_in(c);
    expect(ask(store_.load_login_facts(c)).value().linked.has_value(), "a link");
    expect_error(ask(store_.remove_module(m.id, id("nobody"), row(m.id), false)), errc::not_found);
    expect_error(ask(store_.remove_module(m.id, m.id, row(m.id), false)), errc::not_found);
    expect(signed_in("somebody"), "the session after a refused removal");
    expect_ok(ask(store_.remove_module(m.id, "", row("removed", m.id), false)));
    expect(stored_module(m.id).id.empty(), "no module");
    expect(!signed_in("somebody"), "no session through a removed module");
    expect(stored_account(c.new_account_id).id == c.new_account_id, "the account");
    expect(!ask(store_.load_login_facts(c)).value().linked, "no link of a removed module");
    expect(groups_of(c.new_account_id) == std::vector<std::string>{all_users}, "no grant of a removed module");
    expect(ask(store_.find_account(c.new_account_id)).value().links.empty(), "no link in the account's list");
    expect_error(ask(store_.remove_module(m.id, "", row(m.id), false)), errc::not_found);
}

template <store S>
void store_contract<S>::successor() {
    auto const old = module("module");
    auto const next = module("next");
    expect_ok(ask(store_.insert_module(old, row(old.id))));
    expect_ok(ask(store_.insert_module(next, row(next.id))));
    group const g(id("group"), id("group"));
    put_group(g);
    auto c = candidate("somebody");
    c.auto_join_groups = {g.id};
    log_in(c);
    auto both = candidate("both"); // has logged in through either, as two people
    log_in(both);
    both.module_id = next.id;
    both.new_account_id = id("both at next");
    both.new_session.digest = digest("both at next");
    log_in(both);

    expect_ok(ask(store_.remove_module(old.id, next.id, row(old.id), false)));
    c.module_id = next.id;
    auto const facts = ask(store_.load_login_facts(c)).value();
    expect(facts.linked && facts.linked->id == c.new_account_id, "the link at the successor");
    expect(facts.granted_groups == std::vector<std::string>{g.id}, "the grant in the successor's name");
    auto const kept = ask(store_.load_login_facts(both)).value();
    expect(kept.linked && kept.linked->id == both.new_account_id, "the successor's own link");
    expect(ask(store_.count_accounts_made_by(next.id)).value() == 3, "the accounts of both");
    expect(ask(store_.count_accounts_made_by(old.id)).value() == 0, "none of the old one");
    expect(stored_account(c.new_account_id).revision == 2, "a change of the account");
    auto const links = ask(store_.find_account(c.new_account_id)).value().links;
    expect(links.size() == 1 && links[0].module_id == next.id && links[0].user_id == *c.profile.user_id,
           "the link in the account's list");
}

template <store S>
void store_contract<S>::module_images() {
    auto m = module("module");
    expect_ok(ask(store_.insert_module(m, row(m.id))));
    expect_error(ask(store_.load_module_image(m.id)), errc::not_found);
    expect_error(ask(store_.load_module_image(id("nobody"))), errc::not_found);
    avatar_image image;
    image.media_type = "image/png";
    image.bytes = std::string("\x89PNG\0\xff", 6) + std::string(200'000, '\0');
    m.new_image = image;
    expect_ok(ask(store_.update_module(m, 1, row(m.id), false)));
    expect(ask(store_.load_module_image(m.id)).value() == image, "the image as it was");
    expect(stored_module(m.id).image_type == "image/png" && !stored_module(m.id).new_image, "its type in the list");
    m.new_image.reset();
    expect_ok(ask(store_.update_module(m, 2, row(m.id), false)));
    expect(stored_module(m.id).image_type == "image/png", "the image after an update of other fields");
    m.new_image.emplace();
    expect_ok(ask(store_.update_module(m, 3, row(m.id), false)));
    expect_error(ask(store_.load_module_image(m.id)), errc::not_found);
    expect(stored_module(m.id).image_type.empty(), "no type of a removed image");

    auto with = module("with image");
    with.new_image = image;
    expect_ok(ask(store_.insert_module(with, row(with.id))));
    expect(ask(store_.load_module_image(with.id)).value() == image, "an image from the start");
    auto refused = stored_module(with.id);
    refused.new_image.emplace();
    expect_error(ask(store_.update_module(refused, 7, row(with.id), false)), errc::revision_stale);
    expect(ask(store_.load_module_image(with.id)).value() == image, "the image after a refused update");
    expect_ok(ask(store_.remove_module(with.id, "", row(with.id), false)));
    expect_error(ask(store_.load_module_image(with.id)), errc::not_found);
}

template <store S>
void store_contract<S>::test_results() {
    auto const m = module("module");
    expect_error(ask(store_.put_test_result(m.id, "early")), errc::not_found);
    expect_ok(ask(store_.insert_module(m, row(m.id))));
    expect_error(ask(store_.load_test_result(m.id)), errc::not_found);
    for (auto const& text : {std::string("first"), std::string("\0\xff second", 9)}) {
        expect_ok(ask(store_.put_test_result(m.id, text)));
        expect(ask(store_.load_test_result(m.id)).value() == text, "the last result, byte by byte");
    }
    expect(stored_module(m.id).revision == 1, "no new revision for a test");
    expect_ok(ask(store_.remove_module(m.id, "", row(m.id), false)));
    expect_error(ask(store_.load_test_result(m.id)), errc::not_found);
    expect_ok(ask(store_.insert_module(m, row(m.id))));
    expect_error(ask(store_.load_test_result(m.id)), errc::not_found);
}

} // namespace authmod::detail
