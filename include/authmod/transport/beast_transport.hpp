// SPDX-License-Identifier: BSL-1.0
// Layer 5. HTTPS over Asio, OpenSSL and Beast's parser. The bodies are in detail/beast_transport.ipp: only there do
// Beast and TLS show up.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/policy/http_transport.hpp"
#include "authmod/transport/connection_pool.hpp"
#include "authmod/transport/origin_circuits.hpp"
#include "authmod/transport/origin_places.hpp"
#include "authmod/transport/outbound_gate.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace authmod {

/// What a @ref beast_transport may do.
struct transport_options {
    bool allow_loopback_http = false;       ///< http to 127.0.0.0/8, ::1 and localhost, for tests and simulators
    std::vector<ip_network> allow_networks; ///< internal networks that URLs in a provider's answers may lead to
    std::string ca_file; ///< PEM file of the certificates to trust, instead of the system's; empty: the system's
    std::string user_agent = std::string("authmod/") + version; ///< what requests say of their sender
    pool_limits idle;                                           ///< kept-alive connections
    place_limits places;    ///< exchanges at once with one origin; one more fails with `provider_unreachable`
    circuit_limits circuit; ///< when an origin that hangs is left alone; others then fail with `timed_out` at once
    bool one_thread = false; ///< a promise: each execution context it is used on is run by one thread, so that an
                             ///< exchange needs no strand

    transport_options() = default;
};

namespace detail {
inline namespace AUTHMOD_ABI {
struct transport_state;
}
} // namespace detail

inline namespace AUTHMOD_ABI {

/** Carries requests over HTTP/1.1 and TLS 1.2 or newer.

    - Certificate chain and host name (or IP address) are verified before the first byte of HTTP. The trusted
      certificates are read once, TLS sessions are resumed.
    - Connections are kept alive, per origin and per execution context. Before one is used again, a read of one byte
      through TLS tells whether the peer has closed it meanwhile. What still fails before the first byte of the answer
   is sent once more on a fresh connection, if it is a GET without `single_use`.
    - A provider that hangs is felt by its own logins only: so many exchanges at once go to one origin, few new
      connections while it answers nobody (others wait for their turn within the connect limit), one that lets ten in a
      row wait in vain is asked once a second until it answers, and names are looked up side by side
      (@ref origin_places, @ref origin_circuits, @ref name_lookups).
    - A name is looked up once per connection, and only addresses that @ref outbound_gate allows are connected to, one
      after the other, each with its share of the time that is left.
    - An answer is refused (`response_malformed`) when its end is open to interpretation, and when it comes in a content
      encoding: none is asked for.

    Thread safety: `send` may be called from any thread, on any execution context, any number of times at once. Each
   call runs in a strand of its own on the awaiting coroutine's executor, so that executor needs no strand. Lifetimes:
   the transport outlives its calls; it may end before or after the execution contexts that it was used on. Destroying a
   context closes the connections that are idle on it. Cancellation: ends the call with `errc::timed_out`; a name
   look-up that is under way goes on in its thread. Movable; a transport that was moved from can only be destroyed or
   assigned to.
*/
class beast_transport {
public:
    beast_transport() : beast_transport(transport_options()) {}

    /// Exceptions: `boost::system::system_error` when `ca_file` cannot be read or holds no certificate.
    explicit beast_transport(transport_options options);
    beast_transport(beast_transport&&) noexcept = default;
    beast_transport& operator=(beast_transport&& other) noexcept;
    ~beast_transport();

    /** One exchange, see @ref http_transport.

        Errors: `address_refused` (the URL, or every address of its host), `provider_unreachable`, `tls_failed`,
        `timed_out`, `no_response`, `response_cut`, `response_too_large`, `response_malformed` (also for a header to be
        sent that holds CR, LF or NUL: foreign text must not become a second header).
        A negative `limit.total` is a deadline that has passed.
    */
    asio::awaitable<result<http_response>> send(http_request const& request, timeouts limit);

private:
    void close() noexcept;

    std::shared_ptr<detail::transport_state> state_;
};

} // namespace AUTHMOD_ABI

static_assert(http_transport<beast_transport>);

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/transport/detail/beast_transport.ipp"
#endif
