// SPDX-License-Identifier: BSL-1.0
// Layer 2. Who may log in at all: the limit of a module, ready to run.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/mapping/mapping_tables.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/** The names that let a person in, and where the provider says which of them are theirs.

    Read the answer of `url` page by page as `document_kind::groups`, or the profile as `document_kind::profile` where
    `url` is empty, with a `profile_reader` of `names`; then ask `admits` with the groups it gives.
*/
struct login_limit {
    std::string setting;              ///< that holds the names
    std::vector<std::string> allowed; ///< names that may log in, of which one will do
    bool ignores_case;                ///< of ASCII letters
    std::string url;                  ///< with everything filled in; empty: the profile says it
    mapping_plan names;               ///< the path of the names, as the only one of a mapping

    login_limit(std::string in_setting, std::vector<std::string> in_allowed, bool in_ignores_case, std::string in_url,
                mapping_plan in_names)
        : setting(std::move(in_setting)), allowed(std::move(in_allowed)), ignores_case(in_ignores_case),
          url(std::move(in_url)), names(std::move(in_names)) {}

    /// Whether somebody with these names may log in. Names that are missing let nobody in.
    [[nodiscard]] bool admits(std::optional<std::vector<std::string>> const& theirs) const {
        return theirs && std::ranges::any_of(*theirs, [&](std::string const& name) {
                   return std::ranges::any_of(allowed, [&](std::string const& good) {
                       return ignores_case ? ascii::equal_ignoring_case(name, good) : name == good;
                   });
               });
    }
};

/// Domains between spaces and commas, in their order.
[[nodiscard]] inline std::vector<std::string> split_domains(std::string_view text) {
    std::vector<std::string> domains;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
        if (text.empty()) return domains;
        auto const end = std::min(text.find_first_of(" ,"), text.size());
        domains.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

} // namespace authmod
