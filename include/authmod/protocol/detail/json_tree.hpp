// SPDX-License-Identifier: BSL-1.0
// Layer 2. A small JSON document as a tree, read by the strict rules of mapping/detail/strict_json.hpp.
#pragma once

#include "authmod/core/version.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod::detail {

/// More values than any key set or discovery document has; what is larger is refused, so memory is bounded.
inline constexpr std::size_t max_json_values = 10'000;

/// One value. An object's items are its members, an array's its elements.
struct json_node {
    enum class kind : std::uint8_t { null, boolean, integer, real, text, array, object };

    kind is = kind::null;
    std::string name; ///< of a member
    std::string text; ///< of a text without escapes; of a number as sent; `true` or `false`
    std::vector<json_node> items;

    /// The member called `member`, nullptr if this is no object or has none.
    [[nodiscard]] json_node const* find(std::string_view member) const noexcept {
        if (is != kind::object) return nullptr;
        for (auto const& item : items)
            if (item.name == member) return &item;
        return nullptr;
    }

    /// The member's text, nullptr unless it is a text.
    [[nodiscard]] std::string const* find_text(std::string_view member) const noexcept {
        auto const* found = find(member);
        return found && found->is == kind::text ? &found->text : nullptr;
    }

    /// Whether the member is `true`.
    [[nodiscard]] bool is_true(std::string_view member) const noexcept {
        auto const* found = find(member);
        return found && found->is == kind::boolean && found->text == "true";
    }

    /// The elements, if this is an array of texts and nothing else.
    [[nodiscard]] std::optional<std::vector<std::string>> texts() const {
        if (is != kind::array) return std::nullopt;
        std::vector<std::string> all;
        for (auto const& item : items) {
            if (item.is != kind::text) return std::nullopt;
            all.push_back(item.text);
        }
        return all;
    }
};

inline namespace AUTHMOD_ABI {

/// Reads one JSON object into `root`. Gives why it was refused, empty if it was not: the reasons of `read_strict_json`,
/// `too_many_values` and `no_object`.
[[nodiscard]] std::string_view read_json_object(std::string_view text, json_node& root);

} // namespace AUTHMOD_ABI

} // namespace authmod::detail

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/protocol/detail/json_tree.ipp"
#endif
