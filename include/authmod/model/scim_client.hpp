// SPDX-License-Identifier: BSL-1.0
// Layer 1. Identity providers that create and change people here before anybody logs in.
#pragma once

#include "authmod/core/time.hpp"

#include <string>

namespace authmod {

/// A program that may call `/scim/v2/`, with a bearer token; it may have several.
struct scim_client {
    std::string id;          ///< opaque, never reused
    std::string name;        ///< unique, compared exactly
    std::string module_id;   ///< the module through which its people log in; never another one
    time_point created_at{}; ///< set once

    scim_client() = default;
    friend bool operator==(scim_client const&, scim_client const&) = default;
};

/// A bearer token of a SCIM client. The token itself is shown once and kept nowhere.
struct scim_token {
    std::string id;          ///< by which an administrator revokes it; says nothing about the token
    std::string client_id;   ///< whose it is
    std::string digest;      ///< SHA-256 of the token, 32 bytes; lists leave it empty
    time_point created_at{}; ///< set once; lists have the oldest first

    scim_token() = default;
    friend bool operator==(scim_token const&, scim_token const&) = default;
};

} // namespace authmod
