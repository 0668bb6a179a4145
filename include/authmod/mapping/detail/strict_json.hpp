// SPDX-License-Identifier: BSL-1.0
// Layer 1. Boost.JSON's event parser with the strictness of ours: the whole body is checked, wanted or not.
// The body in detail/strict_json.ipp: only there is a parser instantiated, once for all who read JSON.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/mapping/detail/json_sink.hpp"
#include "authmod/mapping/detail/member_names.hpp"

#include <string_view>

namespace authmod::detail {

inline namespace AUTHMOD_ABI {

/** Reads one JSON text and tells `sink` what is in it, in document order. Gives why it was refused, empty if not.

    Refused, also in members that nobody wants: more than 1 MiB, depth over 32, what RFC 8259 does not allow, a byte
    order mark, invalid UTF-8, U+0000, lone surrogates, a member name twice in one object, numbers beyond a double
    unless the sink takes them.
*/
[[nodiscard]] std::string_view read_strict_json(std::string_view body, json_scratch& scratch, json_sink& sink);

} // namespace AUTHMOD_ABI

} // namespace authmod::detail

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/mapping/detail/strict_json.ipp"
#endif
