// SPDX-License-Identifier: BSL-1.0
// Layer 1. Programs that exchange tokens of a provider for ours (product part "Extension grant").
#pragma once

#include "authmod/core/time.hpp"

#include <string>
#include <vector>

namespace authmod {

/// A program that may call the token endpoint. It proves itself with its id and a secret that is shown once.
struct service_client {
    std::string id;                   ///< opaque; the user name of HTTP Basic
    std::string name;                 ///< unique, compared exactly
    std::string secret_digest;        ///< SHA-256 of the secret, 32 bytes
    std::vector<std::string> modules; ///< ids of the modules it may use, ascending; empty: none
    time_point created_at{};          ///< set once

    service_client() = default;
    friend bool operator==(service_client const&, service_client const&) = default;
};

} // namespace authmod
