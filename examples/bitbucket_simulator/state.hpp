// SPDX-License-Identifier: BSL-1.0
// What the Bitbucket Cloud simulator knows: accounts, workspaces, OAuth consumers, codes and tokens.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace simulator {

using time_point = std::chrono::system_clock::time_point;

struct email_address {
    std::string address;
    bool primary = false;
    bool confirmed = true;
};

struct membership {
    std::string slug;
    std::string permission; ///< `owner`, `create-project` or `member`
};

struct account {
    std::string handle; ///< the simulator's own short name for it, never sent by the API
    std::string note;   ///< what is special about it
    std::string uuid;   ///< in braces
    std::string account_id;
    std::optional<std::string> username;
    std::string nickname;
    std::string display_name;
    std::string status = "active";
    std::string type = "user";
    std::vector<email_address> emails;
    std::vector<membership> workspaces;
};

/// An OAuth consumer ("Key" and "Secret" of the workspace settings).
struct consumer {
    std::string key;
    std::string secret;
    std::string note;
    std::set<std::string> scopes;        ///< the permissions that are ticked
    std::optional<std::string> callback; ///< none: any loopback address is taken as registered
    bool has_callback = true;            ///< false: the Callback URL was left empty
    bool is_private = false;
};

struct code_grant {
    std::string key;
    std::string account;
    std::set<std::string> scopes;
    std::string redirect_uri; ///< as sent, empty when it was left out
    std::string challenge;    ///< empty without PKCE
    time_point expires_at;
    int uses = 0;
};

struct token_grant {
    std::string key;
    std::string account;
    std::set<std::string> scopes;
    time_point expires_at;
};

/// Everything that the endpoints read and change. Guarded by one mutex outside.
struct state {
    state();

    std::deque<account> accounts; // references stay valid
    std::vector<consumer> consumers;
    std::unordered_map<std::string, code_grant> codes;
    std::unordered_map<std::string, token_grant> access_tokens;
    std::unordered_map<std::string, token_grant> refresh_tokens;
    std::set<std::string> consents; ///< consumer, account and scopes that were granted once
    std::map<std::string, std::string> workspace_names;

    [[nodiscard]] account* find_account(std::string_view handle);
    /// By uuid (with braces) or account id.
    [[nodiscard]] account const* find_user(std::string_view id) const;
    [[nodiscard]] consumer const* find_consumer(std::string_view key) const;
    /// Adds an account whose ids follow from its handle.
    account& add_account(std::string handle, std::string note);
    void join(account& who, std::string slug, std::string permission);
    /// By slug or uuid; empty when there is no such workspace.
    [[nodiscard]] std::string find_workspace(std::string_view id) const;
    /// Forgets codes and tokens that are over, so that a long load test does not fill the memory.
    void sweep(time_point now);
};

/// `{...}`, always the same for the same text.
[[nodiscard]] std::string uuid_of(std::string_view text);
/// Unguessable text of this many characters of base64url.
[[nodiscard]] std::string random_text(std::size_t length);
[[nodiscard]] std::string sha256(std::string_view text);
[[nodiscard]] std::string base64url(std::string_view bytes);
/// Standard alphabet; empty for malformed text.
[[nodiscard]] std::string base64_decode(std::string_view text);
/// `account email`
[[nodiscard]] std::string join_scopes(std::set<std::string> const& scopes);

} // namespace simulator
