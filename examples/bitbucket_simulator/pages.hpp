// SPDX-License-Identifier: BSL-1.0
// The HTML pages of the simulator (plain forms, no scripts) and the pictures of its accounts.
#pragma once

#include "state.hpp"

#include <string>
#include <string_view>

namespace simulator {

/// What the simulator is, its accounts, consumers, switches and faults.
[[nodiscard]] std::string front_page(state const& world);
/// Stands for the Atlassian sign-in. `query` is the raw query of the authorization request.
[[nodiscard]] std::string account_page(state const& world, consumer const& client, std::string_view query);
[[nodiscard]] std::string consent_page(account const& who, consumer const& client, std::set<std::string> const& scopes,
                                       std::string_view query);
/// Shown instead of a redirect when the client or its address cannot be trusted.
[[nodiscard]] std::string misconfigured_page(std::string_view what);

/// A PNG of 96x96 pixels, always the same for the same text.
[[nodiscard]] std::string picture_of(std::string_view text);

} // namespace simulator
