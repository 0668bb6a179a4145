// SPDX-License-Identifier: BSL-1.0
// Layer 0. Text that must not leak.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// Overwrites `size` bytes at `data` with zeros in a way the compiler may not remove.
inline void wipe(void* data, std::size_t size) noexcept {
    if (size == 0) return;
#if defined(__GNUC__)
    // One memset that somebody might look at: byte by byte through a volatile pointer a login took 18,000 instructions.
    std::memset(data, 0, size);
    asm volatile("" : : "r"(data) : "memory");
#else
    auto volatile* bytes = static_cast<unsigned char volatile*>(data);
    while (size-- != 0) *bytes++ = 0;
#endif
}

/** Owns a password-like text: client secrets, tokens, codes, session ids.

    It has no `operator<<`, no comparison and no conversion to text: the one way to the text is `expose()`, which is
    easy to search for in a review. The memory is wiped when the object goes, is assigned to, or is moved from.
*/
class secret {
public:
    secret() = default;
    explicit secret(std::string text) noexcept : text_(std::move(text)), filled_(true) { wipe_text(text); }
    secret(secret const&) = default;
    secret(secret&& other) noexcept : text_(std::move(other.text_)), filled_(other.filled_) { other.clear(); }
    secret& operator=(secret const& other) {
        if (this != &other) *this = secret(other);
        return *this;
    }
    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            clear();
            text_ = std::move(other.text_);
            filled_ = other.filled_;
            other.clear();
        }
        return *this;
    }
    ~secret() { clear(); }

    /// The text itself. Lifetime: until this object changes or goes.
    [[nodiscard]] std::string_view expose() const noexcept { return text_; }
    /// Whether there is nothing to keep.
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

    /// Wipes the text; the object is empty afterwards.
    void clear() noexcept {
        if (!filled_) return;
        wipe_text(text_);
        filled_ = false;
    }

    friend bool operator==(secret const&, secret const&) = delete; // compare with constant_time_equal(expose(), ...)

private:
    static void wipe_text(std::string& text) noexcept {
        text.resize(text.capacity()); // a short text moved from still stands in the string object itself
        wipe(text.data(), text.size());
        text.clear();
    }

    std::string text_;
    bool filled_ = false; // a login makes a hundred secrets, and most of them never hold a text that had to be wiped
};

} // namespace authmod
