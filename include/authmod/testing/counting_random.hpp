// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bytes that look random and are the same in every run. For tests: anybody can guess them.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/policy/random_source.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace authmod {

/** Counts, and gives the count through a mixing function: block after block differs, run after run agrees.

    Thread safety: every function may be called from any thread; which thread gets which block is then up to them. A
    copy goes on by itself, from the same place.
*/
class counting_random {
public:
    counting_random() = default;
    /// Sources with different seeds give different bytes.
    explicit counting_random(std::uint32_t seed) noexcept : block_(std::uint64_t{seed} << 32) {}
    counting_random(counting_random const& other) noexcept
        : block_(other.block_.load()), broken_(other.broken_.load()) {}
    counting_random& operator=(counting_random const& other) noexcept {
        block_ = other.block_.load();
        broken_ = other.broken_.load();
        return *this;
    }

    /// Fills `bytes` with the next numbers; never fails.
    result<void> fill(std::span<std::byte> bytes) {
        if (broken_) return errc::random_failed;
        while (!bytes.empty()) {
            auto value = mix(block_++);
            auto part = bytes.first(std::min(bytes.size(), sizeof value));
            for (std::byte& b : part) {
                b = static_cast<std::byte>(value & 0xff);
                value >>= 8;
            }
            bytes = bytes.subspan(part.size());
        }
        return {};
    }

    /// Makes `fill` fail from now on, or work again.
    void set_broken(bool broken) noexcept { broken_ = broken; }

private:
    static constexpr std::uint64_t mix(std::uint64_t count) noexcept { // SplitMix64: one to one, so blocks never repeat
        std::uint64_t z = (count + 1) * 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    std::atomic<std::uint64_t> block_{0};
    std::atomic<bool> broken_{false};
};

static_assert(random_source<counting_random>);

} // namespace authmod
