// SPDX-License-Identifier: BSL-1.0
// Layer 4. What a flow asks its driver to do next. A flow decides; the driver (module/) performs.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/protocol/http_message.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace authmod {

/// A request with the number under which its answer is handed back.
struct numbered_request {
    unsigned number = 0;
    http_request request;

    numbered_request() = default;
    numbered_request(unsigned in_number, http_request in_request)
        : number(in_number), request(std::move(in_request)) {}
};

/// Send these, all at the same time if there are several, and resume with each answer. Empty: other answers are awaited.
struct send_requests {
    std::vector<numbered_request> requests;

    send_requests() = default;
};

/// Bring the keys that the module's provider signs with, and resume with them (`login_flow::resume_with_keys`).
struct await_keys {
    unsigned long unlike = 0; ///< others than those of this generation; 0: any

    await_keys() = default;
    explicit await_keys(unsigned long in_unlike) : unlike(in_unlike) {}
};

/// End with this failure; answers that still come are of no interest.
struct fail {
    failure why;

    fail() = default;
    fail(error_code code, std::string step) : why(code, diagnostics(std::move(step))) {}
    explicit fail(failure in_why) : why(std::move(in_why)) {}
};

/// The flow has ended well; its results can be taken.
struct done {};

using action = std::variant<send_requests, await_keys, fail, done>;

} // namespace authmod
