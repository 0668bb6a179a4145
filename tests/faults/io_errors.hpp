// SPDX-License-Identifier: BSL-1.0
// A file system for SQLite whose n-th call fails, or that is full. Everything else goes to the system's own.
#pragma once

#include <atomic>
#include <cstring>
#include <sqlite3.h>
#include <string_view>

namespace authmod_test {

/// Registers itself as SQLite's default; what is opened meanwhile goes through it. One at a time.
class faulty_file_system {
public:
    faulty_file_system() : system_(sqlite3_vfs_find(nullptr)), vfs_(*system_) {
        vfs_.zName = "faulty";
        vfs_.pAppData = this;
        vfs_.szOsFile = static_cast<int>(sizeof(file)) + system_->szOsFile;
        vfs_.xOpen = open;
        vfs_.xDelete = [](sqlite3_vfs* v, char const* name, int sync) {
            auto* self = of(v);
            if (self->strikes()) return SQLITE_IOERR_DELETE;
            return self->system_->xDelete(self->system_, name, sync);
        };
        vfs_.xAccess = [](sqlite3_vfs* v, char const* name, int flags, int* out) {
            auto* self = of(v);
            if (self->strikes()) return SQLITE_IOERR_ACCESS;
            return self->system_->xAccess(self->system_, name, flags, out);
        };
        sqlite3_vfs_register(&vfs_, 1);
    }

    ~faulty_file_system() { sqlite3_vfs_unregister(&vfs_); }

    faulty_file_system(faulty_file_system const&) = delete;
    faulty_file_system& operator=(faulty_file_system const&) = delete;

    /// The `n`-th call from now on fails, it alone; 0: none does.
    void fail_at(long long n) noexcept {
        count_ = 0;
        at_ = n;
    }

    /// From the `n`-th write on there is no room; 0: there is.
    void full_from(long long n) noexcept {
        writes_ = 0;
        full_from_ = n;
    }

    [[nodiscard]] bool has_struck() const noexcept { return at_ > 0 && count_ >= at_; }

    [[nodiscard]] bool has_been_full() const noexcept { return full_from_ > 0 && writes_ >= full_from_; }

private:
    struct file {
        sqlite3_file base;
        faulty_file_system* owner;

        /// The system's file lies behind this one.
        [[nodiscard]] sqlite3_file* inside() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };

    [[nodiscard]] static faulty_file_system* of(sqlite3_vfs* v) noexcept {
        return static_cast<faulty_file_system*>(v->pAppData);
    }

    bool strikes() noexcept { return ++count_ == at_; }

    bool is_full() noexcept { return ++writes_ >= full_from_ && full_from_ > 0; }

    static int open(sqlite3_vfs* v, char const* name, sqlite3_file* made, int flags, int* out) {
        auto* self = of(v);
        auto* f = reinterpret_cast<file*>(made);
        f->base.pMethods = nullptr;
        f->owner = self;
        if (self->strikes()) return SQLITE_CANTOPEN;
        int const status = self->system_->xOpen(self->system_, name, f->inside(), flags, out);
        if (status == SQLITE_OK) f->base.pMethods = &methods();
        return status;
    }

    /// Calls `member` of the file inside, unless it is this call's turn to fail.
    template <auto Member, int Failure, class... Arguments>
    static int pass(sqlite3_file* f, Arguments... arguments) {
        auto* own = reinterpret_cast<file*>(f);
        if (own->owner->strikes()) return Failure;
        return (own->inside()->pMethods->*Member)(own->inside(), arguments...);
    }

    static int write(sqlite3_file* f, void const* bytes, int size, sqlite3_int64 at) {
        if (reinterpret_cast<file*>(f)->owner->is_full()) return SQLITE_FULL;
        return pass<&sqlite3_io_methods::xWrite, SQLITE_IOERR_WRITE>(f, bytes, size, at);
    }

    static int close(sqlite3_file* f) {
        auto* inside = reinterpret_cast<file*>(f)->inside();
        return inside->pMethods->xClose(inside);
    }

    static void barrier(sqlite3_file* f) {
        auto* inside = reinterpret_cast<file*>(f)->inside();
        inside->pMethods->xShmBarrier(inside);
    }

    /// Version 2: no memory-mapped reads, which would go past us. Unlocking and what only asks about the device cannot
    /// fail in a way that SQLite heeds.
    static sqlite3_io_methods const& methods() {
        static constexpr sqlite3_io_methods all{
            2,
            close,
            [](sqlite3_file* f, void* bytes, int size, sqlite3_int64 at) {
                return pass<&sqlite3_io_methods::xRead, SQLITE_IOERR_READ>(f, bytes, size, at);
            },
            write,
            [](sqlite3_file* f, sqlite3_int64 size) {
                return pass<&sqlite3_io_methods::xTruncate, SQLITE_IOERR_TRUNCATE>(f, size);
            },
            [](sqlite3_file* f, int) { // no machine goes down here, so a sync is only counted
                return reinterpret_cast<file*>(f)->owner->strikes() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
            },
            [](sqlite3_file* f, sqlite3_int64* size) {
                return pass<&sqlite3_io_methods::xFileSize, SQLITE_IOERR_FSTAT>(f, size);
            },
            [](sqlite3_file* f, int level) { return pass<&sqlite3_io_methods::xLock, SQLITE_IOERR_LOCK>(f, level); },
            [](sqlite3_file* f, int level) {
                auto* inside = reinterpret_cast<file*>(f)->inside();
                return inside->pMethods->xUnlock(inside, level);
            },
            [](sqlite3_file* f, int* out) {
                return pass<&sqlite3_io_methods::xCheckReservedLock, SQLITE_IOERR_CHECKRESERVEDLOCK>(f, out);
            },
            [](sqlite3_file* f, int operation, void* argument) {
                auto* inside = reinterpret_cast<file*>(f)->inside();
                return inside->pMethods->xFileControl(inside, operation, argument);
            },
            [](sqlite3_file* f) {
                auto* inside = reinterpret_cast<file*>(f)->inside();
                return inside->pMethods->xSectorSize(inside);
            },
            [](sqlite3_file* f) {
                auto* inside = reinterpret_cast<file*>(f)->inside();
                return inside->pMethods->xDeviceCharacteristics(inside);
            },
            [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
                return pass<&sqlite3_io_methods::xShmMap, SQLITE_IOERR_SHMMAP>(f, page, size, extend, out);
            },
            [](sqlite3_file* f, int offset, int count, int flags) {
                auto* own = reinterpret_cast<file*>(f);
                if ((flags & SQLITE_SHM_LOCK) != 0 && own->owner->strikes()) return SQLITE_IOERR_SHMLOCK;
                return own->inside()->pMethods->xShmLock(own->inside(), offset, count, flags);
            },
            barrier,
            [](sqlite3_file* f, int remove) {
                auto* inside = reinterpret_cast<file*>(f)->inside();
                return inside->pMethods->xShmUnmap(inside, remove);
            },
            nullptr, // xFetch
            nullptr, // xUnfetch
        };
        return all;
    }

    sqlite3_vfs* system_;
    sqlite3_vfs vfs_;
    std::atomic<long long> count_{0}, at_{0}, writes_{0}, full_from_{0};
};

} // namespace authmod_test
