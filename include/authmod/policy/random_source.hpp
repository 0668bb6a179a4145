// SPDX-License-Identifier: BSL-1.0
// Layer 3. The concept of where unguessable bytes come from. The usual model, `os_random`, is in crypto/.
#pragma once

#include "authmod/core/result.hpp"

#include <concepts>
#include <cstddef>
#include <span>

namespace authmod {

/** Gives bytes that nobody can guess.

    A model promises that `fill`
    1. fills the whole span from a cryptographic source of the operating system, or returns `errc::random_failed`;
    2. may be called from any thread.

    @par Models
    @ref os_random, @ref counting_random (tests only)
*/
template <class T>
concept random_source = requires(T& t, std::span<std::byte> bytes) {
    { t.fill(bytes) } -> std::same_as<result<void>>;
};

} // namespace authmod
