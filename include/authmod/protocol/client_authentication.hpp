// SPDX-License-Identifier: BSL-1.0
// Layer 2. How a client proves who it is at the token endpoint (RFC 6749 2.3.1).
#pragma once

#include "authmod/core/base64.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/model/login_rules.hpp"
#include "authmod/protocol/http_message.hpp"

#include <string>
#include <utility>

namespace authmod {

/// The client as the provider knows it. An empty secret makes a public client.
struct client_credentials {
    std::string id;                          ///< as registered at the provider
    secret client_secret;                    ///< empty: a public client, which sends its id alone
    client_auth method = client_auth::basic; ///< where both go

    client_credentials() = default;

    client_credentials(std::string in_id, secret in_secret, client_auth in_method = client_auth::basic)
        : id(std::move(in_id)), client_secret(std::move(in_secret)), method(in_method) {}
};

/** Puts the client's proof into a request with a form body: into the Authorization header or into the body, never into
    both and never into the URL (security rule C1). A public client sends its id in the body (RFC 6749 3.2.1).
*/
inline void authenticate_client(http_request& request, client_credentials const& client) {
    if (client.method == client_auth::basic && !client.client_secret.empty()) {
        // Id and secret are form-encoded first, so that a colon in the id cannot move the border between them.
        auto const pair = form_encode(client.id) + ':' + form_encode(client.client_secret.expose());
        request.set("Authorization", "Basic " + base64_encode(pair));
        if (!broken("C1")) return;
    }
    append_form_field(request.body, "client_id", client.id);
    if (!client.client_secret.empty()) append_form_field(request.body, "client_secret", client.client_secret.expose());
}

} // namespace authmod
