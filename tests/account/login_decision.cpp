#include "authmod/account/login_decision.hpp"

#include <boost/test/unit_test.hpp>
#include <type_traits>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(login_decision_)

BOOST_AUTO_TEST_CASE(an_untouched_decision_refuses_and_changes_nothing) {
    static_assert(login_decision::kind() == login_decision::kind::refuse);
    login_decision const d;
    BOOST_TEST((d.what == login_decision::kind::refuse));
    BOOST_TEST((d.result == account()));
    BOOST_TEST(!d.account_changed);
    BOOST_TEST(d.join.empty());
    BOOST_TEST(d.leave.empty());
    BOOST_TEST(d.audit.empty());
}

BOOST_AUTO_TEST_CASE(an_untouched_outcome_logs_nobody_in) {
    login_outcome const o;
    BOOST_TEST((o.what == login_decision::kind::refuse));
    BOOST_TEST((o.who == account()));
    BOOST_TEST(o.groups.empty());
}

BOOST_AUTO_TEST_CASE(an_untouched_candidate_is_nobody_under_the_default_rules) {
    login_candidate const c;
    BOOST_TEST(!c.profile.user_id);
    BOOST_TEST(c.module_id.empty());
    BOOST_TEST(c.user_creation);
    BOOST_TEST((c.linking == account_linking::verified_email));
    BOOST_TEST(!c.email_auto_verification);
    BOOST_TEST(!c.avatar);
}

BOOST_AUTO_TEST_CASE(an_untouched_candidate_gets_no_session_and_replaces_none) {
    login_candidate const c;
    BOOST_TEST(c.new_session.digest.empty());
    BOOST_TEST(c.current_account_id.empty());
    BOOST_TEST(c.replaced_session.empty());
}

BOOST_AUTO_TEST_CASE(F7_an_untouched_candidate_moves_no_groups) {
    login_candidate const c;
    BOOST_TEST(!c.groups_mapped);
    BOOST_TEST(c.groups_complete); // only a reader that cut the list says otherwise
    BOOST_TEST(c.group_mappings.empty());
    BOOST_TEST(c.auto_join_groups.empty());
}

BOOST_AUTO_TEST_CASE(untouched_facts_know_nobody) {
    login_facts const f;
    BOOST_TEST(!f.linked);
    BOOST_TEST(!f.email_holder);
    BOOST_TEST(f.free_username.empty());
    BOOST_TEST(f.granted_groups.empty());
    BOOST_TEST(f.known_groups.empty());
}

BOOST_AUTO_TEST_CASE(no_value_is_an_aggregate_that_a_coroutine_could_destroy_twice) {
    static_assert(!std::is_aggregate_v<login_candidate>);
    static_assert(!std::is_aggregate_v<login_facts>);
    static_assert(!std::is_aggregate_v<login_decision>);
    static_assert(!std::is_aggregate_v<login_outcome>);
}

BOOST_AUTO_TEST_SUITE_END()
