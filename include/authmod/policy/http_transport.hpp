// SPDX-License-Identifier: BSL-1.0
// Layer 3. The concept of what carries requests to a provider.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/protocol/http_message.hpp"

#include <boost/asio/awaitable.hpp>
#include <concepts>

namespace authmod {

namespace asio = boost::asio;

/** Carries one HTTP exchange with an identity provider.

    A model promises that `send`
    1. returns an error of `errc`, and does not throw, when the exchange fails; any HTTP status is a success here;
    2. ends within `limit.connect` + `limit.read` and within `limit.total` (the smaller; zero is no limit), with
       `errc::timed_out` if it must;
    3. follows no redirect, decompresses nothing, and reads at most 16 KiB of headers and `request.max_body` bytes of
       body (`errc::response_too_large`);
    4. verifies the certificate chain and the host name for https (`errc::tls_failed`) and sends no byte of HTTP before;
    5. connects only to addresses that `request.origin` allows (`errc::address_refused`), checked on the very address
       that is connected to;
    6. returns `errc::no_response` when the peer ended the connection after the request was sent and before a single
       byte of the answer; sends a request with `single_use` at most once, whatever happens;
    7. may be called again, from any thread, while an earlier call is suspended.

    Lifetimes: `request` outlives the awaited call. Resumes on the executor of the awaiting coroutine.

    @par Models
    @ref beast_transport, @ref recorded_transport
*/
template <class T>
concept http_transport = requires(T& t, http_request const& request, timeouts limit) {
    { t.send(request, limit) } -> std::same_as<asio::awaitable<result<http_response>>>;
};

} // namespace authmod
