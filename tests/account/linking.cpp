#include "authmod/account/linking.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace authmod;
using kind = login_decision::kind;

namespace {

login_candidate candidate() {
    login_candidate c;
    c.module_id = "module";
    c.profile.user_id = "{4a5b}";
    c.profile.username = "ann";
    c.profile.full_name = "Ann Example";
    c.profile.email = "ann@example.com";
    c.profile.email_verified = true;
    c.profile.avatar = "https://example.com/ann.png";
    c.new_account_id = "new";
    c.address = "192.0.2.7";
    c.now = from_milliseconds(1'000'000);
    return c;
}

account person(std::string id) {
    account a;
    a.id = id;
    a.username = id;
    a.full_name = "Person " + id;
    a.created_at = a.updated_at = from_milliseconds(5);
    return a;
}

account holder(bool verified) {
    auto a = person("holder");
    a.email = "Ann@Example.com"; // another case of letters
    a.email_verified = verified;
    return a;
}

/// The facts of a store that holds what is given, with every user name free.
login_facts facts(login_candidate const& c, std::optional<account> linked = {},
                  std::optional<account> email_holder = {}) {
    login_facts f;
    f.linked = std::move(linked);
    f.email_holder = std::move(email_holder);
    f.free_username = wished_username(c);
    return f;
}

std::vector<audit_row> rows(login_decision const& d, std::string_view event, std::string_view field = {}) {
    std::vector<audit_row> found;
    for (auto const& r : d.audit)
        if (r.event == event && (field.empty() || r.field == field)) found.push_back(r);
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(linking)

BOOST_AUTO_TEST_CASE(F2_a_first_login_is_linked_by_email_only_when_both_sides_proved_it_and_the_module_allows_it) {
    for (auto policy : {account_linking::verified_email, account_linking::never})
        for (std::optional<bool> provider :
             {std::optional<bool>(true), std::optional<bool>(false), std::optional<bool>()})
            for (bool local : {true, false})
                for (bool automatic : {true, false}) {
                    auto c = candidate();
                    c.linking = policy;
                    c.profile.email_verified = provider;
                    c.email_auto_verification = automatic; // our own guess proves nothing
                    auto const d = decide_login(c, facts(c, {}, holder(local)));
                    bool const links = policy == account_linking::verified_email && provider == true && local;
                    BOOST_TEST((d.what == (links ? kind::link : kind::create)));
                    BOOST_TEST(d.result.id == (links ? "holder" : "new"));
                    BOOST_TEST(rows(d, "account_linked").size() == 1u);
                    if (!links) {
                        BOOST_TEST(d.result.email == "");
                        BOOST_TEST(!d.result.email_verified);
                        BOOST_TEST(rows(d, "email_withheld").size() == 1u);
                    }
                }
}

BOOST_AUTO_TEST_CASE(F2_user_names_never_link) {
    auto c = candidate();
    auto f = facts(c);
    f.free_username = "ann-2"; // another account is called ann
    auto const d = decide_login(c, f);
    BOOST_TEST((d.what == kind::create));
    BOOST_TEST(d.result.username == "ann-2");
    auto const told = rows(d, "username_taken");
    BOOST_REQUIRE(told.size() == 1u);
    BOOST_TEST(told[0].old_value == "ann");
    BOOST_TEST(told[0].new_value == "ann-2");
    BOOST_TEST(told[0].reason == "name_taken");
}

BOOST_AUTO_TEST_CASE(F3_an_unverified_local_account_is_not_handed_over) {
    auto c = candidate();
    auto const d = decide_login(c, facts(c, {}, holder(false)));
    BOOST_TEST((d.what == kind::create));
    BOOST_TEST(d.result.id == "new");
}

BOOST_AUTO_TEST_CASE(F1_the_link_decides_whatever_the_email_says) {
    auto c = candidate();
    auto const d = decide_login(c, facts(c, person("linked"), holder(true)));
    BOOST_TEST((d.what == kind::refresh));
    BOOST_TEST(d.result.id == "linked");
}

BOOST_AUTO_TEST_CASE(F4_a_changed_email_moves_nobody_and_takes_no_verified_address) {
    auto c = candidate();
    auto linked = person("linked");
    linked.email = "old@example.com";
    linked.email_verified = true;

    auto const kept = decide_login(c, facts(c, linked, holder(true)));
    BOOST_TEST(kept.result.email == "old@example.com");
    BOOST_TEST(kept.result.email_verified);
    BOOST_TEST(rows(kept, "email_withheld").size() == 1u);

    auto const taken = decide_login(c, facts(c, linked, holder(false)));
    BOOST_TEST(taken.result.email == "ann@example.com");
    BOOST_TEST(rows(taken, "account_changed", "email").size() == 1u);

    linked.email = "ann@example.com"; // shared already: then the state does not change either
    linked.email_verified = false;
    auto const shared = decide_login(c, facts(c, linked, holder(true)));
    BOOST_TEST(!shared.result.email_verified);
    BOOST_TEST(rows(shared, "email_withheld").empty());
}

BOOST_AUTO_TEST_CASE(F5_creation_off_and_bans_refuse) {
    auto c = candidate();
    c.user_creation = false;
    BOOST_TEST((decide_login(c, facts(c)).reason == errc::creation_off));
    BOOST_TEST((decide_login(c, facts(c, {}, holder(false))).reason == errc::creation_off));
    BOOST_TEST((decide_login(c, facts(c, {}, holder(true))).what == kind::link)); // no creation needed
    BOOST_TEST((decide_login(c, facts(c, person("linked"))).what == kind::refresh));

    auto banned = person("linked");
    banned.banned = true;
    auto const d = decide_login(c, facts(c, banned));
    BOOST_TEST((d.what == kind::refuse));
    BOOST_TEST((d.reason == errc::account_banned));
    BOOST_REQUIRE(d.audit.size() == 1u);
    BOOST_TEST(d.audit[0].event == "login_refused");
    BOOST_TEST(d.audit[0].reason == "account_banned");
    BOOST_TEST(d.audit[0].target == "linked");
    BOOST_TEST(d.audit[0].address == "192.0.2.7");

    auto banned_holder = holder(true); // a new provider account with the same email is no way around a ban
    banned_holder.banned = true;
    BOOST_TEST((decide_login(c, facts(c, {}, banned_holder)).reason == errc::account_banned));
}

BOOST_AUTO_TEST_CASE(F8_a_module_that_stopped_serving_lets_nobody_in) {
    auto c = candidate();
    for (auto const& known : {std::optional<account>(), std::optional<account>(person("linked"))}) {
        auto f = facts(c, known, holder(true));
        f.module_serves = false;
        auto const d = decide_login(c, f);
        BOOST_TEST((d.what == kind::refuse));
        BOOST_TEST((d.reason == errc::module_disabled));
        BOOST_REQUIRE(d.audit.size() == 1u);
        BOOST_TEST(d.audit[0].reason == "module_disabled");
    }
}

BOOST_AUTO_TEST_CASE(a_change_gives_the_account_a_new_revision) {
    auto c = candidate();
    BOOST_TEST(decide_login(c, facts(c)).result.revision == 1);
    auto known = person("linked");
    known.revision = 7;
    auto const changed = decide_login(c, facts(c, known));
    BOOST_TEST(changed.result.revision == 8); // one, however many fields
    auto const same = decide_login(c, facts(c, changed.result));
    BOOST_TEST(!same.account_changed);
    BOOST_TEST(same.result.revision == 8);
}

BOOST_AUTO_TEST_CASE(an_issued_token_is_told_in_the_audit) {
    auto c = candidate();
    BOOST_TEST(rows(decide_login(c, facts(c)), "token_issued").empty());
    c.new_token.emplace();
    c.new_token->service_id = "reports";
    c.new_token->digest = "secret";
    auto const d = decide_login(c, facts(c));
    BOOST_REQUIRE(rows(d, "token_issued").size() == 1u);
    BOOST_TEST(rows(d, "token_issued")[0].new_value == "reports");
}

BOOST_AUTO_TEST_CASE(B10_a_login_never_swaps_the_account_that_is_signed_in) {
    auto c = candidate();
    c.current_account_id = "me";
    BOOST_TEST((decide_login(c, facts(c)).reason == errc::signed_in_as_another)); // would create
    BOOST_TEST((decide_login(c, facts(c, person("linked"))).reason == errc::signed_in_as_another));
    BOOST_TEST((decide_login(c, facts(c, {}, holder(true))).reason == errc::signed_in_as_another));
    BOOST_TEST((decide_login(c, facts(c, person("me"))).what == kind::refresh));
}

BOOST_AUTO_TEST_CASE(E4_without_a_sound_user_id_nobody_comes_in) {
    auto c = candidate();
    c.profile.user_id.reset();
    BOOST_TEST((decide_login(c, facts(c, {}, holder(true))).reason == errc::user_id_missing));
    c.profile.user_id = "";
    BOOST_TEST((decide_login(c, facts(c)).reason == errc::user_id_missing));
    c.profile.user_id = std::string(256, '1');
    BOOST_TEST((decide_login(c, facts(c)).reason == errc::user_id_refused));
    c.profile.user_id = std::string(255, '1');
    BOOST_TEST((decide_login(c, facts(c)).what == kind::create));
}

BOOST_AUTO_TEST_CASE(a_new_account_falls_back_from_field_to_field) {
    struct row {
        std::optional<std::string> full_name, username, email;
        std::string_view expected_full_name, expected_username;
    };

    row const rows[] = {
        {"Ann Example", "ann", "a@example.com", "Ann Example", "ann"},
        {std::nullopt, "ann", "a@example.com", "ann", "ann"},
        {std::nullopt, std::nullopt, "a.b@example.com", "a.b", "a.b"},
        {"Ann Example", std::nullopt, "\"a@b\"@example.com", "Ann Example", "\"a@b\""},
        {"Ann Example", std::nullopt, "@example.com", "Ann Example", "user-1"},
        {std::nullopt, std::nullopt, std::nullopt, "user-1", "user-1"},
        {"Ann Example", std::nullopt, std::nullopt, "Ann Example", "user-1"},
        {std::nullopt, std::nullopt, std::string(250, 'a') + "@example.com", "user-1", "user-1"}, // email too long
    };
    for (auto const& r : rows) {
        auto c = candidate();
        c.profile.full_name = r.full_name;
        c.profile.username = r.username;
        c.profile.email = r.email;
        auto const d = decide_login(c, facts(c));
        BOOST_TEST_CONTEXT("row " << &r - rows) {
            BOOST_TEST((d.what == kind::create));
            BOOST_TEST(d.result.full_name == r.expected_full_name);
            BOOST_TEST(d.result.username == r.expected_username);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_new_account_carries_the_whole_profile) {
    auto c = candidate();
    c.profile.custom_attributes = {{"team", "red"}};
    auto const d = decide_login(c, facts(c));
    BOOST_TEST(d.result.id == "new");
    BOOST_TEST(d.result.email == "ann@example.com");
    BOOST_TEST(d.result.email_verified);
    BOOST_TEST(d.result.avatar == "https://example.com/ann.png");
    BOOST_TEST(d.result.created_by_module == "module");
    BOOST_TEST((d.result.created_at == c.now && d.result.updated_at == c.now));
    BOOST_TEST((d.result.custom_attributes == c.profile.custom_attributes));
    BOOST_TEST(d.account_changed);
    BOOST_TEST(d.audit[0].event == "login");
    BOOST_TEST(rows(d, "account_created").size() == 1u);
    for (auto const& r : d.audit) {
        BOOST_TEST(r.target == "new");
        BOOST_TEST(r.author == "login");
        BOOST_TEST(r.module_id == "module");
        BOOST_TEST((r.at == c.now));
    }
}

BOOST_AUTO_TEST_CASE(values_beyond_their_size_are_cut_or_dropped) {
    auto c = candidate();
    c.profile.username = std::string(300, 'u');
    c.profile.full_name = std::string(300, 'n');
    c.profile.email = std::string(255, 'e');
    c.profile.avatar = "https://example.com/" + std::string(2048, 'a');
    c.profile.custom_attributes = {{"long", std::string(5'000, 'v')}};
    auto const d = decide_login(c, facts(c));
    BOOST_TEST(d.result.custom_attributes[0].second == std::string(4'096, 'v'));
    BOOST_TEST(!decide_login(c, facts(c, d.result)).account_changed);
    BOOST_TEST(d.result.username == std::string(255, 'u'));
    BOOST_TEST(d.result.full_name == std::string(255, 'n'));
    BOOST_TEST(d.result.email == "");
    BOOST_TEST(d.result.avatar == "");
    for (auto const& r : d.audit) BOOST_TEST(r.new_value.size() <= 255u);
}

BOOST_AUTO_TEST_CASE(long_names_are_cut_between_code_points) {
    std::string name, longest;
    for (std::size_t i = 0; i < 300; ++i) name += "\xc3\xbc";
    for (std::size_t i = 0; i < max_name_code_points; ++i) longest += "\xc3\xbc";
    auto c = candidate();
    c.profile.username = c.profile.full_name = name;
    auto const d = decide_login(c, facts(c));
    BOOST_TEST(d.result.username == longest);
    BOOST_TEST(d.result.full_name == longest);
    BOOST_TEST(rows(d, "account_created")[0].new_value == longest);
}

BOOST_AUTO_TEST_CASE(a_fetched_picture_is_addressed_here_by_the_id_of_the_account_that_gets_it) {
    auto c = candidate();
    c.avatar.emplace();
    BOOST_TEST(decide_login(c, facts(c)).result.avatar == "/avatars/new");
    BOOST_TEST(decide_login(c, facts(c, {}, holder(true))).result.avatar == "/avatars/holder");

    auto linked = person("linked");
    linked.avatar = "https://example.com/ann.png";
    auto const first = decide_login(c, facts(c, linked));
    BOOST_TEST(first.result.avatar == "/avatars/linked");
    BOOST_TEST(rows(first, "account_changed", "avatar").size() == 1u);
    auto const next = decide_login(c, facts(c, first.result)); // another picture, the same address
    BOOST_TEST(rows(next, "account_changed", "avatar").empty());

    c.profile.avatar.reset(); // the picture decides, not where it came from
    BOOST_TEST(decide_login(c, facts(c, linked)).result.avatar == "/avatars/linked");
}

BOOST_AUTO_TEST_CASE(later_logins_refresh_what_changed_and_tell_it) {
    auto c = candidate();
    c.profile.custom_attributes = {{"team", "red"}, {"floor", "2"}};
    auto linked = person("linked");
    linked.custom_attributes = {{"team", "blue"}, {"badge", "7"}};
    auto const d = decide_login(c, facts(c, linked));
    BOOST_TEST(d.account_changed);
    BOOST_TEST(d.result.username == "ann");
    BOOST_TEST(d.result.full_name == "Ann Example");
    BOOST_TEST(d.result.email == "ann@example.com");
    BOOST_TEST(d.result.email_verified);
    BOOST_TEST(d.result.avatar == "https://example.com/ann.png");
    std::vector<std::pair<std::string, std::string>> const wanted = {{"team", "red"}, {"badge", "7"}, {"floor", "2"}};
    BOOST_TEST((d.result.custom_attributes == wanted));
    BOOST_TEST((d.result.updated_at == c.now && d.result.created_at == linked.created_at));
    for (auto field : {"username", "full_name", "email", "email_verified", "avatar", "custom_attributes/team",
                       "custom_attributes/floor"})
        BOOST_TEST_CONTEXT(field) BOOST_TEST(rows(d, "account_changed", field).size() == 1u);
    BOOST_TEST(rows(d, "account_changed", "full_name")[0].old_value == "Person linked");
    BOOST_TEST(rows(d, "account_linked").empty());

    auto const again = decide_login(c, facts(c, d.result));
    BOOST_TEST(!again.account_changed);
    BOOST_TEST(again.audit.size() == 1u);
    BOOST_TEST((again.result == d.result));
}

BOOST_AUTO_TEST_CASE(silence_of_the_provider_erases_nothing) {
    auto linked = person("linked");
    linked.email = "kept@example.com";
    linked.email_verified = true;
    linked.avatar = "https://example.com/kept.png";
    auto c = candidate();
    c.profile = user_profile();
    c.profile.user_id = "{4a5b}";
    auto f = facts(c, linked);
    auto const d = decide_login(c, f);
    BOOST_TEST(!d.account_changed);
    BOOST_TEST((d.result == linked));
}

BOOST_AUTO_TEST_CASE(a_taken_user_name_is_not_taken_over_later_either) {
    auto c = candidate();
    auto linked = person("linked");
    linked.username = "ann-2";
    auto f = facts(c, linked);
    f.free_username = "ann-2";
    auto const d = decide_login(c, f);
    BOOST_TEST(d.result.username == "ann-2");
    BOOST_TEST(rows(d, "username_taken").empty());
}

BOOST_AUTO_TEST_CASE(a_verified_state_stays_while_the_provider_says_nothing_about_the_same_address) {
    auto c = candidate();
    c.profile.email_verified.reset();
    auto linked = person("linked");
    linked.email = "ann@example.com";
    linked.email_verified = true;
    BOOST_TEST(decide_login(c, facts(c, linked)).result.email_verified);
    linked.email = "other@example.com";
    BOOST_TEST(!decide_login(c, facts(c, linked)).result.email_verified);
    c.profile.email_verified = false;
    linked.email = "ann@example.com";
    auto const d = decide_login(c, facts(c, linked));
    BOOST_TEST(!d.result.email_verified);
    BOOST_TEST(rows(d, "account_changed", "email_verified").size() == 1u);
}

BOOST_AUTO_TEST_CASE(F7_groups_are_decided_and_told) {
    auto c = candidate();
    c.groups_mapped = true;
    c.group_mappings = {{"team", "g1"}, {"club", "g2"}};
    c.profile.groups = {"team"};
    auto f = facts(c, person("linked"));
    f.granted_groups = {"g2"};
    f.known_groups = {"g1"};
    auto const d = decide_login(c, f);
    BOOST_TEST((d.join == std::vector<std::string>{"g1"}));
    BOOST_TEST((d.leave == std::vector<std::string>{"g2"}));
    BOOST_TEST(rows(d, "group_joined")[0].new_value == "g1");
    BOOST_TEST(rows(d, "group_left")[0].old_value == "g2");

    c.profile.groups.reset();
    auto const missing = decide_login(c, f);
    BOOST_TEST((missing.join.empty() && missing.leave.empty()));
    BOOST_TEST(rows(missing, "groups_missing").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_free_user_name_is_found_with_few_questions_however_many_are_taken) {
    auto c = candidate();
    std::set<std::string> names;
    std::size_t most = 0;
    for (int i = 0; i < 2'000; ++i) {
        c.new_account_id = "account " + std::to_string(i);
        std::size_t asked = 0;
        auto const name = find_free_username(c, [&](std::string const& n) {
            ++asked;
            return names.contains(n);
        });
        most = std::max(most, asked);
        BOOST_REQUIRE(names.insert(name).second);
        if (i == 0) BOOST_TEST(name == "ann");
        if (i == 1) BOOST_TEST(name == "ann-2");
        if (i == 8) BOOST_TEST(name == "ann-9");
    }
    BOOST_TEST(most <= 14u);
}

BOOST_AUTO_TEST_CASE(numbers_fit_into_the_longest_name) {
    BOOST_TEST(numbered_username("ann", 2) == "ann-2");
    BOOST_TEST(numbered_username(std::string(255, 'a'), 17) == std::string(252, 'a') + "-17");
}

BOOST_AUTO_TEST_CASE(people_without_any_name_are_numbered) {
    login_candidate c;
    c.profile.user_id = "1";
    BOOST_TEST(wished_username(c) == "user-1");
    int n = 0;
    BOOST_TEST(find_free_username(c, [&](std::string const&) { return ++n <= 1; }) == "user-2");
}

BOOST_AUTO_TEST_SUITE_END()
