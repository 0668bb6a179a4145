// SPDX-License-Identifier: BSL-1.0
// Layer 7. Who may administrate, and how a browser comes to hold that right.
#pragma once

#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/server/cookie.hpp"
#include "authmod/server/rate_limit.hpp"
#include "authmod/server/request.hpp"

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace authmod {

/// Somebody who may administrate.
struct administrator {
    std::string author; ///< for the audit: an account id, or `admin-token`
    std::string name;   ///< for people
    std::string csrf;   ///< what changes repeat in `X-CSRF-Token`; empty where the admin token itself comes along

    administrator() = default;

    administrator(std::string_view in_author, std::string_view in_name, std::string_view in_csrf)
        : author(in_author), name(in_name), csrf(in_csrf) {}
};

/// How long a browser that signed in with the admin token may administrate.
inline constexpr milliseconds admin_cookie_lifetime = std::chrono::hours(8);

inline namespace AUTHMOD_ABI {

/** Lets three kinds of requests through (security rule N5):

    - with `Authorization: Bearer <admin token>`;
    - with the cookie that `sign_in` gave: sealed, bound to the admin token, over after eight hours;
    - with the session of an account in the group `authmod-admins`.

    Cookies come along by themselves, so the last two must repeat their CSRF token in `X-CSRF-Token` with every change.
    Whoever shows an Authorization field is judged by it alone. Who has shown too many wrong ones is not looked at for a
    while (@ref wrong_token_rate): `too_many_requests`.

    Thread safety: any. Lifetimes: the engine outlives it.
*/
class admin_gate {
public:
    /// @param admin_token empty: there is none, only accounts can administrate
    admin_gate(login_engine& engine, secret const& admin_token);

    /// Whoever makes the request, with the right to it. Errors: `not_signed_in`, `not_permitted`, `csrf_refused`,
    /// `too_many_requests`, store errors.
    asio::awaitable<result<administrator>> check(incoming_request const& request);

    /// A Set-Cookie value for whoever knows the admin token. `address` is the client's. Errors: `not_signed_in`,
    /// `too_many_requests`, `random_failed`.
    [[nodiscard]] result<std::string> sign_in(std::string_view token, std::string_view address);

    /// The Set-Cookie value that ends it. Nothing is kept on the server: a copy of the cookie lives on until its time
    /// is over.
    [[nodiscard]] std::string sign_out() const { return cookies_.drop_admin(); }

    /// Whether this is the admin token, in a time that tells nothing about it.
    [[nodiscard]] bool is_admin_token(std::string_view token) const;

    /// Who holds the cookie of `sign_in`. Errors: `not_signed_in`.
    [[nodiscard]] result<administrator> signed_in(incoming_request const& request) const;

private:
    [[nodiscard]] result<void> judge(bool right, std::string_view address);

    login_engine& engine_;
    cookie_jar cookies_;
    std::string token_digest_; ///< SHA-256, so that comparing tells nothing about the token's length; empty: no token
    rate_limiter wrong_tokens_{wrong_token_rate};
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/admin_gate.ipp"
#endif
