// SPDX-License-Identifier: BSL-1.0
// Layer 1. People as this service knows them, and what ties them to a provider.
#pragma once

#include "authmod/core/time.hpp"
#include "authmod/model/avatar_image.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// One person. `id` is ours, opaque and never reused.
struct account {
    std::string id;                ///< opaque; never another account's, not even later
    std::string username;          ///< unique in the store, compared without ASCII case
    std::string full_name;         ///< for people
    std::string email;             ///< empty: none
    bool email_verified = false;   ///< whether the provider, or an administrator, vouches for the email
    std::string avatar;            ///< URL as mapped, or `/avatars/<id>` for a picture kept here; empty: none
    bool banned = false;           ///< a banned account cannot log in and has no session
    std::string ban_reason;        ///< of an administrator, for the audit; empty: none was given
    std::string created_by_module; ///< id of the module whose login made it; empty: made by hand
    /// Name and value, as mapped at the latest login.
    std::vector<std::pair<std::string, std::string>> custom_attributes;
    time_point created_at{}; ///< set once
    time_point updated_at{}; ///< of the latest change of any member
    long long revision = 1;  ///< grows by one with each change

    account() = default;
    friend bool operator==(account const&, account const&) = default;
};

/// Ties a provider's user to an account. (module_id, user_id) is byte-exact and unique in the store.
struct account_link {
    std::string module_id;      ///< through which the user logs in
    std::string user_id;        ///< the provider's, byte for byte
    time_point created_at{};    ///< of the first login
    time_point last_login_at{}; ///< of the latest one

    account_link() = default;
    friend bool operator==(account_link const&, account_link const&) = default;
};

/// A local group. `all_users` is built in: it holds every account and cannot be removed.
struct group {
    std::string id;   ///< opaque, never reused; two of them are built in
    std::string name; ///< unique, compared exactly

    group() = default;
    group(std::string in_id, std::string in_name) : id(std::move(in_id)), name(std::move(in_name)) {}
    friend bool operator==(group const&, group const&) = default;
};

/// A group as lists show it.
struct group_summary {
    std::string id;        ///< as in @ref group
    std::string name;      ///< as in @ref group
    long long members = 0; ///< accounts, each once however it got in

    group_summary() = default;
    group_summary(std::string in_id, std::string in_name, long long in_members)
        : id(std::move(in_id)), name(std::move(in_name)), members(in_members) {}
    friend bool operator==(group_summary const&, group_summary const&) = default;
};

inline constexpr char const* all_users = "All Users";         ///< name of the group that every account is in
inline constexpr char const* admins_group = "authmod-admins"; ///< name of the group whose accounts are administrators
inline constexpr char const* all_users_id = "all-users";      ///< id of the group `all_users` in every store
inline constexpr char const* admins_id = "authmod-admins";    ///< id of the group `admins_group` in every store

/// Whether the group with this id comes with every store and stays there.
[[nodiscard]] constexpr bool is_built_in_group(std::string_view id) noexcept {
    return id == all_users_id || id == admins_id;
}

/// An account in a group. A membership may be granted by hand (empty `granted_by`) or by modules; each grant is a row.
struct membership {
    std::string group_id;   ///< of a group that exists
    std::string account_id; ///< of an account that exists
    std::string granted_by; ///< id of the module that keeps it; empty: by hand

    membership() = default;
    friend bool operator==(membership const&, membership const&) = default;
};

} // namespace authmod
