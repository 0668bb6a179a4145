// SPDX-License-Identifier: BSL-1.0
// Layer 2. The address to which the browser is sent to log out at the provider too.
#pragma once

#include "authmod/core/percent.hpp"
#include "authmod/core/secret.hpp"

#include <string>
#include <string_view>

namespace authmod {

/** An RP-initiated logout (OpenID Connect RP-Initiated Logout 2). Empty members are not sent.

    Preconditions: `end_session_endpoint` passed `check_endpoint_url`; `post_logout_redirect_uri` comes from
    configuration.
*/
struct end_session_request {
    std::string end_session_endpoint;     ///< may have a query of its own, which is kept
    secret id_token_hint;                 ///< the ID token of the login
    std::string client_id;                ///< lets the provider know us where the hint is missing or old
    std::string logout_hint;              ///< who or which session it is, in the provider's words
    std::string post_logout_redirect_uri; ///< registered there; empty: the browser stays at the provider
    std::string state;                    ///< comes back with the browser

    end_session_request() = default;

    /// The whole URL. It holds the hint, so it goes to the browser only and into no log.
    [[nodiscard]] std::string to_url() const {
        std::string query;
        auto add = [&](std::string_view name, std::string_view value) {
            if (!value.empty())
                query.append(query.empty() ? "" : "&").append(name).append("=").append(percent_encode(value));
        };
        add("id_token_hint", id_token_hint.expose());
        add("client_id", client_id);
        add("logout_hint", logout_hint);
        add("post_logout_redirect_uri", post_logout_redirect_uri);
        add("state", state);
        std::string url = end_session_endpoint;
        if (!query.empty() && !url.ends_with('?') && !url.ends_with('&')) url += url.find('?') == url.npos ? '?' : '&';
        return url + query;
    }
};

} // namespace authmod
