// SPDX-License-Identifier: BSL-1.0
// Layer 2. An authorization request that is handed to the provider directly; the browser carries a reference (RFC
// 9126).
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/protocol/authorization_request.hpp"
#include "authmod/protocol/client_authentication.hpp"
#include "authmod/protocol/detail/json_tree.hpp"
#include "authmod/protocol/http_message.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// Hands the whole authorization request over (RFC 9126 2.1). It holds nothing that must not be sent twice.
[[nodiscard]] inline http_request pushed_authorization_request(client_credentials const& client,
                                                               std::string_view pushed_request_url,
                                                               authorization_request const& authorization) {
    http_request request("POST", pushed_request_url);
    request.set("Accept", "application/json");
    request.set("Content-Type", "application/x-www-form-urlencoded");
    bool const id_in_header = client.method == client_auth::basic && !client.client_secret.empty();
    authorization.for_each_parameter([&](std::string_view name, std::string_view value) {
        if (name != "client_id" || id_in_header) append_form_field(request.body, name, value); // never twice
    });
    authenticate_client(request, client);
    return request;
}

/// What the provider keeps of it, and for how long.
struct pushed_authorization {
    std::string request_uri;            ///< stands for the request in the browser's address
    std::chrono::seconds expires_in{0}; ///< how long that holds

    pushed_authorization() = default;
};

/** Reads the answer (RFC 9126 2.2).

    Errors, with what the provider said: `provider_rate_limited` (429), `provider_failed` (408, 5xx), `redirect_refused`
    (3xx), `client_refused` (401, `invalid_client`), `pushed_request_refused` for every other refusal and for an answer
    without a usable `request_uri` and a positive `expires_in`.
*/
[[nodiscard]] inline result<pushed_authorization, failure> read_pushed_authorization(http_response const& response) {
    int const status = response.status;
    diagnostics details("authorization");
    details.status = status;
    detail::json_node root;
    bool const readable = detail::read_json_object(response.body, root).empty();
    auto const* error = root.find_text("error");
    auto const* description = root.find_text("error_description");
    if (error)
        details.quote(description ? *error + ": " + *description : *error);
    else if (status != 200 && status != 201) // a good answer is a ticket and goes into no log
        details.quote(response.body);

    auto const refused = [&](errc code) { return failure(code, details); };
    if (status == 429) return refused(errc::provider_rate_limited);
    if (status == 408 || status >= 500) return refused(errc::provider_failed);
    if (status >= 300 && status < 400) return refused(errc::redirect_refused);
    if (status == 401 || (readable && error && *error == "invalid_client")) return refused(errc::client_refused);
    if ((status != 201 && status != 200) || !readable || error) return refused(errc::pushed_request_refused);

    auto const* uri = root.find_text("request_uri");
    auto const printable = [](char c) { return ascii::is_printable(c) && c != ' '; };
    if (!uri || uri->empty() || uri->size() > 1024 || !std::ranges::all_of(*uri, printable))
        return refused(errc::pushed_request_refused);
    pushed_authorization out;
    out.request_uri = *uri;
    auto const* lifetime = root.find("expires_in");
    int seconds = 0;
    if (lifetime && lifetime->is == detail::json_node::kind::integer)
        std::from_chars(lifetime->text.data(), lifetime->text.data() + lifetime->text.size(), seconds);
    if (seconds <= 0) return refused(errc::pushed_request_refused);
    out.expires_in = std::chrono::seconds(seconds);
    return out;
}

/// Where the browser goes with the reference (RFC 9126 4). Preconditions: `authorization_url` passed
/// `check_endpoint_url`.
[[nodiscard]] inline std::string pushed_authorization_location(std::string_view authorization_url,
                                                               std::string_view client_id,
                                                               pushed_authorization const& pushed) {
    std::string url(authorization_url);
    if (!url.ends_with('?') && !url.ends_with('&')) url += url.find('?') == url.npos ? '?' : '&';
    url.append("client_id=").append(percent_encode(client_id));
    return url.append("&request_uri=").append(percent_encode(pushed.request_uri));
}

} // namespace authmod
