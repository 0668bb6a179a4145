#include "authmod/policy/store.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using namespace authmod;

namespace {

template <class T>
using answer = asio::awaitable<result<T>>;

/// Has every function of the concept; declarations are enough for it.
struct complete_store {
    answer<std::vector<module_record>> list_modules();
    answer<void> insert_module(module_record const&, audit_rows);
    answer<void> update_module(module_record const&, long long, audit_rows, bool);
    answer<void> remove_module(std::string_view, std::string_view, audit_rows, bool);
    answer<avatar_image> load_module_image(std::string_view);
    answer<void> put_test_result(std::string_view, std::string_view);
    answer<std::string> load_test_result(std::string_view);
    answer<void> take_state(std::string_view, time_point);
    answer<login_facts> load_login_facts(login_candidate const&);
    answer<login_outcome> finish_login(login_candidate const&);
    answer<session_view> find_session(std::string_view);
    answer<void> touch_session(std::string_view, time_point);
    answer<void> end_session(std::string_view, audit_rows);
    answer<void> end_sessions_of(std::string_view, audit_rows);
    answer<long long> end_sessions_at_provider(provider_logout const&, audit_row const&);
    answer<sealed_tokens> find_kept_tokens(std::string_view);
    answer<std::vector<session_tokens>> list_kept_tokens(std::string_view, int);
    answer<void> claim_kept_tokens(std::string_view, long long, time_point, time_point);
    answer<void> put_kept_tokens(std::string_view, std::string_view, long long);
    answer<token_view> find_token(std::string_view);
    answer<void> end_token(std::string_view, std::string_view, audit_rows);
    answer<std::vector<service_client>> list_services();
    answer<service_client> find_service(std::string_view);
    answer<void> insert_service(service_client const&, audit_rows);
    answer<void> remove_service(std::string_view, audit_rows);
    answer<account_view> find_account(std::string_view);
    answer<std::vector<account>> list_accounts(account_filter const&);
    answer<void> insert_account(account const&, audit_rows);
    answer<void> update_account(account const&, long long, audit_rows);
    answer<void> remove_account(std::string_view, audit_rows);
    answer<avatar_image> load_avatar(std::string_view);
    answer<long long> count_accounts_made_by(std::string_view);
    answer<std::vector<group_summary>> list_groups();
    answer<void> insert_group(group const&, audit_rows);
    answer<void> remove_group(std::string_view, audit_rows);
    answer<void> put_member(std::string_view, std::string_view, audit_rows);
    answer<void> remove_member(std::string_view, std::string_view, audit_rows);
    answer<void> append_audit(audit_rows);
    answer<std::vector<audit_row>> list_audit(audit_filter const&);
    answer<long long> sweep(time_point, session_limits);
    answer<void> ping();
};

struct without_states : complete_store {
    void take_state(std::string_view, time_point) = delete;
};

struct without_results : complete_store { // an error has to be an answer
    asio::awaitable<void> take_state(std::string_view, time_point);
};

struct blocking : complete_store {
    result<void> take_state(std::string_view, time_point);
};

struct taking_changes_without_audit : complete_store {
    answer<void> insert_account(account const&);
};

struct taking_candidates_for_itself : complete_store { // parameters are const
    answer<login_outcome> finish_login(login_candidate&);
};

template <class... T>
constexpr bool safe_in_coroutines = ((!std::is_aggregate_v<T> || std::is_trivially_destructible_v<T>)&&...);

} // namespace

BOOST_AUTO_TEST_SUITE(store_concept)

BOOST_AUTO_TEST_CASE(the_concept_accepts_complete_stores_and_refuses_others) {
    static_assert(store<complete_store>);
    static_assert(!store<without_states>);
    static_assert(!store<without_results>);
    static_assert(!store<blocking>);
    static_assert(!store<taking_changes_without_audit>);
    static_assert(!store<taking_candidates_for_itself>);
    static_assert(!store<int>);
    BOOST_TEST(store<complete_store>);
}

BOOST_AUTO_TEST_CASE(parameters_are_safe_as_temporaries_in_coroutines) {
    static_assert(safe_in_coroutines<module_record, audit_row, audit_rows, login_candidate, account, account_filter,
                                     audit_filter, session_limits, group, group_summary, session_view, token_view,
                                     account_view, account_link, login_facts, login_outcome, avatar_image,
                                     service_client, issued_token>);
    BOOST_TEST(account_filter().limit == 100);
    BOOST_TEST(audit_filter().limit == 100);
    BOOST_TEST((audit_filter().until == time_point::max()));
}

BOOST_AUTO_TEST_SUITE_END()
