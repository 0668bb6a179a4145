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
enum class document_kind : std::uint8_t { profile, emails, groups };

inline constexpr std::size_t max_custom_attributes = 64;

/// An attribute of the administrator's own.
struct custom_path {
    std::string_view name;
    path_view path;
};

/** The attribute mapping as paths; one without steps is unset.

    Lifetimes: refers to texts and steps of their owners.
*/
struct mapping_paths {
    path_view user_id{}, username{}, full_name{}, email{}, email_verified{}, avatar{}, groups{}, account_type{};
    std::span<custom_path const> custom_attributes{}; ///< at most `max_custom_attributes`; the rest is not read
    std::string_view image_url_pattern{};             ///< empty: none
};

} // namespace authmod
