// SPDX-License-Identifier: BSL-1.0
// Layer 1. The flat tables of a mapping and their one builder, for the compiler and for the running program.
#pragma once

#include "authmod/mapping/mapping_paths.hpp"
#include "authmod/mapping/path.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

namespace authmod::detail {

/// What a value is read for. First the fields with one value that stands for itself; custom attributes follow from
/// `custom` on, in their order.
namespace field {
enum : std::uint8_t {
    user_id,
    username,
    full_name,
    avatar,
    account_type,
    custom,
    email = 252, ///< behind any custom attribute
    email_verified,
    groups,
    next
};
} // namespace field

static_assert(field::custom + max_custom_attributes <= field::email);

/// A place of the tables' text.
struct table_text {
    std::uint32_t offset = 0;
    std::uint16_t length = 0;
};

/** A prefix of one or more alternatives: where the evaluation stands when those steps are done.

    Lists are chained by entry number + 1, so that 0 ends a list; child nodes are never a root, so that 0 is no child.
*/
struct table_node {
    enum : std::uint16_t {
        named = 1,         ///< has children by name
        within = 2,        ///< has selectors or accepts something: elements of an array standing here matter
        paired = 4,        ///< an email or its state is at or below
        members = 8,       ///< the email's `*` starts here: members of an object are told apart like elements
        groups_name = 16,  ///< a groups path goes on from here by a name ...
        groups_other = 32, ///< ... or by another step: a `[]` standing here says "no groups"
        branches = 64,     ///< goes on by another step than a name
        not_plain = 128,   ///< accepts something for email, its state, groups or `next`: others have one value each
        identifies = 256   ///< accepts something for the user id
    };

    std::uint16_t any = 0;
    std::uint16_t first_selector = 0;
    std::uint16_t first_index = 0;
    std::uint16_t first_accept = 0;
    std::uint16_t flags = 0;
};

/// Slot of the open-addressing table (node, member name) -> child.
struct table_slot {
    static constexpr std::uint16_t unused = 0xffff; ///< more nodes than the limits of paths allow

    std::uint32_t key = 0; ///< `node_key(node) + hash_name(name)`
    std::uint32_t name_offset = 0;
    std::uint16_t name_length = 0;
    std::uint16_t node = unused;
    std::uint16_t by_name = 0;
    std::uint16_t by_index = 0; ///< for an object's member that is spelled like the index

    [[nodiscard]] constexpr bool used() const noexcept { return node != unused; }

    [[nodiscard]] constexpr table_text name() const noexcept { return {name_offset, name_length}; }
};

struct table_index {
    std::uint32_t index = 0;
    std::uint16_t child = 0;
    std::uint16_t next = 0;
};

struct table_selector {
    table_text name;
    table_text value;
    selector_kind kind = selector_kind::none;
    std::uint16_t child = 0;
    std::uint16_t next = 0;
};

/// A value that stands at the node is one for the field; `rank` is the number of the alternative.
struct table_accept {
    std::uint8_t field = 0;
    std::uint8_t rank = 0;
    std::uint16_t next = 0;
};

struct table_sizes {
    std::size_t nodes = 0, slots = 0, indexes = 0, selectors = 0, accepts = 0, text = 0, custom = 0;
};

/// The bytes from `from` on as an unsigned number, the first one lowest.
template <class Number>
[[nodiscard]] constexpr std::uint64_t load_bytes(char const* from) noexcept {
    Number value{};
    if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
        std::memcpy(&value, from, sizeof value); // one instruction, which GCC does not make of the loop
        return value;
    }
    std::uint64_t number = 0;
    for (std::size_t i = sizeof value; i != 0; --i) number = number << 8 | static_cast<unsigned char>(from[i - 1]);
    return number;
}

