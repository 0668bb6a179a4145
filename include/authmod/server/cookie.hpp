// SPDX-License-Identifier: BSL-1.0
// Layer 7. Reads the Cookie field and writes Set-Cookie. Decides names and lifetimes; touches no store.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/time.hpp"
#include "authmod/flow/login_attempt.hpp"
#include "authmod/server/request.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

/// Browsers drop a cookie whose name and value are longer together (RFC 6265bis 5.6).
inline constexpr std::size_t max_cookie_bytes = 4096;

/** Calls `take(name, value)` for each pair of a Cookie field, in order, in linear time.

    Nothing is an error: a piece without `=` is a value without a name, as in browsers (RFC 6265bis 5.6); quotes are
    part of the value.
*/
template <class Take>
constexpr void for_each_cookie(std::string_view field, Take&& take) {
    while (!field.empty()) {
        auto const end = field.find(';');
        std::string_view const pair = field.substr(0, end);
        field.remove_prefix(end == std::string_view::npos ? field.size() : end + 1);
        auto const equals = pair.find('=');
        auto const name = equals == std::string_view::npos ? std::string_view() : pair.substr(0, equals);
        auto const value = equals == std::string_view::npos ? pair : pair.substr(equals + 1);
        auto const trimmed_name = ascii::trim_blanks(name);
        auto const trimmed_value = ascii::trim_blanks(value);
        if (!trimmed_name.empty() || !trimmed_value.empty()) take(trimmed_name, trimmed_value);
    }
}

/** The cookies of a service: one for the session, and one for each login that is under way in the browser.

    On an https base all have the `__Host-` prefix, so no other host and no plain connection can plant them (security
    rule H1). A login cookie is called after its begin and its state: several tabs do not disturb each other, the oldest
    can be told, and a callback finds its own.
*/
class cookie_jar {
public:
    /// @param https whether the base URL is https; otherwise it is http on a loopback host
    explicit cookie_jar(bool https) : https_(https) {}

    /// Name of the session's cookie; with `__Host-` on https.
    [[nodiscard]] std::string_view session_name() const noexcept { return name_of("__Host-authmod_session"); }

    /// The session id that the browser holds; empty for none, and also for several that differ: somebody planted one.
    [[nodiscard]] std::string session(incoming_request const& request) const {
        return std::string(only(request, session_name(), 128));
    }

    /// Set-Cookie for a session. It has no lifetime of its own: the server's limits count.
    [[nodiscard]] std::string keep_session(std::string_view id) const { return make(session_name(), id, {}); }

    /// Set-Cookie that ends it.
    [[nodiscard]] std::string drop_session() const { return drop(session_name()); }

    /// Name of the cookie of whoever signed in with the admin token.
    [[nodiscard]] std::string_view admin_name() const noexcept { return name_of("__Host-authmod_admin"); }

    /// The sealed proof that this browser signed in with the admin token; empty for none, and for several that differ.
    [[nodiscard]] std::string admin(incoming_request const& request) const {
        return std::string(only(request, admin_name(), 512));
    }

    /// Set-Cookie for whoever signed in with the admin token. Other sites' links do not bring it along.
    [[nodiscard]] std::string keep_admin(std::string_view sealed, milliseconds lifetime) const {
        return make(admin_name(), sealed, lifetime, "Strict");
    }

    /// Set-Cookie that ends it.
    [[nodiscard]] std::string drop_admin() const { return make(admin_name(), "", milliseconds(0), "Strict"); }

    /// A login under way as the browser holds it.
    struct attempt {
        std::string name;       ///< of its cookie
        std::string value;      ///< sealed
        long long begun_at = 0; ///< milliseconds, as its name says

        /// The last part of the name: tells logins of one browser apart.
        std::string_view mark() const noexcept { return std::string_view(name).substr(name.rfind('_') + 1); }
    };

