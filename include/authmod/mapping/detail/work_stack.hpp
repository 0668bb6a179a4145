// SPDX-License-Identifier: BSL-1.0
// Layer 1. A stack for plain values that keeps its memory between bodies, so that reading asks for none.
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

namespace authmod::detail {

/// Indexes and `back` are not checked.
template <class T>
class work_stack {
    static_assert(std::is_trivially_copyable_v<T>, "taking a value away must cost nothing");

public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    [[nodiscard]] T& operator[](std::size_t i) noexcept { return room_[i]; }

    [[nodiscard]] T const& operator[](std::size_t i) const noexcept { return room_[i]; }

    [[nodiscard]] T& back() noexcept { return room_[size_ - 1]; }

    /// Whether `push` would ask for memory.
    [[nodiscard]] bool full() const noexcept { return size_ == capacity_; }

    /// Makes room for one more, which is then pushed by `push_in_room`.
    void make_room() {
        if (full()) [[unlikely]]
            grow();
    }

    void push_in_room(T const& value) noexcept { room_[size_++] = value; }

    void push(T const& value) {
        make_room();
        push_in_room(value);
    }

    void pop() noexcept { --size_; }

    /// Keeps the lowest `size`. Precondition: there are so many.
    void cut(std::size_t size) noexcept { size_ = size; }

    [[nodiscard]] T* begin() noexcept { return room_.data(); }

    [[nodiscard]] T* end() noexcept { return room_.data() + size_; }

    [[nodiscard]] T const* begin() const noexcept { return room_.data(); }

    [[nodiscard]] T const* end() const noexcept { return room_.data() + size_; }

private:
    [[gnu::noinline]] void grow() {
        capacity_ = capacity_ == 0 ? 16 : 2 * capacity_;
        room_.resize(capacity_);
    }

    std::vector<T> room_;
    std::size_t size_ = 0, capacity_ = 0;
};

} // namespace authmod::detail
