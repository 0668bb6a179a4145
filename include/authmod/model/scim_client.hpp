// SPDX-License-Identifier: BSL-1.0
// Layer 1. Identity providers that create and change people here before anybody logs in.
#pragma once

#include "authmod/core/time.hpp"

#include <string>

namespace authmod {

/// A program that may call `/scim/v2/`. Its bearer tokens are kept beside it, as digests; it may have several.
struct scim_client {
    std::string id;
    std::string name;      ///< unique, compared exactly
    std::string module_id; ///< the module through which its people log in; never another one
    time_point created_at{};

    scim_client() = default;
    friend bool operator==(scim_client const&, scim_client const&) = default;
};

} // namespace authmod
