// SPDX-License-Identifier: BSL-1.0
// Layer 1. Unguessable bytes from OpenSSL's generator, which the operating system seeds.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/secret.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <openssl/rand.h>
#include <span>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace authmod {

namespace detail {

/// Straight from OpenSSL.
[[nodiscard]] inline result<void> draw_random(std::span<std::byte> bytes) noexcept {
    while (!bytes.empty()) {
        auto const part = bytes.first(std::min<std::size_t>(bytes.size(), 1 << 20)); // RAND_bytes counts in int
        if (RAND_bytes(reinterpret_cast<unsigned char*>(part.data()), static_cast<int>(part.size())) != 1)
            return errc::random_failed;
        bytes = bytes.subspan(part.size());
    }
    return boost::system::in_place_value;
}

inline std::atomic<unsigned> forks{0};

/// A number that every child of fork finds changed; 0 when nobody would tell.
[[nodiscard]] inline unsigned process_number() noexcept {
#if defined(__unix__) || defined(__APPLE__)
    static bool const told = pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1); }) == 0;
    return told ? forks.load(std::memory_order_relaxed) + 1 : 0;
#else
    return 1;
#endif
}

/// Bytes drawn and not handed out yet, of one thread. Nothing to destroy: what a thread leaves was given to nobody.
class random_stock {
public:
    static constexpr std::size_t size = 512;

    [[nodiscard]] result<void> take(std::span<std::byte> bytes) noexcept {
        unsigned const process = process_number();
        if (process == 0) return draw_random(bytes);
        if (left_ < bytes.size() || process_ != process) {
            left_ = 0;
            if (auto drawn = draw_random(stock_); !drawn) return drawn.error();
            left_ = size;
            process_ = process;
        }
        left_ -= bytes.size();
        std::copy_n(stock_.begin() + static_cast<std::ptrdiff_t>(left_), bytes.size(), bytes.begin());
        wipe(stock_.data() + left_, bytes.size());
        return boost::system::in_place_value;
    }

private:
    std::array<std::byte, size> stock_{};
    std::size_t left_ = 0;
    unsigned process_ = 0;
};

} // namespace detail

/** The usual `random_source`.

    Small draws come out of a stock of 512 bytes that each thread keeps: a call to OpenSSL costs 4,700 instructions and
   a system call whatever its size, and a login draws ten times. No byte is handed out twice: it is wiped as it goes,
   and a child of fork finds its parent's stock void, as it finds OpenSSL's generator reseeded. (A copy of a whole
   running machine shares both.)

    Thread safety: everything from any thread; OpenSSL keeps a generator per thread and reseeds after fork.
*/
class os_random {
public:
    /// Errors: `errc::random_failed`; the bytes are then unspecified and must not be used.
    [[nodiscard]] result<void> fill(std::span<std::byte> bytes) const noexcept {
        if (bytes.size() > detail::random_stock::size / 4) return detail::draw_random(bytes);
        thread_local constinit detail::random_stock stock;
        return stock.take(bytes);
    }
};

} // namespace authmod
