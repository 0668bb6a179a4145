// SPDX-License-Identifier: BSL-1.0
// The end of a SCIM client that has made more than one transaction lets go of. Both databases are held to the same.
#pragma once

#include "support/run.hpp"
#include "support/store_login.hpp"

#include <authmod/scim/filter.hpp>
#include <authmod/storage/scim_store.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace authmod_test {

/// The client `okta` of the module `module`, with the token `token`.
template <class Store>
void add_okta(Store& s) {
    authmod::scim_client client;
    client.id = client.name = "okta";
    client.module_id = "module";
    authmod::scim_token first;
    first.id = "token";
    first.client_id = client.id;
    first.digest = digest("token");
    BOOST_REQUIRE(run(s.insert_scim_client(client, first, {})).has_value());
}

/// What a removal lets go of before its answer; the test adds to it.
inline constexpr long long released_at_once = authmod::scim::removal_part * authmod::scim::removal_parts;

/// SQL in both dialects, `TRUE` and `FALSE` included: users 1 to `$N` of `okta` and five groups. Every third user is
/// off, and the last one has logged in before.
inline std::string many_scim_users(long long number, std::string_view no_attributes) {
    std::string const n = std::to_string(number);
    std::string sql = "INSERT INTO accounts SELECT 'u' || i, 'u' || i, '', '', FALSE, '', FALSE, '', 'module', ";
    sql.append(no_attributes) += ", 1, 1, 'u' || i, '', 1 FROM many;";
    sql += "INSERT INTO scim_users SELECT 'u' || i, 'okta', '', 'u' || i, '', '', i % 3 <> 0, i, i, 1, '{}' FROM many;"
           "INSERT INTO scim_emails SELECT 'u' || i || '@example.com', 'u' || i FROM many;"
           "INSERT INTO groups SELECT 'g' || i, 'g' || i FROM many WHERE i <= 5;"
           "INSERT INTO scim_groups SELECT 'g' || i, 'okta', '', 'g' || i, i, i, 1, '{}' FROM many WHERE i <= 5;"
           "INSERT INTO links VALUES ('module', 'u" +
           n + "', 'u" + n + "', 1, 1);";
    return sql;
}

/// `count(sql)` gives the number that a statement selects; `other` is a second node, or the store itself.
template <class Store, class Count>
void check_removal_in_parts(Store& s, Store& other, long long number, Count count) {
    using namespace authmod;
    BOOST_REQUIRE(number % 3 == 0);
    auto const last = "u" + std::to_string(number);
    auto again = candidate(last);
    again.new_session.digest = digest("again");
    BOOST_TEST((run(s.finish_login(again))->reason == errc::account_inactive));
    BOOST_TEST(run(s.remove_scim_client("okta", {})).has_value());

    // From here on it is not there for anybody, although much is left.
    BOOST_TEST(count("SELECT count(*) FROM scim_users") == number - released_at_once);
    BOOST_TEST(run(s.list_scim_clients())->empty());
    BOOST_TEST((run(s.find_scim_access(digest("token"))).error() == errc::not_found));
    BOOST_TEST((run(s.remove_scim_client("okta", {})).error() == errc::not_found));
    scim_token token;
    token.id = token.client_id = "okta";
    token.digest = digest("late");
    BOOST_TEST((run(s.add_scim_token(token, 1, {})).error() == errc::not_found));
    scim::user_change change; // of a request that was let in before
    change.by.client_id = "okta";
    change.what = scim::change_kind::remove;
    change.id = last;
    BOOST_TEST((run(s.change_scim_user(change)).error() == errc::store_conflict));
    scim::group_change of_group;
    of_group.by.client_id = "okta";
    of_group.what = scim::change_kind::remove;
    of_group.id = "g1";
    BOOST_TEST((run(s.change_scim_group(of_group)).error() == errc::store_conflict));
    BOOST_TEST((run(s.finish_login(again))->reason == errc::account_inactive));
    scim_client next;
    next.id = "next";
    next.name = "okta";
    next.module_id = "module";
    token.client_id = "next";
    BOOST_TEST(run(s.insert_scim_client(next, token, {})).has_value()); // the name is free
    auto const banned = "SELECT count(*) FROM accounts WHERE banned = TRUE AND id IN "
                        "(SELECT id FROM scim_users)";
    BOOST_TEST(count(banned) == 0);

    long long swept = 0;
    for (Store* node : {&other, &s, &other, &s, &other}) {
        auto const removed = run(node->sweep(again.now, session_limits()));
        BOOST_REQUIRE(removed.has_value());
        swept += *removed;
    }
    BOOST_TEST(swept == number - released_at_once + 5 + 1); // with the groups and the client itself
    BOOST_TEST(count("SELECT count(*) FROM scim_users") == 0);
    BOOST_TEST(count("SELECT count(*) FROM scim_emails") == 0);
    BOOST_TEST(count("SELECT count(*) FROM scim_groups") == 0);
    BOOST_TEST(count("SELECT count(*) FROM scim_clients") == 1);
    BOOST_TEST(count("SELECT count(*) FROM groups WHERE id LIKE 'g%'") == 5);
    BOOST_TEST(count("SELECT count(*) FROM accounts") == number);
    BOOST_TEST(count("SELECT count(*) FROM accounts WHERE banned = TRUE") == number / 3);
    BOOST_TEST((run(s.finish_login(again))->reason == errc::account_banned));
}

} // namespace authmod_test
