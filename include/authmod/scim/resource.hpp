// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of users and groups: read, checked, brought into one form, and given back.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/time.hpp"
#include "authmod/core/version.hpp"
#include "authmod/scim/error.hpp"
#include "authmod/scim/schema.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod::scim {

inline constexpr std::size_t max_values = 200;               ///< of one multi-valued attribute; `members` have no limit
inline constexpr std::size_t max_resource_bytes = 64 * 1024; ///< of one user or group without its members
inline constexpr std::size_t max_external_id_bytes = 1024;   ///< of `externalId`; a longer one is refused

/** A user as a store keeps it. `id` is the id of the account that it is, too.

    `resource` is what the client gave, in canonical form: attribute names as the schema spells them, nothing
   unassigned, nothing unknown, `schemas` first; without `id`, `groups` and `meta`, which are put in when it is shown.
   The other members are copies for indices.
*/
struct user {
    std::string id;                  ///< as the account's
    std::string client_id;           ///< the SCIM client that it belongs to
    std::string external_id;         ///< compared exactly; empty: none; need not be unique
    std::string user_name;           ///< as `fold_case` gives it; unique in the store
    std::string display_name;        ///< as `fold_case` gives it; empty: none
    std::vector<std::string> emails; ///< as `fold_case` gives them, in order, none twice
    bool active = true;              ///< a person who is switched off cannot log in
    time_point created_at{};         ///< `meta.created`
    time_point updated_at{};         ///< `meta.lastModified`
    long long version = 1;           ///< grows with every change
    std::string resource;            ///< JSON text

    user() = default;
    friend bool operator==(user const&, user const&) = default;
};

/// A group as a store keeps it; its members are rows of their own. `id` is the id of the local group that it is.
struct group {
    std::string id;           ///< opaque, never reused
    std::string client_id;    ///< the SCIM client that it belongs to
    std::string external_id;  ///< compared exactly; empty: none
    std::string name;         ///< as sent: the local group's name
    std::string display_name; ///< as `fold_case` gives it; unique in the store
    time_point created_at{};  ///< `meta.created`
    time_point updated_at{};  ///< `meta.lastModified`
    long long version = 1;    ///< grows with every change
    std::string resource;     ///< as of a user, without `members`

    group() = default;
    friend bool operator==(group const&, group const&) = default;
};

/// One end of a membership as the other one shows it: a member of a group, or a group of a user.
struct member {
    std::string id;      ///< of the other end
    std::string display; ///< its name, for people; may be empty

    member() = default;

    member(std::string in_id, std::string in_display) : id(std::move(in_id)), display(std::move(in_display)) {}

    friend bool operator==(member const&, member const&) = default;
};

inline namespace AUTHMOD_ABI {

/// A body: RFC 8259 to the letter, at most 1 MiB, depth 32, no name twice. Errors: 400 invalidSyntax, 413.
[[nodiscard]] result<boost::json::value, error> read_json(std::string_view body);

/** The canonical form of a value of `what`, null if it is unassigned: `null`, `[]` and objects of nothing are.

    Lenient where clients are known to be: one value for a multi-valued attribute, an array of one for a complex one, a
    text that stands for the `value` of a complex one, booleans as texts in any case. Values stay as they are sent.

    Errors: 400 invalidValue for another type or more than `max_values`, invalidSyntax for a name that is there twice
    but for its case.
*/
[[nodiscard]] result<boost::json::value, error> canonical_value(attribute const& what, boost::json::value const& value);

/** A body of POST or PUT in canonical form. Read-only and unknown attributes are left out, `password` too.

    `members` of a group stay in it: `take_members` takes them out.

    Errors: 400 invalidSyntax for what is no object or has no fitting `schemas`; those of `canonical_value` and
    `check_resource`.
*/
[[nodiscard]] result<boost::json::object, error> read_resource(boost::json::value const& body,
                                                               resource_type const& type);

/// Whether a resource in canonical form keeps the rules that span attributes: required ones, lengths, one primary.
/// Errors: 400 invalidValue
[[nodiscard]] result<void, error> check_resource(boost::json::object const& resource, resource_type const& type);

/// Writes `schemas` anew: the core's, and the extension's if it has attributes here.
void list_schemas(boost::json::object& resource, resource_type const& type);

/// The ids in a value of `members`: an array, one element, or one text. A text with a blank is no id and is left
/// out. Errors: 400 invalidValue, also for a group in it.
[[nodiscard]] result<std::vector<std::string>, error> read_members(boost::json::value const& value);

/// Takes `members` out of a group's resource. Gives their ids, each once, in order.
[[nodiscard]] std::vector<std::string> take_members(boost::json::object& resource);

/// Fills `resource` and the copies for indices. Preconditions: `read_resource` or a PATCH gave `attributes`.
void set_resource(user& who, boost::json::object const& attributes);
void set_resource(group& what, boost::json::object const& attributes);

/// What `set_resource` was given.
[[nodiscard]] boost::json::object attributes_of(user const& who);
[[nodiscard]] boost::json::object attributes_of(group const& what);

/// What a group shows of a user: the displayName, else the userName.
[[nodiscard]] std::string display_of(user const& who);

/// The whole resource, for filters and for a projection. `base`: the address up to `/v2`.
[[nodiscard]] boost::json::object to_object(user const& who, std::span<member const> groups, std::string_view base);
[[nodiscard]] boost::json::object to_object(group const& what, std::span<member const> members, std::string_view base);

} // namespace AUTHMOD_ABI

/// The address of a resource.
[[nodiscard]] inline std::string location(resource_type const& type, std::string_view id, std::string_view base) {
    return std::string(base) + std::string(type.endpoint) + '/' + std::string(id);
}

/// The ETag of a version, `meta.version` too. Weak: two representations of one version may differ in their bytes.
[[nodiscard]] inline std::string etag(long long version) { return "W/\"" + std::to_string(version) + '"'; }

/// Whether a version is in the list of an If-Match or If-None-Match header. See also: RFC 9110 13.1, weak comparison
[[nodiscard]] inline bool etag_matches(std::string_view header, long long version) {
    auto const wanted = '"' + std::to_string(version) + '"';
    while (!header.empty()) {
        auto const end = header.find(',');
        auto one = header.substr(0, end);
        header.remove_prefix(end == header.npos ? header.size() : end + 1);
        auto const first = one.find_first_not_of(" \t");
        one = first == one.npos ? std::string_view() : one.substr(first, one.find_last_not_of(" \t") - first + 1);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == "*" || one == wanted) return true;
    }
    return false;
}

} // namespace authmod::scim

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/scim/detail/resource.ipp"
#endif
