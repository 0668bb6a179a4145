// SPDX-License-Identifier: BSL-1.0
// Layer 5. Which addresses this service connects to. Decides; opens nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/model/endpoint_url.hpp"
#include "authmod/protocol/http_message.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace asio = boost::asio;

/// A block of IP addresses in CIDR notation, RFC 4632 and RFC 4291 2.3.
class ip_network {
public:
    /// `bits` leading bits of `bytes` count; an IPv4 address stands in the first four bytes.
    constexpr ip_network(bool v6, std::array<std::uint8_t, 16> bytes, unsigned bits) noexcept
        : bytes_(bytes), bits_(bits), v6_(v6) {}

    /** Reads `10.0.0.0/8`, `fd00::/8`, or an address alone.

        Errors: `setting_refused` also for bits set behind the prefix (`10.0.0.1/8`): such a text means something else
        than it says.
    */
    [[nodiscard]] static result<ip_network> parse(std::string_view text);

    /// @{
    /// Whether the address lies in the block; one of the other family never does.
    [[nodiscard]] bool contains(asio::ip::address const& address) const noexcept {
        return address.is_v6() ? contains_v6(address.to_v6().to_bytes()) : contains_v4(address.to_v4().to_bytes());
    }

    [[nodiscard]] constexpr bool contains_v4(std::array<std::uint8_t, 4> const& a) const noexcept {
        return !v6_ && same_prefix(a.data());
    }

    [[nodiscard]] constexpr bool contains_v6(std::array<std::uint8_t, 16> const& a) const noexcept {
    /// @}
        return v6_ && same_prefix(a.data());
    }

    friend bool operator==(ip_network const&, ip_network const&) = default;

private:
    [[nodiscard]] constexpr bool same_prefix(std::uint8_t const* a) const noexcept {
        for (unsigned i = 0; i * 8 < bits_; ++i) {
            unsigned const rest = bits_ - i * 8;
            unsigned const mask = rest >= 8 ? 0xffu : 0xffu << (8 - rest);
            if (((a[i] ^ bytes_[i]) & mask) != 0) return false;
        }
        return true;
    }

    std::array<std::uint8_t, 16> bytes_;
    unsigned bits_;
    bool v6_;
};

