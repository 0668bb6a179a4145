// SPDX-License-Identifier: BSL-1.0
// Layer 4. Makes a plan whole with what the provider says about itself. Performs nothing.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/model/endpoint_url.hpp"
#include "authmod/protocol/discovery.hpp"
#include "authmod/provider/module_plan.hpp"

#include <utility>

namespace authmod {

/** Fills what a module's settings leave open from its issuer's metadata, and takes the provider's word about what it
   can do. Hosts that only the metadata names are noted (`module_plan::vouches_for`).

    PKCE `auto` becomes `off` if S256 is excluded.

    Errors: `pkce_not_supported` when `required` and S256 is not listed; `discovery_malformed` when pushed requests are
    demanded and there is nowhere to push them.
*/
[[nodiscard]] inline result<void, failure> complete_plan(module_plan& plan, provider_metadata const& said) {
    settings& text = plan.text;
    endpoint_url issuer, url;
    bool const known = parse_endpoint_url(text.issuer, true, issuer).code == url_errc::ok;
    for (auto const& [unset, found] :
         {std::pair(&text.authorization_url, &said.authorization_endpoint),
          std::pair(&text.token_url, &said.token_endpoint), std::pair(&text.user_info_url, &said.userinfo_endpoint),
          std::pair(&text.logout_url, &said.end_session_endpoint), std::pair(&text.jwks_url, &said.jwks_uri),
          std::pair(&plan.revocation_url, &said.revocation_endpoint),
          std::pair(&plan.pushed_request_url, &said.pushed_authorization_request_endpoint)})
        if (unset->empty() && !found->empty()) {
            *unset = *found;
            bool const good = parse_endpoint_url(*found, true, url).code == url_errc::ok;
            bool const own = known && good && ascii::equal_ignoring_case(url.host, issuer.host);
            if (!own) plan.found_hosts.emplace_back(url.host);
        }
    plan.must_name_issuer = said.authorization_response_iss;
    plan.binds_tokens = said.dpop_algorithms.contains(signature_algorithm::es256);
    plan.token_algorithms = plan.token_algorithms & said.id_token_algorithms;
    if (said.pushed_requests_only && plan.pushed_request_url.empty()) {
        failure why(errc::discovery_malformed, diagnostics("discovery"));
        why.details.field = "pushed_authorization_request_endpoint";
        return why;
    }
    if (text.pkce == pkce_mode::required && said.s256 != true)
        return failure(errc::pkce_not_supported, diagnostics("discovery"));
    if (text.pkce == pkce_mode::automatic && said.s256 == false) text.pkce = pkce_mode::off;
    return {};
}

} // namespace authmod
