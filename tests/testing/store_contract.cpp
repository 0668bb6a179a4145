#include "authmod/testing/store_contract.hpp"

#include "authmod/storage/memory_store.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using namespace authmod;

namespace {

enum class breakage {
    none,
    states_are_taken_twice,
    revisions_are_not_compared,
    modules_come_in_reverse,
    people_are_doubled,
    user_ids_lose_their_case,
    bans_keep_sessions,
    refusals_are_audited_as_changes,
    changes_are_not_audited,
    sessions_step_back,
    nothing_is_swept,
    links_survive_their_account,
    account_revisions_are_not_compared,
    only_the_first_row_is_written,
    the_last_way_in_goes,
    images_are_lost,
    test_results_survive_their_module,
    bans_keep_tokens,
    tokens_are_ended_by_anybody,
    tokens_outlive_their_service,
    searches_find_everybody,
    disabled_modules_let_people_in,
};

/// A memory store that breaks one promise.
class broken_store : public memory_store {
public:
    explicit broken_store(breakage what) : what_(what) {}

    asio::awaitable<result<std::vector<module_record>>> list_modules() {
        auto list = co_await memory_store::list_modules();
        if (is(breakage::modules_come_in_reverse)) std::ranges::reverse(*list);
        for (auto& m : *list)
            if (is(breakage::images_are_lost)) m.image_type.clear();
        co_return list;
    }

    asio::awaitable<result<void>> update_module(module_record const& module, long long revision, audit_rows rows,
                                                bool keep_way_in) {
        auto const list = co_await memory_store::list_modules();
        if (is(breakage::revisions_are_not_compared))
            for (auto const& m : *list)
                if (m.id == module.id) revision = m.revision;
        bool const protect = keep_way_in && !is(breakage::the_last_way_in_goes);
        auto const answer = co_await memory_store::update_module(module, revision, rows, protect);
        co_return answer;
    }

    asio::awaitable<result<void>> remove_module(std::string_view module_id, std::string_view successor, audit_rows rows,
                                                bool keep_way_in) {
        bool const protect = keep_way_in && !is(breakage::the_last_way_in_goes);
        auto const answer = co_await memory_store::remove_module(module_id, successor, rows, protect);
        co_return answer;
    }

    asio::awaitable<result<std::string>> load_test_result(std::string_view module_id) {
        auto const answer = co_await memory_store::load_test_result(module_id);
        if (!answer && is(breakage::test_results_survive_their_module)) co_return std::string();
        co_return answer;
    }

    asio::awaitable<result<void>> take_state(std::string_view digest, time_point expires_at) {
        auto const answer = co_await memory_store::take_state(digest, expires_at);
        if (is(breakage::states_are_taken_twice)) co_return result<void>();
        co_return answer;
    }

    asio::awaitable<result<login_outcome>> finish_login(login_candidate const& candidate) {
        auto changed = candidate;
        if (is(breakage::people_are_doubled)) *changed.profile.user_id += changed.new_account_id;
        if (is(breakage::disabled_modules_let_people_in)) changed.module_stored = false;
        if (is(breakage::user_ids_lose_their_case)) changed.profile.user_id = fold_case(*changed.profile.user_id);
        auto const answer = co_await memory_store::finish_login(changed);
        co_return answer;
    }

    asio::awaitable<result<login_facts>> load_login_facts(login_candidate const& candidate) {
        auto facts = co_await memory_store::load_login_facts(candidate);
        if (is(breakage::links_survive_their_account) && !facts->linked) facts->linked.emplace();
        co_return facts;
    }

    asio::awaitable<result<void>> touch_session(std::string_view digest, time_point seen_at) {
        if (is(breakage::sessions_step_back)) {
            auto const known = co_await memory_store::find_session(digest);
            if (known) co_return result<void>();
        }
        auto const answer = co_await memory_store::touch_session(digest, seen_at);
        co_return answer;
    }

    asio::awaitable<result<void>> insert_account(account const& who, audit_rows rows) {
        auto const answer = co_await memory_store::insert_account(who, rows);
        if (!answer && is(breakage::refusals_are_audited_as_changes)) co_await memory_store::append_audit(rows);
        co_return answer;
    }

    asio::awaitable<result<void>> update_account(account const& who, long long revision, audit_rows rows) {
        auto changed = who;
        if (is(breakage::bans_keep_sessions) || is(breakage::bans_keep_tokens)) changed.banned = false;
        auto const stored = co_await memory_store::find_account(who.id);
        if (stored && is(breakage::account_revisions_are_not_compared)) revision = stored->user.revision;
        if (is(breakage::only_the_first_row_is_written)) rows = rows.first(1);
        auto const answer = co_await memory_store::update_account(changed, revision, rows);
        co_return answer;
    }

