// SPDX-License-Identifier: BSL-1.0
// Layer 4. What a SCIM request does to users, groups and accounts. Facts in, decisions out; performs nothing.
//
// A store does one request in one transaction: it reads what is stored, plans, looks up what the plan needs (is the
// name taken, who is no user), decides, and writes the decision with its audit row.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/time.hpp"
#include "authmod/core/version.hpp"
#include "authmod/mapping/user_profile.hpp"
#include "authmod/model/account.hpp"
#include "authmod/model/audit_row.hpp"
#include "authmod/scim/error.hpp"
#include "authmod/scim/patch.hpp"
#include "authmod/scim/resource.hpp"
#include "authmod/scim/search.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace authmod::scim {

/// Who asks, and when. `client_id` and `module_id` come from the bearer token, never from the request.
struct caller {
    std::string client_id;  ///< of the bearer token
    std::string module_id;  ///< the client's module: accounts made here count as its
    std::string address;    ///< the client's, for the audit
    std::string request_id; ///< for the audit
    time_point now{};       ///< of the change

    caller() = default;
};

/// The four requests that change a resource.
enum class change_kind : std::uint8_t {
    create,  ///< POST
    replace, ///< PUT
    patch,   ///< PATCH
    remove   ///< DELETE
};

/// A POST, PUT, PATCH or DELETE of a user, as far as it is known before the store is asked.
struct user_change {
    change_kind what = change_kind::create; ///< decides which of the other members are used
    caller by;                              ///< whose change it is
    std::string id;                         ///< the target's; for `create` a fresh one
    boost::json::object body;               ///< for `create` and `replace`: what `read_resource` gave
    patch operations;                       ///< for `patch`
    std::optional<std::string> if_match;    ///< the version that must be there; none: any

    user_change() = default;
};

/// What a change leads to if nobody stands in its way.
struct user_plan {
    user result;            ///< as it must be afterwards; of a `remove`: as it was
    bool changed = false;   ///< false: nothing is written, `result` is what is stored
    std::string username;   ///< what the account gets of it
    std::string full_name;  ///< what the account gets of it
    std::string email;      ///< empty: none
    std::string attributes; ///< names of those that changed, blanks between them

    user_plan() = default;
};

/// What the store looked up for a plan, in the transaction that applies it.
struct user_facts {
    std::optional<account> who;  ///< the account with the plan's id; none for `create`
    bool username_taken = false; ///< another account, of SCIM or not, has `user_plan::result.user_name`
    bool email_taken = false;    ///< another account has `user_plan::email`, compared as `fold_case` does

    user_facts() = default;
};

/// What the store must write, all or nothing. Nothing at all if `changed` is false.
struct user_decision {
    change_kind what = change_kind::create; ///< as asked for
    user result;                            ///< insert, update or remove, with its memberships when it is removed
    account who;                            ///< likewise; a removed account goes as `remove_account` says
    bool account_changed = false;           ///< `who` differs from what is stored (always true for `create`)
    bool changed = false;                   ///< whether anything is written at all
    bool ends_sessions = false;             ///< sessions and tokens of the account end now
    std::vector<audit_row> audit;           ///< rows to write with it

    user_decision() = default;
};

/// A POST, PUT, PATCH or DELETE of a group.
struct group_change {
    change_kind what = change_kind::create; ///< decides which of the other members are used
    caller by;                              ///< whose change it is
    std::string id;                         ///< the target's; for `create` a fresh one
    boost::json::object body;               ///< without `members`: `take_members` took them
    std::vector<std::string> members;       ///< for `create` and `replace`
    patch operations;                       ///< for `patch`
    std::optional<std::string> if_match;    ///< the version that must be there; none: any

    group_change() = default;
};

/// What a change of a group leads to if nobody stands in its way.
struct group_plan {
    group result;                    ///< as it must be afterwards if anything changes, its version grown
    bool attributes_changed = false; ///< `result` differs from what is stored in more than its members
    member_changes members;          ///< who goes and who comes
    bool needs_members = false;      ///< plan again, with the members that are there
    std::string attributes;          ///< names of those that changed, blanks between them

    group_plan() = default;
};

