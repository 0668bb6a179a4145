// SPDX-License-Identifier: BSL-1.0
// Layer 4. A filter as a question to an index: what a store can turn into SQL with parameters, and what is left to
// test.
#pragma once

#include "authmod/core/time.hpp"
#include "authmod/core/version.hpp"
#include "authmod/scim/filter.hpp"
#include "authmod/scim/schema.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace authmod::scim {

/// What a store has an index for. Texts but `id`, `external_id`, `member` and `group` are folded, as the columns are.
enum class column : std::uint8_t {
    id,            ///< of the resource
    external_id,   ///< compared exactly
    user_name,     ///< of the user
    display_name,  ///< of the resource
    email,         ///< some email of the user
    active,        ///< of the user
    created,       ///< `meta.created`
    last_modified, ///< `meta.lastModified`
    member,        ///< some member of the group
    group          ///< some group of the user
};

/// How a column is compared with a value.
enum class relation : std::uint8_t {
    equal,         ///< the same bytes
    starts_with,   ///< the value is the beginning
    greater,       ///< after it
    greater_equal, ///< after it, or the same moment
    less,          ///< before it
    less_equal     ///< before it, or the same moment
};

/// `what how value`. The value is a parameter of the statement, never part of its text.
struct condition {
    column what = column::id;       ///< what is compared
    relation how = relation::equal; ///< `starts_with` for texts only, an order for times only
    std::string text;               ///< for texts, folded as the column is
    bool truth = false;             ///< for `active`
    time_point when{};              ///< for times

    condition() = default;
    friend bool operator==(condition const&, condition const&) = default;
};

/** What a store has to look at: resources that satisfy all conditions of some row of `any_of`.

    Every resource that matches the filter is among them. Where `exact` is false, others are as well: each one found is
    shown to `filter::matches`. No rows and not `nothing`: all resources of the client, in bounded number.
*/
struct search {
    std::vector<std::vector<condition>> any_of; ///< rows of conditions
    bool exact = true;                          ///< the conditions say all that the filter says
    bool nothing = false;                       ///< no resource can match
    bool needs_members = false;                 ///< for `filter::matches`: the filter looks at memberships

    search() = default;
};

inline namespace AUTHMOD_ABI {

/// Plans a filter. A default-constructed one gives no rows, exact.
[[nodiscard]] search plan_search(filter const& f);

} // namespace AUTHMOD_ABI

} // namespace authmod::scim

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/scim/detail/search.ipp"
#endif
