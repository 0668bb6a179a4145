// SPDX-License-Identifier: BSL-1.0
// Who models the concept. What the models promise is checked by the contract (tests/testing/scim_store_contract.cpp,
// and tests/storage/postgres_store.cpp for the one that needs a server).
#include "authmod/storage/scim_store.hpp"

#include "authmod/storage/memory_store.hpp"
#include "authmod/storage/postgres_store.hpp"
#include "authmod/storage/sqlite_store.hpp"

using namespace authmod;

namespace {

/// A store that keeps nothing for SCIM.
struct plain_store : memory_store {
    void change_scim_user(scim::user_change const&) = delete;
};

static_assert(scim_store<memory_store> && scim_store<sqlite_store> && scim_store<postgres_store>);
static_assert(store<plain_store> && !scim_store<plain_store>);

} // namespace
