// SPDX-License-Identifier: BSL-1.0
// Layer 4. Filters: text to a flat tree, and the tree against a resource in memory. search.hpp makes them questions to
// an index.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/time.hpp"
#include "authmod/core/version.hpp"
#include "authmod/scim/error.hpp"
#include "authmod/scim/schema.hpp"

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace authmod::scim {

inline constexpr std::size_t max_filter_bytes = 4096; ///< of one filter; a longer one is refused unread
inline constexpr std::size_t max_filter_depth = 32;   ///< parentheses and brackets inside each other

/// What a node of a filter does. See also: RFC 7644 3.4.2.2
enum class filter_op : std::uint8_t {
    both,          ///< `and`: every child
    either,        ///< `or`: some child
    negated,       ///< `not`: its one child does not match
    element,       ///< `attr[...]`: some value of `where` matches its one child
    present,       ///< `pr`: there is a value
    equal,         ///< `eq`
    not_equal,     ///< `ne`: also when there is no value
    contains,      ///< `co`, of texts
    starts_with,   ///< `sw`, of texts
    ends_with,     ///< `ew`, of texts
    greater,       ///< `gt`, of texts and times
    greater_equal, ///< `ge`, likewise
    less,          ///< `lt`, likewise
    less_equal     ///< `le`, likewise
};

/// Which attribute is meant. Below an `element` it is the attribute of that element, and `sub` is what counts.
struct place {
    attribute const* whole = nullptr; ///< nullptr: the resource type has none of that name
    attribute const* sub = nullptr;   ///< nullptr: the attribute itself
    bool in_extension = false;        ///< `whole` is an attribute of the enterprise extension

    /// The attribute whose values are compared: rules like `case_exact` are its.
    [[nodiscard]] constexpr attribute const* leaf() const noexcept { return sub ? sub : whole; }

    friend bool operator==(place const&, place const&) = default;
};

/// What a comparison compares with.
enum class literal_kind : std::uint8_t {
    none,    ///< `null`, or an operator without one
    text,    ///< compared as the attribute says: with case or without
    boolean, ///< `true` or `false`
    time,    ///< RFC 3339, compared as a moment
    foreign  ///< of another kind than the attribute's values: equal to none of them
};

/// One node of a filter, in a row that is read from the left.
struct filter_node {
    filter_op op = filter_op::present;      ///< decides which of the other members mean something
    literal_kind kind = literal_kind::none; ///< of a comparison
    bool truth = false;                     ///< of a boolean
    std::uint16_t size = 1;                 ///< nodes of the subtree, this one included; children follow their parent
    std::uint16_t at = 0;                   ///< of a text: offset in the filter's own memory
    std::uint16_t length = 0;               ///< of a text
    place where;                            ///< the attribute that is looked at
    time_point when{};                      ///< of a time
};

namespace detail {

class syntax_reader;

} // namespace detail

inline namespace AUTHMOD_ABI {

/** A filter of RFC 7644 3.4.2.2, read once, for one resource type.

    The whole grammar: `eq ne co sw ew pr gt ge lt le`, `and or not ( )`, `attr[...]`, URN prefixes; `not` binds tighter
    than `and`, that tighter than `or`; operators and names in any case. Beyond it: `attr[...].sub op value`, where
    element and comparison mean one and the same element, `true` in quotes for booleans, numbers for texts, and without
    quotes a word after `co`, `sw` or `ew` and a date-time.

    A name without a URN is looked for in the core schema first, then in the extension. An attribute that the resource
    type does not have has no value, and what has no value matches nothing but `eq null`.
    Several values: one that matches is enough, for `ne` too. A complex attribute without a sub-attribute means its
    `value`. Texts compare by the attribute's `case_exact`, without it as `fold_case` does; times by their millisecond.

    Thread safety: as of a `std::string`.
*/
class filter {
public:
    filter() = default;

    /// Errors: 400 invalidFilter with the byte, also for more than 4 KiB, depth over 32, invalid UTF-8, and an order
    /// or a piece of a boolean.
    [[nodiscard]] static result<filter, error> parse(std::string_view text, resource_type const& type);

    /// In order of their text, each parent before its children; the first one is the root. Empty: matches everything.
    [[nodiscard]] std::span<filter_node const> nodes() const noexcept { return nodes_; }

    /// The text that `node` compares with, without escapes.
    [[nodiscard]] std::string_view text_of(filter_node const& node) const noexcept {
        return std::string_view(texts_).substr(node.at, node.length);
    }

    /// Preconditions: `resource` is in canonical form (resource.hpp), with `id`, `meta` and whatever the filter names.
    [[nodiscard]] bool matches(boost::json::object const& resource) const;

    /// For a filter in the brackets of a path: whether one element of the attribute matches.
    [[nodiscard]] bool matches_element(boost::json::value const& element) const;

private:
    friend class detail::syntax_reader;

    std::vector<filter_node> nodes_;
    std::string texts_;
};

/** The path of a PATCH operation, or of `attributes` and `sortBy`: `attr`, `attr.sub`, `attr[filter]`,
    `attr[filter].sub`, each with a URN before it, after a colon or (as Entra writes it) a dot. The filters' grammar,
   read by the filters' reader.
*/
class path {
public:
    path() = default;

    /// Errors: 400 invalidPath with the byte. A name that the resource type does not have is no error here.
    [[nodiscard]] static result<path, error> parse(std::string_view text, resource_type const& type);

    place where;               ///< `whole` is nullptr for an unknown attribute, and for a whole extension
    bool extension = false;    ///< nothing but the URN of the extension
    bool foreign = false;      ///< of a schema that the resource type does not have
    bool unknown_sub = false;  ///< `where.whole` is there, the sub-attribute named is not
    bool has_selector = false; ///< `[...]` follows the attribute
    filter selector;           ///< over the elements of `where.whole`
};

} // namespace AUTHMOD_ABI

} // namespace authmod::scim

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/scim/detail/filter.ipp"
#endif
