// SPDX-License-Identifier: BSL-1.0
// Layer 1. What the attribute mapping makes of a provider's answers.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace authmod {

/** The mapped fields of one person, without any fallback between fields.

    Empty optionals mean that the provider gave no value. All text is valid UTF-8 without U+0000.
*/
struct user_profile {
    std::optional<std::string> user_id; ///< 1-255 bytes; the reader refuses longer ones
    std::optional<std::string> username; ///< not unique: the store looks for a free one
    std::optional<std::string> full_name; ///< for people, in the provider's spelling
    std::optional<std::string> email; ///< as given, no longer than 254 bytes
    std::optional<bool> email_verified; ///< empty: the provider does not say
    std::optional<std::string> avatar;  ///< https or http URL, image URL pattern already applied
    std::optional<std::vector<std::string>> groups; ///< empty optional: missing; empty list: the provider says "none"
    std::optional<std::string> account_type; ///< the provider's word for the kind of account, where its traits name a path
    std::vector<std::pair<std::string, std::string>> custom_attributes; ///< name, text; only those with a value

    user_profile() = default;
};

} // namespace authmod
