// SPDX-License-Identifier: BSL-1.0
// The mapper compiled once, as in a program that links authmod::compiled.
#include "authmod/mapping/detail/mapping_tables.ipp"
#include "authmod/mapping/detail/profile_reader.ipp"
#include "authmod/mapping/detail/strict_json.ipp"
