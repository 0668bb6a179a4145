// SPDX-License-Identifier: BSL-1.0
// Layer 2. How long names and addresses may be, and when two of them count as the same.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace authmod {

/// A longer user id refuses the login: cut, it could be somebody else's.
inline constexpr std::size_t max_user_id_bytes = 255;
inline constexpr std::size_t max_email_bytes = 254; ///< RFC 5321 4.5.3.1.3, without the brackets; a longer one is dropped
inline constexpr std::size_t max_group_bytes = 255; ///< of a name at the provider; a longer one is dropped
inline constexpr std::size_t max_avatar_bytes = 2048; ///< of a picture's URL; a longer one is dropped
inline constexpr std::size_t max_name_code_points = 255; ///< of user names and full names; longer ones are cut
inline constexpr std::size_t max_attribute_code_points = 4096; ///< of a custom attribute's value, which is cut

/** The form in which user names and email addresses are compared: ASCII letters small, every other byte as it is.

    Folding more than ASCII would depend on the Unicode version of the day; what was unique has to stay unique.
*/
[[nodiscard]] inline std::string fold_case(std::string_view text) {
    std::string folded(text);
    for (char& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
}

/// Whether `fold_case` gives the same for both; allocates nothing.
[[nodiscard]] constexpr bool same_folded(std::string_view a, std::string_view b) noexcept {
    auto const fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, fold, fold);
}

} // namespace authmod
