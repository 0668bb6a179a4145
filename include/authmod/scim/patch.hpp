// SPDX-License-Identifier: BSL-1.0
// Layer 4. PATCH: a body to operations, operations to a resource. Membership changes come out apart, so that one member
// of ten thousand is changed without the others.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/version.hpp"
#include "authmod/scim/error.hpp"
#include "authmod/scim/filter.hpp"
#include "authmod/scim/resource.hpp"
#include "authmod/scim/schema.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace authmod::scim {

/// `schemas` of a request
inline constexpr std::string_view patch_urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What an operation does. See also: RFC 7644 3.5.2
enum class patch_op : std::uint8_t {
    add,    ///< to what is there; a single value replaces
    remove, ///< what the path leads to
    replace ///< what the path leads to, or the attributes of the value
};

/// One operation as the client sent it, its path read.
struct patch_operation {
    patch_op op = patch_op::add; ///< in any case of letters: Entra writes `Add`
    bool has_path = false;       ///< without one, the value names the attributes
    bool has_value = false;      ///< also when it is `null`
    path where;                  ///< means something with `has_path`
    boost::json::value value;    ///< as sent
};

/// What happens to a group's members: first the `remove`, then the `add`; each sorted, no id in both or twice.
struct member_changes {
    bool replaces = false;           ///< afterwards exactly `add` are in, whoever was before; `remove` is empty
    std::vector<std::string> add;    ///< ids
    std::vector<std::string> remove; ///< ids

    member_changes() = default;

    /// Whether nothing happens.
    [[nodiscard]] bool empty() const noexcept { return !replaces && add.empty() && remove.empty(); }

    friend bool operator==(member_changes const&, member_changes const&) = default;
};

inline namespace AUTHMOD_ABI {

/** The operations of a PATCH, as the RFC has them and as Okta and Entra send them.

    - `op` and the names of members in any case. No path: the value is an object, its names may be dotted and have URNs;
      unknown, foreign and read-only ones among them are ignored.
    - `add` appends what is not there; on a single value it is `replace`. Objects are merged into complex attributes;
      another `value` in one drops its other parts.
    - A filter that no element matches is noTarget, but `attr[type eq "x"].sub` makes the element (`primary` likewise).
    - `remove` with a value takes those elements only. Taking away what is not there succeeds. `active` cannot be taken
      away: that changes nothing.
    - A value that becomes primary is the only one.
    - A name of a schema that the resource type does not have is ignored; one that a known schema lacks is invalidPath.

    See also: RFC 7644 3.5.2
*/
class patch {
public:
    patch() = default;

    /// Errors: 400 invalidSyntax for the body's shape, invalidPath, noTarget (`remove` without a path), invalidValue.
    [[nodiscard]] static result<patch, error> parse(boost::json::value const& body, resource_type const& type);

    /// In the order in which they act.
    [[nodiscard]] std::span<patch_operation const> operations() const noexcept { return operations_; }

    /// Whether it takes members away by another filter than their ids: then `apply` needs those that are there.
    [[nodiscard]] bool needs_members() const;

    /** Effects: changes `attributes` (canonical, without `members`) and tells in `members` what happens to a group's.
        On an error both are worthless.

        Errors: 400 mutability, noTarget, invalidPath, invalidValue.
    */
    [[nodiscard]] result<void, error> apply(boost::json::object& attributes, member_changes& members,
                                            std::span<member const> present = {}) const;

    /// As above, for a user.
    [[nodiscard]] result<void, error> apply(boost::json::object& attributes) const;

private:
    resource_type const* type_ = &user_type;
    std::vector<patch_operation> operations_;
};

/// The ids that a selector of members names, where it is `value eq "id"` or several joined by `or`; empty for others.
[[nodiscard]] std::vector<std::string> ids_of(filter const& selector);

} // namespace AUTHMOD_ABI

} // namespace authmod::scim

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/scim/detail/patch.ipp"
#endif
