// SPDX-License-Identifier: BSL-1.0
// Layer 4. What a module believes of signed tokens: ID tokens at a login and at a refresh, logout tokens.
#pragma once

#include "authmod/protocol/jwt_claims.hpp"
#include "authmod/provider/module_plan.hpp"

namespace authmod {

/// The rules of a module's signed tokens (security rules D1, D2). Lifetimes: `plan` outlives the answer.
[[nodiscard]] inline jwt_rules token_rules_of(module_plan const& plan) {
    jwt_rules rules;
    rules.issuer = plan.token_issuer();
    rules.client_id = plan.text.client_id;
    rules.algorithms = plan.token_algorithms;
    return rules;
}

} // namespace authmod
