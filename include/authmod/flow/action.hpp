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
    unsigned number = 0;  ///< the flow's own; means something to nobody else
    http_request request; ///< to be sent as it is

    numbered_request() = default;
    numbered_request(unsigned in_number, http_request in_request)
        : number(in_number), request(std::move(in_request)) {}
};

/// Send these, all at the same time if there are several, and resume with each answer. Empty: other answers are awaited.
struct send_requests {
    std::vector<numbered_request> requests; ///< each with another number

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
    failure why; ///< the code that people see, and the step it happened in

    fail() = default;
    fail(error_code code, std::string step) : why(code, diagnostics(std::move(step))) {}
    explicit fail(failure in_why) : why(std::move(in_why)) {}
};

/// The flow has ended well; its results can be taken.
struct done {};

using action = std::variant<send_requests, await_keys, fail, done>; ///< What the driver of a flow has to do next.

/** Told what a flow makes of each answer and of all of them together (`login_flow::mapping`): a test login watches so.

    `why` is null when it was good. Not every failure ends a login: missing groups and a missing avatar do not.
*/
class flow_watcher {
public:
    virtual ~flow_watcher() = default;
    /// Called once an answer, with the number of its request.
    virtual void judged(unsigned number, failure const* why) = 0;
};

} // namespace authmod
