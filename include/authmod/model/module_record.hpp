// SPDX-License-Identifier: BSL-1.0
// Layer 1. An auth module as stores keep it.
#pragma once

#include "authmod/core/time.hpp"
#include "authmod/model/avatar_image.hpp"

#include <optional>
#include <string>

namespace authmod {

/** The stored form of a module: what stores must look at, and the settings as text.

    `settings` is the flat JSON object of all editable settings without the secret; stores do not read it.
*/
struct module_record {
    std::string id;            ///< ours, stable; part of the redirect URI
    std::string type;          ///< provider id, fixed at creation
    std::string name;          ///< unique, compared exactly
    bool enabled = false;      ///< a disabled one logs nobody in
    bool is_default = false;   ///< at most one in a store; setting it clears the others in the same transaction
    int order = 0;             ///< place on the login page, ascending
    long long revision = 1;    ///< grows by one with each change
    time_point created_at{};   ///< set once
    time_point updated_at{};   ///< of the latest change
    std::string settings;      ///< JSON object
    std::string sealed_secret; ///< client secret under the master key; empty: none
    std::string image_type;    ///< media type of the button image; empty: none. Stores take it from `new_image` alone
    /// Goes into the store with this write: the new button image, or with empty bytes the order to remove it. Never read
    /// back with the record (`load_module_image` does); unset: the image stays.
    std::optional<avatar_image> new_image;

    module_record() = default;
    friend bool operator==(module_record const&, module_record const&) = default;
};

} // namespace authmod
