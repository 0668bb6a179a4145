// SPDX-License-Identifier: BSL-1.0
// Layer 6. The bag of policies: each choice has a name and a default, and a facade takes one parameter instead of six.
#pragma once

#include "authmod/crypto/key_ring.hpp"
#include "authmod/crypto/os_random.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/module/scim_port.hpp"
#include "authmod/storage/memory_store.hpp"

#include <utility>

namespace authmod {

namespace detail {

/// A key of its own for each process unless the program brings one: sealed values then end with the process.
template <class Sealer>
[[nodiscard]] Sealer fresh_sealer() {
    if constexpr (requires { Sealer::with_fresh_key(); }) return Sealer::with_fresh_key().value();
    else return Sealer();
}

} // namespace detail

/** Owns one object of each policy. There is no default transport: it alone would bring in sockets and TLS.

    Every member is public, to be set up before the first login. Exceptions: `boost::system::system_error` when the
    operating system gives no random bytes for a key. Lifetimes: a bag outlives the modules made with it and
    stays where it is.
*/
template <http_transport Transport, store Store = memory_store, clock Clock = system_clock,
          random_source Random = os_random, secret_sealer Sealer = key_ring, metrics_sink Metrics = no_metrics>
struct policies {
    Transport transport; ///< carries requests to providers
    Store data; ///< keeps accounts, sessions, modules and audit
    Clock time; ///< says what time it is
    Random random; ///< gives states, keys and ids
    Sealer sealer = detail::fresh_sealer<Sealer>(); ///< set one from a key file where sealed values must outlive the process
    Metrics metrics; ///< counts logins and calls

    policies() = default;
    explicit policies(Transport in_transport) : transport(std::move(in_transport)) {}
    policies(Transport in_transport, Store in_data) : transport(std::move(in_transport)), data(std::move(in_data)) {}
    policies(policies const&) = delete;
    policies& operator=(policies const&) = delete;

    /// The bag as the engine takes it.
    [[nodiscard]] ports as_ports() noexcept {
        return {&transport_port_, &store_port_,   &clock_port_, &random_port_,
                &sealer_port_,    &metrics_port_, detail::scim_port_of(scim_port_)};
    }

private:
    detail::transport_adapter<Transport, Metrics> transport_port_{transport, metrics};
    detail::store_adapter<Store, Metrics> store_port_{data, metrics};
    detail::clock_adapter<Clock> clock_port_{time};
    detail::random_adapter<Random> random_port_{random};
    detail::sealer_adapter<Sealer> sealer_port_{sealer};
    detail::metrics_adapter<Metrics> metrics_port_{metrics};
    typename detail::scim_port_for<Store, Metrics>::type scim_port_{data, metrics};
};

} // namespace authmod
