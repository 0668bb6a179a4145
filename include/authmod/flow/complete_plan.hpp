// SPDX-License-Identifier: BSL-1.0
// Layer 4. Makes a plan whole with what the provider says about itself. Performs nothing.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/model/endpoint_url.hpp"
#include "authmod/protocol/discovery.hpp"
#include "authmod/provider/module_plan.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

/// The hosts that settings and preset name.
[[nodiscard]] inline std::vector<std::string> typed_hosts(module_plan const& plan) {
    std::vector<std::string> hosts;
    endpoint_url parts;
    auto const add = [&](std::string_view url) {
        if (parse_endpoint_url(url, true, parts).code == url_errc::ok) hosts.emplace_back(parts.host);
    };
    for (auto const& [name, member] : url_fields) add(plan.text.*member);
    for (auto const* url : {&plan.revocation_url, &plan.proof_url}) add(*url);
    if (plan.limit) add(plan.limit->url);
    return hosts;
}

} // namespace detail

/** Fills what a module's settings leave open from its issuer's metadata, and takes the provider's word about what it
   can do. What is set stays. Hosts that only the metadata names are noted (`module_plan::vouches_for`).

    PKCE `auto` becomes `off` if S256 is excluded and the client has a secret.

    Errors: `pkce_not_supported` when PKCE is needed and S256 is excluded, or not listed by a provider whose endpoints
    are taken from here; `discovery_malformed` when pushed requests are demanded and there is nowhere to push them.
*/
[[nodiscard]] inline result<void, failure> complete_plan(module_plan& plan, provider_metadata const& said) {
    settings& text = plan.text;
    endpoint_url url;
    bool const discovered = plan.needs_discovery();
    auto const typed = detail::typed_hosts(plan);
    for (auto const& [unset, found] :
         {std::pair(&text.authorization_url, &said.authorization_endpoint),
          std::pair(&text.token_url, &said.token_endpoint), std::pair(&text.user_info_url, &said.userinfo_endpoint),
          std::pair(&text.logout_url, &said.end_session_endpoint), std::pair(&text.jwks_url, &said.jwks_uri),
          std::pair(&plan.revocation_url, &said.revocation_endpoint),
          std::pair(&plan.pushed_request_url, &said.pushed_authorization_request_endpoint)})
        if (unset->empty() && !found->empty()) {
            *unset = *found;
            bool const good = parse_endpoint_url(*found, true, url).code == url_errc::ok;
            auto const same = [&](auto const& host) { return ascii::equal_ignoring_case(url.host, host); };
            if (!good || std::ranges::none_of(typed, same)) plan.found_hosts.emplace_back(url.host);
        }
    plan.must_name_issuer = said.authorization_response_iss;
    plan.binds_tokens = said.dpop_algorithms.contains(signature_algorithm::es256);
    plan.token_algorithms = plan.token_algorithms & said.id_token_algorithms;
    if (said.pushed_requests_only && plan.pushed_request_url.empty()) {
        failure why(errc::discovery_malformed, diagnostics("discovery"));
        why.details.field = "pushed_authorization_request_endpoint";
        return why;
    }
    bool const excluded = said.s256 == false, required = text.pkce == pkce_mode::required;
    bool const needed = required || (text.public_client && text.pkce == pkce_mode::automatic);
    // A preset knows its provider where that says nothing about PKCE; S256 is sent then as before.
    if ((needed && excluded) || (required && discovered && !said.s256))
        return failure(errc::pkce_not_supported, diagnostics("discovery"));
    if (excluded && text.pkce == pkce_mode::automatic) text.pkce = pkce_mode::off;
    return {};
}

} // namespace authmod
