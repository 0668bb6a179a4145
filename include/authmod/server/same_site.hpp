// SPDX-License-Identifier: BSL-1.0
// Layer 7. The proof that a request comes from this site's own pages. Decides; performs nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/crypto/constant_time.hpp"
#include "authmod/server/request.hpp"

#include <string_view>

namespace authmod {

/** Whether a request that changes something comes from this site's own pages (security rule I1): it repeats the
    session's token, or the browser says that it is of the same origin.

    `Sec-Fetch-Site` cannot be set by pages; `Origin` is there for browsers that do not send it.
*/
[[nodiscard]] inline bool proves_same_site(incoming_request const& request, std::string_view token,
                                           std::string_view csrf, std::string_view base_url) {
    if (broken("I1")) return true;
    if (!csrf.empty() && constant_time_equal(token, csrf)) return true;
    if (request.header("Sec-Fetch-Site") == "same-origin") return true;
    return !base_url.empty() && request.header("Origin") == base_url;
}

} // namespace authmod
