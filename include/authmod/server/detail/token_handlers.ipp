// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of token_handlers.hpp.
#pragma once

#include "authmod/server/detail/trace_of.hpp"
#include "authmod/server/json.hpp"
#include "authmod/server/token_handlers.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

struct token_handlers::table {
    using responder = reply (token_handlers::*)(incoming_request const&);
    static constexpr route<responder> routes[] = {{"POST", "/oauth2/token", &token_handlers::grant},
                                                  {"POST", "/oauth2/revoke", &token_handlers::revoke}};
};

AUTHMOD_DECL std::vector<route_name> token_handlers::routes() {
    std::vector<route_name> names;
    for (auto const& entry : table::routes) names.push_back({entry.method, entry.pattern});
    return names;
}

AUTHMOD_DECL asio::awaitable<outgoing_reply> token_handlers::handle(incoming_request const& request) {
    constexpr std::string_view form_type = "application/x-www-form-urlencoded";
    auto const found = find_route<table::responder>(table::routes, request.method, request.path);
    std::string_view const type = request.header("Content-Type");
    outgoing_reply answered;
    if (!found.match) {
        answered = found.allowed.empty() ? error_reply(404, errc::not_found) : method_not_allowed(found.allowed);
    } else if (!ascii::equal_ignoring_case(ascii::trim_blanks(type.substr(0, type.find(';'))), form_type)) {
        grant_error const why("invalid_request", "the body must be application/x-www-form-urlencoded");
        answered = refused(request, why);
    } else {
        answered = co_await (this->*found.match->run)(request);
    }
    protect(answered, engine_.options().allow_loopback_http); // no-store among it (RFC 6749 5.1)
    co_return answered;
}

AUTHMOD_DECL token_handlers::reply token_handlers::grant(incoming_request const& request) {
    std::string authorization(request.header("Authorization"));
    std::string form(request.body);
    std::string address = request.address;
    trace_context const trace = detail::trace_of(request, *engine_.parts().random);
    auto given = co_await tokens_.grant(std::move(authorization), std::move(form), std::move(address), trace);
    if (!given) co_return refused(request, given.error(), trace);
    log_event event("token_issued");
    event.add("account", given->user.id).add("address", request.address).add("trace", trace.trace_id());
    log_.write(log_level::info, event);
    co_return json_reply(200, given->to_json());
}

AUTHMOD_DECL token_handlers::reply token_handlers::revoke(incoming_request const& request) {
    std::string authorization(request.header("Authorization"));
    std::string form(request.body);
    std::string address = request.address;
    auto revoked = co_await tokens_.revoke(std::move(authorization), std::move(form), std::move(address));
    if (!revoked) co_return refused(request, revoked.error());
    co_return outgoing_reply(200);
}

AUTHMOD_DECL outgoing_reply token_handlers::refused(incoming_request const& request, grant_error const& why,
                                                    trace_context const& trace) {
    log_event event("token_refused");
    event.add("reason", why.error).add("path", request.path).add("address", request.address);
    event.add("trace", trace.trace_id()).add("why", why.description);
    log_.write(why.status >= 500 ? log_level::error : log_level::warning, event);
    boost::json::object body;
    body["error"] = why.error;
    body["error_description"] = why.description;
    outgoing_reply answer = json_reply(why.status, body);
    if (why.status == 401) answer.set("WWW-Authenticate", "Basic realm=\"authmod\", charset=\"UTF-8\"");
    if (why.status == 503) answer.set("Retry-After", "5");
    return answer;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
