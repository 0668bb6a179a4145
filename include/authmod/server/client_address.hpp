// SPDX-License-Identifier: BSL-1.0
// Layer 7. Whose request it is when reverse proxies stand between. Decides; performs nothing.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/server/request_guard.hpp"
#include "authmod/transport/outbound_gate.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <ranges>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

namespace detail {

[[nodiscard]] inline bool is_trusted(asio::ip::address ip, std::span<ip_network const> trusted) {
    if (ip.is_v6() && ip.to_v6().is_v4_mapped()) ip = asio::ip::make_address_v4(asio::ip::v4_mapped, ip.to_v6());
    return std::ranges::any_of(trusted, [&](ip_network const& network) { return network.contains(ip); });
}

[[nodiscard]] inline bool is_trusted(std::string_view address, std::span<ip_network const> trusted) {
    error_code error;
    auto const ip = asio::ip::make_address(std::string(address), error);
    return !error && is_trusted(ip, trusted);
}

} // namespace detail

/** The address of the client: `peer`, unless that is a trusted proxy, whose `X-Forwarded-For` is read from the right to
    the first address that is no trusted proxy.

    What stands further left is the client's own claim and counts for nothing. An entry that is no IP address ends the
    walk: the address to its right, the proxy that took it, is the answer.
*/
[[nodiscard]] inline std::string client_address(std::string_view peer, std::span<request_field const> fields,
                                                std::span<ip_network const> trusted) {
    std::string client(peer);
    if (trusted.empty() || !detail::is_trusted(peer, trusted)) return client;
    for (auto const& field : std::views::reverse(fields)) {
        if (!ascii::equal_ignoring_case(field.name, "X-Forwarded-For")) continue;
        for (std::string_view rest = field.value; !rest.empty();) {
            auto const comma = rest.rfind(',');
            auto const entry = ascii::trim_blanks(comma == rest.npos ? rest : rest.substr(comma + 1));
            rest = rest.substr(0, comma == rest.npos ? 0 : comma);
            error_code error;
            // The system's reader also takes zone identifiers, and stops at a zero byte.
            bool const plain = entry.find_first_not_of("0123456789abcdefABCDEF:.") == entry.npos;
            auto const ip = plain ? asio::ip::make_address(std::string(entry), error) : asio::ip::address();
            if (!plain || error) return client;
            client = ip.to_string();
            if (!detail::is_trusted(client, trusted)) return client;
        }
    }
    return client;
}

} // namespace authmod