inline result<ip_network> ip_network::parse(std::string_view text) {
    auto const slash = text.find('/');
    auto const digits = slash == text.npos ? std::string_view{} : text.substr(slash + 1);
    std::string const written(text.substr(0, slash));
    // The system's reader also takes zone identifiers, and stops at a zero byte.
    if (written.find_first_not_of("0123456789abcdefABCDEF:.") != written.npos) return errc::setting_refused;
    error_code ec;
    auto const address = asio::ip::make_address(written, ec);
    if (ec) return errc::setting_refused;

    std::array<std::uint8_t, 16> bytes{};
    if (address.is_v6())
        bytes = address.to_v6().to_bytes();
    else
        std::ranges::copy(address.to_v4().to_bytes(), bytes.begin());

    unsigned const width = address.is_v6() ? 128 : 32;
    unsigned bits = width;
    if (slash != text.npos) {
        auto const [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (bad != std::errc{} || end != digits.data() + digits.size() || bits > width) return errc::setting_refused;
    }
    for (unsigned i = bits; i != width; ++i)
        if (((bytes[i / 8] >> (7 - i % 8)) & 1) != 0) return errc::setting_refused;
    return ip_network(address.is_v6(), bytes, bits);
}

/// Who may be connected to at an address.
enum class address_kind : std::uint8_t {
    open,     ///< a public address: for everybody
    internal, ///< this machine, a private or special network: for administrators' URLs and allowed networks
    never     ///< metadata services and addresses at which no host is
};

namespace detail {

using ipv4_bytes = std::array<std::uint8_t, 4>;
using ipv6_bytes = std::array<std::uint8_t, 16>;

[[nodiscard]] constexpr ip_network v4(int a, int b, int c, int d, unsigned bits) noexcept {
    auto u = [](int x) { return static_cast<std::uint8_t>(x); };
    return {false, {u(a), u(b), u(c), u(d)}, bits};
}

/// The groups of an IPv6 address from the left; the rest is zero.
[[nodiscard]] constexpr ip_network v6(unsigned bits, std::array<unsigned, 8> groups) noexcept {
    ipv6_bytes bytes{};
    for (std::size_t i = 0; i != 8; ++i) {
        bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
        bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xff);
    }
    return {true, bytes, bits};
}

// Credentials of the machine for whoever asks (metadata services of AWS, Azure, Google, Oracle, Alibaba, OpenStack),
// and addresses at which no host is. All of link-local: no provider lives there, and metadata services keep moving in.
inline constexpr ip_network never_networks[] = {v4(169, 254, 0, 0, 16),
                                                v4(100, 100, 100, 200, 32),
                                                v4(168, 63, 129, 16, 32),
                                                v4(192, 0, 0, 192, 32),
                                                v4(0, 0, 0, 0, 32),
                                                v4(224, 0, 0, 0, 4),
                                                v4(255, 255, 255, 255, 32),
                                                v6(10, {0xfe80}),
                                                v6(32, {0xfd00, 0xec2}),
                                                v6(128, {0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254}),
                                                v6(128, {}),
                                                v6(8, {0xff00})};

// IANA special-purpose registries, RFC 6890: this network, private, CGNAT, loopback, protocol assignments,
// documentation, 6to4 relays, benchmarks, reserved.
inline constexpr ip_network internal_v4[] = {v4(0, 0, 0, 0, 8),     v4(10, 0, 0, 0, 8),      v4(100, 64, 0, 0, 10),
                                             v4(127, 0, 0, 0, 8),   v4(172, 16, 0, 0, 12),   v4(192, 0, 0, 0, 24),
                                             v4(192, 0, 2, 0, 24),  v4(192, 88, 99, 0, 24),  v4(192, 168, 0, 0, 16),
                                             v4(198, 18, 0, 0, 15), v4(198, 51, 100, 0, 24), v4(203, 0, 113, 0, 24),
                                             v4(240, 0, 0, 0, 4)};

// IPv6 the other way round: only 2000::/3 has been given out. Less protocol assignments (Teredo among them),
// documentation and 6to4. Mapped, translated (NAT64), loopback and unique local addresses lie outside of it.
inline constexpr ip_network global_v6 = v6(3, {0x2000});
inline constexpr ip_network internal_v6[] = {v6(23, {0x2001}), v6(32, {0x2001, 0xdb8}), v6(16, {0x2002}),
                                             v6(20, {0x3fff})};

/// Calls `visit` with each IPv4 address that an IPv6 address may stand for.
template <class Visit>
constexpr void visit_embedded(ipv6_bytes const& a, Visit visit) {
    auto pick = [&](std::size_t i, std::size_t j, std::size_t k, std::size_t l, unsigned flip = 0) {
        auto u = [&](std::size_t n) { return static_cast<std::uint8_t>(a[n] ^ flip); };
        visit(ipv4_bytes{u(i), u(j), u(k), u(l)});
    };
    constexpr ip_network in_last_bytes[] = {
        v6(96, {}),                      // IPv4-compatible
        v6(96, {0, 0, 0, 0, 0, 0xffff}), // IPv4-mapped
        v6(96, {0, 0, 0, 0, 0xffff}),    // SIIT, RFC 2765
        v6(32, {0x64, 0xff9b}),          // NAT64, RFC 6052, and RFC 8215 with /96
    };
    for (auto const& n : in_last_bytes)
        if (n.contains_v6(a)) pick(12, 13, 14, 15);
    bool const wide = v6(96, {0x64, 0xff9b, 1}).contains_v6(a); // RFC 8215 with /48 is laid out by RFC 6052 2.2
    if (v6(48, {0x64, 0xff9b, 1}).contains_v6(a) && !wide) pick(6, 7, 9, 10);
    if (v6(16, {0x2002}).contains_v6(a)) pick(2, 3, 4, 5); // 6to4
    if (v6(32, {0x2001}).contains_v6(a)) {                 // Teredo: server, and client inverted
        pick(4, 5, 6, 7);
        pick(12, 13, 14, 15, 0xff);
    }
    if ((a[8] & 0xfd) == 0 && a[9] == 0 && a[10] == 0x5e && a[11] == 0xfe) pick(12, 13, 14, 15); // ISATAP
}

[[nodiscard]] constexpr address_kind classify_v4(ipv4_bytes const& a) noexcept {
    auto holds = [&](ip_network const& n) { return n.contains_v4(a); };
    if (std::ranges::any_of(never_networks, holds)) return address_kind::never;
    return std::ranges::any_of(internal_v4, holds) ? address_kind::internal : address_kind::open;
}

[[nodiscard]] constexpr address_kind classify_v6(ipv6_bytes const& a) noexcept {
    auto holds = [&](ip_network const& n) { return n.contains_v6(a); };
    if (std::ranges::any_of(never_networks, holds)) return address_kind::never;
    auto kind = global_v6.contains_v6(a) && std::ranges::none_of(internal_v6, holds) ? address_kind::open
                                                                                     : address_kind::internal;
    bool const loopback = v6(128, {0, 0, 0, 0, 0, 0, 0, 1}).contains_v6(a); // not the IPv4 address 0.0.0.1
    if (loopback) return kind;
    visit_embedded(a, [&](ipv4_bytes const& b) { kind = std::max(kind, classify_v4(b)); });
    return kind;
}

} // namespace detail

