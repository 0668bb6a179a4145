// SPDX-License-Identifier: BSL-1.0
// Layer 6. Which operation of a policy fails: what fault_transport and fault_store share. Decides; performs nothing.
#pragma once

#include "authmod/core/errc.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace authmod {

/// When a fault strikes.
enum class fault_moment : std::uint8_t {
    before, ///< nothing of the operation happens
    after   ///< it is done, and its answer gets lost on the way back
};

/** Counts operations and lets the n-th of them fail.

    A test counts n up from 1 until `has_struck` stays false: then every operation has failed once.
    Copies share the count: give one to the policies and keep one.

    Thread safety: every function may be called from any thread.
*/
class fault_counter {
public:
    /// The `n`-th operation from now on fails with `why`, it alone; 0: none does.
    void fail_at(long long n, errc why, fault_moment when = fault_moment::before) noexcept {
        shared_->why = why;
        shared_->when = when;
        shared_->count = 0;
        shared_->at = n;
    }

    /// One operation begins. Whether it is the one that fails.
    [[nodiscard]] bool strikes() noexcept { return ++shared_->count == shared_->at; }

    /// As set by `fail_at`.
    [[nodiscard]] errc why() const noexcept { return shared_->why; }

    /// As set by `fail_at`.
    [[nodiscard]] fault_moment when() const noexcept { return shared_->when; }

    /// Operations since `fail_at`.
    [[nodiscard]] long long count() const noexcept { return shared_->count; }

    /// Whether an operation has failed since `fail_at`.
    [[nodiscard]] bool has_struck() const noexcept { return shared_->at > 0 && shared_->count >= shared_->at; }

private:
    struct state {
        std::atomic<long long> count{0};
        std::atomic<long long> at{0};
        std::atomic<errc> why{errc::timed_out};
        std::atomic<fault_moment> when{fault_moment::before};
    };

    std::shared_ptr<state> shared_ = std::make_shared<state>();
};

} // namespace authmod
