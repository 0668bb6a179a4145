// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of admin_gate.hpp.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/crypto/constant_time.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/module/detail/fresh_token.hpp"
#include "authmod/server/admin_gate.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

inline constexpr std::string_view cookie_purpose = "admin-cookie";

/// What the cookie seals: digest of the admin token, CSRF token, end of its life in milliseconds.
[[nodiscard]] inline std::string cookie_text(std::string_view digest, std::string_view csrf, time_point expires_at) {
    return std::string(digest).append(csrf).append(std::to_string(to_milliseconds(expires_at)));
}

} // namespace admin_detail

AUTHMOD_DECL admin_gate::admin_gate(login_engine& engine, secret const& admin_token)
    : engine_(engine), cookies_(engine.options().base_url.starts_with("https:")),
      token_digest_(admin_token.empty() ? std::string() : sha256(admin_token.expose())) {}

AUTHMOD_DECL bool admin_gate::is_admin_token(std::string_view token) const {
    return !token_digest_.empty() && constant_time_equal(sha256(token), token_digest_);
}

/// The verdict on a token that was shown: right or wrong does not count for who has shown too many wrong ones.
AUTHMOD_DECL result<void> admin_gate::judge(bool right, std::string_view address) {
    time_point const now = engine_.parts().time->now();
    if (wrong_tokens_.wait(address, now) > milliseconds(0)) return errc::too_many_requests;
    if (right) return result<void>();
    wrong_tokens_.take(address, now);
    return errc::not_signed_in;
}

AUTHMOD_DECL result<std::string> admin_gate::sign_in(std::string_view token, std::string_view address) {
    if (auto const judged = judge(is_admin_token(token), address); !judged) return judged.error();
    auto const csrf = detail::fresh_token(*engine_.parts().random);
    if (!csrf) return csrf.error();
    time_point const expires_at = engine_.parts().time->now() + admin_cookie_lifetime;
    auto const text = admin_detail::cookie_text(token_digest_, *csrf, expires_at);
    auto sealed = engine_.parts().sealer->seal(admin_detail::cookie_purpose, text);
    if (!sealed) return sealed.error();
    return cookies_.keep_admin(*sealed, admin_cookie_lifetime);
}

AUTHMOD_DECL result<administrator> admin_gate::signed_in(incoming_request const& request) const {
    std::string const sealed = cookies_.admin(request);
    if (sealed.empty() || token_digest_.empty()) return errc::not_signed_in;
    auto const opened = engine_.parts().sealer->open(admin_detail::cookie_purpose, sealed);
    if (!opened || opened->expose().size() <= sha256_size + token_length) return errc::not_signed_in;
    std::string_view const text = opened->expose();
    if (!constant_time_equal(text.substr(0, sha256_size), token_digest_)) return errc::not_signed_in; // a new token
    long long expires_at = 0;
    std::from_chars(text.data() + sha256_size + token_length, text.data() + text.size(), expires_at);
    if (to_milliseconds(engine_.parts().time->now()) >= expires_at) return errc::not_signed_in;
    return administrator("admin-token", "Admin token", text.substr(sha256_size, token_length));
}

AUTHMOD_DECL asio::awaitable<result<administrator>> admin_gate::check(incoming_request const& request) {
    if (!request.header("Authorization").empty()) {
        auto const token = bearer_token(request);
        auto const judged = judge(token && is_admin_token(*token), request.address);
        if (!judged) co_return judged.error();
        co_return administrator("admin-token", "Admin token", {});
    }
    result<administrator> who = signed_in(request);
    if (!who) { // an old cookie must not hide a session
        std::string id = cookies_.session(request);
        if (id.empty()) co_return errc::not_signed_in;
        auto found = co_await engine_.check_session(std::move(id));
        if (!found) co_return found.error();
        session_view const& visitor = **found;
        if (!enforced("N5b", std::ranges::find(visitor.groups, admins_group) != visitor.groups.end()))
            co_return errc::not_permitted;
        std::string const& name = visitor.user.full_name.empty() ? visitor.user.username : visitor.user.full_name;
        who = administrator(visitor.user.id, name, visitor.who.csrf);
    }
    std::string_view const token = request.header("X-CSRF-Token");
    if (!request.reads() && (who->csrf.empty() || !enforced("N5", constant_time_equal(token, who->csrf))))
        co_return errc::csrf_refused;
    co_return who;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
