// SPDX-License-Identifier: BSL-1.0
// Layer 4. Whether an access token that somebody else brought was issued to our client (security rule L2). Performs
// nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/mapping/static_path.hpp"
#include "authmod/protocol/client_authentication.hpp"
#include "authmod/protocol/http_message.hpp"
#include "authmod/protocol/user_info.hpp"
#include "authmod/provider/module_plan.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// Whether the provider has an endpoint that tells for whom a token is.
[[nodiscard]] inline bool asks_for_proof(module_plan const& plan) noexcept {
    auto const method = plan.provider->extras.proof.method;
    return method != proof_method::none && method != proof_method::profile;
}

/** Asks the provider about a token.

    Preconditions: `asks_for_proof(plan)`.
*/
[[nodiscard]] inline http_request proof_request(module_plan const& plan, client_credentials const& client,
                                                secret const& access_token) {
    http_request request("POST", plan.proof_url);
    auto const basic = [&] {
        auto const pair = form_encode(client.id) + ':' + form_encode(client.client_secret.expose());
        request.set("Authorization", "Basic " + base64_encode(pair));
    };
    auto const form = [&](std::string_view name) {
        request.set("Content-Type", "application/x-www-form-urlencoded");
        append_form_field(request.body, name, access_token.expose());
    };
    auto const query = [&](std::string_view name) {
        request.method = "GET";
        std::string pair;
        append_form_field(pair, name, access_token.expose());
        request.url += (request.url.find('?') == std::string::npos ? '?' : '&') + pair;
    };
    request.set("Accept", "application/json");
    switch (plan.provider->extras.proof.method) {
    case proof_method::introspection: // RFC 7662 2.1
        form("token");
        authenticate_client(request, client);
        break;
    case proof_method::github_token: // tokens are printable ASCII without quotes and backslashes where this is used
        request.set("Content-Type", "application/json");
        request.body.append(R"({"access_token":")").append(access_token.expose()).append(R"("})");
        basic();
        break;
    case proof_method::token_query:
        query("access_token");
        break;
    case proof_method::debug_token:
        query("input_token");
        request.set("Authorization", "Bearer " + client.id + '|' + std::string(client.client_secret.expose()));
        break;
    case proof_method::bearer:
        request.method = "GET";
        request.set("Authorization", std::string("Bearer ").append(access_token.expose()));
        break;
    default:
        form("access_token");
        break;
    }
    return request;
}

namespace detail {

/// Whether a document names our client where the provider's traits say.
[[nodiscard]] inline bool names_our_client(module_plan const& plan, std::string_view body) {
    auto const& proof = plan.provider->extras.proof;
    custom_path const active[] = {{"active", static_path<"active">::view()}};
    mapping_plan const paths({.groups = proof.client, .custom_attributes = active});
    profile_reader reader(paths.view());
    if (!reader.read(document_kind::profile, body)) return false;
    auto const found = reader.finish();
    if (!found || !found->groups) return false;
    bool const must_be_active = proof.method == proof_method::introspection; // RFC 7662 2.2
    if (must_be_active && (found->custom_attributes.empty() || found->custom_attributes[0].second != "true"))
        return false;
    return std::ranges::find(*found->groups, plan.text.client_id) != found->groups->end();
}

[[nodiscard]] inline failure foreign_token(int status = 0) {
    failure why(errc::token_not_ours, diagnostics("proof"));
    why.details.status = status;
    return why;
}

} // namespace detail

/** Judges the answer to `proof_request`.

    Errors: `token_not_ours` for a refusal and for an answer that does not name our client; `provider_rate_limited`,
    `provider_failed`, `redirect_refused`.
*/
[[nodiscard]] inline result<void, failure> judge_proof(module_plan const& plan, http_response const& response) {
    if (auto good = judge_profile_answer(response); !good) {
        failure why = good.error();
        why.details.step = "proof";
        if (why.code == errc::user_info_refused) return detail::foreign_token(response.status);
        return why;
    }
    if (!enforced("L2", detail::names_our_client(plan, response.body))) return detail::foreign_token(response.status);
    return {};
}

/// The same for a provider whose profile names the client; good for every other one.
[[nodiscard]] inline result<void, failure> judge_profile_client(module_plan const& plan, std::string_view profile) {
    if (plan.provider->extras.proof.method != proof_method::profile) return {};
    if (!enforced("L2b", detail::names_our_client(plan, profile))) return detail::foreign_token();
    return {};
}

} // namespace authmod
