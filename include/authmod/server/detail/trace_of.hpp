// SPDX-License-Identifier: BSL-1.0
// Layer 7. The trace of a request, shared by the handlers that call providers.
#pragma once

#include "authmod/module/ports.hpp"
#include "authmod/protocol/trace_context.hpp"
#include "authmod/server/request.hpp"

#include <array>
#include <cstddef>

namespace authmod::detail {

/// The step that answering `request` is: in its caller's trace, or in a new one. No trace without random bytes: what it
/// is for goes on.
[[nodiscard]] inline trace_context trace_of(incoming_request const& request, random_port& random) {
    std::array<std::byte, trace_context::random_bytes> bytes{};
    if (!random.fill(bytes)) return trace_context();
    return trace_context::next(request.header("traceparent"), bytes);
}

} // namespace authmod::detail