/** Hash of a member name, of up to eight bytes of either end: cheap, as every member of a body passes here.

    The tables hold only names from paths, so a provider cannot make the table slow; what it may send in number is
    checked without relying on this hash.
*/
[[nodiscard]] constexpr std::uint32_t hash_name(std::string_view name) noexcept {
    auto const size = name.size();
    auto const* const begin = name.data();
    std::uint64_t bytes = size;
    if (size >= 8)
        bytes ^= load_bytes<std::uint64_t>(begin) * 3 ^ load_bytes<std::uint64_t>(begin + size - 8);
    else if (size >= 4)
        bytes ^= load_bytes<std::uint32_t>(begin) << 32 ^ load_bytes<std::uint32_t>(begin + size - 4);
    else if (size != 0)
        bytes ^= load_bytes<std::uint8_t>(begin) << 32 ^ load_bytes<std::uint8_t>(begin + size / 2) << 16 ^
                 load_bytes<std::uint8_t>(begin + size - 1) << 8;
    bytes *= 0x9e3779b97f4a7c15u;
    return static_cast<std::uint32_t>(bytes >> 32);
}

/// Keys of slots are sums: of the hash of the name and this, which tells nodes apart.
[[nodiscard]] constexpr std::uint32_t node_key(std::uint16_t node) noexcept { return node * 0x85ebca6bu; }

/// The same as `a == b`, without the way to the C library for a few bytes.
[[nodiscard]] constexpr bool same_text(std::string_view a, std::string_view b) noexcept {
    auto const size = a.size();
    if (size != b.size()) return false;
    auto const differ = [&]<class Number>(Number, std::size_t i) {
        return load_bytes<Number>(a.data() + i) != load_bytes<Number>(b.data() + i);
    };
    if (size < 4) {
        for (std::size_t i = 0; i != size; ++i)
            if (a[i] != b[i]) return false;
        return true;
    }
    if (size < 8) return !differ(std::uint32_t{}, 0) && !differ(std::uint32_t{}, size - 4);
    for (std::size_t i = 0; i + 8 < size; i += 8)
        if (differ(std::uint64_t{}, i)) return false;
    return !differ(std::uint64_t{}, size - 8);
}

/// The search for a key starts at slot `key >> slot_shift`. `slots`: a power of two over 1.
[[nodiscard]] constexpr int slot_shift(std::size_t slots) noexcept {
    return std::countl_zero(static_cast<std::uint32_t>(slots)) + 1;
}

/// The tables' memory, wherever it is.
template <template <class> class Access>
struct table_parts {
    std::span<Access<table_node>>
        nodes; ///< the first three are the roots of the documents, in the order of `document_kind`
    std::span<Access<table_slot>> slots; ///< a power of two
    std::span<Access<table_index>> indexes;
    std::span<Access<table_selector>> selectors;
    std::span<Access<table_accept>> accepts;
    std::span<Access<char>> text;
    std::span<Access<table_text>> custom; ///< names of the custom attributes
    table_text pattern;
};
template <class T>
using writable = T;
template <class T>
using read_only = T const;

template <class Visit> // visit(document, field, path)
constexpr void for_each_path(mapping_paths const& paths, Visit visit) {
    visit(document_kind::profile, field::user_id, paths.user_id);
    visit(document_kind::profile, field::username, paths.username);
    visit(document_kind::profile, field::full_name, paths.full_name);
    visit(document_kind::profile, field::avatar, paths.avatar);
    visit(document_kind::profile, field::account_type, paths.account_type);
    for (auto document : {document_kind::profile, document_kind::emails}) {
        visit(document, field::email, paths.email);
        visit(document, field::email_verified, paths.email_verified);
    }
    for (auto document : {document_kind::profile, document_kind::groups}) visit(document, field::groups, paths.groups);
    auto const custom = paths.custom_attributes.first(std::min(paths.custom_attributes.size(), max_custom_attributes));
    for (std::size_t i = 0; i != custom.size(); ++i)
        visit(document_kind::profile, static_cast<std::uint8_t>(field::custom + i), custom[i].path);
}

inline constexpr std::string_view next_page_member = "next";

