// SPDX-License-Identifier: BSL-1.0
// Layer 0. Marks the lines that uphold a rule of tests/invariants.md, so that the suite can break each rule on purpose and
// see whether a test notices (`tests/run --mutants`). In every other build the marks cost nothing and change nothing.
#pragma once

#include <string_view>

#ifdef AUTHMOD_MUTANTS
#include <cstdlib>
#include <type_traits>
#endif

namespace authmod {

/** Whether the rule called `rule` is broken on purpose: never, but in the one build of the tests that defines
    `AUTHMOD_MUTANTS` and runs with the rule's name in the environment variable `AUTHMOD_BREAK`.

    The name is that of the rule, with a letter where it is broken in several ways: `D5`, `D5b`.
*/
#ifdef AUTHMOD_MUTANTS
[[nodiscard]] constexpr bool broken(std::string_view rule) noexcept {
    if (std::is_constant_evaluated()) return false;
    char const* const chosen = std::getenv("AUTHMOD_BREAK");
    return chosen != nullptr && rule == chosen;
}
#else
[[nodiscard]] constexpr bool broken(std::string_view /*rule*/) noexcept { return false; }
#endif

/// `holds`, the condition that upholds `rule`.
[[nodiscard]] constexpr bool enforced(std::string_view rule, bool holds) noexcept { return holds || broken(rule); }

} // namespace authmod