/// What the store looked up for a plan of a group, in the transaction that applies it.
struct group_facts {
    bool name_taken = false;     ///< another group, of SCIM or not, has the name, compared as `fold_case` does
    bool unknown_member = false; ///< some id in `members.add` is no user of this client

    group_facts() = default;
};

/** What the store must write, all or nothing.

    Nothing, if `attributes_changed` is false and no membership changes: putting in who is in, and taking out who is
   not, is no change. Otherwise `result` with its new version, the memberships (granted by `grant_of(client)`), the
   audit.
*/
struct group_decision {
    change_kind what = change_kind::create; ///< as asked for
    group result;                           ///< insert, update or remove
    bool attributes_changed = false;        ///< `result` is to be written
    member_changes members;                 ///< memberships to write
    std::vector<audit_row> audit;           ///< rows to write with it

    group_decision() = default;
};

/// Who grants the memberships of a client's groups, in `membership::granted_by`, and who is the author in the audit.
[[nodiscard]] inline std::string grant_of(std::string_view client_id) { return "scim:" + std::string(client_id); }

/// Whether `granted_by` is `grant_of(client_id)`, without making that text.
[[nodiscard]] inline bool is_grant_of(std::string_view granted_by, std::string_view client_id) noexcept {
    return granted_by.starts_with("scim:") && granted_by.substr(5) == client_id;
}

inline namespace AUTHMOD_ABI {

/** The first step: what the change makes of what is stored.

    A new user is active unless it says otherwise; a PUT without `active` keeps it. Whatever is equal to what is stored
    is no change: no new version, no audit row.

    Errors: 404 if nothing is `stored` (but for `create`), 412 if `if_match` names another version, those of
    `patch::apply`.
*/
[[nodiscard]] result<user_plan, error> plan_user(user_change const& change, user const* stored);

/** The last step. The account takes user name, full name and email from the user where the change touches them; an
   email that another account has is left out and told in the audit. SCIM never says that an email is verified: a new
   one is not. It never touches a ban.

    Errors: 409 uniqueness for a user name that is taken.

    The audit: `scim_user_created`, `_changed`, `_deactivated`, `_activated` or `_removed`, the names of the attributes
    in `field`, the request's id in `new_value`; then `email_withheld` if it was.
*/
[[nodiscard]] result<user_decision, error> decide_user(user_change const& change, user_plan const& plan,
                                                       user_facts const& facts);

/// `present` is nullptr until a plan has asked for the members. Errors: as of `plan_user`.
[[nodiscard]] result<group_plan, error> plan_group(group_change const& change, group const* stored,
                                                   std::vector<member> const* present = nullptr);

/** Errors: 409 uniqueness for a name that is taken, 400 invalidValue for a member that is no user of the client.

    The audit: `scim_group_created`, `_changed` or `_removed`, as for users.
*/
[[nodiscard]] result<group_decision, error> decide_group(group_change const& change, group_plan const& plan,
                                                         group_facts const& facts);

} // namespace AUTHMOD_ABI

/// Which column a module's `scim_match_attribute` is: `userName`, `externalId`, `id` or `emails.value`; no value: the
/// setting names something else, which is refused.
[[nodiscard]] constexpr std::optional<column> match_column(std::string_view attribute) noexcept {
    using ascii::equal_ignoring_case;
    if (equal_ignoring_case(attribute, "userName")) return column::user_name;
    if (equal_ignoring_case(attribute, "externalId")) return column::external_id;
    if (equal_ignoring_case(attribute, "id")) return column::id;
    if (equal_ignoring_case(attribute, "emails") || equal_ignoring_case(attribute, "emails.value"))
        return column::email;
    return {};
}

inline namespace AUTHMOD_ABI {

/** What a first login may be found by in that column, best first: the provider's user id, and where the column holds
    addresses, an email that the provider vouches for. Never the user name, which people choose for themselves.

    The first user of the module's clients that has one of them, and no link of this module yet, is the person.
*/
[[nodiscard]] std::vector<std::string> login_keys(column where, user_profile const& profile);

} // namespace AUTHMOD_ABI

} // namespace authmod::scim

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/scim/detail/provisioning.ipp"
#endif