/// Room that is enough; shared prefixes leave some of it unused.
[[nodiscard]] constexpr table_sizes measure(mapping_paths const& paths) noexcept {
    std::size_t names = 2;
    table_sizes sizes{.nodes = 3 + 2, .accepts = 2, .text = 2 * next_page_member.size()};
    for_each_path(paths, [&](document_kind, std::uint8_t, path_view path) {
        for (auto const& step : path.steps) {
            bool const named = step.hop == hop_kind::name || step.hop == hop_kind::index;
            bool const selects = step.selector != selector_kind::none;
            sizes.nodes += (step.hop != hop_kind::self) + std::size_t{selects};
            names += named;
            sizes.indexes += step.hop == hop_kind::index;
            sizes.selectors += selects;
            sizes.accepts += step.ends_alternative;
            sizes.text += std::size_t{step.name.length} + step.selector_name.length + step.selector_value.length;
        }
    });
    sizes.slots = std::bit_ceil(names * 8); // mostly empty, so that most searches end at once
    sizes.custom = std::min(paths.custom_attributes.size(), max_custom_attributes);
    for (auto const& one : paths.custom_attributes.first(sizes.custom)) sizes.text += one.name.size();
    sizes.text += paths.image_url_pattern.size();
    return sizes;
}

/// The one builder. Precondition: `parts` has the sizes that `measure` gave, and every entry is in its initial state.
class table_builder {
public:
    constexpr explicit table_builder(table_parts<writable>& parts) noexcept : parts_(parts) {}

    constexpr void build(mapping_paths const& paths) noexcept {
        bool const pairs = !paths.email.empty() && !paths.email_verified.empty();
        for_each_path(paths, [&](document_kind document, std::uint8_t field, path_view path) {
            add_path(static_cast<std::uint16_t>(document), field, path, pairs);
        });
        for (auto list : {document_kind::emails, document_kind::groups})
            add_accept(add_name(static_cast<std::uint16_t>(list), store(next_page_member), false), field::next, 0);
        for (std::size_t i = 0; i != parts_.custom.size(); ++i)
            keep(parts_.custom[i] = store(paths.custom_attributes[i].name));
        keep(parts_.pattern = store(paths.image_url_pattern));
    }

private:
    constexpr void add_path(std::uint16_t root, std::uint8_t field, path_view path, bool pairs) noexcept {
        bool const paired = pairs && (field == field::email || field == field::email_verified);
        std::uint16_t node = root;
        std::uint8_t rank = 0;
        auto const pass = [&](bool by_name) {
            if (paired) parts_.nodes[node].flags |= table_node::paired;
            if (field == field::groups)
                parts_.nodes[node].flags |= by_name ? table_node::groups_name : table_node::groups_other;
        };
        for (auto const& step : path.steps) {
            if (step.hop != hop_kind::self) pass(step.hop == hop_kind::name);
            if (step.hop == hop_kind::any && paired && field == field::email)
                parts_.nodes[node].flags |= table_node::members;
            if (step.hop == hop_kind::any)
                node = add_any(node);
            else if (step.hop == hop_kind::name)
                node = add_name(node, store(path.text, step.name), false);
            else if (step.hop == hop_kind::index)
                node = add_name(node, store(path.text, step.name), true);
            if (step.selector != selector_kind::none) {
                pass(false);
                node = add_selector(node, path.text, step);
            }
            if (!step.ends_alternative) continue;
            if (paired) parts_.nodes[node].flags |= table_node::paired;
            add_accept(node, field, rank++);
            node = root;
        }
    }

    constexpr std::uint16_t add_node() noexcept { return static_cast<std::uint16_t>(nodes_++); }

    constexpr std::uint16_t add_any(std::uint16_t node) noexcept {
        parts_.nodes[node].flags |= table_node::branches;
        if (parts_.nodes[node].any == 0) parts_.nodes[node].any = add_node();
        return parts_.nodes[node].any;
    }

