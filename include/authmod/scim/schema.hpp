// SPDX-License-Identifier: BSL-1.0
// Layer 4. What a resource may hold: attributes, schemas and resource types as data. One table decides what is read,
// how it is compared, what a PATCH may touch and what /Schemas says.
#pragma once

#include "authmod/core/ascii.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace authmod::scim {

/// What the values of an attribute are. See also: RFC 7643 2.3
enum class value_type : std::uint8_t {
    string,    ///< text, in any case unless `case_exact`
    boolean,   ///< `true` or `false`
    date_time, ///< RFC 3339
    reference, ///< a URL
    binary,    ///< base64
    complex    ///< an object with `subs`
};
/// Who may change an attribute. See also: RFC 7643 7
enum class mutability : std::uint8_t {
    read_write, ///< the client
    read_only,  ///< nobody: the service makes it
    immutable,  ///< the client, once
    write_only  ///< the client, who never sees it again
};
/// When an answer has an attribute. See also: RFC 7643 7
enum class returned : std::uint8_t {
    by_default, ///< unless the client asks for others
    always,     ///< whatever it asks for
    never       ///< nor may a filter look at it
};
/// Where a value may stand once only. See also: RFC 7643 7
enum class uniqueness : std::uint8_t {
    none,  ///< nowhere
    server ///< in the whole service
};

struct attribute;

/// Attributes in a table that lives as long as the program.
struct attribute_list {
    attribute const* data = nullptr; ///< null: an empty list
    std::size_t count = 0;           ///< of attributes

    constexpr attribute_list() = default;

    template <std::size_t N>
    constexpr attribute_list(attribute const (&table)[N]) noexcept
        : data(table), count(N) {} // NOLINT: reads as a value

    /// @{
    /// The attributes one after the other, as a range.
    [[nodiscard]] constexpr attribute const* begin() const noexcept { return data; }

    [[nodiscard]] constexpr attribute const* end() const noexcept;
    /// @}

    /// Where the attribute of that name stands, compared without case (RFC 7643 2.1); `count` if there is none.
    [[nodiscard]] constexpr std::size_t index_of(std::string_view name) const noexcept;

    /// The attribute that `index_of` finds; nullptr if there is none.
    [[nodiscard]] constexpr attribute const* find(std::string_view name) const noexcept;
};

/// See also: RFC 7643 7
struct attribute {
    std::string_view name;                       ///< as clients write it, in any case
    std::string_view description;                ///< for people, English
    value_type type = value_type::string;        ///< of each value
    bool multi_valued = false;                   ///< an array of values
    bool required = false;                       ///< a resource without it is refused
    bool case_exact = false;                     ///< whether texts are compared with case
    mutability changes = mutability::read_write; ///< by clients
    returned shown = returned::by_default;       ///< in answers
    uniqueness unique = uniqueness::none;        ///< of its values
    attribute_list subs{};                       ///< of a complex one
    std::string_view canonical_values{};         ///< words, blanks between them
    std::string_view reference_types{};          ///< words, blanks between them
};

constexpr attribute const* attribute_list::end() const noexcept { return data + count; }

constexpr std::size_t attribute_list::index_of(std::string_view name) const noexcept {
    std::size_t i = 0;
    while (i != count && !ascii::equal_ignoring_case(data[i].name, name)) ++i;
    return i;
}

constexpr attribute const* attribute_list::find(std::string_view name) const noexcept {
    auto const i = index_of(name);
    return i == count ? nullptr : data + i;
}

/// A schema. See also: RFC 7643 7
struct schema {
    std::string_view urn;         ///< its id
    std::string_view name;        ///< for people
    std::string_view description; ///< for people
    attribute_list attributes;    ///< in the order of the RFC
};

/// A kind of resource. See also: RFC 7643 6
struct resource_type {
    std::string_view name;        ///< `User`, also what `meta.resourceType` says
    std::string_view endpoint;    ///< `/Users`
    std::string_view description; ///< for people
    schema const* core;           ///< never null
    schema const* extension;      ///< nullptr: none
};

