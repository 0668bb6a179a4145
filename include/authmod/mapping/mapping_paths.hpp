// SPDX-License-Identifier: BSL-1.0
// Layer 1. The paths of a module and the documents they are read from.
#pragma once

#include "authmod/mapping/path.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace authmod {

/// Which answer of the provider a body is.
enum class document_kind : std::uint8_t {
    profile, ///< the user info answer, or the claims of an ID token
    emails,  ///< the answer of the email URL
    groups   ///< the answer of the groups URL, page after page
};

inline constexpr std::size_t max_custom_attributes = 64; ///< of one mapping; settings with more are refused

/// An attribute of the administrator's own.
struct custom_path {
    std::string_view name; ///< under which the value is kept and shown
    path_view path;        ///< read on the profile
};

/** The attribute mapping as paths; one without steps is unset.

    Lifetimes: refers to texts and steps of their owners.
*/
struct mapping_paths {
    path_view user_id{};                              ///< required: the key of a link
    path_view username{};                             ///< a proposal; a taken one gets a number
    path_view full_name{};                            ///< shown to people
    path_view email{};                                ///< read on the list of addresses first, then on the profile
    path_view email_verified{};                       ///< inside the array elements that gave the email
    path_view avatar{};                               ///< a URL, or the id that goes into `image_url_pattern`
    path_view groups{};                               ///< all values, in order
    path_view account_type{};                         ///< of providers that have accounts which are no persons
    std::span<custom_path const> custom_attributes{}; ///< at most `max_custom_attributes`; the rest is not read
    std::string_view image_url_pattern{};             ///< empty: none
};

} // namespace authmod
