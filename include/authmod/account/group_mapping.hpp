// SPDX-License-Identifier: BSL-1.0
// Layer 2. Which local groups a login gives and takes (security rule F7). Decides; performs nothing.
#pragma once

#include "authmod/account/login_decision.hpp"
#include "authmod/account/text_rules.hpp"
#include "authmod/core/enforced.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

/// What a login changes in the memberships that its module keeps.
struct group_changes {
    std::vector<std::string> join;  ///< group ids, each once, none that the module granted before
    std::vector<std::string> leave; ///< group ids that the module granted and that the provider no longer names
    bool missing = false; ///< the provider was to give groups and gave none: mapped memberships stay as they are

    group_changes() = default;
};

namespace detail {

/// A sorted set of texts owned by others: two thousand groups against five hundred mappings must not multiply.
class text_set {
public:
    void add(std::string_view text) { texts_.push_back(text); }

    void finish() {
        std::ranges::sort(texts_);
        auto const tail = std::ranges::unique(texts_);
        texts_.erase(tail.begin(), tail.end());
    }

    [[nodiscard]] bool has(std::string_view text) const { return std::ranges::binary_search(texts_, text); }

    [[nodiscard]] auto begin() const { return texts_.begin(); }

    [[nodiscard]] auto end() const { return texts_.end(); }

private:
    std::vector<std::string_view> texts_;
};

template <class Texts>
[[nodiscard]] text_set make_text_set(Texts const& texts) {
    text_set set;
    for (auto const& text : texts) set.add(text);
    set.finish();
    return set;
}

} // namespace detail

/** The groups that the rules give this person, each once, whether they exist or not: the auto-join groups and, as far
   as the provider named them, the mapped ones.
*/
[[nodiscard]] inline std::vector<std::string_view> wanted_groups(login_candidate const& candidate) {
    detail::text_set external;
    if (candidate.groups_mapped && candidate.profile.groups)
        for (std::string_view name : *candidate.profile.groups)
            if (name.size() <= max_group_bytes) external.add(name);
    external.finish();

    detail::text_set wanted;
    for (auto const& id : candidate.auto_join_groups) wanted.add(id);
    for (auto const& row : candidate.group_mappings)
        if (external.has(row.external_group)) wanted.add(row.group_id);
    wanted.finish();
    return {wanted.begin(), wanted.end()};
}

/** Compares what the rules give with what the module granted before.

    Auto-join groups are given at every login. Mapped groups follow the provider: given when named, taken when not, but
    only what this module granted is ever taken. A missing list changes nothing; an empty one takes; one that was cut
    short only gives. Groups that neither rule names stay as they are, and rules for groups that are gone do nothing.
*/
[[nodiscard]] inline group_changes decide_groups(login_candidate const& candidate, login_facts const& facts) {
    auto const known = detail::make_text_set(facts.known_groups);
    auto const granted = detail::make_text_set(facts.granted_groups);
    auto const wanted = detail::make_text_set(wanted_groups(candidate));
    bool const mapping = candidate.groups_mapped && !candidate.group_mappings.empty();

    group_changes changes;
    changes.missing = mapping && !candidate.profile.groups;
    for (auto id : wanted)
        if (known.has(id) && !granted.has(id)) changes.join.emplace_back(id);
    if (mapping && candidate.profile.groups && candidate.groups_complete) {
        detail::text_set mapped;
        for (auto const& row : candidate.group_mappings) mapped.add(row.group_id);
        mapped.finish();
        for (auto id : mapped)
            if (enforced("F7", granted.has(id)) && !wanted.has(id)) changes.leave.emplace_back(id);
    }
    return changes;
}

} // namespace authmod
