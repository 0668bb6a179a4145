// SPDX-License-Identifier: BSL-1.0
// Layers 0 to 6 with the Beast transport: the one header for a program that logs people in. Providers, other stores and
// the server handlers are included by name. With a transport of your own, include module/auth_module.hpp instead: then
// neither Beast nor TLS is compiled.
#pragma once

#include "authmod/module/auth_module.hpp"
#include "authmod/transport/beast_transport.hpp"

namespace authmod {

/// Everything by default: Beast over TLS, accounts in memory, the machine's clock and random numbers.
using default_policies = policies<beast_transport>;

template <provider Provider, class Policies = default_policies>
class auth_module;

} // namespace authmod
