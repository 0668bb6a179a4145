// SPDX-License-Identifier: BSL-1.0
// The one file of this program that compiles the server's heavy bodies when the library is compiled separately.
#ifdef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/src.hpp"
#endif
