// SPDX-License-Identifier: BSL-1.0
// Layer 3. The concept of what keeps modules, accounts, sessions and audit. One store, because what must commit
// together has to live together.
#pragma once

#include "authmod/account/login_decision.hpp"
#include "authmod/core/result.hpp"
#include "authmod/model/account.hpp"
#include "authmod/model/audit_row.hpp"
#include "authmod/model/issued_token.hpp"
#include "authmod/model/module_record.hpp"
#include "authmod/model/provider_session.hpp"
#include "authmod/model/service_client.hpp"
#include "authmod/model/session.hpp"

#include <boost/asio/awaitable.hpp>
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

namespace asio = boost::asio;

/// A session together with what a request needs to know of its account.
struct session_view {
    session who;                     ///< its limits have not been looked at
    account user;                    ///< the account, banned or not
    std::vector<std::string> groups; ///< names, `All Users` first

    session_view() = default;
};

/// A token of ours together with what a request needs to know of its account.
struct token_view {
    issued_token who;                ///< whether it is over is the caller's question
    account user;                    ///< the account, banned or not
    std::vector<std::string> groups; ///< names, `All Users` first

    token_view() = default;
};

/// An account together with its groups and its ties to providers.
struct account_view {
    account user;                    ///< with its present revision
    std::vector<std::string> groups; ///< names, `All Users` first
    std::vector<account_link> links; ///< by module and user id

    account_view() = default;
};

/// Which accounts to list; empty members do not filter.
struct account_filter {
    std::string after;     ///< accounts with a larger id only
    int limit = 100;       ///< at most so many
    std::string search;    ///< what the user name or the email begins with, compared as `fold_case` does
    std::string group_id;  ///< members of this group
    std::string module_id; ///< people linked through this module

    account_filter() = default;
};

/// Which audit rows to list; empty members do not filter.
struct audit_filter {
    std::string module_id;                ///< the module concerned
    std::string author;                   ///< who did it, as @ref audit_row has it
    std::string event;                    ///< the stable word
    std::string target;                   ///< id of what changed
    time_point from{};                    ///< rows of that moment too
    time_point until = time_point::max(); ///< rows before that moment
    long long before = 0;                 ///< rows with a smaller number only, 0: from the newest
    int limit = 100;                      ///< rows at most

    audit_filter() = default;
};

