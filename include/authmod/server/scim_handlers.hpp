// SPDX-License-Identifier: BSL-1.0
// Layer 7. SCIM 2.0 for identity providers: everything below `/scim/v2/`.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/module/scim_port.hpp"
#include "authmod/server/log.hpp"
#include "authmod/server/request.hpp"
#include "authmod/server/routes.hpp"
#include "authmod/server/scim_requests.hpp"

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Answers `/scim/v2/` for the clients of `/api/scim-clients`, each by its bearer token; no cookie opens these doors.

    Users, Groups (GET, POST, PUT, PATCH, DELETE), `.search`, and what can be discovered. `/Bulk` is 501. Every answer
   with a body is `application/scim+json`, errors too; `base_url` of the engine's options stands in every address.

    A store that keeps nothing for SCIM (`ports::scim` is nullptr) answers 404.

    Thread safety: `handle` from any thread. Lifetimes: engine, log and `seen` outlive it.
    See also: RFC 7644
*/
class scim_handlers final : public request_handler {
public:
    /// @param seen takes note of each client's requests, for @ref admin_handlers to show; nullptr: nobody does
    scim_handlers(login_engine& engine, service_log& log, scim_requests* seen = nullptr);

    /// As @ref request_handler promises.
    asio::awaitable<outgoing_reply> handle(incoming_request const& request) override;

    /// Whether a request is for these handlers.
    [[nodiscard]] static bool serves(incoming_request const& request) noexcept {
        return request.path.starts_with("/scim/");
    }

    /// Every method and path.
    [[nodiscard]] static std::vector<route_name> routes();

private:
    struct table;
    struct call;
    struct gathered;
    using reply = asio::awaitable<outgoing_reply>;
    reply answer(incoming_request const& request, std::string& client_id);
    void note(incoming_request const& request, std::string_view client_id, outgoing_reply const& answered,
              milliseconds duration) noexcept;
    template <class Kind>
    reply create(call const& c);
    template <class Kind>
    reply show(call const& c);
    template <class Kind>
    reply change(call const& c);
    template <class Kind>
    reply list(call const& c);
    template <class Kind>
    [[nodiscard]] reply send(call const& c, int status, typename Kind::resource what, scim::projection const& shown);
    template <class Kind>
    asio::awaitable<std::optional<outgoing_reply>> gather(call const& c, gathered& list);
    reply search_all(call const& c);
    reply discover(call const& c);
    reply refuse_bulk(call const& c);

    login_engine& engine_;
    service_log& log_;
    scim_requests* seen_;
    std::string base_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/scim_handlers.ipp"
#endif
