// SPDX-License-Identifier: BSL-1.0
// Layer 6. Drives a login flow over the transport port, and turns what came of it into a question to the account rules.
// Shared by logins, test logins and grants.
#pragma once

#include "authmod/account/login_decision.hpp"
#include "authmod/flow/login_flow.hpp"
#include "authmod/flow/test_report.hpp"
#include "authmod/module/detail/exchange.hpp"
#include "authmod/module/issuer_documents.hpp"
#include "authmod/module/running_module.hpp"
#include "authmod/protocol/trace_context.hpp"

#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace authmod::detail {

/** Performs what `flow` asks for, beginning with `next`, until it ends.

    Keys come from `documents`; what logins share carries no trace of one. With a recorder every answer of a batch is
    handed to the flow even after a failure, so that each step is judged.
    Lifetimes: every reference outlives the awaited call.
*/
template <class Flow>
asio::awaitable<result<void, failure>> drive(transport_port& transport, issuer_documents& documents, Flow& flow,
                                             action next, module_plan const& plan, steady_deadline deadline,
                                             trace_context const& trace, test_recorder* recorder = nullptr) {
    for (;;) {
        if (auto const* wish = std::get_if<await_keys>(&next)) {
            auto brought = co_await documents.keys_of(plan, wish->unlike, deadline);
            result<std::shared_ptr<key_set const>, failure> keys = failure();
            if (brought)
                keys = brought->keys;
            else
                keys = brought.error();
            next = flow.resume_with_keys(keys, brought ? brought->generation : 0);
            continue;
        }
        auto* out = std::get_if<send_requests>(&next);
        if (!out) break;
        std::vector<numbered_request> batch = std::move(out->requests);
        for (auto& [number, request] : batch) {
            if (!plan.vouches_for(request.url)) request.origin = url_origin::provider;
            if (trace) request.set("traceparent", trace.to_header());
        }
        timeouts const limit = limits_of(plan, deadline);
        auto answers = co_await exchange_all(transport, batch, limit);
        send_requests more;
        for (std::size_t i = 0; i != batch.size(); ++i) {
            if (recorder) recorder->answered(batch[i], answers[i]);
            next = flow.resume(batch[i].number, answers[i]);
            if (auto* asks = std::get_if<send_requests>(&next))
                std::ranges::move(asks->requests, std::back_inserter(more.requests));
            else if (!recorder)
                break;
        }
        if (std::holds_alternative<send_requests>(next)) next = std::move(more);
    }
    if (auto* failed = std::get_if<fail>(&next)) co_return std::move(failed->why);
    co_return result<void, failure>();
}

/// Who came through `module`, by the rules it has now. Fresh ids are for the caller to add.
[[nodiscard]] inline login_candidate candidate_of(running_module const& module, login_flow& flow, time_point now,
                                                  std::string address) {
    settings const& rules = module.text;
    login_candidate who;
    who.module_id = module.record.id;
    who.module_stored = !module.installed;
    who.profile = flow.person();
    who.user_creation = rules.user_creation;
    who.match = rules.scim_match_attribute;
    who.linking = rules.linking;
    who.email_auto_verification = rules.email_auto_verification;
    who.auto_join_groups = rules.auto_join_groups;
    who.group_mappings = rules.group_mappings;
    who.groups_mapped = !rules.groups.empty();
    who.groups_complete = flow.groups_complete();
    who.avatar = std::move(flow.picture());
    who.address = std::move(address);
    who.now = now;
    return who;
}

} // namespace authmod::detail
