// SPDX-License-Identifier: BSL-1.0
// Layer 1. Keeps the first of equal texts, fast for honest lists and bounded for any other.
#pragma once

#include "authmod/mapping/detail/table_builder.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace authmod::detail {

/// By sorting: no choice of texts makes it slow.
inline void drop_repeated_by_order(std::vector<std::string>& texts) {
    std::vector<std::size_t> order(texts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // By text, then by place. A stable sort would be that too, but Clang warns of what libstdc++ 12 makes it of.
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        auto const by_text = texts[a] <=> texts[b];
        return by_text != 0 ? by_text < 0 : a < b;
    });
    std::vector<bool> repeated(texts.size());
    for (std::size_t i = 1; i < order.size(); ++i) repeated[order[i]] = texts[order[i]] == texts[order[i - 1]];
    std::size_t i = 0;
    std::erase_if(texts, [&](std::string const&) { return repeated[i++]; });
}

/** Keeps the first of equal texts, in order.

    By a hash table; texts that were chosen to share places in it are sorted instead. `places` is the table's memory.
*/
inline void drop_repeated(std::vector<std::string>& texts, std::vector<std::uint32_t>& places) {
    if (texts.size() < 2) return;
    places.assign(std::bit_ceil(2 * texts.size()), 0);
    auto const shift = slot_shift(places.size());
    std::size_t kept = 0, misses_left = 8 * texts.size();
    for (std::size_t i = 0; i != texts.size(); ++i) {
        std::size_t at = hash_name(texts[i]) >> shift;
        while (places[at] != 0 && texts[places[at] - 1] != texts[i]) {
            if (--misses_left == 0) {
                texts.erase(texts.begin() + static_cast<std::ptrdiff_t>(kept),
                            texts.begin() + static_cast<std::ptrdiff_t>(i));
                return drop_repeated_by_order(texts);
            }
            at = (at + 1) & (places.size() - 1);
        }
        if (places[at] != 0) continue;
        if (kept != i) texts[kept] = std::move(texts[i]);
        places[at] = static_cast<std::uint32_t>(++kept);
    }
    texts.resize(kept);
}

} // namespace authmod::detail
