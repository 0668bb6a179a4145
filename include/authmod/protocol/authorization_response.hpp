// SPDX-License-Identifier: BSL-1.0
// Layer 2. What the provider sends back through the browser. Reads it; flow/check_callback.hpp judges it.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/secret.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// An authorization response (RFC 6749 4.1.2, RFC 9207). Absent parameters are empty.
struct authorization_response {
    std::string state;             ///< as sent; whoever asks compares it
    std::string iss;               ///< RFC 9207; empty: the provider does not say
    secret code;                   ///< byte for byte as sent; empty when there is an error
    std::string error;             ///< a code of RFC 6749 or OpenID Connect Core, or `unknown_error`
    std::string error_description; ///< the provider's words: untrusted, printable ASCII, at most 256 bytes

    authorization_response() = default;
};

namespace detail {

inline constexpr std::size_t max_callback_bytes = 8 * 1024;

/// RFC 6749 4.1.2.1 and OpenID Connect Core 3.1.2.6, as far as a code request can meet them.
[[nodiscard]] constexpr std::string_view known_authorization_error(std::string_view word) noexcept {
    constexpr std::string_view known[] = {"invalid_request",         "unauthorized_client",
                                          "access_denied",           "unsupported_response_type",
                                          "invalid_scope",           "server_error",
                                          "temporarily_unavailable", "interaction_required",
                                          "login_required",          "account_selection_required",
                                          "consent_required"};
    auto const* const found = std::ranges::find(known, word);
    if (broken("B4b")) return word;
    return found != std::ranges::end(known) ? *found : "unknown_error";
}

/// The query of a callback URL, or the text itself if it is one already.
[[nodiscard]] constexpr std::string_view query_of_callback(std::string_view text) noexcept {
    text = text.substr(0, text.find('#'));
    if (text.starts_with("https://") || text.starts_with("http://")) {
        auto const mark = text.find('?');
        return mark == text.npos ? std::string_view{} : text.substr(mark + 1);
    }
    if (text.starts_with('?')) text.remove_prefix(1);
    return text;
}

} // namespace detail

/** Reads the raw query of the redirect URI, or the whole callback URL as a person pastes it.

    An error wins over a code (security rule B4). Unknown parameters are ignored.

    Errors: `errc::callback_malformed` for more than 8 KiB, bad percent-encoding, a repeated `code`, `state`, `iss` or
    `error` (B3), an empty `iss`, a code or state with other than printable ASCII (RFC 6749 appendix A), and when there
    is neither code nor error.
*/
[[nodiscard]] inline result<authorization_response> read_authorization_response(std::string_view text) {
    auto const query = detail::query_of_callback(text);
    auto fields = read_form(query, {detail::max_callback_bytes, 64});
    if (text.size() > detail::max_callback_bytes || !fields) return errc::callback_malformed;

    std::string code, description;
    authorization_response response;
    bool seen[4] = {};
    for (auto& field : *fields) {
        std::string* const targets[] = {&code, &response.state, &response.iss, &response.error};
        constexpr std::string_view names[] = {"code", "state", "iss", "error"};
        auto const i = static_cast<std::size_t>(std::ranges::find(names, field.name) - std::ranges::begin(names));
        if (i != std::size(names)) {
            if (std::exchange(seen[i], true) && !broken("B3")) return errc::callback_malformed;
            *targets[i] = std::move(field.value);
        } else if (field.name == "error_description") {
            description = std::move(field.value);
        }
    }
    bool const has_iss = seen[2], has_error = seen[3];
    for (std::string const* one : {&code, &response.state, &response.iss})
        if (!std::ranges::all_of(*one, ascii::is_printable)) return errc::callback_malformed;
    if (has_iss && response.iss.empty()) return errc::callback_malformed;
    if (has_error) {
        response.error = detail::known_authorization_error(response.error);
        std::ranges::replace_if(
            description, [](char c) { return !ascii::is_printable(c); }, '?');
        response.error_description = description.substr(0, 256);
        if (!broken("B4")) code.clear();
    } else if (code.empty()) {
        return errc::callback_malformed;
    }
    response.code = secret(std::move(code));
    return response;
}

} // namespace authmod
