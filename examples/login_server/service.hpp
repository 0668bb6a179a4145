// SPDX-License-Identifier: BSL-1.0
// The service of login_server: opens the store, listens, serves until it is told to end.
#pragma once

#include "command_line.hpp"

namespace login_server {

/// Runs until SIGTERM or SIGINT; gives the exit code. What keeps it from starting is told on stderr.
[[nodiscard]] int serve(settings const& chosen);

} // namespace login_server