    /// The logins under way, newest first.
    [[nodiscard]] std::vector<attempt> attempts(incoming_request const& request) const {
        std::string_view const start = attempt_prefix();
        std::vector<attempt> found;
        each(request, [&](std::string_view name, std::string_view value) {
            if (!name.starts_with(start) || value.empty() || name.size() > start.size() + 64) return;
            std::string_view const rest = name.substr(start.size());
            long long begun_at = 0;
            auto const [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), begun_at, 16);
            if (error != std::errc() || end == rest.data() + rest.size() || *end != '_') return;
            found.push_back({std::string(name), std::string(value), begun_at});
        });
        std::ranges::sort(found, std::ranges::greater(), &attempt::begun_at);
        return found;
    }

    /** The Set-Cookie values for a login that begins now: the new one, and the end of the oldest ones beyond
        `max_kept` or beyond what fits into a request (security rule H3).

        @param mark letters and digits that tell this login from others, taken from its state
    */
    [[nodiscard]] std::vector<std::string> keep_attempt(incoming_request const& request, std::string_view sealed,
                                                        std::string_view mark, time_point now) const {
        char digits[16];
        auto const end = std::to_chars(digits, digits + sizeof digits, to_milliseconds(now), 16).ptr;
        std::string const name = std::string(attempt_prefix()).append(digits, end).append("_").append(mark);
        std::vector<std::string> lines{make(name, sealed, attempt_lifetime)};
        std::size_t bytes = name.size() + sealed.size();
        std::size_t kept = 1;
        for (auto const& old : attempts(request)) {
            bytes += old.name.size() + old.value.size();
            if ((++kept > max_kept || bytes > max_kept_bytes) && !broken("H3") && lines.size() <= max_dropped)
                lines.push_back(drop(old.name));
        }
        return lines;
    }

    /// Set-Cookie that ends one login under way.
    [[nodiscard]] std::string drop_attempt(attempt const& which) const { return drop(which.name); }

    static constexpr std::size_t max_kept = 12;             ///< logins under way in one browser
    static constexpr std::size_t max_kept_bytes = 6 * 1024; ///< of them all: proxies take 8 KiB of Cookie field
    static constexpr std::size_t max_dropped = 16;          ///< at once: proxies limit the head of an answer too

private:
    /// A name as it is on this base: without its `__Host-` where that is not https.
    [[nodiscard]] std::string_view name_of(std::string_view on_https) const noexcept {
        return on_https.substr(https_ ? 0 : std::string_view("__Host-").size());
    }

    [[nodiscard]] std::string_view attempt_prefix() const noexcept { return name_of("__Host-authmod_login_"); }

    template <class Take>
    static void each(incoming_request const& request, Take&& take) {
        for (auto const& field : request.fields)
            if (ascii::equal_ignoring_case(field.name, "cookie")) for_each_cookie(field.value, take);
    }

    /// The value of the one cookie of this name, at most `max_bytes` long.
    static std::string_view only(incoming_request const& request, std::string_view name, std::size_t max_bytes) {
        std::string_view found;
        bool differ = false;
        each(request, [&](std::string_view n, std::string_view value) {
            if (n != name) return;
            if (!found.empty() && found != value) differ = true;
            if (value.size() <= max_bytes) found = value;
        });
        return enforced("H2", !differ) ? found : std::string_view();
    }

    [[nodiscard]] std::string make(std::string_view name, std::string_view value, std::optional<milliseconds> lifetime,
                                   std::string_view same_site = "Lax") const {
        std::string line;
        line.reserve(name.size() + value.size() + 80);
        line.append(name).append("=").append(value).append("; Path=/");
        if (lifetime)
            line.append("; Max-Age=")
                .append(std::to_string(std::chrono::floor<std::chrono::seconds>(*lifetime).count()));
        if (https_) line += "; Secure";
        return line.append(broken("H1") ? "; SameSite=" : "; HttpOnly; SameSite=").append(same_site);
    }

    [[nodiscard]] std::string drop(std::string_view name) const { return make(name, "", milliseconds(0)); }

    bool https_;
};

} // namespace authmod
