// SPDX-License-Identifier: BSL-1.0
// Layer 7. What of an address counts as one client. Shared by the limits on requests and on connections.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace authmod::detail {

/** The 32 bits of an IPv4 address, or the first 64 of an IPv6 address, told apart by the highest bit: public addresses
    begin with 001. Nothing for a loopback address, which counts as nobody.
*/
[[nodiscard]] inline std::optional<std::uint64_t> client_group(boost::asio::ip::address ip) {
    namespace net = boost::asio::ip;
    if (ip.is_v6() && ip.to_v6().is_v4_mapped()) ip = net::make_address_v4(net::v4_mapped, ip.to_v6());
    if (ip.is_loopback()) return std::nullopt;
    if (ip.is_v4()) return ip.to_v4().to_uint();
    std::uint64_t key = 0;
    auto const bytes = ip.to_v6().to_bytes();
    for (std::size_t i = 0; i != 8; ++i) key = key << 8 | bytes[i];
    return key | std::uint64_t{1} << 63;
}

} // namespace authmod::detail
