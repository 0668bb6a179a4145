// SPDX-License-Identifier: BSL-1.0
// Every allocation of a login fails once. This program replaces operator new; the count is of this thread alone.
#include "faults/io_errors.hpp"
#include "support/faulty_login.hpp"
#include "support/scratch.hpp"

#include <authmod/storage/sqlite_store.hpp>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <new>

using namespace authmod;
using namespace authmod_test;

namespace {

thread_local long long allocations = 0;
thread_local long long failing = 0; // the number of the one that fails; 0: none

void fail_at(long long n) noexcept {
    allocations = 0;
    failing = n;
}

void* allocate(std::size_t size, std::size_t alignment) {
    if (++allocations == failing) throw std::bad_alloc();
    void* const made = alignment <= alignof(std::max_align_t)
                           ? std::malloc(size)
                           : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (!made) throw std::bad_alloc();
    return made;
}

/// Lets a first visit on a fresh store meet each allocation's failure in turn. `with_store(visit)` makes the store.
template <class WithStore>
void fail_each(WithStore with_store) {
    long long n = 0;
    bool struck = true;
    while (struck) {
        ++n;
        with_store([&](auto& login) {
            bool whole = false;
            fail_at(n);
            try {
                whole = login.visit();
            } catch (std::bad_alloc const&) {
            }
            struck = allocations >= n;
            fail_at(0);
            BOOST_TEST_CONTEXT("allocation " << n) {
                if (struck)
                    login.check_what_is_left();
                else
                    BOOST_TEST(whole);
            }
        });
    }
    BOOST_TEST(n > 100);
}

} // namespace

void* operator new(std::size_t size) { return allocate(size, 0); }

void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* made) noexcept { std::free(made); }

void operator delete(void* made, std::size_t) noexcept { std::free(made); }

void operator delete(void* made, std::align_val_t) noexcept { std::free(made); }

void operator delete(void* made, std::size_t, std::align_val_t) noexcept { std::free(made); }

BOOST_AUTO_TEST_SUITE(allocations_of_a_login)

BOOST_AUTO_TEST_CASE(whichever_allocation_fails_a_store_on_disk_holds_nothing_half_made) {
    faulty_file_system const files; // for the sake of time: it does not sync
    fail_each([](auto visit) {
        scratch dir;
        faulty_login<sqlite_store> login(sqlite_store::open(dir / "a.db").value());
        visit(login);
    });
}

BOOST_AUTO_TEST_CASE(whichever_allocation_fails_a_store_in_memory_holds_nothing_half_made) {
    fail_each([](auto visit) {
        faulty_login<memory_store> login;
        visit(login);
    });
}

BOOST_AUTO_TEST_SUITE_END()
