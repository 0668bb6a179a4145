// SPDX-License-Identifier: BSL-1.0
// Layer 7. How many connections one address may hold open: who opens more than anybody needs takes nobody else's place.
// Counts; closes nothing.
#pragma once

#include "authmod/server/client_address.hpp"
#include "authmod/server/detail/client_group.hpp"

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace authmod {

/** Counts open connections by client address: IPv4 addresses one by one, IPv6 by /64.

    Loopback addresses are not counted, nor are `proxies`: whoever is behind a reverse proxy has its address. One that
    nobody has named is a client like any other.

    Memory: an entry for each address that has a connection.
    No thread safety.
*/
class connection_quota {
public:
    /// A counted connection, to be given back when it ends.
    class place {
    public:
        place() = default;

    private:
        friend class connection_quota;

        explicit place(std::optional<std::uint64_t> group) : group_(group) {}

        std::optional<std::uint64_t> group_; // empty: not counted
    };

    /// `each` connections for one address; 0: any number.
    connection_quota(std::size_t each, std::vector<ip_network> proxies) : each_(each), proxies_(std::move(proxies)) {}

    /// Counts one more connection with `peer`. Nothing, and nothing is counted: it has as many as it may.
    [[nodiscard]] std::optional<place> take(asio::ip::address const& peer) {
        auto const group = detail::client_group(peer);
        if (each_ == 0 || !group || detail::is_trusted(peer, proxies_)) return place();
        auto const at = open_.try_emplace(*group, 0).first;
        if (at->second == each_) return std::nullopt;
        ++at->second;
        return place(group);
    }

    /// Ends a connection. Preconditions: `one` came of `take` and was not given back.
    void give_back(place one) {
        if (!one.group_) return;
        auto const at = open_.find(*one.group_);
        if (--at->second == 0) open_.erase(at);
    }

private:
    std::size_t each_;
    std::vector<ip_network> proxies_;
    std::unordered_map<std::uint64_t, std::size_t> open_; // only groups that have one
};

} // namespace authmod
