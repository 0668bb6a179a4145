// SPDX-License-Identifier: BSL-1.0
// Layer 6. What every store must do, as checks that any test framework can run on any store. Performs what it checks:
// real calls, from several threads.
#pragma once

#include "authmod/testing/detail/contract_accounts.hpp"
#include "authmod/testing/detail/contract_audit.hpp"
#include "authmod/testing/detail/contract_basics.hpp"
#include "authmod/testing/detail/contract_groups.hpp"
#include "authmod/testing/detail/contract_lock_out.hpp"
#include "authmod/testing/detail/contract_logins.hpp"
#include "authmod/testing/detail/contract_modules.hpp"
#include "authmod/testing/detail/contract_provider_sessions.hpp"
#include "authmod/testing/detail/contract_sessions.hpp"
#include "authmod/testing/detail/contract_support.hpp"
#include "authmod/testing/detail/contract_tokens.hpp"

#include <string>
#include <utility>
#include <vector>

namespace authmod {

/// A promise that was not kept.
struct contract_failure {
    std::string check; ///< name of the check, a sentence with underscores
    std::string what;  ///< the expectation, with the header and line that state it

    contract_failure(std::string in_check, std::string in_what)
        : check(std::move(in_check)), what(std::move(in_what)) {}
};

/// What a run of the contract found.
struct contract_report {
    std::vector<std::string> checks;        ///< names of all that ran
    std::vector<contract_failure> failures; ///< empty: it keeps every promise

    contract_report() = default;
};

/** Checks every promise of the concept @ref store on `s`, with calls from four threads at once.

    Blocks until it is done, for about a second on a durable store. It leaves modules, accounts, groups and audit rows
    with fresh names behind and sweeps sessions with a clock that stands in 2026: give it a database of its own.

    @par Example
    @code
    my_store s;
    for (auto const& f : authmod::check_store_contract(s).failures)
        std::cout << f.check << ": expected " << f.what << '\n';
    @endcode
*/
template <store S>
[[nodiscard]] contract_report check_store_contract(S& s) {
    using contract = detail::store_contract<S>;

    struct row {
        char const* name;
        void (contract::*check)();
    };

    constexpr row all[] = {
        {"it_answers", &contract::answers},
        {"coroutines_resume_on_their_own_executor", &contract::resumes_at_home},
        {"modules_come_back_as_stored_and_in_order", &contract::modules},
        {"module_ids_and_names_are_unique", &contract::module_names},
        {"an_update_needs_the_stored_revision", &contract::revisions},
        {"at_most_one_module_is_the_default", &contract::defaults},
        {"removing_a_module_ends_what_came_through_it", &contract::module_removal},
        {"a_successor_takes_over_links_and_grants", &contract::successor},
        {"button_images_are_kept", &contract::module_images},
        {"test_results_are_kept", &contract::test_results},
        {"the_last_way_in_stays", &contract::way_in},
        {"of_fifty_parallel_disables_one_is_refused", &contract::way_in_race},
        {"a_state_is_taken_once", &contract::states},
        {"B7_ten_threads_take_one_state_once", &contract::state_race},
        {"a_first_login_makes_account_link_and_session", &contract::first_login},
        {"F6_fifty_parallel_first_logins_make_one_account", &contract::first_login_race},
        {"parallel_people_with_one_name_get_different_ones", &contract::username_race},
        {"later_logins_refresh_and_link", &contract::later_logins},
        {"a_refused_login_writes_its_audit_and_nothing_else", &contract::refused_login},
        {"links_are_listed_with_their_account", &contract::links},
        {"F8_a_module_must_be_enabled_when_the_login_is_written", &contract::stored_modules},
        {"F1_user_ids_are_compared_byte_by_byte", &contract::user_ids},
        {"sessions_are_found_touched_and_ended", &contract::sessions},
        {"G3_ban_and_removal_end_sessions", &contract::session_ends},
        {"a_new_session_replaces_the_one_named", &contract::session_replacement},
        {"signing_out_everywhere_ends_sessions_and_tokens", &contract::signing_out},
        {"a_provider_ends_the_sessions_it_names", &contract::provider_logouts},
        {"of_ten_parallel_logouts_by_one_token_one_is_done", &contract::provider_logout_race},
        {"tokens_kept_with_a_session_change_by_revision_and_go_with_it", &contract::kept_tokens},
        {"all_kept_tokens_are_found_page_by_page", &contract::kept_token_pages},
        {"of_ten_parallel_claims_to_refresh_one_succeeds", &contract::kept_token_race},
        {"services_come_back_as_stored", &contract::services},
        {"L5_tokens_are_found_and_ended", &contract::tokens},
        {"L5_tokens_die_with_account_module_and_service", &contract::token_ends},
        {"no_token_outlives_a_service_in_a_race", &contract::service_removal_race},
        {"accounts_come_back_as_stored", &contract::accounts},
        {"account_ids_and_usernames_are_unique", &contract::account_names},
        {"an_account_changes_with_its_revision", &contract::account_revisions},
        {"accounts_are_listed_in_pages", &contract::account_pages},
        {"accounts_are_searched_and_filtered", &contract::account_search},
        {"avatars_are_kept", &contract::avatars},
        {"two_groups_are_built_in", &contract::built_in_groups},
        {"groups_have_members", &contract::groups},
        {"only_what_a_module_granted_ends_with_its_mapping", &contract::grants},
        {"N3_a_refused_change_leaves_no_audit_row", &contract::refused_changes},
        {"N3_changes_are_audited_with_them", &contract::audited_changes},
        {"the_audit_is_filtered_and_newest_first", &contract::audit},
        {"what_is_not_there_is_not_found", &contract::not_found},
        {"any_text_comes_back_unchanged", &contract::odd_texts},
        {"a_sweep_removes_what_is_over", &contract::sweeping},
    };
    contract_report report;
    contract checks(s, [&report](std::string const& check, std::string what) {
        report.failures.emplace_back(check, std::move(what));
    });
    for (auto const& r : all) {
        report.checks.emplace_back(r.name);
        checks.run(r.name, r.check);
    }
    return report;
}

} // namespace authmod
