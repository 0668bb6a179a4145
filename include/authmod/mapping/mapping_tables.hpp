// SPDX-License-Identifier: BSL-1.0
// Layer 1. All paths of a module as flat tables, built from literals by the compiler or from text by the program.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/mapping/detail/table_builder.hpp"
#include "authmod/mapping/mapping_paths.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace authmod {

/** The tables of one mapping, cheap to copy: what `profile_reader` works from.

    Lifetimes: valid as long as the plan that gave it. Thread safety: never changes.
*/
class mapping_view {
public:
    constexpr explicit mapping_view(detail::table_parts<detail::read_only> parts) noexcept
        : parts_(parts), slot_shift_(detail::slot_shift(parts.slots.size())) {}

    /// @{
    /// The settings that go along with the paths; empty where they are unset.
    [[nodiscard]] constexpr std::string_view image_url_pattern() const noexcept { return text(parts_.pattern); }
    /// @}

    /// How many there are.
    [[nodiscard]] constexpr std::size_t custom_attributes() const noexcept { return parts_.custom.size(); }

    /// The name of one. Preconditions: `i` is less than `custom_attributes()`.
    [[nodiscard]] constexpr std::string_view custom_name(std::size_t i) const noexcept {
        return text(parts_.custom[i]);
    }

    // What follows is for the reader; indexes and numbers are as in detail::table_node.
    /// @{
    /// Parts of the table, for the reader that walks it. Preconditions: the number stands in the table.
    [[nodiscard]] constexpr detail::table_node const& node(std::size_t i) const noexcept { return parts_.nodes[i]; }

    [[nodiscard]] constexpr detail::table_index const& index(std::size_t i) const noexcept {
        return parts_.indexes[i - 1];
    }

    [[nodiscard]] constexpr detail::table_selector const& selector(std::size_t i) const noexcept {
        return parts_.selectors[i - 1];
    }

    [[nodiscard]] constexpr detail::table_accept const& accept(std::size_t i) const noexcept {
    /// @}
        return parts_.accepts[i - 1];
    }

    /// A piece of text that the table points at.
    [[nodiscard]] constexpr std::string_view text(detail::table_text t) const noexcept {
        return {parts_.text.data() + t.offset, t.length};
    }

    /// The children of `node` under this name, nullptr if it has none. `key`: `node_key(node) + hash_name(name)`.
    [[nodiscard]] constexpr detail::table_slot const* find(std::uint16_t node, std::string_view name,
                                                           std::uint32_t key) const noexcept {
        for (std::size_t at = key >> slot_shift_;; at = (at + 1) & (parts_.slots.size() - 1)) {
            auto const& slot = parts_.slots[at];
            if (!slot.used()) return nullptr;
            if (slot.key == key && slot.node == node && detail::same_text(text(slot.name()), name)) return &slot;
        }
    }

    /// All slots: `find` starts at `key >> slot_shift(slots().size())`.
    [[nodiscard]] constexpr std::span<detail::table_slot const> slots() const noexcept { return parts_.slots; }

private:
    detail::table_parts<detail::read_only> parts_;
    int slot_shift_;
};

inline namespace AUTHMOD_ABI {

/** A mapping whose paths are known when the service runs. Copies what it needs: the paths may go.

    Thread safety: may be read by any number of threads at once. Copies share their tables, which never change.
*/
class mapping_plan {
public:
    /// Preconditions: every path comes from `parse_path`, and the pattern is empty or passed `check_url_pattern`.
    explicit mapping_plan(mapping_paths const& paths);

    /// Lifetimes: valid until this object is assigned to or goes.
    [[nodiscard]] mapping_view view() const& noexcept;

    mapping_view view() const&& = delete;

private:
    struct tables;

    std::shared_ptr<tables const> tables_;
};

} // namespace AUTHMOD_ABI

/** A mapping whose paths are literals: the tables are built by the compiler.

    @tparam Paths a constant with static storage duration
*/
template <mapping_paths const& Paths>
class static_mapping_plan {
public:
    /// The tables of the literals, made by the compiler. Lifetimes: the program's.
    [[nodiscard]] static constexpr mapping_view view() noexcept {
        return mapping_view({tables_.nodes, tables_.slots, tables_.indexes, tables_.selectors, tables_.accepts,
                             tables_.text, tables_.custom, tables_.pattern});
    }

private:
    static constexpr detail::table_sizes sizes_ = detail::measure(Paths);

    struct tables {
        std::array<detail::table_node, sizes_.nodes> nodes{};
        std::array<detail::table_slot, sizes_.slots> slots{};
        std::array<detail::table_index, sizes_.indexes> indexes{};
        std::array<detail::table_selector, sizes_.selectors> selectors{};
        std::array<detail::table_accept, sizes_.accepts> accepts{};
        std::array<char, sizes_.text> text{};
        std::array<detail::table_text, sizes_.custom> custom{};
        detail::table_text pattern;
    };

    static constexpr tables tables_ = [] {
        tables t;
        detail::table_parts<detail::writable> parts{t.nodes,   t.slots, t.indexes, t.selectors,
                                                    t.accepts, t.text,  t.custom,  {}};
        detail::table_builder(parts).build(Paths);
        t.pattern = parts.pattern;
        return t;
    }();
};

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/mapping/detail/mapping_tables.ipp"
#endif
