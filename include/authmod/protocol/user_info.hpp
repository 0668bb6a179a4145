// SPDX-License-Identifier: BSL-1.0
// Layer 2. Requests with the access token, and what the status of their answers means.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/protocol/http_message.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// Asks for a profile, an email list or a list of groups. The token goes into the header only (security rule E2); the
/// scheme is spelled `Bearer`, as some providers refuse other cases.
[[nodiscard]] inline http_request user_info_request(std::string_view url, secret const& access_token) {
    http_request request("GET", url);
    if (broken("E2")) request.url.append("?access_token=").append(access_token.expose());
    request.set("Accept", "application/json");
    request.set("Authorization", std::string("Bearer ").append(access_token.expose()));
    return request;
}

/// Asks for a picture. More than `max_image_bytes` of it are not read (security rule J3).
[[nodiscard]] inline http_request picture_request(std::string_view url, secret const& access_token) {
    http_request request("GET", url);
    request.set("Accept", "image/png, image/jpeg, image/gif, image/webp");
    request.set("Authorization", std::string("Bearer ").append(access_token.expose()));
    return request;
}

namespace detail {

[[nodiscard]] inline failure refused_answer(errc code, http_response const& response, std::string step) {
    diagnostics details(std::move(step));
    details.status = response.status;
    details.quote(response.body);
    return {code, std::move(details)};
}

} // namespace detail

/** Whether a profile may be read from this answer: only from status 200. Its content is judged by the mapping.

    Errors: `provider_rate_limited` (429), `provider_failed` (5xx), `redirect_refused` (3xx, security rule C3),
    `user_info_refused` for the rest (E3).
*/
[[nodiscard]] inline result<void, failure> judge_profile_answer(http_response const& response) {
    int const status = response.status;
    if (status == 200 || broken(status >= 300 && status < 400 ? "C3b" : "E3")) return {};
    errc code = errc::user_info_refused;
    if (status == 429)
        code = errc::provider_rate_limited;
    else if (status >= 500)
        code = errc::provider_failed;
    else if (status >= 300 && status < 400)
        code = errc::redirect_refused;
    return detail::refused_answer(code, response, "profile");
}

/** Whether emails can be read from this answer; false for 403 and 404: the person has no email for us.

    Errors: `redirect_refused` (3xx), `email_list_failed` for the rest: a login must not quietly lose its email because
    of a passing fault.
*/
[[nodiscard]] inline result<bool, failure> judge_email_answer(http_response const& response) {
    int const status = response.status;
    if (status == 200) return true;
    if (status == 403 || status == 404) return false;
    bool const redirect = status >= 300 && status < 400;
    return detail::refused_answer(redirect ? errc::redirect_refused : errc::email_list_failed, response, "email");
}

} // namespace authmod
