// SPDX-License-Identifier: BSL-1.0
// Layer 2. The address to which the browser is sent to log in.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/percent.hpp"

#include <string>
#include <string_view>

namespace authmod {

/** An authorization request (RFC 6749 4.1.1, RFC 7636 4.3). Empty members are not sent.

    Preconditions: `authorization_url` passed `check_endpoint_url`; `redirect_uri` comes from configuration (security
    rule A5).
*/
struct authorization_request {
    std::string authorization_url; ///< may have a query of its own, which is kept
    std::string client_id;         ///< as registered at the provider
    std::string redirect_uri;      ///< as registered at the provider, byte for byte
    std::string scope;             ///< space-separated
    std::string state;             ///< 256 random bits, good once (security rule A2)
    std::string code_challenge;    ///< by the method S256
    std::string nonce;             ///< OpenID Connect only
    std::string dpop_jkt;          ///< thumbprint of the key that the code is bound to (RFC 9449 10)

    authorization_request() = default;

    /// Calls `add(name, value)` for every parameter that is sent, in order.
    template <class Add>
    void for_each_parameter(Add add) const {
        auto const given = [&](std::string_view name, std::string_view value) {
            if (!value.empty()) add(name, value);
        };
        given("response_type", broken("A1") ? "code token" : "code"); // no implicit grant (security rule A1)
        given("client_id", client_id);
        given("redirect_uri", redirect_uri);
        given("scope", scope);
        given("state", state);
        given("code_challenge", code_challenge);
        if (!code_challenge.empty()) given("code_challenge_method", "S256");
        given("nonce", nonce);
        given("dpop_jkt", dpop_jkt);
    }

    /// The whole URL; every value is percent-encoded but for unreserved characters.
    [[nodiscard]] std::string to_url() const {
        std::string url;
        url.reserve(1024);
        url = authorization_url;
        char separator = url.find('?') == url.npos ? '?' : '&';
        if (url.ends_with('?') || url.ends_with('&')) separator = 0;
        for_each_parameter([&](std::string_view name, std::string_view value) {
            if (separator != 0) url += separator;
            separator = '&';
            url.append(name).append("=");
            detail::append_encoded(url, value, false);
        });
        return url;
    }
};

} // namespace authmod
