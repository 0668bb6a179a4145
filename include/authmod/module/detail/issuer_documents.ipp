// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of issuer_documents.
#pragma once

#include "authmod/flow/complete_plan.hpp"
#include "authmod/module/detail/exchange.hpp"
#include "authmod/module/issuer_documents.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace authmod {

namespace detail {

[[nodiscard]] inline result<key_set, failure> read_keys(http_response const& answer) {
    if (auto good = judge_metadata_answer(answer, errc::keys_malformed, "keys"); !good) return good.error();
    auto keys = key_set::parse(answer.body);
    if (!keys) return failure(keys.error(), diagnostics("keys"));
    return std::move(*keys);
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL std::shared_ptr<issuer_documents::issuer> issuer_documents::find(std::string const& key) {
    std::lock_guard const lock(mutex_);
    if (issuers_.size() == max_kept_issuers && !issuers_.contains(key)) issuers_.clear();
    auto& found = issuers_[key];
    if (!found) found = std::make_shared<issuer>();
    return found;
}

template <class Document>
issuer_documents::brought<Document> issuer_documents::bring(wish<Document>& wanted) {
    using verdict = typename document_cache<Document>::verdict;
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (;;) {
        auto& cache = *wanted.cache;
        time_point const now = ports_.time->now();
        bool const optional = wanted.need == document_need::optional;
        auto got = wanted.unlike != 0 ? cache.ask_again(wanted.unlike, now, wanted.who) : cache.ask(now, wanted.need);
        if (got.what == verdict::use || (optional && got.what == verdict::unavailable)) co_return got;
        if (got.what == verdict::unavailable) co_return failure(errc::jwt_key_unknown, diagnostics(wanted.step));
        if (got.what == verdict::wait) { // another login fetches it
            if (std::chrono::steady_clock::now() >= wanted.deadline)
                co_return failure(errc::timed_out, diagnostics(wanted.step));
            pause.expires_after(milliseconds(20));
            co_await pause.async_wait(asio::use_awaitable);
            continue;
        }
        auto answer = co_await ports_.transport->send(wanted.request, wanted.limit);
        result<Document, failure> document = failure();
        if (answer)
            document = wanted.read(*answer);
        else
            document = failure(answer.error(), diagnostics(wanted.step));
        if (document) {
            cache.fetched(std::move(*document), ports_.time->now());
            continue;
        }
        cache.failed(ports_.time->now(), document.error());
        // An old document carries logins through an outage; one that did not do helps nobody.
        if (!optional && (!got.document || wanted.unlike != 0)) co_return document.error();
        co_return got;
    }
}

AUTHMOD_DECL asio::awaitable<result<std::shared_ptr<module_plan const>, failure>>
issuer_documents::plan_of(running_module const& module, detail::steady_deadline deadline) {
    module_plan const& plan = *module.plan;
    if (!plan.reads_metadata()) co_return module.plan;
    auto const kept = find(plan.text.issuer);
    wish<provider_metadata> wanted;
    wanted.cache = &kept->metadata;
    wanted.step = "discovery";
    wanted.request = metadata_request(discovery_url(plan.text.issuer));
    wanted.request.step = "discovery";
    wanted.deadline = deadline;
    if (!plan.needs_discovery()) {
        wanted.need = document_need::optional;
        wanted.deadline = std::min(deadline, std::chrono::steady_clock::now() + metadata_patience);
    }
    wanted.limit = detail::limits_of(plan, wanted.deadline);
    wanted.read = [&](http_response const& answer) -> result<provider_metadata, failure> {
        if (auto good = judge_metadata_answer(answer, errc::discovery_malformed, "discovery"); !good)
            return good.error();
        return parse_discovery(answer.body, plan.text.issuer, loopback_);
    };
    auto said = co_await bring(wanted);
    if (!said) co_return said.error();
    if (!said->document) co_return module.plan; // it was optional
    std::lock_guard const lock(kept->mutex);
    if (kept->plans.size() == max_kept_issuers && !kept->plans.contains(module.record.id)) kept->plans.clear();
    auto& done = kept->plans[module.record.id];
    if (done.of != module.plan || done.generation != said->generation) {
        auto full = std::make_shared<module_plan>(plan);
        if (auto good = complete_plan(*full, *said->document); !good) co_return good.error();
        done.of = module.plan;
        done.plan = std::move(full);
        done.generation = said->generation;
    }
    co_return done.plan;
}

AUTHMOD_DECL std::optional<failure> issuer_documents::metadata_trouble(module_plan const& plan) {
    if (!plan.reads_metadata()) return std::nullopt;
    return find(plan.text.issuer)->metadata.trouble();
}

AUTHMOD_DECL asio::awaitable<result<brought_keys, failure>>
issuer_documents::keys_of(module_plan const& plan, unsigned long unlike, detail::steady_deadline deadline,
                          key_asker who) {
    // Two modules with one issuer and other keys share nothing: no blank is in a URL.
    auto const kept = find(plan.text.issuer + ' ' + plan.text.jwks_url);
    wish<key_set> wanted;
    wanted.cache = &kept->keys;
    wanted.step = "id_token";
    bool const trusted = plan.vouches_for(plan.text.jwks_url);
    wanted.request = metadata_request(plan.text.jwks_url, trusted ? url_origin::administrator : url_origin::provider);
    wanted.request.step = "keys";
    wanted.limit = detail::limits_of(plan, deadline);
    wanted.unlike = unlike;
    wanted.who = who;
    wanted.deadline = deadline;
    wanted.read = &detail::read_keys;
    auto found = co_await bring(wanted);
    if (!found) co_return found.error();
    brought_keys out;
    out.keys = found->document;
    out.generation = found->generation;
    co_return out;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
