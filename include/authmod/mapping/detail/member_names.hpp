// SPDX-License-Identifier: BSL-1.0
// Layer 1. Finds out whether an object has a member name twice.
#pragma once

#include "authmod/mapping/detail/work_stack.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace authmod::detail {

/** Finds a member name that an object has twice, names compared without escapes.

    Names are collected and compared when their object ends: most objects have one, for which nothing is to be done.
    Work is bounded whatever a provider sends: up to 64 names are compared one by one, and that only where another one
    set the same bit of a filter; those of a wider object are sorted.
*/
class member_names {
public:
    void clear() noexcept {
        names_.cut(0);
        repeated_ = {};
    }

    /// A name of the innermost open object.
    void add(std::string_view name, std::uint32_t hash) {
        names_.push({name.data(), static_cast<std::uint32_t>(name.size()), hash});
    }

    /// The innermost object ends, which has `count` names. False: one of them twice.
    [[nodiscard]] bool end(std::size_t count) {
        auto const first = names_.size() - count;
        bool const unique = count < 2 || differ(std::span(names_.begin() + first, count));
        names_.cut(first);
        return unique;
    }

    /// The second of the two, when `end` has given false.
    [[nodiscard]] std::string_view repeated() const noexcept { return repeated_; }

private:
    static constexpr std::size_t few = 64;

    struct known_name {
        char const* data;
        std::uint32_t size, hash;

        [[nodiscard]] std::string_view text() const noexcept { return {data, size}; }
    };

    [[nodiscard]] bool differ(std::span<known_name> names) {
        if (names.size() == 2) return !same(names[0], names[1]) || note(names[1]);
        return names.size() <= few ? differ_one_by_one(names) : differ_in_order(names);
    }

    [[nodiscard, gnu::noinline]] bool differ_one_by_one(std::span<known_name const> names) noexcept {
        std::uint64_t seen = 0;
        for (auto const& name : names) {
            auto const bit = name.hash >> 26;
            if ((seen >> bit & 1) != 0 && stands_before(name, names)) return note(name);
            seen |= std::uint64_t{1} << bit;
        }
        return true;
    }

    [[nodiscard, gnu::noinline]] static bool stands_before(known_name const& name,
                                                           std::span<known_name const> names) noexcept {
        for (auto const* other = names.data(); other != &name; ++other)
            if (same(*other, name)) return true;
        return false;
    }

    [[nodiscard, gnu::noinline]] bool differ_in_order(std::span<known_name> names) noexcept {
        std::ranges::sort(names, [](known_name const& a, known_name const& b) {
            if (a.hash != b.hash) return a.hash < b.hash;
            auto const order = a.text().compare(b.text());
            return order != 0 ? order < 0 : std::less<>()(a.data, b.data);
        });
        auto const first = std::ranges::adjacent_find(names, same);
        return first == names.end() || note(first[1]);
    }

    /// Always false.
    bool note(known_name const& repeated) noexcept {
        repeated_ = repeated.text();
        return false;
    }

    [[nodiscard]] static bool same(known_name const& a, known_name const& b) noexcept {
        return a.hash == b.hash && a.text() == b.text();
    }

    work_stack<known_name> names_; ///< of all open objects
    std::string_view repeated_;
};

/// What reading a JSON text needs besides it; kept between texts, so that memory is asked for once.
struct json_scratch {
    member_names names;
    std::string unescaped;      ///< texts that had escapes; never moves while a body is read
    std::size_t stopped_at = 0; ///< bytes of the body that were read
};

} // namespace authmod::detail
