// SPDX-License-Identifier: BSL-1.0
// Layer 4. What a SCIM client is told when a request fails.
#pragma once

#include "authmod/core/json_text.hpp"
#include "authmod/core/result.hpp"

#include <boost/assert/source_location.hpp>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace authmod::scim {

/// `schemas` of an error, RFC 7644 3.12
inline constexpr std::string_view error_urn = "urn:ietf:params:scim:api:messages:2.0:Error";
inline constexpr std::string_view media_type = "application/scim+json"; ///< of every body, RFC 7644 8.1

/// The `scimType` of an error. See also: RFC 7644 3.12, table 9
enum class error_type : std::uint8_t {
    none,            ///< no word for it: the status says all
    invalid_filter,  ///< the filter cannot be read, or has no meaning for an attribute
    too_many,        ///< more results than are looked at
    uniqueness,      ///< the value is taken
    mutability,      ///< the attribute may not be changed so
    invalid_syntax,  ///< the body is not what the schema wants
    invalid_path,    ///< the path of a PATCH cannot be read
    no_target,       ///< nothing fits the path of a PATCH
    invalid_value,   ///< a value is missing, or is of another type
    invalid_version, ///< the protocol's version is not this one
    sensitive        ///< it would be in a URL what must not be there
};

/// The word as RFC 7644 spells it.
[[nodiscard]] constexpr std::string_view to_word(error_type type) noexcept {
    constexpr std::string_view words[] = {
        "",         "invalidFilter", "tooMany",     "uniqueness", "mutability", "invalidSyntax", "invalidPath",
        "noTarget", "invalidValue",  "invalidVers", "sensitive"};
    return words[static_cast<std::size_t>(type)];
}

/** Why a request fails: HTTP status, the word for programs, a sentence for people.

    `detail` names attributes, never values: a body may hold a password.
*/
struct error {
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1); ///< of `offset`: it shows at no byte

    int status = 400;                   ///< of the HTTP answer
    error_type type = error_type::none; ///< for programs
    std::string detail;                 ///< for people, one sentence
    std::size_t offset = nowhere;       ///< the byte of a filter or path at which it shows

    error() = default;

    error(error_type in_type, std::string in_detail, std::size_t in_offset = nowhere)
        : type(in_type), detail(std::move(in_detail)), offset(in_offset) {}

    error(int in_status, error_type in_type, std::string in_detail)
        : status(in_status), type(in_type), detail(std::move(in_detail)) {}

    friend bool operator==(error const&, error const&) = default;
};

/// Lets `result<T, error>::value()` throw `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(error const& e, boost::source_location const&) {
    throw std::invalid_argument("SCIM " + std::to_string(e.status) + ' ' + std::string(to_word(e.type)) + ": " +
                                e.detail);
}

/// The body of the answer. The status is a text there: RFC 7644 says so.
[[nodiscard]] inline std::string to_json(error const& e) {
    std::string body =
        R"({"schemas":[")" + std::string(error_urn) + R"("],"status":")" + std::to_string(e.status) + '"';
    if (e.type != error_type::none) body += R"(,"scimType":")" + std::string(to_word(e.type)) + '"';
    std::string detail = e.detail;
    if (e.offset != error::nowhere) detail += " at byte " + std::to_string(e.offset);
    body += R"(,"detail":)";
    append_json(body, detail);
    return body += '}';
}

} // namespace authmod::scim
