// SPDX-License-Identifier: BSL-1.0
// `login_server doctor`: looks whether a login can work with these flags, and says what to do where it cannot.
#pragma once

#include "command_line.hpp"

namespace login_server {

/** Checks files, addresses, store and every module against its provider, and prints one line for each: `ok`, `FAIL`
   with the cure, or `skip`. 0: nothing failed, else 1.

    It changes nothing but what a start would (a new database is left to the first start), signs nobody in, and tells
   the providers no more than a login would: a made-up code, a made-up token.
*/
[[nodiscard]] int examine(settings const& chosen);

} // namespace login_server
