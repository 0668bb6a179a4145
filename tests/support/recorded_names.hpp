// SPDX-License-Identifier: BSL-1.0
// Lets a tutorial program be included as it stands and run on the recorded transport: its default policies become those
// of the test bench. Everything that the program includes must be included before.
#pragma once

#include "support/bitbucket_login.hpp"

#include <authmod/authmod.hpp>
#include <authmod/mapping/static_path.hpp>
#include <authmod/provider/all.hpp>
#include <boost/asio/co_spawn.hpp>
#include <iostream>

namespace authmod {

using recorded_policies = authmod_test::login_bench::bag;

template <provider Provider>
using recorded_auth_module = auth_module<Provider, recorded_policies>;

} // namespace authmod

#pragma GCC diagnostic ignored "-Wreturn-type" // a main under another name
#define default_policies recorded_policies
#define auth_module recorded_auth_module
#define main example_main
