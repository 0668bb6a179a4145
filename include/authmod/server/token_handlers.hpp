// SPDX-License-Identifier: BSL-1.0
// Layer 7. The token endpoint that services call: extension grants, token exchange, revocation.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/module/token_engine.hpp"
#include "authmod/server/log.hpp"
#include "authmod/server/request.hpp"
#include "authmod/server/routes.hpp"

#include <boost/asio/awaitable.hpp>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Answers `POST /oauth2/token` and `POST /oauth2/revoke` for services of `/api/services`, which authenticate with HTTP
    Basic. Forms in, JSON out; errors as RFC 6749 5.2 has them. No cookie opens these doors, so browsers cannot be made
    to use them.

    Thread safety: `handle` from any thread. Lifetimes: engine and log outlive it.
    See also: @ref token_engine
*/
class token_handlers final : public request_handler {
public:
    token_handlers(login_engine& engine, service_log& log) : engine_(engine), log_(log), tokens_(engine) {}

    /// As @ref request_handler promises.
    asio::awaitable<outgoing_reply> handle(incoming_request const& request) override;

    /// Whether a request is for these handlers.
    [[nodiscard]] static bool serves(incoming_request const& request) noexcept {
        return request.path.starts_with("/oauth2/");
    }

    /// Every method and path, for whoever compares them with their description.
    [[nodiscard]] static std::vector<route_name> routes();

private:
    struct table;
    using reply = asio::awaitable<outgoing_reply>;
    reply grant(incoming_request const& request);
    reply revoke(incoming_request const& request);
    [[nodiscard]] outgoing_reply refused(incoming_request const& request, grant_error const& why,
                                         trace_context const& trace = trace_context());

    login_engine& engine_;
    service_log& log_;
    token_engine tokens_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/token_handlers.ipp"
#endif
