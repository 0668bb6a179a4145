// SPDX-License-Identifier: BSL-1.0
// Layer 2. Requests to the token endpoint.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/protocol/client_authentication.hpp"
#include "authmod/protocol/http_message.hpp"

#include <string_view>

namespace authmod {

namespace detail {

[[nodiscard]] inline http_request token_request(std::string_view token_url, std::string_view grant_type) {
    http_request request("POST", token_url);
    request.set("Accept", "application/json");
    request.set("Content-Type", "application/x-www-form-urlencoded");
    request.body.reserve(512);
    append_form_field(request.body, "grant_type", grant_type);
    return request;
}

} // namespace detail

/** Exchanges an authorization code (RFC 6749 4.1.3). The request is `single_use`: a code is never sent twice (security
    rule C2).

    Preconditions: `redirect_uri` has the very bytes of the authorization request (A5); `code_verifier` is empty
    without PKCE.
*/
[[nodiscard]] inline http_request token_request_for_code(client_credentials const& client, std::string_view token_url,
                                                         secret const& code, std::string_view redirect_uri,
                                                         secret const& code_verifier) {
    auto request = detail::token_request(token_url, "authorization_code");
    request.single_use = true;
    if (broken("B6"))
        request.body.append("&code=").append(code.expose());
    else
        append_form_field(request.body, "code", code.expose());
    append_form_field(request.body, "redirect_uri",
                      redirect_uri.substr(0, broken("A5") ? redirect_uri.rfind('/') : redirect_uri.npos));
    if (!code_verifier.empty()) append_form_field(request.body, "code_verifier", code_verifier.expose());
    authenticate_client(request, client);
    return request;
}

/// Exchanges a refresh token for a new access token (RFC 6749 6). Providers rotate the refresh token, so this request
/// too is sent at most once.
[[nodiscard]] inline http_request token_request_for_refresh(client_credentials const& client,
                                                            std::string_view token_url, secret const& refresh_token) {
    auto request = detail::token_request(token_url, "refresh_token");
    request.single_use = true;
    append_form_field(request.body, "refresh_token", refresh_token.expose());
    authenticate_client(request, client);
    return request;
}

} // namespace authmod