namespace detail::tables {

inline constexpr attribute meta_subs[] = {
    {"resourceType", "The name of the resource type.", value_type::string, false, false, true, mutability::read_only},
    {"created", "When the resource was created.", value_type::date_time, false, false, false, mutability::read_only},
    {"lastModified", "When the resource last changed.", value_type::date_time, false, false, false,
     mutability::read_only},
    {"location", "The address of the resource.", value_type::reference, false, false, true, mutability::read_only},
    {"version", "The version of the resource, as in its ETag.", value_type::string, false, false, true,
     mutability::read_only},
};

/// What every resource has and no schema lists. See also: RFC 7643 3.1
inline constexpr attribute common[] = {
    {"schemas", "The URNs of the schemas in use.", value_type::reference, true, true, false, mutability::read_only,
     returned::always},
    {"id", "The identifier that this service gave.", value_type::string, false, true, true, mutability::read_only,
     returned::always, uniqueness::server},
    {"externalId", "The identifier that the client gave.", value_type::string, false, false, true},
    {"meta", "What is known about the resource itself.", value_type::complex, false, false, false,
     mutability::read_only, returned::by_default, uniqueness::none, meta_subs},
};

inline constexpr attribute name_subs[] = {
    {"formatted", "The full name, as it is shown."},
    {"familyName", "The family name."},
    {"givenName", "The given name."},
    {"middleName", "The middle names."},
    {"honorificPrefix", "Titles before the name."},
    {"honorificSuffix", "Suffixes after the name."},
};

constexpr attribute primary{"primary", "Whether this is the preferred value; true for one value at most.",
                            value_type::boolean};
constexpr attribute display{"display", "A name of the value, for people."};

inline constexpr attribute email_subs[] = {{"value", "The address."},
                                           display,
                                           {"type",
                                            "What the value is for.",
                                            value_type::string,
                                            false,
                                            false,
                                            false,
                                            mutability::read_write,
                                            returned::by_default,
                                            uniqueness::none,
                                            {},
                                            "work home other"},
                                           primary};
inline constexpr attribute phone_subs[] = {{"value", "The number."},
                                           display,
                                           {"type",
                                            "What the value is for.",
                                            value_type::string,
                                            false,
                                            false,
                                            false,
                                            mutability::read_write,
                                            returned::by_default,
                                            uniqueness::none,
                                            {},
                                            "work home mobile fax pager other"},
                                           primary};
inline constexpr attribute im_subs[] = {
    {"value", "The address."}, display, {"type", "The network of the address."}, primary};
inline constexpr attribute photo_subs[] = {{"value",
                                            "The URL of the picture.",
                                            value_type::reference,
                                            false,
                                            false,
                                            true,
                                            mutability::read_write,
                                            returned::by_default,
                                            uniqueness::none,
                                            {},
                                            {},
                                            "external"},
                                           display,
                                           {"type",
                                            "What the value is for.",
                                            value_type::string,
                                            false,
                                            false,
                                            false,
                                            mutability::read_write,
                                            returned::by_default,
                                            uniqueness::none,
                                            {},
                                            "photo thumbnail"},
                                           primary};
inline constexpr attribute address_subs[] = {
    {"formatted", "The address as it is written on a letter."},
    {"streetAddress", "Street and number."},
    {"locality", "City or locality."},
    {"region", "State or region."},
    {"postalCode", "Postal code."},
    {"country", "Country."},
    {"type",
     "What the value is for.",
     value_type::string,
     false,
     false,
     false,
     mutability::read_write,
     returned::by_default,
     uniqueness::none,
     {},
     "work home other"},
    primary,
};
inline constexpr attribute plain_subs[] = {
    {"value", "The value."}, display, {"type", "What the value is for."}, primary};
inline constexpr attribute certificate_subs[] = {
    {"value", "The certificate, DER in base64.", value_type::binary, false, false, true},
    display,
    {"type", "What the value is for."},
    primary};
inline constexpr attribute user_group_subs[] = {
    {"value", "The id of the group.", value_type::string, false, false, true, mutability::read_only},
    {"$ref",
     "The address of the group.",
     value_type::reference,
     false,
     false,
     true,
     mutability::read_only,
     returned::by_default,
     uniqueness::none,
     {},
     {},
     "Group"},
    {"display", "The name of the group.", value_type::string, false, false, false, mutability::read_only},
    {"type",
     "How the membership came about.",
     value_type::string,
     false,
     false,
     false,
     mutability::read_only,
     returned::by_default,
     uniqueness::none,
     {},
     "direct"},
};

/// See also: RFC 7643 4.1
inline constexpr attribute user[] = {
    {"userName", "The name by which the person logs in.", value_type::string, false, true, false,
     mutability::read_write, returned::by_default, uniqueness::server},
    {"name", "The parts of the person's name.", value_type::complex, false, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, name_subs},
    {"displayName", "The name of the person, as it is shown."},
    {"nickName", "What the person is called casually."},
    {"profileUrl",
     "A page about the person.",
     value_type::reference,
     false,
     false,
     true,
     mutability::read_write,
     returned::by_default,
     uniqueness::none,
     {},
     {},
     "external"},
    {"title", "The person's title, \"Vice President\" for example."},
    {"userType", "How the person relates to the organisation."},
    {"preferredLanguage", "The person's languages, as in Accept-Language."},
    {"locale", "The person's locale, for numbers and dates."},
    {"timezone", "The person's time zone, as in the Olson database."},
    {"active", "Whether the person may log in. False ends sessions and tokens at once.", value_type::boolean},
    {"password", "Accepted and not kept: people log in at their provider.", value_type::string, false, false, false,
     mutability::write_only, returned::never},
    {"emails", "Email addresses.", value_type::complex, true, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, email_subs},
    {"phoneNumbers", "Phone numbers, kept as they are sent.", value_type::complex, true, false, false,
     mutability::read_write, returned::by_default, uniqueness::none, phone_subs},
    {"ims", "Addresses for instant messages.", value_type::complex, true, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, im_subs},
    {"photos", "Pictures of the person.", value_type::complex, true, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, photo_subs},
    {"addresses", "Postal addresses.", value_type::complex, true, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, address_subs},
    {"groups", "The groups that the person is in; changed through the groups.", value_type::complex, true, false, false,
     mutability::read_only, returned::by_default, uniqueness::none, user_group_subs},
    {"entitlements", "What the person is entitled to.", value_type::complex, true, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, plain_subs},
    {"roles", "The person's roles. They grant nothing here.", value_type::complex, true, false, false,
     mutability::read_write, returned::by_default, uniqueness::none, plain_subs},
    {"x509Certificates", "The person's certificates.", value_type::complex, true, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, certificate_subs},
};

inline constexpr attribute manager_subs[] = {
    {"value", "The id of the manager's user.", value_type::string, false, false, true},
    {"displayName", "The manager's name, kept as it is sent."},
};

/// See also: RFC 7643 4.3
inline constexpr attribute enterprise[] = {
    {"employeeNumber", "The number that the organisation gave."},
    {"costCenter", "The cost center."},
    {"organization", "The organisation."},
    {"division", "The division."},
    {"department", "The department."},
    {"manager", "The person's manager.", value_type::complex, false, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, manager_subs},
};

inline constexpr attribute member_subs[] = {
    {"value", "The id of the user.", value_type::string, false, true, true, mutability::immutable},
    {"$ref",
     "The address of the user.",
     value_type::reference,
     false,
     false,
     true,
     mutability::read_only,
     returned::by_default,
     uniqueness::none,
     {},
     {},
     "User"},
    {"display", "The name of the user.", value_type::string, false, false, false, mutability::read_only},
    {"type",
     "Always User: groups have no groups in them.",
     value_type::string,
     false,
     false,
     false,
     mutability::immutable,
     returned::by_default,
     uniqueness::none,
     {},
     "User"},
};

/// See also: RFC 7643 4.2
inline constexpr attribute group[] = {
    {"displayName", "The name of the group.", value_type::string, false, true, false, mutability::read_write,
     returned::by_default, uniqueness::server},
    {"members", "The users in the group.", value_type::complex, true, false, false, mutability::read_write,
     returned::by_default, uniqueness::none, member_subs},
};

} // namespace detail::tables

