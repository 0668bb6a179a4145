// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of seal_renewal.
#pragma once

#include "authmod/module/detail/token_seal.hpp"
#include "authmod/module/seal_renewal.hpp"
#include "authmod/module/token_keeper.hpp"

#include <cstddef>

namespace authmod {

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL asio::awaitable<result<void>> seal_renewal::step() {
    constexpr int page = 200;
    if (!modules_done_) {
        auto modules = co_await engine_->catalog().renew_seals();
        if (!modules) co_return modules.error();
        counts_ = *modules;
        modules_done_ = true;
        co_return result<void>();
    }
    auto held = co_await engine_->parts().data->list_kept_tokens(after_, page);
    if (!held) co_return held.error();
    for (auto const& one : *held) {
        if (!engine_->parts().sealer->is_current(one.tokens.sealed)) {
            auto renewed = co_await renew(one);
            if (!renewed) co_return renewed.error();
        }
        after_ = one.session_digest;
    }
    done_ = held->size() < static_cast<std::size_t>(page);
    co_return result<void>();
}

/// Under a claim, like a refresh: the two never overwrite each other.
AUTHMOD_DECL asio::awaitable<result<void>> seal_renewal::renew(session_tokens const& held) {
    ports const& parts = engine_->parts();
    auto const& key = held.session_digest;
    auto tokens = detail::open_tokens(*parts.sealer, key, held.tokens.sealed);
    if (!tokens) {
        ++counts_.lost;
        co_return result<void>();
    }
    auto sealed = detail::seal_tokens(*parts.sealer, key, *tokens);
    if (!sealed) co_return sealed.error();
    time_point const now = parts.time->now();
    auto written = co_await parts.data->claim_kept_tokens(key, held.tokens.revision, now, now + refresh_lease);
    if (written) written = co_await parts.data->put_kept_tokens(key, *sealed, held.tokens.revision);
    if (written) ++counts_.renewed;
    if (!written && written.error() == errc::store_conflict) ++counts_.busy;
    bool const overtaken = !written && (written.error() == errc::store_conflict || written.error() == errc::not_found);
    if (!written && !overtaken) co_return written.error();
    co_return result<void>();
}

} // namespace AUTHMOD_ABI

} // namespace authmod
