// SPDX-License-Identifier: BSL-1.0
// Layer 1. A picture kept by us: a person's avatar or the image of a module's button.
#pragma once

#include <string>

namespace authmod {

/// Avatars have at most 1 MiB, button images at most 256 KiB; both are checked by their magic bytes (security rule J3).
struct avatar_image {
    std::string media_type; ///< `image/png`, `image/jpeg`, `image/gif`, `image/webp`
    std::string bytes;      ///< as fetched or uploaded, checked by their first bytes (security rule J3)

    avatar_image() = default;
    friend bool operator==(avatar_image const&, avatar_image const&) = default;
};

} // namespace authmod
