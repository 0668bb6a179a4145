// SPDX-License-Identifier: BSL-1.0
// Layer 7. The description of the admin API (OpenAPI 3.1), as `GET /api/openapi.json` gives it. tests/programs holds it
// against the running server; tests/server against the table of routes.
#pragma once

#include <string_view>

namespace authmod {

inline constexpr std::string_view openapi_document = R"openapi({}
)openapi";

} // namespace authmod
