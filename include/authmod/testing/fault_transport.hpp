// SPDX-License-Identifier: BSL-1.0
// Layer 6. A transport around any other, whose n-th exchange fails.
#pragma once

#include "authmod/policy/http_transport.hpp"
#include "authmod/testing/fault_counter.hpp"

#include <utility>

namespace authmod {

/** Passes requests on, but for the one that `faults` picks.

    Promises what the transport inside promises.

    @par Example
    @code
    fault_transport<recorded_transport> transport{recorded_transport(script)};
    transport.faults.fail_at(2, errc::timed_out); // the second exchange of the login
    @endcode
*/
template <http_transport Transport>
class fault_transport {
public:
    fault_transport() = default;

    explicit fault_transport(Transport inside) : inside_(std::move(inside)) {}

    /// As @ref http_transport promises, but for the exchange that fails.
    asio::awaitable<result<http_response>> send(http_request const& request, timeouts limit) {
        bool const strikes = faults.strikes();
        if (strikes && faults.when() == fault_moment::before) co_return faults.why();
        auto answer = co_await inside_.send(request, limit);
        if (strikes) co_return faults.why();
        co_return answer;
    }

    fault_counter faults; ///< says which exchange fails

private:
    Transport inside_;
};

} // namespace authmod
