// SPDX-License-Identifier: BSL-1.0
// Layer 7. The administrators' pages below `/admin/`: one page, its scripts and its style sheets. What they show comes
// from the REST of admin_handlers.hpp, asked by the browser; nothing here knows a module or an account.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/server/request.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

namespace authmod {

/// What the administrators' pages may load: scripts and styles of this service only, nothing inline, no evaluation.
/// Pictures from elsewhere are avatars; `data:` is the button image that somebody has just chosen.
[[nodiscard]] inline std::string admin_security_policy(bool loopback_http) {
    std::string policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                         "img-src 'self' data: https:";
    if (loopback_http) policy += " http://127.0.0.1:* http://localhost:*";
    return policy += "; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
}

inline namespace AUTHMOD_ABI {

/** Answers

    - `GET /admin/` and the addresses of its pages (`/admin/modules/{id}/mapping`, `/admin/audit`, ...) with the one
   page that draws them all, without asking who is there: it holds nothing, and the REST gives nothing to strangers;
    - `GET /admin/sign-in`: the form for the admin token, which works without JavaScript; admin_handlers.hpp takes it;
    - `GET /admin/assets/{hash}/{name}`: scripts and style sheets. The hash is that of them all, so browsers keep them
      for good and a new version of the library is seen at once;

    and everything else below `/admin/` with 404 or 405.

    Thread safety: `handle` from any thread.
*/
class admin_pages final : public request_handler {
public:
    /// @param takes_token whether the service has an admin token, so that the sign-in page asks for it
    admin_pages(bool takes_token, bool loopback_http) : takes_token_(takes_token), loopback_http_(loopback_http) {}

    /// As @ref request_handler promises.
    asio::awaitable<outgoing_reply> handle(incoming_request const& request) override;

    /// Whether a request is for these pages, once admin_handlers.hpp has taken what is its own.
    [[nodiscard]] static bool serves(incoming_request const& request) noexcept {
        return request.path == "/admin" || request.path.starts_with("/admin/");
    }

    /// `/admin/assets/<hash>/`
    [[nodiscard]] static std::string const& asset_folder();

private:
    [[nodiscard]] outgoing_reply answer(incoming_request const& request) const;
    [[nodiscard]] outgoing_reply sign_in(incoming_request const& request) const;

    bool takes_token_;
    bool loopback_http_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/admin_pages.ipp"
#endif
