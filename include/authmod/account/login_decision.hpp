// SPDX-License-Identifier: BSL-1.0
// Layer 2. What a store hands to the account rules, and what they hand back. Values only; linking.hpp decides.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/mapping/user_profile.hpp"
#include "authmod/model/account.hpp"
#include "authmod/model/audit_row.hpp"
#include "authmod/model/issued_token.hpp"
#include "authmod/model/login_rules.hpp"
#include "authmod/model/session.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace authmod {

/** Everything about one login that is known before the store is asked: who came, through which module, by which rules.

    Preconditions: `profile.user_id` is there. Ids and the session's digest are fresh random values; they are used when
    the decision needs them.
*/
struct login_candidate {
    std::string module_id; ///< the auth module that the person came through
    user_profile profile;  ///< mapped from the provider's answers

    bool module_stored = false; ///< the store keeps the module: it must be there and enabled when the login is written
    bool user_creation = true; ///< whether somebody without an account gets one
    scim_match match = scim_match::user_name; ///< by which a first login finds who was provisioned for the module
    /// Whether a verified email leads to an account that is there already.
    account_linking linking = account_linking::verified_email;
    bool email_auto_verification = false; ///< what is stored when the provider says nothing about the email
    std::vector<std::string> auto_join_groups; ///< ids of local groups
    std::vector<group_mapping> group_mappings; ///< the provider's groups to local ones
    bool groups_complete = true; ///< false: the provider's list was cut short, so memberships are added but not ended
    bool groups_mapped = false; ///< a Groups path is set; without it `group_mappings` are inactive

    std::string new_account_id; ///< used by `create` alone
    session new_session;               ///< `account_id` is filled in by the store; empty digest: no session is wanted
    std::string sealed_tokens;         ///< the provider's, to be kept with the new session; empty: none are
    std::string current_account_id;    ///< the account signed in in this browser, empty for none (security rule B10)
    std::string replaced_session;      ///< digest of that session; it ends when the new one begins
    std::optional<issued_token> new_token; ///< instead of a session; `account_id` is filled in by the store
    std::optional<avatar_image> avatar; ///< fetched picture to keep
    std::string address;               ///< the client's, for the audit
    time_point now{}; ///< when the login ends: creation, last login and audit

    login_candidate() = default;
};

/// What the store knows about a candidate. Read in the same transaction that applies the decision.
struct login_facts {
    bool module_serves = true;           ///< false: `module_stored`, and the module is gone or disabled
    std::optional<account> linked;       ///< the account behind (module_id, user_id)
    std::optional<account> provisioned;  ///< without `linked`: whom SCIM made for this module and this person, not linked in it yet
    std::vector<std::string> inactive;   ///< ids, of the accounts here, that SCIM has switched off
    std::optional<account> email_holder; ///< another account with the candidate's email (compared without ASCII case): a verified one if there is one
    std::string free_username;           ///< what `find_free_username` (linking.hpp) gives
    std::vector<std::string> granted_groups; ///< group ids that this module granted to `linked`
    std::vector<std::string> known_groups;   ///< of `wanted_groups(candidate)` those that exist; granted ones may be missing

    login_facts() = default;
};

/// What the store must write, all or nothing.
struct login_decision {
    /// What becomes of the login.
    enum class kind : std::uint8_t {
        refuse, ///< the login ends here, for `reason`
        create, ///< nobody is known: `result` is a new account
        link,   ///< an account that was there before gets this link
        refresh ///< the link is known: the profile may have changed
    };

    kind what = kind::refuse; ///< decides which of the members below mean something
    errc reason{};                     ///< for `refuse`
    account result;                    ///< the account as it must be afterwards (create: insert; link, refresh: update), its revision too
    bool account_changed = false;      ///< `result` differs from what is stored (always true for `create`)
    std::vector<std::string> join;     ///< group ids to grant in the name of the module; granted already: nothing happens
    std::vector<std::string> leave;    ///< group ids whose grant by this module ends
    std::vector<audit_row> audit;      ///< numbers are given by the store; at least one row

    login_decision() = default;
};

/// What the engine gets back after `finish_login`.
struct login_outcome {
    login_decision::kind what = login_decision::kind::refuse; ///< as in the decision that was written
    errc reason{};                                            ///< for `refuse`
    /// The account as it is now; empty for `refuse`.
    account who;
    std::vector<std::string> groups; ///< names of all groups of the account, `All Users` first

    login_outcome() = default;
};

} // namespace authmod
