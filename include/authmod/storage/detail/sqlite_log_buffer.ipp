// SPDX-License-Identifier: BSL-1.0
// Layer 5. A file system for SQLite that writes its write-ahead log in large pieces.
//
// SQLite writes a log page by page, each in two system calls, some twenty for a login: on a fast disk they cost more
// than all else that it does. Nobody reads what a transaction appends before the transaction syncs it, so it may wait
// in memory until then.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <sqlite3.h>
#include <string>
#include <utility>

namespace authmod::detail {

/** The default file system, but that what is appended to a log waits for the next sync, read or full buffer.

    Preconditions: `synchronous=FULL`, with which SQLite syncs the log before it tells anybody of a commit. A program
    that ends in between loses what SQLite would have thrown away as well.

    Thread safety: of one connection. Lifetimes: it outlives the connection that is opened with its `name`.
*/
class sqlite_log_buffer {
public:
    sqlite_log_buffer() : name_("authmod-" + std::to_string(++made())), system_(sqlite3_vfs_find(nullptr)) {
        if (!system_) return;
        vfs_ = *system_;
        vfs_.pNext = nullptr;
        vfs_.zName = name_.c_str();
        vfs_.pAppData = this;
        vfs_.szOsFile = static_cast<int>(head_size) + system_->szOsFile;
        vfs_.xOpen = &open;
        vfs_.xDelete = [](sqlite3_vfs* v, char const* file, int sync) { return of(v).xDelete(&of(v), file, sync); };
        vfs_.xAccess = [](sqlite3_vfs* v, char const* file, int flags, int* answer) {
            return of(v).xAccess(&of(v), file, flags, answer);
        };
        vfs_.xFullPathname = [](sqlite3_vfs* v, char const* file, int size, char* path) {
            return of(v).xFullPathname(&of(v), file, size, path);
        };
        sqlite3_vfs_register(&vfs_, 0);
    }

    ~sqlite_log_buffer() {
        if (system_) sqlite3_vfs_unregister(&vfs_);
    }

    sqlite_log_buffer(sqlite_log_buffer const&) = delete;
    sqlite_log_buffer& operator=(sqlite_log_buffer const&) = delete;

    /// What connections are opened with; nullptr: the default.
    [[nodiscard]] char const* name() const noexcept { return system_ ? vfs_.zName : nullptr; }

private:
    static constexpr std::size_t most =
        64 * 1024; // bytes that wait; SQLite's own files take less than twice that at once

    /// An open log. SQLite gives the memory and takes it back; the system's file stands behind it.
    struct log_file : sqlite3_file { // what SQLite knows
        std::unique_ptr<char[]> waiting;
        std::size_t size; // of what waits
        sqlite3_int64 at; // where it belongs

        [[nodiscard]] sqlite3_file* inside() noexcept {
            return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(this) + head_size);
        }

        [[nodiscard]] int flush() noexcept {
            auto const length = static_cast<int>(std::exchange(size, 0));
            return length == 0 ? SQLITE_OK : inside()->pMethods->xWrite(inside(), waiting.get(), length, at);
        }

        [[nodiscard]] int write(char const* bytes, std::size_t length, sqlite3_int64 where) noexcept {
            bool const follows = size != 0 && where == at + static_cast<sqlite3_int64>(size);
            if (!follows || size + length > most)
                if (int const failed = flush()) return failed;
            if (!waiting) waiting.reset(new (std::nothrow) char[most]);
            if (!waiting || length > most)
                return inside()->pMethods->xWrite(inside(), bytes, static_cast<int>(length), where);
            if (size == 0) at = where;
            std::memcpy(waiting.get() + size, bytes, length);
            size += length;
            return SQLITE_OK;
        }
    };

    static constexpr std::size_t head_size =
        (sizeof(log_file) + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);

    [[nodiscard]] static std::atomic<unsigned long long>& made() noexcept {
        static std::atomic<unsigned long long> number = 0;
        return number;
    }

    [[nodiscard]] static sqlite3_vfs& of(sqlite3_vfs* v) noexcept {
        return *static_cast<sqlite_log_buffer*>(v->pAppData)->system_;
    }

    [[nodiscard]] static log_file& log_of(sqlite3_file* file) noexcept { return *static_cast<log_file*>(file); }

    static int open(sqlite3_vfs* v, char const* name, sqlite3_file* file, int flags, int* out) {
        auto& system = of(v);
        if ((flags & SQLITE_OPEN_WAL) == 0) return system.xOpen(&system, name, file, flags, out);
        auto* const log = new (static_cast<void*>(file)) log_file{};
        int const failed = system.xOpen(&system, name, log->inside(), flags, out);
        if (failed) {
            if (log->inside()->pMethods) log->inside()->pMethods->xClose(log->inside());
            log->~log_file();
            file->pMethods = nullptr;
        } else {
            log->pMethods = &methods();
        }
        return failed;
    }

    /// Without shared memory and maps, which belong to the main file alone.
    [[nodiscard]] static sqlite3_io_methods const& methods() noexcept {
        static sqlite3_io_methods const all = [] {
            sqlite3_io_methods m{};
            m.iVersion = 1;
            m.xClose = [](sqlite3_file* f) {
                auto& log = log_of(f);
                int const failed = log.flush();
                int const unclosed = log.inside()->pMethods->xClose(log.inside());
                log.~log_file();
                return failed ? failed : unclosed;
            };
            m.xRead = [](sqlite3_file* f, void* to, int length, sqlite3_int64 at) {
                auto& log = log_of(f);
                if (int const failed = log.flush()) return failed;
                return log.inside()->pMethods->xRead(log.inside(), to, length, at);
            };
            m.xWrite = [](sqlite3_file* f, void const* bytes, int length, sqlite3_int64 at) {
                return log_of(f).write(static_cast<char const*>(bytes), static_cast<std::size_t>(length), at);
            };
            m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
                auto& log = log_of(f);
                if (int const failed = log.flush()) return failed;
                return log.inside()->pMethods->xTruncate(log.inside(), size);
            };
            m.xSync = [](sqlite3_file* f, int flags) {
                auto& log = log_of(f);
                if (int const failed = log.flush()) return failed;
                return log.inside()->pMethods->xSync(log.inside(), flags);
            };
            m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
                auto& log = log_of(f);
                if (int const failed = log.flush()) return failed;
                return log.inside()->pMethods->xFileSize(log.inside(), size);
            };
            m.xLock = [](sqlite3_file* f, int lock) {
                auto* const file = log_of(f).inside();
                return file->pMethods->xLock(file, lock);
            };
            m.xUnlock = [](sqlite3_file* f, int lock) {
                auto* const file = log_of(f).inside();
                return file->pMethods->xUnlock(file, lock);
            };
            m.xCheckReservedLock = [](sqlite3_file* f, int* answer) {
                auto* const file = log_of(f).inside();
                return file->pMethods->xCheckReservedLock(file, answer);
            };
            m.xFileControl = [](sqlite3_file* f, int what, void* with) {
                auto* const file = log_of(f).inside();
                return file->pMethods->xFileControl(file, what, with);
            };
            m.xSectorSize = [](sqlite3_file* f) {
                auto* const file = log_of(f).inside();
                return file->pMethods->xSectorSize(file);
            };
            m.xDeviceCharacteristics = [](sqlite3_file* f) {
                auto* const file = log_of(f).inside();
                return file->pMethods->xDeviceCharacteristics(file);
            };
            return m;
        }();
        return all;
    }

    std::string name_;
    sqlite3_vfs* system_; // as it was when this was made
    sqlite3_vfs vfs_{};
};

} // namespace authmod::detail
