// SPDX-License-Identifier: BSL-1.0
// Layer 0. The version of the library and the two ways to compile it.
#pragma once

/// Major * 10000 + minor * 100 + patch.
#define AUTHMOD_VERSION 100

/** @def AUTHMOD_SEPARATE_COMPILATION
    Define it in every file of a program (the CMake target `authmod::compiled` does) to compile the heavy coroutines
    once: exactly one file then includes `authmod/src.hpp`, every other one compiles without them.

    The two ways live in different inline namespaces, so mixing them in one program is a link error and not a silent
    violation of the one-definition rule.
*/
#ifdef AUTHMOD_SEPARATE_COMPILATION
#define AUTHMOD_DECL
#define AUTHMOD_ABI compiled
#else
#define AUTHMOD_DECL inline
#define AUTHMOD_ABI header_only
#endif

namespace authmod {

inline namespace AUTHMOD_ABI {} // classes with bodies in a detail/*.ipp are declared in here

/// The version as text, for logs and the `User-Agent` header.
inline constexpr char const* version = "0.1.0";

} // namespace authmod
