// SPDX-License-Identifier: BSL-1.0
// Layer 6. What the store said a moment ago, for as long as it may be repeated. Holds; asks nothing.
#pragma once

#include "authmod/module/service_options.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/** Remembers when something was last written about a key: the digest of a session or token, or an account's id.

    Writes are numbered. What was read at number n is out of date once its key, or everything, has a greater number, so
    neither a slow reading nor a list of who depends on what can keep something stale alive. Keys share slots: a
    neighbour's write makes a copy be read again, no more.

    Thread safety: every function may be called from any thread.
*/
class write_log {
public:
    using number = std::uint64_t; ///< Counts writes; greater is later.

    /// Taken before the store is read.
    [[nodiscard]] number now() const noexcept { return last_.load(); }

    /// Noted after the store was written.
    void note(std::string_view key) noexcept { raise(slot(key), ++last_); }

    /// The same for all keys at once.
    void note_everything() noexcept { raise(everything_, ++last_); }

    /// Whether a copy read at `seen` may be out of date.
    [[nodiscard]] bool written_since(number seen, std::string_view key) const noexcept {
        return slots_[place(key)].load() > seen || everything_.load() > seen;
    }

private:
    static constexpr std::size_t slot_count = 4096;

    [[nodiscard]] static std::size_t place(std::string_view key) noexcept {
        return std::hash<std::string_view>()(key) % slot_count;
    }

    [[nodiscard]] std::atomic<number>& slot(std::string_view key) noexcept { return slots_[place(key)]; }

    /// Never back: of two writers the later one may be the quicker one.
    static void raise(std::atomic<number>& to, number at) noexcept {
        number seen = to.load();
        while (seen < at && !to.compare_exchange_weak(seen, at)) {
        }
    }

    std::atomic<number> last_{0}, everything_{0};
    std::array<std::atomic<number>, slot_count> slots_{};
};

/** Copies of what the store keeps under a digest of 32 bytes, at most `capacity` of them and none older than `age`.

    The age counts from before the store was asked. `View` has `who.digest` and `user.id`. Rows of eight with a lock
    each: the digest alone tells the row, and the oldest copy of a row makes room.

    Thread safety: every function may be called from any thread.
    Lifetimes: the log outlives the cache; a copy lives as long as somebody holds it.
*/
template <class View>
class view_cache {
public:
    using clock = std::chrono::steady_clock;    ///< Ages are measured by it: nobody sets it back.
    using shared = std::shared_ptr<View const>; ///< A copy; whoever holds it keeps it.

    /// Preconditions: `capacity` is not 0.
    view_cache(write_log const& log, clock::duration age, std::size_t capacity)
        : log_(log), age_(age), rows_((capacity + row_size - 1) / row_size) {}

    /// The copy, or nothing.
    [[nodiscard]] shared find(std::string_view digest, clock::time_point now) {
        if (digest.size() != digest_size) return nullptr;
        row& in = row_of(digest);
        std::lock_guard lock(in.mutex);
        for (entry const& e : in.entries)
            if (e.is(digest)) return is_fresh(e, now) ? e.view : nullptr;
        return nullptr;
    }

    /// Keeps what the store gave when it was asked at `asked` and at write number `seen`.
    void put(shared view, write_log::number seen, clock::time_point asked) {
        std::string_view const digest = view->who.digest;
        if (digest.size() != digest_size || age_ <= clock::duration::zero()) return;
        row& in = row_of(digest);
        std::lock_guard lock(in.mutex);
        entry* place = &in.entries.front();
        for (entry& e : in.entries) {
            if (e.is(digest)) {
                if (e.seen > seen) return; // somebody has read later
                place = &e;
                break;
            }
            if (e.asked < place->asked) place = &e;
        }
        std::memcpy(place->digest.data(), digest.data(), digest_size);
        place->seen = seen;
        place->asked = asked;
        place->view = std::move(view);
    }

private:
    static constexpr std::size_t digest_size = 32, row_size = 8;

    struct entry {
        std::array<char, digest_size> digest{};
        write_log::number seen = 0;
        clock::time_point asked{}; // long ago: free places are taken first
        shared view;

        [[nodiscard]] bool is(std::string_view other) const noexcept {
            return view && std::memcmp(digest.data(), other.data(), digest_size) == 0;
        }
    };

    struct row {
        std::mutex mutex;
        std::array<entry, row_size> entries;
    };

    [[nodiscard]] row& row_of(std::string_view digest) noexcept {
        std::size_t number = 0;
        std::memcpy(&number, digest.data(), sizeof number); // a digest is random already
        return rows_[number % rows_.size()];
    }

    [[nodiscard]] bool is_fresh(entry const& e, clock::time_point now) const noexcept {
        return now - e.asked < age_ && !log_.written_since(e.seen, e.view->who.digest) &&
               !log_.written_since(e.seen, e.view->user.id);
    }

    write_log const& log_;
    clock::duration const age_;
    std::vector<row> rows_;
};

} // namespace authmod
