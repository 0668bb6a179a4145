// SPDX-License-Identifier: BSL-1.0
// Layer 4. What a client can find out: /ServiceProviderConfig, /ResourceTypes, /Schemas. Made of the tables that the
// other headers work by, so that it cannot promise anything else.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/scim/schema.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace authmod::scim {

inline namespace AUTHMOD_ABI {

/// The body of /ServiceProviderConfig. `base`: the address up to `/v2`. See also: RFC 7643 5
[[nodiscard]] std::string service_provider_config(std::string_view base);

/// The body of /ResourceTypes, a ListResponse. See also: RFC 7643 6
[[nodiscard]] std::string resource_types(std::string_view base);

/// The body of /ResourceTypes/{name}; no value: there is none of that name.
[[nodiscard]] std::optional<std::string> resource_type_named(std::string_view name, std::string_view base);

/// The body of /Schemas, a ListResponse. See also: RFC 7643 7
[[nodiscard]] std::string schemas(std::string_view base);

/// The body of /Schemas/{urn}, compared without case; no value: there is none.
[[nodiscard]] std::optional<std::string> schema_with(std::string_view urn, std::string_view base);

} // namespace AUTHMOD_ABI

} // namespace authmod::scim

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/scim/detail/discovery.ipp"
#endif