/// What an address is, IPv4 addresses inside IPv6 ones included.
[[nodiscard]] inline address_kind classify(asio::ip::address const& address) noexcept {
    return address.is_v6() ? detail::classify_v6(address.to_v6().to_bytes())
                           : detail::classify_v4(address.to_v4().to_bytes());
}

/// A URL's host as the system's look-up takes it: an IPv6 address without its brackets.
[[nodiscard]] inline std::string_view without_brackets(std::string_view host) noexcept {
    return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

/** Says which URLs may be called and which addresses may be connected to (security rules J1 and J2).

    Ask it twice: `check_url` before a name is looked up, `allows` for the very address that is connected to. A name
    that resolves to something else a moment later then changes nothing.

    A host that a provider's answer names and that equals the host of the configured issuer is as good as typed by the
    administrator: the flow that knows the issuer gives such a request `url_origin::administrator`.

    Thread safety: immutable.
*/
class outbound_gate {
public:
    outbound_gate() = default;

    /// `allow_networks` also opens internal addresses to URLs from a provider's answers; nothing opens metadata
    /// services.
    explicit outbound_gate(bool allow_loopback_http, std::vector<ip_network> allow_networks = {})
        : allow_networks_(std::move(allow_networks)), allow_loopback_http_(allow_loopback_http) {}

    /// Takes the URL apart. Errors: `address_refused`. Lifetimes: the parts refer to `url`.
    [[nodiscard]] result<endpoint_url> check_url(std::string_view url) const {
        endpoint_url parts;
        if (parse_endpoint_url(url, allow_loopback_http_, parts).code != url_errc::ok) return errc::address_refused;
        return parts;
    }

    /// Whether `address` may be connected to for `url`, which has passed `check_url`.
    [[nodiscard]] bool allows(endpoint_url const& url, url_origin origin,
                              asio::ip::address const& address) const noexcept {
        auto const kind = classify(address);
        if (!enforced("J2b", kind != address_kind::never)) return false;
        if (!url.https && !address.is_loopback()) return false; // a `localhost` that is not: no secrets in the clear
        return enforced("J2", kind == address_kind::open) || origin == url_origin::administrator ||
               std::ranges::any_of(allow_networks_, [&](ip_network const& n) { return n.contains(address); });
    }

private:
    std::vector<ip_network> allow_networks_;
    bool allow_loopback_http_ = false;
};

} // namespace authmod
