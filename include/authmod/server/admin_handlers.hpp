// SPDX-License-Identifier: BSL-1.0
// Layer 7. The routes of administrators: everything below `/api/`, and the way into the administrator's pages. JSON in,
// JSON out; the pages themselves are admin_pages.hpp's.
#pragma once

#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/server/admin_gate.hpp"
#include "authmod/server/log.hpp"
#include "authmod/server/request.hpp"
#include "authmod/server/routes.hpp"
#include "authmod/server/scim_requests.hpp"

#include <boost/asio/awaitable.hpp>
#include <string_view>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Answers every path below `/api/` for whoever @ref admin_gate lets through; everybody else learns nothing, not even
    which paths exist. `GET /api/openapi.json` describes them all; `GET /api/session` tells who administrates:
    `{"author","name","csrf"}`.

    Beside them, for browsers:

    - `POST /admin/sign-in` with the form fields `token` and, if the browser is to go on to a page of its own, `return_to`:
      turns the admin token into a cookie. Answers 303, or the page to try again; where the request's Accept asks for JSON,
      204 or 401 with the JSON of errors.
    - `POST /admin/sign-out`: ends it, 303 to `/admin/` or 204. Both must prove that they come from this site's own pages
      (security rule I1).

    Lists are `{"items":[...],"next":null}`, errors `{"error":{"code","field","offset","message"}}`.

    Thread safety: `handle` from any thread. Lifetimes: engine, log and `seen` outlive it.
*/
class admin_handlers final : public request_handler {
public:
    /// @param admin_token empty: there is none, only accounts can administrate
    /// @param seen what @ref scim_handlers of this program takes note of; nullptr: the last requests are not to be had
    admin_handlers(login_engine& engine, service_log& log, secret const& admin_token, scim_requests* seen = nullptr);

    /// As @ref request_handler promises.
    asio::awaitable<outgoing_reply> handle(incoming_request const& request) override;

    /// Whether a request is for these handlers and not for the pages or for people.
    [[nodiscard]] static bool serves(incoming_request const& request) noexcept {
        return request.path.starts_with("/api/") ||
               (!request.reads() && (request.path == "/admin/sign-in" || request.path == "/admin/sign-out"));
    }

    /// Every method and path below `/api/`, for whoever compares them with their description.
    [[nodiscard]] static std::vector<route_name> routes();

private:
    [[nodiscard]] outgoing_reply sign_in(incoming_request const& request);
    [[nodiscard]] outgoing_reply sign_out(incoming_request const& request);
    void log_refusal(incoming_request const& request, error_code const& why);

    login_engine& engine_;
    service_log& log_;
    admin_gate gate_;
    scim_requests* seen_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/admin_handlers.ipp"
#endif
