// SPDX-License-Identifier: BSL-1.0
// Layer 7. What both kinds of handlers do with the cookies of logins under way, test logins included.
#pragma once

#include "authmod/core/percent.hpp"
#include "authmod/core/time.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/server/cookie.hpp"
#include "authmod/server/request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

namespace detail {

/// The value of a parameter that may be given once.
struct query_value {
    bool malformed = false;
    std::optional<std::string> value;

    query_value() = default;
};

[[nodiscard]] inline query_value find_parameter(std::string_view query, std::string_view name) {
    query_value found;
    auto pairs = read_form(query);
    found.malformed = !pairs;
    if (!pairs) return found;
    for (auto& pair : *pairs) {
        if (pair.name != name) continue;
        if (found.value) found.malformed = true;
        found.value = std::move(pair.value);
    }
    return found;
}

/// Tells a login's cookie from others without naming its state.
[[nodiscard]] inline std::string mark_of(std::string_view state) {
    constexpr char digits[] = "0123456789abcdef";
    std::string const digest = sha256(state);
    std::string mark;
    for (char c : std::string_view(digest).substr(0, 6)) {
        mark += digits[static_cast<unsigned char>(c) >> 4];
        mark += digits[static_cast<unsigned char>(c) & 15];
    }
    return mark;
}

/// Gives the browser what must come back with its login.
inline void keep_attempt(outgoing_reply& answer, cookie_jar const& cookies, incoming_request const& request,
                         login_start const& begun, time_point now) {
    for (auto const& line : cookies.keep_attempt(request, begun.attempt, mark_of(begun.state), now))
        answer.set("Set-Cookie", line);
}

} // namespace detail

} // namespace authmod