    constexpr std::uint16_t add_name(std::uint16_t node, table_text name, bool is_index) noexcept {
        auto const text = view(name);
        auto const key = hash_name(text) + node_key(node);
        std::size_t at = key >> slot_shift(parts_.slots.size());
        while (parts_.slots[at].used() && !(parts_.slots[at].node == node && view(parts_.slots[at].name()) == text))
            at = (at + 1) & (parts_.slots.size() - 1);
        auto& slot = parts_.slots[at];
        if (!slot.used()) {
            keep(name);
            slot.key = key;
            slot.name_offset = name.offset;
            slot.name_length = name.length;
            slot.node = node;
        }
        auto& child = is_index ? slot.by_index : slot.by_name;
        if (child != 0) return child;
        child = add_node();
        if (is_index)
            add_index(node, text, child);
        else
            parts_.nodes[node].flags |= table_node::named;
        return child;
    }

    constexpr void add_index(std::uint16_t node, std::string_view digits, std::uint16_t child) noexcept {
        std::uint32_t index = 0; // one too large for any body stays too large
        for (char c : digits)
            index = index > 100'000'000 ? std::numeric_limits<std::uint32_t>::max()
                                        : index * 10 + static_cast<std::uint32_t>(c - '0');
        parts_.indexes[indexes_] = {index, child, parts_.nodes[node].first_index};
        parts_.nodes[node].first_index = static_cast<std::uint16_t>(++indexes_);
        parts_.nodes[node].flags |= table_node::branches;
    }

    constexpr std::uint16_t add_selector(std::uint16_t node, std::string_view text, path_step const& step) noexcept {
        auto const name = store(text, step.selector_name);
        auto const value = store(text, step.selector_value, name.length);
        for (auto i = parts_.nodes[node].first_selector; i != 0; i = parts_.selectors[i - 1].next) {
            auto const& known = parts_.selectors[i - 1];
            if (known.kind == step.selector && view(known.name) == view(name) && view(known.value) == view(value))
                return known.child;
        }
        keep(name);
        keep(value);
        auto const child = add_node();
        parts_.selectors[selectors_] = {name, value, step.selector, child, parts_.nodes[node].first_selector};
        parts_.nodes[node].first_selector = static_cast<std::uint16_t>(++selectors_);
        parts_.nodes[node].flags |= table_node::within | table_node::branches;
        return child;
    }

    constexpr void add_accept(std::uint16_t node, std::uint8_t what, std::uint8_t rank) noexcept {
        parts_.accepts[accepts_] = {what, rank, parts_.nodes[node].first_accept};
        parts_.nodes[node].first_accept = static_cast<std::uint16_t>(++accepts_);
        parts_.nodes[node].flags |= table_node::within;
        if (what >= field::email) parts_.nodes[node].flags |= table_node::not_plain;
        if (what == field::user_id) parts_.nodes[node].flags |= table_node::identifies;
    }

    // Texts are written behind those kept; one that is not kept is overwritten by the next.
    constexpr table_text store(std::string_view text, text_range range, std::size_t gap = 0) noexcept {
        char unescaped[max_path_bytes]{};
        return store({unescaped, unescape(text, range, unescaped)}, gap);
    }

    constexpr table_text store(std::string_view text, std::size_t gap = 0) noexcept {
        std::ranges::copy(text, parts_.text.begin() + static_cast<std::ptrdiff_t>(text_ + gap));
        return {static_cast<std::uint32_t>(text_ + gap), static_cast<std::uint16_t>(text.size())};
    }

    constexpr void keep(table_text text) noexcept { text_ = std::size_t{text.offset} + text.length; }

    [[nodiscard]] constexpr std::string_view view(table_text text) const noexcept {
        return {parts_.text.data() + text.offset, text.length};
    }

    table_parts<writable>& parts_;
    std::size_t nodes_ = 3, indexes_ = 0, selectors_ = 0, accepts_ = 0, text_ = 0;
};

} // namespace authmod::detail
