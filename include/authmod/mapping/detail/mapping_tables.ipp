// SPDX-License-Identifier: BSL-1.0
// Layer 1. Bodies of mapping_plan.
#pragma once

#include "authmod/mapping/mapping_tables.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

struct mapping_plan::tables {
    std::vector<detail::table_node> nodes;
    std::vector<detail::table_slot> slots;
    std::vector<detail::table_index> indexes;
    std::vector<detail::table_selector> selectors;
    std::vector<detail::table_accept> accepts;
    std::vector<char> text;
    std::vector<detail::table_text> custom;
    detail::table_text pattern;

    explicit tables(detail::table_sizes const& sizes)
        : nodes(sizes.nodes), slots(sizes.slots), indexes(sizes.indexes), selectors(sizes.selectors),
          accepts(sizes.accepts), text(sizes.text), custom(sizes.custom) {}
};

AUTHMOD_DECL mapping_plan::mapping_plan(mapping_paths const& paths) {
    auto made = std::make_shared<tables>(detail::measure(paths));
    detail::table_parts<detail::writable> parts{made->nodes,   made->slots, made->indexes, made->selectors,
                                                made->accepts, made->text,  made->custom,  {}};
    detail::table_builder(parts).build(paths);
    made->pattern = parts.pattern;
    tables_ = std::move(made);
}

AUTHMOD_DECL mapping_view mapping_plan::view() const& noexcept {
    auto const& t = *tables_;
    return mapping_view({t.nodes, t.slots, t.indexes, t.selectors, t.accepts, t.text, t.custom, t.pattern});
}

} // namespace AUTHMOD_ABI

} // namespace authmod
