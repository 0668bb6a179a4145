// SPDX-License-Identifier: BSL-1.0
// Layer 5. From a URL to the address that may be connected to, for transports of your own.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/protocol/http_message.hpp"
#include "authmod/transport/outbound_gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace authmod {

/// Where a request goes, checked: connect to `address` and to nothing else, whatever `host` resolves to by then.
struct outbound_peer {
    bool https = true; ///< otherwise http, which the gate allows on loopback hosts alone
    std::string host;          ///< the name to verify and to send as Host; an IPv6 address without its brackets
    std::uint16_t port = 443;  ///< as the URL says, else the scheme's own
    std::string target;        ///< path and query as typed, `/` where the URL has neither
    asio::ip::address address; ///< the first that `host` resolves to

    outbound_peer() = default;

    /// What stands in the Host header, RFC 9110 7.2.
    [[nodiscard]] std::string authority() const {
        auto const name = host.find(':') == host.npos ? host : '[' + host + ']';
        return port == (https ? 443 : 80) ? name : name + ':' + std::to_string(port);
    }
};

/** Checks the URL of `request`, looks its host up, and checks the address.

    Errors: `address_refused`, `provider_unreachable` when the name has no address. Looking up a name takes as long as
    the system lets it. Lifetimes: both parameters outlive the awaited call. Security rules J1 and J2.
*/
inline asio::awaitable<result<outbound_peer>> find_peer(outbound_gate const& gate, http_request const& request) {
    auto const url = gate.check_url(request.url);
    if (!url) co_return url.error();
    outbound_peer peer;
    peer.https = url->https;
    peer.host = without_brackets(url->host);
    peer.port = url->port;
    peer.target = url->target.starts_with('/') ? std::string(url->target) : '/' + std::string(url->target);

    asio::ip::tcp::resolver names(co_await asio::this_coro::executor);
    auto const token = asio::as_tuple(asio::use_awaitable);
    std::string const port = std::to_string(peer.port);
    auto [unknown, found] = co_await names.async_resolve(peer.host, port, token);
    if (unknown || found.empty()) co_return errc::provider_unreachable;
    peer.address = found.begin()->endpoint().address();
    if (!gate.allows(*url, request.origin, peer.address)) co_return errc::address_refused;
    co_return peer;
}

} // namespace authmod
