// SPDX-License-Identifier: BSL-1.0
// Layer 0. What a function returns that can fail.
#pragma once

#include <boost/system/result.hpp>

namespace authmod {

using boost::system::error_code;

/** A value, or why there is none.

    @par Exceptions
    `value()` throws `boost::system::system_error` (or what the error type asks for) when there is no value; `*r` and
    `r.error()` have the precondition that there is one.
*/
template <class T, class E = error_code>
using result = boost::system::result<T, E>;

} // namespace authmod