/// `id`, `externalId`, `meta`, `schemas`: of every resource, RFC 7643 3.1
inline constexpr attribute_list common_attributes = detail::tables::common;

/// RFC 7643 4.1
inline constexpr schema user_schema{"urn:ietf:params:scim:schemas:core:2.0:User", "User", "User Account", detail::tables::user};
/// RFC 7643 4.3
inline constexpr schema enterprise_schema{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                                          "EnterpriseUser", "Enterprise User", detail::tables::enterprise};
/// RFC 7643 4.2
inline constexpr schema group_schema{"urn:ietf:params:scim:schemas:core:2.0:Group", "Group", "Group", detail::tables::group};

/// In the order in which `/Schemas` lists them.
inline constexpr schema const* all_schemas[] = {&user_schema, &enterprise_schema, &group_schema};

/// The type of people.
inline constexpr resource_type user_type{"User", "/Users", "User Account", &user_schema, &enterprise_schema};
inline constexpr resource_type group_type{"Group", "/Groups", "Group", &group_schema, nullptr}; ///< the type of groups

/// The attribute of the resource type's own schema, or one that every resource has; nullptr: neither.
[[nodiscard]] constexpr attribute const* find_attribute(resource_type const& type, std::string_view name) noexcept {
    auto const& own = type.core->attributes;
    auto const i = own.index_of(name); // g++ 12 with UBSan takes no test of a pointer in constant expressions
    return i == own.count ? common_attributes.find(name) : own.data + i;
}

} // namespace authmod::scim
