#include "authmod/account/group_mapping.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace authmod;

namespace {

using names = std::vector<std::string>;

login_candidate candidate(std::optional<names> given) {
    login_candidate c;
    c.groups_mapped = true;
    c.profile.groups = std::move(given);
    c.auto_join_groups = {"auto"};
    c.group_mappings = {{"team", "g-team"}, {"club", "g-club"}, {"crew", "g-team"}};
    return c;
}

group_changes decide(login_candidate const& c, names granted, names known = {"auto", "g-team", "g-club"}) {
    login_facts f;
    f.granted_groups = std::move(granted);
    f.known_groups = std::move(known);
    return decide_groups(c, f);
}

} // namespace

BOOST_AUTO_TEST_SUITE(group_mapping)

BOOST_AUTO_TEST_CASE(F7_memberships_follow_the_provider) {
    struct row {
        std::optional<names> given;
        names granted, join, leave;
        bool missing;
    };

    row const rows[] = {
        {names{"team"}, {}, {"auto", "g-team"}, {}, false},
        {names{"team"}, {"auto", "g-team"}, {}, {}, false},
        {names{"club"}, {"auto", "g-team"}, {"g-club"}, {"g-team"}, false},
        {names{"crew"}, {"auto", "g-team"}, {}, {}, false},                       // two names for one group
        {names{"team", "crew", "team"}, {}, {"auto", "g-team"}, {}, false},       // doubles
        {names{}, {"auto", "g-club", "g-team"}, {}, {"g-club", "g-team"}, false}, // an empty list takes
        {std::nullopt, {"auto", "g-team"}, {}, {}, true},                         // a missing one does not
        {names{"Team", "team "}, {"auto"}, {}, {}, false},                        // names compare exactly
        {names{"club"}, {"auto", "unmapped"}, {"g-club"}, {}, false},             // only mapped groups are taken
    };
    for (auto const& r : rows) {
        auto const changes = decide(candidate(r.given), r.granted);
        BOOST_TEST_CONTEXT("row " << &r - rows) {
            BOOST_TEST(changes.join == r.join, boost::test_tools::per_element());
            BOOST_TEST(changes.leave == r.leave, boost::test_tools::per_element());
            BOOST_TEST(changes.missing == r.missing);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_list_that_was_cut_short_only_adds) {
    auto c = candidate(names{"club"});
    c.groups_complete = false;
    auto const changes = decide(c, {"auto", "g-team"});
    BOOST_TEST((changes.join == names{"g-club"}));
    BOOST_TEST(changes.leave.empty());
}

BOOST_AUTO_TEST_CASE(mappings_are_inactive_without_a_groups_path) {
    auto c = candidate(names{});
    c.groups_mapped = false;
    auto const changes = decide(c, {"g-team"});
    BOOST_TEST((changes.join == names{"auto"}));
    BOOST_TEST(changes.leave.empty());
    BOOST_TEST(!changes.missing);
}

BOOST_AUTO_TEST_CASE(a_missing_list_is_no_matter_where_nothing_is_mapped) {
    auto c = candidate(std::nullopt);
    c.group_mappings.clear();
    BOOST_TEST(!decide(c, {}).missing);
}

BOOST_AUTO_TEST_CASE(an_auto_join_group_stays_although_its_mapping_does_not_match) {
    auto c = candidate(names{});
    c.auto_join_groups = {"g-team"};
    BOOST_TEST(decide(c, {"g-team"}).leave.empty());
}

BOOST_AUTO_TEST_CASE(groups_that_do_not_exist_are_not_joined) {
    auto const changes = decide(candidate(names{"team", "club"}), {}, {"g-club"});
    BOOST_TEST((changes.join == names{"g-club"}));
}

BOOST_AUTO_TEST_CASE(external_names_longer_than_255_bytes_are_dropped) {
    auto c = candidate(names{std::string(255, 'a'), std::string(256, 'b')});
    c.auto_join_groups.clear();
    c.group_mappings = {{std::string(255, 'a'), "g-team"}, {std::string(256, 'b'), "g-club"}};
    BOOST_TEST((decide(c, {}).join == names{"g-team"}));
}

BOOST_AUTO_TEST_CASE(two_thousand_groups_against_five_hundred_mappings_do_not_multiply) {
    login_candidate c;
    c.groups_mapped = true;
    login_facts f;
    for (int i = 0; i < 500; ++i) {
        c.group_mappings.emplace_back("external group " + std::to_string(4 * i), "g" + std::to_string(i));
        f.known_groups.push_back("g" + std::to_string(i));
    }
    c.profile.groups.emplace();
    for (int i = 0; i < 2'000; ++i) c.profile.groups->push_back("external group " + std::to_string(i));
    auto const start = std::chrono::steady_clock::now();
    auto const changes = decide_groups(c, f);
    BOOST_TEST(changes.join.size() == 500u);
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500)));
}

BOOST_AUTO_TEST_SUITE_END()
