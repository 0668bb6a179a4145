// SPDX-License-Identifier: BSL-1.0
// Layer 2. Giving a token back to the provider (RFC 7009).
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/protocol/client_authentication.hpp"
#include "authmod/protocol/http_message.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace authmod {

/// What is to be forgotten; sent as `token_type_hint`.
enum class revoked_token : std::uint8_t {
    access_token, ///< alone; a refresh token goes on
    refresh_token ///< with all that came of it
};

/// Asks the provider to forget a token (RFC 7009 2.1). Revoking a refresh token ends its access tokens too.
[[nodiscard]] inline http_request revocation_request(client_credentials const& client, std::string_view revocation_url,
                                                     secret const& token, revoked_token kind) {
    http_request request("POST", revocation_url);
    request.set("Accept", "application/json");
    request.set("Content-Type", "application/x-www-form-urlencoded");
    append_form_field(request.body, "token", token.expose());
    append_form_field(request.body, "token_type_hint",
                      kind == revoked_token::access_token ? "access_token" : "refresh_token");
    authenticate_client(request, client);
    return request;
}

/** Whether the token is gone (RFC 7009 2.2). A token that the provider does not know counts as gone: it says 200 too.

    Errors: `provider_rate_limited` (429), `provider_failed` (408, 5xx; 503 asks to try again later),
    `redirect_refused` (3xx, security rule C3), `client_refused` (401), `token_exchange_refused` for the rest. The body
    is not quoted: it may hold the token (N2).
*/
[[nodiscard]] inline result<void, failure> judge_revocation_answer(http_response const& response) {
    int const status = response.status;
    if (status == 200 || status == 204) return {};
    errc code = errc::token_exchange_refused;
    if (status == 429)
        code = errc::provider_rate_limited;
    else if (status == 408 || status >= 500)
        code = errc::provider_failed;
    else if (status >= 300 && status < 400)
        code = errc::redirect_refused;
    else if (status == 401)
        code = errc::client_refused;
    diagnostics details("revocation");
    details.status = status;
    return failure(code, std::move(details));
}

} // namespace authmod
