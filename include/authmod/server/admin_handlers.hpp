// SPDX-License-Identifier: BSL-1.0
// Layer 7. The routes of administrators below `/api/`: modules, accounts, groups, audit. JSON in, JSON out.
#pragma once

#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/server/cookie.hpp"
#include "authmod/server/log.hpp"
#include "authmod/server/request.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Answers

    - `GET/POST /api/modules`, `GET/PATCH /api/modules/{id}`, `POST /api/modules/{id}/{enable,disable}`
    - `GET /api/providers`, `GET /api/audit`
    - `GET/POST /api/accounts`, `GET/PATCH/DELETE /api/accounts/{id}`
    - `GET/POST /api/groups`, `DELETE /api/groups/{id}`, `PUT/DELETE /api/groups/{id}/members/{account}`

    for whoever sends the admin token as a bearer token, or is signed in, belongs to the group `authmod-admins` and
    repeats the session's token in `X-CSRF-Token` with every change (security rule N5). Everybody else learns nothing,
    not even which paths exist.

    Lists are `{"items":[...],"next":null}`, errors `{"error":{"code","field","offset","message"}}`.

    Thread safety: `handle` from any thread. Lifetimes: engine and log outlive it.
*/
class admin_handlers final : public request_handler {
public:
    /// @param admin_token empty: there is none, only accounts can administrate
    admin_handlers(login_engine& engine, service_log& log, secret const& admin_token);

    asio::awaitable<outgoing_reply> handle(incoming_request const& request) override;

private:
    using reply = asio::awaitable<outgoing_reply>;

    /// One permitted request.
    struct call {
        incoming_request const& request;
        std::string part;   ///< what stands at `{}` of the route
        std::string author; ///< for the audit

        call(incoming_request const& in_request, std::string_view in_part, std::string in_author)
            : request(in_request), part(in_part), author(std::move(in_author)) {}

        [[nodiscard]] change_author by() const { return change_author(author, request.address); }
    };

    reply list_modules(call const& c);
    reply create_module(call const& c);
    reply show_module(call const& c);
    reply update_module(call const& c);
    reply enable(call const& c);
    reply disable(call const& c);
    reply list_providers(call const& c);
    reply list_audit(call const& c);
    reply list_accounts(call const& c);
    reply create_account(call const& c);
    reply show_account(call const& c);
    reply update_account(call const& c);
    reply remove_account(call const& c);
    reply list_groups(call const& c);
    reply create_group(call const& c);
    reply remove_group(call const& c);
    reply change_member(call const& c);

    asio::awaitable<result<std::string>> author_of(incoming_request const& request);
    reply switch_module(call const& c, bool enabled);
    asio::awaitable<result<boost::json::object>> module_item(running_module const& module);
    reply module_reply(int status, std::string id);
    [[nodiscard]] audit_row row_for(call const& c, std::string_view event, std::string_view target) const;
    [[nodiscard]] result<std::string> fresh_id();

    login_engine& engine_;
    service_log& log_;
    cookie_jar cookies_;
    std::string token_digest_; ///< SHA-256, so that comparing tells nothing about the token's length; empty: no token
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/admin_handlers.ipp"
#endif
