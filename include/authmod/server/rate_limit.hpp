// SPDX-License-Identifier: BSL-1.0
// Layer 7. How often one address may do what costs us something and proves nothing. Decides; performs nothing.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/time.hpp"
#include "authmod/server/detail/client_group.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

/// So many at once, then one more each `interval`.
struct rate {
    int burst = 1;               ///< at once
    milliseconds interval{1000}; ///< until one more may come
};

/** The figures, for each client address. The README has them too.

    Every start of a login counts: it costs a redirect of ours, and with some providers a request to them. Storage it
    costs none, since a pending login lives in its browser's cookie; so the figure is one that an office behind one
    address does not reach, and there is none for all addresses together. Of the rest only failures count: nobody who
    knows the token, finishes a login or proves a logout is ever in the way of others.
*/
inline constexpr rate login_start_rate{300, milliseconds(50)};
/// Callbacks that belong to no login of their browser, and logout tokens that prove nothing: each is an audit row.
inline constexpr rate stranger_rate{100, milliseconds(1000)};
/// Wrong admin tokens, at sign-in and at the API.
inline constexpr rate wrong_token_rate{20, milliseconds(6000)};

/** Counts by client address: IPv4 addresses one by one, IPv6 by /64, which is what one household or machine has.

    Loopback addresses are not counted, nor is what is no address. Whoever has a socket on this machine is not kept out
    by counting. And behind a reverse proxy of this machine that `trusted_proxies` does not name, everybody has this
    address: one of them could shut out all.

    Memory: a table of fixed size, four places for each address to be in. Where all four are taken, the one that would
    be whole again first makes room; a flood from many addresses thus forgets some of them, and lets nobody else wait.

    Thread safety: every function from any thread.
    See also: the generic cell rate algorithm (ITU-T I.371), which needs one time for each address
*/
class rate_limiter {
public:
    static constexpr std::size_t places = 4; ///< of the table that an address may be in

    explicit rate_limiter(rate allowed, std::size_t addresses = 8192)
        : allowed_(allowed), table_(std::max<std::size_t>(addresses / places, 1)) {}

    /// Counts one more of `address`. Zero: it may; else how long until it may, and nothing was counted.
    milliseconds take(std::string_view address, time_point now) {
        auto const key = key_of(address);
        if (!key) return milliseconds(0);
        std::lock_guard const lock(mutex_);
        auto const wait = wait_of(find(*key), now);
        if (wait == milliseconds(0)) count(*key, now);
        return wait;
    }

    /// The same without counting, for what counts only once it has failed.
    [[nodiscard]] milliseconds wait(std::string_view address, time_point now) const {
        auto const key = key_of(address);
        if (!key) return milliseconds(0);
        std::lock_guard const lock(mutex_);
        return wait_of(find(*key), now);
    }

private:
    /// An address, and when all of its burst will be there again.
    struct place {
        std::uint64_t key = 0;
        time_point whole_at = time_point::min();
    };

    using bucket = std::array<place, places>;

    [[nodiscard]] static std::optional<std::uint64_t> key_of(std::string_view address) {
        error_code error;
        auto const ip = boost::asio::ip::make_address(std::string(address), error);
        if (error) return std::nullopt;
        return detail::client_group(ip);
    }

    [[nodiscard]] std::size_t index_of(std::uint64_t key) const noexcept {
        return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15u) >> 32) % table_.size();
    }

    [[nodiscard]] place const* find(std::uint64_t key) const noexcept {
        auto const& in = table_[index_of(key)];
        auto const at = std::ranges::find(in, key, &place::key);
        return at == in.end() ? nullptr : &*at;
    }

    /// The time at which the burst is whole, in the present or future. One further off than a used-up burst comes of a
    /// clock that was set back.
    [[nodiscard]] time_point whole_at(place const* of, time_point now) const noexcept {
        if (!of || of->whole_at <= now || of->whole_at - now > allowed_.burst * allowed_.interval) return now;
        return of->whole_at;
    }

    [[nodiscard]] milliseconds wait_of(place const* of, time_point now) const noexcept {
        auto const used = whole_at(of, now) - now;
        return std::max(milliseconds(0), used - (allowed_.burst - 1) * allowed_.interval);
    }

    void count(std::uint64_t key, time_point now) noexcept {
        auto& in = table_[index_of(key)];
        auto at = std::ranges::find(in, key, &place::key);
        if (at == in.end()) {
            at = std::ranges::min_element(in, {}, &place::whole_at);
            *at = place{key, now};
        }
        at->whole_at = whole_at(&*at, now) + allowed_.interval;
    }

    rate allowed_;
    mutable std::mutex mutex_;
    std::vector<bucket> table_;
};

/// What stands in `Retry-After`: whole seconds, at least one.
[[nodiscard]] inline std::string retry_after(milliseconds wait) {
    return std::to_string(std::max<long long>(1, (wait.count() + 999) / 1000));
}

} // namespace authmod
