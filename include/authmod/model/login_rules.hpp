// SPDX-License-Identifier: BSL-1.0
// Layer 1. Rules of a module that settings name and that protocol and account decisions follow.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace authmod {

/// How the service proves to the token endpoint who it is: HTTP Basic, or id and secret in the form body.
enum class client_auth : std::uint8_t {
    basic, ///< RFC 6749 2.3.1, the first form
    post   ///< the second, in the body
};

/// `never`, or by an email that the provider says is verified and that is verified here (security rule F2).
enum class account_linking : std::uint8_t {
    verified_email, ///< both sides have to have verified it
    never           ///< a first login always makes an account of its own
};

/// Which attribute of a user made by SCIM tells whose login it is: `userName` (compared with the mapped username),
/// `externalId` (with the user id) or `emails.value` (with an email that the provider says is verified).
enum class scim_match : std::uint8_t {
    user_name,   ///< `userName`
    external_id, ///< `externalId`
    email        ///< `emails.value`
};

/// Puts whoever has `external_group` at the provider into the local group with the id `group_id`.
struct group_mapping {
    std::string external_group; ///< compared exactly
    std::string group_id;       ///< of a group that exists; another one is passed over
    group_mapping(std::string in_external, std::string in_id)
        : external_group(std::move(in_external)), group_id(std::move(in_id)) {}
    friend bool operator==(group_mapping const&, group_mapping const&) = default;
};

} // namespace authmod