/** Keeps everything durable. Each function is one atomic operation.

    A model promises that
    1. every function returns an error of `errc` (`store_unavailable`, `store_conflict`, `not_found`, ...) and does not
       throw; an error means that nothing was written;
    2. what a function wrote is durable when it returns (as durable as the store is: `memory_store` says how much);
    3. rows of the audit are written in the same transaction as the change they describe;
    4. `take_state` succeeds for exactly one of any number of simultaneous calls with one digest (`errc::state_used`
       for the others), across threads, processes and nodes, and remembers it until `expires_at`;
    5. `finish_login` reads the facts, calls `decide_login` (account/linking.hpp) and applies its decision with the new
       session and the new token in ONE transaction; two simultaneous first logins of one person make one account. The
       decision is a pure function, so running it inside the transaction saves the reload loop that facts read earlier
       would need, and a trip to the store per login;
    6. (module_id, user_id) of a link, the username (compared as `fold_case` does), a module's name, a group's name and
       a service's name are unique (`name_taken`; an id or a digest that is there already: `store_conflict`); at most
       one module is the default: making one the default clears the other, whose revision grows too;
    7. the groups with the ids `all_users_id` and `admins_id` are there from the start and cannot be removed
       (`not_permitted`); every account is in the first without a membership, and none can be put in or taken out;
    8. of any number of simultaneous writes with `keep_way_in`, each of which disables or removes an enabled module, the
       one that would leave no enabled module is refused (`last_way_in`);
    9. sessions and tokens of an account end with its ban and its removal, those that came through a module with the
       module, the tokens of a service with the service: in the transaction of that change;
    10. every function may be called from any thread; the awaiting coroutine resumes on its own executor;
    11. `end_sessions_at_provider` takes the digest of the logout token as `take_state` takes a state (the two share one
       space of names and one memory) and ends the sessions in ONE transaction: where it fails, the token is good still;
    12. tokens kept with a session (`login_candidate::sealed_tokens`) go with it, whatever ends it; of any number of
       simultaneous `claim_kept_tokens` of one revision one succeeds, and so does one of `put_kept_tokens`.

    Lifetimes: reference parameters and texts outlive the awaited call. The executor's context outlives it
    too: join a thread pool before it goes, since its destructor only stops it.

    @par Models
    @ref memory_store, @ref sqlite_store, @ref postgres_store
*/
template <class T>
concept store = requires(T& t, std::string_view text, std::string_view text2, time_point when, time_point until,
                         long long number, int count, provider_logout const& logout, audit_row const& row,
                         bool keep_way_in, module_record const& module, audit_rows rows,
                         login_candidate const& candidate, account const& who, account_filter const& accounts,
                         service_client const& service, audit_filter const& filter, session_limits limits) {
    // auth modules, in `order`
    { t.list_modules() } -> std::same_as<asio::awaitable<result<std::vector<module_record>>>>;
    { t.insert_module(module, rows) } -> std::same_as<asio::awaitable<result<void>>>; // name_taken
    // Writes `module` with revision `number` + 1 if the stored one is `number`: not_found, revision_stale, name_taken,
    // last_way_in.
    { t.update_module(module, number, rows, keep_way_in) } -> std::same_as<asio::awaitable<result<void>>>;
    // Ends the sessions and tokens that came through it. Its links, the memberships it granted, the accounts it made
    // and its place in the lists of services move to module `text2`; when that is empty, links, memberships and places
    // go: nobody would keep them true any more. not_found for either, last_way_in.
    { t.remove_module(text, text2, rows, keep_way_in) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.load_module_image(text) } -> std::same_as<asio::awaitable<result<avatar_image>>>; // not_found
    // What the last test login through module `text` gave, sealed; gone with the module: not_found
    { t.put_test_result(text, text2) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.load_test_result(text) } -> std::same_as<asio::awaitable<result<std::string>>>;

    // logins
    { t.take_state(text, when) } -> std::same_as<asio::awaitable<result<void>>>; // digest, expires_at: state_used
    { t.load_login_facts(candidate) } -> std::same_as<asio::awaitable<result<login_facts>>>;
    // not_found when `new_token` names a service that is not there
    { t.finish_login(candidate) } -> std::same_as<asio::awaitable<result<login_outcome>>>;

    // sessions, by the SHA-256 of their id: not_found when there is none
    // Whether the session is over is the caller's question (`is_over`).
    { t.find_session(text) } -> std::same_as<asio::awaitable<result<session_view>>>;
    // Moves `seen_at` forward, never back; a step of less than a minute may be left out.
    { t.touch_session(text, when) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.end_session(text, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.end_sessions_of(text, rows) } -> std::same_as<asio::awaitable<result<void>>>; // account id; its tokens too
    // Gives the number of sessions that ended. `row` is written for each account whose sessions they were, which becomes
    // its target, and once as it is when there were none: state_used.
    { t.end_sessions_at_provider(logout, row) } -> std::same_as<asio::awaitable<result<long long>>>;

    // the provider's tokens kept with a session, by its digest: not_found when there are none
    { t.find_kept_tokens(text) } -> std::same_as<asio::awaitable<result<sealed_tokens>>>;
    // Those of sessions whose digest is larger, by digest, at most `count`
    { t.list_kept_tokens(text, count) } -> std::same_as<asio::awaitable<result<std::vector<session_tokens>>>>;
    // Reserves the right to refresh them until `until`, if their revision is `number` and nobody holds it at `when`:
    // store_conflict
    { t.claim_kept_tokens(text, number, when, until) } -> std::same_as<asio::awaitable<result<void>>>;
    // Writes `text2` with revision `number` + 1 if the stored one is `number`, and gives the right back: store_conflict
    { t.put_kept_tokens(text, text2, number) } -> std::same_as<asio::awaitable<result<void>>>;

    // tokens, by their SHA-256: not_found when there is none
    // Whether the token is over is the caller's question (`is_over`).
    { t.find_token(text) } -> std::same_as<asio::awaitable<result<token_view>>>;
    {
        t.end_token(text, text2, rows)
        } -> std::same_as<asio::awaitable<result<void>>>; // only a token of service `text2`

    // service clients, by name
    { t.list_services() } -> std::same_as<asio::awaitable<result<std::vector<service_client>>>>;
    { t.find_service(text) } -> std::same_as<asio::awaitable<result<service_client>>>;  // not_found
    { t.insert_service(service, rows) } -> std::same_as<asio::awaitable<result<void>>>; // name_taken
    { t.remove_service(text, rows) } -> std::same_as<asio::awaitable<result<void>>>;    // not_found

    // accounts, by id: not_found
    { t.find_account(text) } -> std::same_as<asio::awaitable<result<account_view>>>;
    { t.list_accounts(accounts) } -> std::same_as<asio::awaitable<result<std::vector<account>>>>;
    { t.insert_account(who, rows) } -> std::same_as<asio::awaitable<result<void>>>; // name_taken
    // Writes `who` with revision `number` + 1 if the stored one is `number`: not_found, revision_stale, name_taken.
    { t.update_account(who, number, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.remove_account(text, rows) } -> std::same_as<asio::awaitable<result<void>>>; // with links and memberships
    { t.load_avatar(text) } -> std::same_as<asio::awaitable<result<avatar_image>>>;
    { t.count_accounts_made_by(text) } -> std::same_as<asio::awaitable<result<long long>>>; // module id

    // groups, by name
    { t.list_groups() } -> std::same_as<asio::awaitable<result<std::vector<group_summary>>>>;
    { t.insert_group(group(), rows) } -> std::same_as<asio::awaitable<result<void>>>; // name_taken
    { t.remove_group(text, rows) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.put_member(text, text2, rows) } -> std::same_as<asio::awaitable<result<void>>>;    // group, account: by hand
    { t.remove_member(text, text2, rows) } -> std::same_as<asio::awaitable<result<void>>>; // every grant

    // audit
    { t.append_audit(rows) } -> std::same_as<asio::awaitable<result<void>>>;
    { t.list_audit(filter) } -> std::same_as<asio::awaitable<result<std::vector<audit_row>>>>; // newest first

    // Removes states, sessions and tokens that are over at `when`, in batches, at most 1,000 rows a call; gives their
    // number.
    { t.sweep(when, limits) } -> std::same_as<asio::awaitable<result<long long>>>;
    // An answer means that reads and writes work.
    { t.ping() } -> std::same_as<asio::awaitable<result<void>>>;
};

/// What somebody has changed in a shared store.
struct store_news {
    long long modules = 0; ///< version of the modules; a version is never used again for other modules
    /// Digests of sessions and tokens and ids of accounts that are not what they were; an empty one stands for all.
    std::vector<std::string> keys;

    store_news() = default;
};

/** A store that several processes share. It tells each of them what others changed.

    A model promises that `wait_for_news` waits until the modules are another version than `seen`, or until a session, a
    token or an account was ended or changed otherwise than by a login, at most `limit`. Who asks again and again hears
    of the modules always, of the rest as a rule: news of sessions make copies shorter-lived than their age
    (`cache_options`), which is what rules rest on.

    @par Models
    @ref postgres_store
*/
template <class T>
concept shared_store = store<T> && requires(T& t, long long seen, milliseconds limit) {
    { t.wait_for_news(seen, limit) } -> std::same_as<asio::awaitable<result<store_news>>>;
};

} // namespace authmod
