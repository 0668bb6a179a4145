// SPDX-License-Identifier: BSL-1.0
// Layer 4. Which attributes an answer shows: `attributes` and `excludedAttributes`, and the bytes that come of them.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/version.hpp"
#include "authmod/scim/error.hpp"
#include "authmod/scim/filter.hpp"
#include "authmod/scim/resource.hpp"
#include "authmod/scim/schema.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace authmod::scim {

inline namespace AUTHMOD_ABI {

/** The attributes that a client wants to see, or does not.

    `id` and `schemas` are always shown, `password` never is (nobody keeps it). Names may carry a URN, a sub-attribute
    and (as Microsoft's tests write it) a filter, which means nothing here. Names that the resource type lacks are
    ignored.

    See also: RFC 7644 3.9
*/
class projection {
public:
    projection() = default;

    /// Either text may be empty. Errors: 400 invalidValue for both, or more than 4 KiB.
    [[nodiscard]] static result<projection, error> parse(std::string_view attributes, std::string_view excluded,
                                                         resource_type const& type);

    /// Whether anything of the attribute is shown: `members` or `groups` that are not need not be loaded.
    [[nodiscard]] bool shows(std::string_view attribute) const;

    /// Whether nobody asked for less than all.
    [[nodiscard]] bool shows_all() const noexcept { return which_ == kind::all; }

    /// Takes out of a whole resource what is not shown.
    void apply(boost::json::object& resource) const;

private:
    enum class kind : std::uint8_t { all, only, all_but };

    /// A name that was asked for: an attribute, one part of it, or the whole extension.
    struct entry {
        place where;
        bool extension = false;
    };

    [[nodiscard]] bool keeps(boost::json::object& from, bool in_extension, attribute const& what) const;

    kind which_ = kind::all;
    std::vector<entry> entries_;
};

/// A user as it is answered. `groups` may be empty where `shown.shows("groups")` is false.
[[nodiscard]] std::string show(user const& who, std::span<member const> groups, std::string_view base,
                               projection const& shown = {});

/// A group as it is answered. `members` may be empty where `shown.shows("members")` is false.
[[nodiscard]] std::string show(group const& what, std::span<member const> members, std::string_view base,
                               projection const& shown = {});

} // namespace AUTHMOD_ABI

} // namespace authmod::scim

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/scim/detail/projection.ipp"
#endif
