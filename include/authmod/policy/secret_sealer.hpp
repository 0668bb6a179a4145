// SPDX-License-Identifier: BSL-1.0
// Layer 3. The concept of what encrypts values that leave the process. The usual model, `key_ring`, is in crypto/.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/secret.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace authmod {

/** Encrypts and authenticates short values: client secrets for the store, login attempts for a cookie.

    A model promises that
    1. `seal` gives text of the base64url alphabet, different each time, that nobody without the key can read or make;
    2. `open` gives back what `seal` was given with the same `purpose`, and `errc::seal_broken` for everything else:
       changed text, another purpose, an unknown key;
    3. `is_current` tells whether text that `seal` gave was sealed with the key that seals now; one that says no is
       sealed anew where it rests (`seal_renewal`), so that older keys may go;
    4. all may be called from any thread.

    `purpose` keeps values of different uses apart: a sealed cookie never opens as a client secret.

    @par Models
    @ref key_ring
*/
template <class T>
concept secret_sealer = requires(T const& t, std::string_view purpose, std::string_view plain, std::string_view sealed) {
    { t.seal(purpose, plain) } -> std::same_as<result<std::string>>;
    { t.open(purpose, sealed) } -> std::same_as<result<secret>>;
    { t.is_current(sealed) } -> std::same_as<bool>;
};

} // namespace authmod
