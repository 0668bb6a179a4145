// SPDX-License-Identifier: BSL-1.0
// Every heavy body of the library, for exactly one file of a program that defines AUTHMOD_SEPARATE_COMPILATION in all
// of its files. The CMake target authmod::compiled does the same with a file for each body.
#pragma once

#ifndef AUTHMOD_SEPARATE_COMPILATION
#error "define AUTHMOD_SEPARATE_COMPILATION in every file of the program before including authmod/src.hpp in one of them"
#endif

#include "authmod/authmod.hpp"

#include "authmod/crypto/detail/key_ring.ipp"
#include "authmod/crypto/detail/public_key.ipp"
#include "authmod/crypto/detail/signing_key.ipp"
#include "authmod/mapping/detail/mapping_tables.ipp"
#include "authmod/mapping/detail/profile_reader.ipp"
#include "authmod/mapping/detail/strict_json.ipp"
#include "authmod/module/detail/cached_store.ipp"
#include "authmod/module/detail/environment.ipp"
#include "authmod/module/detail/installed_module.ipp"
#include "authmod/module/detail/issuer_documents.ipp"
#include "authmod/module/detail/login_engine.ipp"
#include "authmod/module/detail/logout_engine.ipp"
#include "authmod/module/detail/module_catalog.ipp"
#include "authmod/module/detail/seal_renewal.ipp"
#include "authmod/module/detail/token_engine.ipp"
#include "authmod/module/detail/token_keeper.ipp"
#include "authmod/protocol/detail/json_tree.ipp"
#include "authmod/protocol/detail/kept_tokens.ipp"
#include "authmod/protocol/detail/token_response.ipp"
#include "authmod/provider/detail/module_plan.ipp"
#include "authmod/scim/detail/discovery.ipp"
#include "authmod/scim/detail/filter.ipp"
#include "authmod/scim/detail/list.ipp"
#include "authmod/scim/detail/patch.ipp"
#include "authmod/scim/detail/projection.ipp"
#include "authmod/scim/detail/provisioning.ipp"
#include "authmod/scim/detail/resource.ipp"
#include "authmod/scim/detail/search.ipp"
#include "authmod/storage/detail/memory_store.ipp"
#include "authmod/transport/detail/beast_transport.ipp"
