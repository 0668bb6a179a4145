// SPDX-License-Identifier: BSL-1.0
// Layer 4. Lists: what a client asks (query parameters or a .search body), and the ListResponse.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/core/version.hpp"
#include "authmod/scim/error.hpp"
#include "authmod/scim/filter.hpp"
#include "authmod/scim/projection.hpp"
#include "authmod/scim/schema.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace authmod::scim {

/// `schemas` of an answer
inline constexpr std::string_view list_urn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// `schemas` of a POST to `.search`
inline constexpr std::string_view search_urn = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
inline constexpr int default_count = 100; ///< resources of a page where the request does not say
inline constexpr int max_count = 200;     ///< resources of a page at most; a greater number is cut to it

inline namespace AUTHMOD_ABI {

/** A question for a list. See also: RFC 7644 3.4.2, 3.4.3

    Names in any case (Entra asks for `startindex`); unknown ones are ignored.
*/
class list_request {
public:
    filter where;              ///< empty: all
    projection shown;          ///< which attributes the answer has
    place order;               ///< `whole` is nullptr: by creation, then id
    bool descending = false;   ///< of `order`
    long long start_index = 1; ///< from 1
    int count = default_count; ///< 0 to `max_count`

    list_request() = default;

    /// `parameters` are decoded names and values.
    /// Errors: 400 invalidFilter, invalidPath (sortBy), invalidValue.
    [[nodiscard]] static result<list_request, error>
    parse(std::span<std::pair<std::string, std::string> const> parameters, resource_type const& type);

    /// The body of a POST to `.search`. Errors: as above, and 400 invalidSyntax.
    [[nodiscard]] static result<list_request, error> parse(boost::json::value const& body, resource_type const& type);
};

/** The text by which a resource in canonical form is sorted: the value's, folded where case does not count, of a
    multi-valued attribute the primary one's or else the first one's. Empty: it has none, and comes last ascending.

    See also: RFC 7644 3.4.2.3
*/
[[nodiscard]] std::string sort_key(boost::json::object const& resource, place const& order);

/// Whether `a` comes before `b`: those without a value last when ascending, first when descending.
[[nodiscard]] bool sorts_before(std::string_view a, std::string_view b, bool descending) noexcept;

} // namespace AUTHMOD_ABI

/// The body of an answer. `resources` are JSON texts; none are shown as `[]`.
[[nodiscard]] inline std::string list_response(long long total, long long start_index,
                                               std::span<std::string const> resources) {
    std::size_t size = 160;
    for (auto const& one : resources) size += one.size() + 1;
    std::string body;
    body.reserve(size);
    body += R"({"schemas":[")" + std::string(list_urn) + R"("],"totalResults":)" + std::to_string(total);
    body += R"(,"startIndex":)" + std::to_string(start_index);
    body += R"(,"itemsPerPage":)" + std::to_string(resources.size()) + R"(,"Resources":[)";
    for (auto const& one : resources) {
        if (&one != resources.data()) body += ',';
        body += one;
    }
    return body += "]}";
}

} // namespace authmod::scim

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/scim/detail/list.ipp"
#endif
