// SPDX-License-Identifier: BSL-1.0
// Layer 6. Gives services tokens of ours against tokens of a provider: the extension grants of modules, and token
// exchange (RFC 8693).
#pragma once

#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/protocol/grant_request.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <string>

namespace authmod {

inline constexpr std::chrono::seconds issued_token_lifetime{3600}; ///< `expires_in` of our tokens

/// A token that was given.
struct grant_answer {
    secret access_token;      ///< 43 characters of base64url; only its SHA-256 is kept
    std::string scope;        ///< as granted, space-separated
    bool is_exchange = false; ///< asked for by RFC 8693
    account user;             ///< whose token it is

    grant_answer() = default;
    /// The body of the HTTP answer (RFC 6749 5.1, RFC 8693 2.2.1). Goes out with `Cache-Control: no-store`.
    [[nodiscard]] boost::json::object to_json() const {
        boost::json::object body;
        body["access_token"] = std::string(access_token.expose());
        if (is_exchange) body["issued_token_type"] = access_token_type;
        body["token_type"] = "Bearer";
        body["expires_in"] = issued_token_lifetime.count();
        body["scope"] = scope;
        return body;
    }
};

inline namespace AUTHMOD_ABI {

/** The token endpoint behind its HTTP. A grant is off until an enabled module has an `extension_grant_type` and the
    calling service is allowed to use that module.

    The person is decided about exactly as at a login: the same profile calls, limits, linking and creation. Where the
    provider can tell for whom a token was issued, it must have been our client (security rule L2).

    Errors: those of RFC 6749 5.2 and RFC 8693 2.2.2. A provider or a store that fails gives `temporarily_unavailable`
   with status 503. Every outcome is in the audit.

    Thread safety: every function may be called from any thread; awaiting coroutines resume on their own executor.
    Lifetimes: the engine outlives it.
*/
class token_engine {
public:
    explicit token_engine(login_engine& engine) noexcept : engine_(&engine) {}

    /// `POST /oauth2/token`: the Authorization header, the form, the client's IP address, the trace to carry on.
    asio::awaitable<result<grant_answer, grant_error>> grant(std::string authorization, std::string body,
                                                             std::string address,
                                                             trace_context trace = trace_context());
    /// `POST /oauth2/revoke` (RFC 7009). A token that is unknown, or another service's, is no error: it tells nobody
    /// which.
    asio::awaitable<result<void, grant_error>> revoke(std::string authorization, std::string body, std::string address);
    /// The account behind a token of ours, repeated for a moment as sessions are. Errors: `not_signed_in`, store errors.
    asio::awaitable<result<known_token>> check_token(std::string token);

private:
    asio::awaitable<result<service_client, grant_error>> authenticate(std::string authorization);
    asio::awaitable<result<grant_answer, failure>> exchange(service_client const& service, running_module const& module,
                                                            grant_request& request, std::string const& address,
                                                            trace_context const& trace, std::string scope,
                                                            bool& audited);

    login_engine* engine_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/token_engine.ipp"
#endif
