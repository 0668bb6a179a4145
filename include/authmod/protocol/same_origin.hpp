// SPDX-License-Identifier: BSL-1.0
// Layer 2. Which links in an answer may be followed.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/model/endpoint_url.hpp"

#include <string_view>

namespace authmod {

/** Whether a list's `next` link may be called with the list's bearer token: an absolute URL that passes the checks of
    endpoints, with scheme, host and port of the list's own (security rule E7). Relative links are not followed.
*/
[[nodiscard]] constexpr bool same_origin(std::string_view next, std::string_view list_url) noexcept {
    endpoint_url a, b;
    // Loopback http is fine here exactly when the list itself, an accepted setting, is on it.
    return parse_endpoint_url(next, true, a) == url_error{} && parse_endpoint_url(list_url, true, b) == url_error{} &&
           a.https == b.https && a.port == b.port && enforced("E7", ascii::equal_ignoring_case(a.host, b.host));
}

} // namespace authmod
