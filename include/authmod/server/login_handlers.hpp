// SPDX-License-Identifier: BSL-1.0
// Layer 7. The routes of people: login page, start, callback, account, logout, forward auth, pictures, health.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/module/logout_engine.hpp"
#include "authmod/module/token_engine.hpp"
#include "authmod/server/cookie.hpp"
#include "authmod/server/log.hpp"
#include "authmod/server/rate_limit.hpp"
#include "authmod/server/request.hpp"
#include "authmod/server/routes.hpp"
#include "authmod/server/same_site.hpp"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

/// Text for a header field: printable ASCII as it is, `%` and all other bytes as %XX, the `reserved` ones too.
[[nodiscard]] inline std::string header_text(std::string_view text, std::string_view reserved = {}) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string safe;
    for (char c : text) {
        if (ascii::is_printable(c) && c != '%' && reserved.find(c) == std::string_view::npos) {
            safe += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            safe.append("%") += digits[byte >> 4];
            safe += digits[byte & 15];
        }
    }
    return safe;
}

inline namespace AUTHMOD_ABI {

/** Answers

    - `GET /`, `GET /login`, `GET /login/{module}?return_to=`, `GET /callback/{module}`, `POST /logout`: pages and
   redirects
    - `POST /backchannel-logout/{module}`: an OpenID provider ends sessions
    - `GET /me`: the account as JSON; `GET /verify`: the account as header fields, for reverse proxies. Both take
   `Authorization: Bearer` with a token that `/oauth2/token` gave in place of a session
    - `GET /avatars/{account}`, `GET /modules/{module}/image`, `GET /assets/{name}`
    - `GET /healthz`, `GET /readyz`

    and everything else with 404 or 405. Each failure has an id that its page and the log share. One address that starts
    logins, or sends what belongs to no login, more often than the figures in rate_limit.hpp say gets 429.

    Thread safety: `handle` from any thread. Lifetimes: engine and log outlive it.
*/
class login_handlers final : public request_handler {
public:
    login_handlers(login_engine& engine, service_log& log);

    /// As @ref request_handler promises.
    asio::awaitable<outgoing_reply> handle(incoming_request const& request) override;

    /// From now on `/readyz` says 503, so that whoever spreads requests over nodes sends none here; all else goes on.
    void leave() noexcept { leaving_ = true; }

    /// Every method and path, for whoever compares them with their description.
    [[nodiscard]] static std::vector<route_name> routes();

private:
    struct table;
    using reply = asio::awaitable<outgoing_reply>;
    reply home(incoming_request const& request, std::string_view);
    reply choose(incoming_request const& request, std::string_view);
    reply start(incoming_request const& request, std::string_view module_id);
    reply callback(incoming_request const& request, std::string_view module_id);
    reply me(incoming_request const& request, std::string_view);
    reply verify(incoming_request const& request, std::string_view);
    reply logout(incoming_request const& request, std::string_view);
    reply end_by_provider(incoming_request const& request, std::string_view module_id);
    reply avatar(incoming_request const& request, std::string_view account_id);
    reply image(incoming_request const& request, std::string_view module_id);
    reply asset(incoming_request const& request, std::string_view name);
    reply healthy(incoming_request const& request, std::string_view);
    reply ready(incoming_request const& request, std::string_view);

    /// Whom a request is made for: views of a session or a token that it holds.
    struct known_person {
        std::shared_ptr<void const> holds;
        account const* user = nullptr;
        std::vector<std::string> const* groups = nullptr;
        std::string_view csrf; ///< empty: a token of ours came along, no cookie

        explicit known_person(known_session const& session)
            : holds(session), user(&session->user), groups(&session->groups), csrf(session->who.csrf) {}

        explicit known_person(known_token const& token) : holds(token), user(&token->user), groups(&token->groups) {}
    };

    [[nodiscard]] result<known_person> recent_person(incoming_request const& request);
    asio::awaitable<result<known_session>> visitor(incoming_request const& request);
    asio::awaitable<result<known_person>> bearer_or_visitor(incoming_request const& request);
    [[nodiscard]] outgoing_reply failed(failure const& why, std::string_view title, incoming_request const& request,
                                        trace_context const& trace = trace_context());
    void keep_attempt(outgoing_reply& answer, incoming_request const& request, login_start const& begun) const;

    login_engine& engine_;
    service_log& log_;
    cookie_jar cookies_;
    token_engine tokens_;
    std::atomic<bool> leaving_{false};
    rate_limiter starts_{login_start_rate};
    rate_limiter strangers_{stranger_rate};
    logout_engine logout_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/login_handlers.ipp"
#endif
