// SPDX-License-Identifier: BSL-1.0
// Layer 6. Carries a batch of requests over the transport port, all at the same time.
#pragma once

#include "authmod/flow/action.hpp"
#include "authmod/module/detail/deadline.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/provider/module_plan.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>
#include <vector>

namespace authmod::detail {

/// The limits of one exchange with a module's provider.
[[nodiscard]] inline timeouts limits_of(module_plan const& plan, steady_deadline deadline) {
    return {milliseconds(plan.text.connection_timeout_ms), milliseconds(plan.text.read_timeout_ms),
            time_left(deadline)};
}

/// One request to a module's provider that belongs to no flow.
inline asio::awaitable<result<http_response>> ask_provider(transport_port& transport, module_plan const& plan,
                                                           http_request request, steady_deadline deadline) {
    if (!plan.vouches_for(request.url)) request.origin = url_origin::provider;
    timeouts const limit = limits_of(plan, deadline);
    auto answer = co_await transport.send(request, limit);
    co_return answer;
}

inline asio::awaitable<void> exchange(transport_port& transport, http_request const& request, timeouts limit,
                                      result<http_response>& out) {
    auto in = co_await transport.send(request, limit);
    out = std::move(in);
}

/** Sends all requests at the same time and waits for all answers.

    A flow never has more than four independent questions (profile, emails, groups, memberships). Waiting for all of
    them keeps a failed login from leaving requests behind; the limits bound the wait. Asio's `&&` orders the threads
    and keeps what they share until the last of them has ended; doing it by hand saved 1.4 % of a login's instructions
    and got both wrong.
*/
inline asio::awaitable<std::vector<result<http_response>>>
exchange_all(transport_port& transport, std::vector<numbered_request> const& requests, timeouts limit) {
    using namespace asio::experimental::awaitable_operators;
    std::vector<result<http_response>> answers(requests.size(), result<http_response>(errc::provider_unreachable));
    if (requests.empty()) co_return answers;
    auto all = exchange(transport, requests[0].request, limit, answers[0]);
    for (std::size_t i = 1; i != requests.size(); ++i) {
        auto one = exchange(transport, requests[i].request, limit, answers[i]);
        all = std::move(all) && std::move(one);
    }
    co_await std::move(all);
    co_return answers;
}

} // namespace authmod::detail