    asio::awaitable<result<std::vector<account>>> list_accounts(account_filter const& filter) {
        auto changed = filter;
        if (is(breakage::searches_find_everybody)) changed.search.clear();
        auto const answer = co_await memory_store::list_accounts(changed);
        co_return answer;
    }

    asio::awaitable<result<void>> end_token(std::string_view digest, std::string_view service_id, audit_rows rows) {
        auto const found = co_await memory_store::find_token(digest);
        std::string const owner = found ? found->who.service_id : std::string();
        if (is(breakage::tokens_are_ended_by_anybody)) service_id = owner;
        auto const answer = co_await memory_store::end_token(digest, service_id, rows);
        co_return answer;
    }

    asio::awaitable<result<token_view>> find_token(std::string_view digest) {
        auto const answer = co_await memory_store::find_token(digest);
        if (!answer && is(breakage::tokens_outlive_their_service)) co_return token_view();
        co_return answer;
    }

    asio::awaitable<result<void>> append_audit(audit_rows rows) {
        if (is(breakage::changes_are_not_audited)) co_return result<void>();
        auto const answer = co_await memory_store::append_audit(rows);
        co_return answer;
    }

    asio::awaitable<result<long long>> sweep(time_point now, session_limits limits) {
        if (is(breakage::nothing_is_swept)) co_return 0;
        auto const answer = co_await memory_store::sweep(now, limits);
        co_return answer;
    }

private:
    [[nodiscard]] bool is(breakage b) const { return what_ == b; }

    breakage const what_;
};

static_assert(store<broken_store>);

} // namespace

BOOST_AUTO_TEST_SUITE(store_contract)

BOOST_AUTO_TEST_CASE(a_sound_store_passes) {
    broken_store s(breakage::none);
    auto const report = check_store_contract(s);
    BOOST_TEST(report.checks.size() >= 45u);
    for (auto const& f : report.failures) BOOST_ERROR(f.check + ": expected " + f.what);
}

BOOST_AUTO_TEST_CASE(each_broken_promise_is_caught_by_the_check_that_names_it) {
    struct row {
        breakage what;
        std::string_view check;
    };

    constexpr row rows[] = {
        {breakage::states_are_taken_twice, "B7_ten_threads_take_one_state_once"},
        {breakage::states_are_taken_twice, "a_state_is_taken_once"},
        {breakage::revisions_are_not_compared, "an_update_needs_the_stored_revision"},
        {breakage::modules_come_in_reverse, "modules_come_back_as_stored_and_in_order"},
        {breakage::people_are_doubled, "F6_fifty_parallel_first_logins_make_one_account"},
        {breakage::user_ids_lose_their_case, "F1_user_ids_are_compared_byte_by_byte"},
        {breakage::bans_keep_sessions, "G3_ban_and_removal_end_sessions"},
        {breakage::refusals_are_audited_as_changes, "N3_a_refused_change_leaves_no_audit_row"},
        {breakage::changes_are_not_audited, "the_audit_is_filtered_and_newest_first"},
        {breakage::sessions_step_back, "sessions_are_found_touched_and_ended"},
        {breakage::nothing_is_swept, "a_sweep_removes_what_is_over"},
        {breakage::links_survive_their_account, "G3_ban_and_removal_end_sessions"},
        {breakage::account_revisions_are_not_compared, "an_account_changes_with_its_revision"},
        {breakage::only_the_first_row_is_written, "an_account_changes_with_its_revision"},
        {breakage::the_last_way_in_goes, "the_last_way_in_stays"},
        {breakage::the_last_way_in_goes, "of_fifty_parallel_disables_one_is_refused"},
        {breakage::images_are_lost, "button_images_are_kept"},
        {breakage::test_results_survive_their_module, "test_results_are_kept"},
        {breakage::bans_keep_tokens, "L5_tokens_die_with_account_module_and_service"},
        {breakage::tokens_are_ended_by_anybody, "L5_tokens_are_found_and_ended"},
        {breakage::tokens_outlive_their_service, "no_token_outlives_a_service_in_a_race"},
        {breakage::searches_find_everybody, "accounts_are_searched_and_filtered"},
        {breakage::disabled_modules_let_people_in, "F8_a_module_must_be_enabled_when_the_login_is_written"},
    };
    for (auto const& r : rows) {
        broken_store s(r.what);
        auto const report = check_store_contract(s);
        BOOST_TEST_CONTEXT(r.check)
        BOOST_TEST((std::ranges::find(report.failures, r.check, &contract_failure::check) != report.failures.end()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
