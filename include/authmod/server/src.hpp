// SPDX-License-Identifier: BSL-1.0
// Layer 7. The heavy coroutines of this folder, for exactly one file of a program that defines
// AUTHMOD_SEPARATE_COMPILATION.
#pragma once

#ifndef AUTHMOD_SEPARATE_COMPILATION
#error "authmod/server/src.hpp is for programs that define AUTHMOD_SEPARATE_COMPILATION everywhere"
#endif

#include "authmod/server/detail/admin_gate.ipp"
#include "authmod/server/detail/admin_handlers.ipp"
#include "authmod/server/detail/admin_pages.ipp"
#include "authmod/server/detail/http_server.ipp"
#include "authmod/server/detail/login_handlers.ipp"
#include "authmod/server/detail/pages.ipp"
#include "authmod/server/detail/scim_handlers.ipp"
#include "authmod/server/detail/token_handlers.ipp"
