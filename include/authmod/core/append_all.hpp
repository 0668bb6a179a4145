// SPDX-License-Identifier: BSL-1.0
// Layer 0. Several texts at the end of one, for heads of HTTP messages, which are made of dozens of short pieces.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace authmod {

/** Appends `parts`, in order. The string grows once at most, and pieces that are literals are copied in place: each
    `append` would cost a call and a check, and a `strlen` for a literal.

    Preconditions: no part is a view into `text`.
*/
template <class... Parts>
    requires(sizeof...(Parts) != 0)
void append_all(std::string& text, Parts const&... parts) {
    std::size_t const before = text.size();
    text.resize(before + (std::size_t{0} + ... + std::string_view(parts).size()));
    char* to = text.data() + before;
    auto const copy = [&to](std::string_view part) {
        if (part.empty()) return; // its pointer may be null
        std::memcpy(to, part.data(), part.size());
        to += part.size();
    };
    (copy(std::string_view(parts)), ...);
}

} // namespace authmod
