// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of admin_handlers.hpp: the table of routes, and signing in and out.
#pragma once

#include "authmod/core/percent.hpp"
#include "authmod/protocol/return_to.hpp"
#include "authmod/server/admin_handlers.hpp"
#include "authmod/server/detail/admin_routes.hpp"
#include "authmod/server/pages.hpp"
#include "authmod/server/same_site.hpp"

#include <string>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

using responder = reply (*)(call const&);

inline constexpr route<responder> api_routes[] = {
    {"GET", "/api/session", &show_session},
    {"GET", "/api/openapi.json", &show_openapi},
    {"GET", "/api/modules", &list_modules},
    {"POST", "/api/modules", &create_module},
    {"GET", "/api/modules/{}", &show_module},
    {"PATCH", "/api/modules/{}", &update_module},
    {"DELETE", "/api/modules/{}", &remove_module},
    {"POST", "/api/modules/{}/enable", &enable_module},
    {"POST", "/api/modules/{}/disable", &disable_module},
    {"POST", "/api/modules/{}/make-default", &make_default},
    {"POST", "/api/modules/{}/clear-default", &clear_default},
    {"POST", "/api/modules/{}/test-login", &begin_test_login},
    {"GET", "/api/modules/{}/test-result", &show_test_result},
    {"POST", "/api/mapping/preview", &preview_mapping_paths},
    {"GET", "/api/providers", &list_providers},
    {"GET", "/api/accounts", &list_accounts},
    {"POST", "/api/accounts", &create_account},
    {"GET", "/api/accounts/{}", &show_account},
    {"PATCH", "/api/accounts/{}", &update_account},
    {"DELETE", "/api/accounts/{}", &remove_account},
    {"POST", "/api/accounts/{}/end-sessions", &end_sessions},
    {"GET", "/api/groups", &list_groups},
    {"POST", "/api/groups", &create_group},
    {"DELETE", "/api/groups/{}", &remove_group},
    {"PUT", "/api/groups/{}/members/{}", &add_member},
    {"DELETE", "/api/groups/{}/members/{}", &remove_member},
    {"GET", "/api/services", &list_services},
    {"POST", "/api/services", &create_service},
    {"DELETE", "/api/services/{}", &remove_service},
    {"GET", "/api/scim-clients", &list_scim_clients},
    {"POST", "/api/scim-clients", &create_scim_client},
    {"GET", "/api/scim-clients/{}/requests", &list_scim_requests},
    {"POST", "/api/scim-clients/{}/rotate", &rotate_scim_token},
    {"DELETE", "/api/scim-clients/{}/tokens/{}", &remove_scim_token},
    {"DELETE", "/api/scim-clients/{}", &remove_scim_client},
    {"GET", "/api/audit", &list_audit},
    {"GET", "/api/audit/export", &export_audit},
};

/// Where a sign-in may go on to.
[[nodiscard]] inline bool is_admin_path(std::string_view path) {
    return path.starts_with("/admin/") && safe_return_to(path).has_value();
}

[[nodiscard]] inline bool asks_for_json(incoming_request const& request) {
    return request.header("Accept").find("application/json") != std::string_view::npos;
}

} // namespace admin_detail

AUTHMOD_DECL admin_handlers::admin_handlers(login_engine& engine, service_log& log, secret const& admin_token,
                                            scim_requests* seen)
    : engine_(engine), log_(log), gate_(engine, admin_token), seen_(seen) {}

AUTHMOD_DECL std::vector<route_name> admin_handlers::routes() {
    std::vector<route_name> names;
    for (auto const& entry : admin_detail::api_routes) names.push_back({entry.method, entry.pattern});
    return names;
}

AUTHMOD_DECL asio::awaitable<outgoing_reply> admin_handlers::handle(incoming_request const& request) {
    outgoing_reply answered;
    if (!request.path.starts_with("/api/")) {
        if (request.method != "POST")
            answered = method_not_allowed("POST");
        else
            answered = request.path == "/admin/sign-in" ? sign_in(request) : sign_out(request);
    } else if (auto who = co_await gate_.check(request); !who) {
        answered = admin_detail::refused(who.error());
        if (answered.status == 401) answered.set("WWW-Authenticate", "Bearer realm=\"authmod\"");
        log_refusal(request, who.error());
    } else {
        auto const found = find_route<admin_detail::responder>(admin_detail::api_routes, request.method, request.path);
        if (found.match) {
            admin_detail::call const c(engine_, request, found.parts, std::move(*who), seen_);
            answered = co_await found.match->run(c);
        } else {
            answered = found.allowed.empty() ? error_reply(404, errc::not_found) : method_not_allowed(found.allowed);
        }
    }
    protect(answered, engine_.options().allow_loopback_http);
    co_return answered;
}

AUTHMOD_DECL void admin_handlers::log_refusal(incoming_request const& request, error_code const& why) {
    if (why == errc::store_unavailable) return; // told where it happened
    if (why == errc::too_many_requests) return; // the metrics count them: a flood must not fill the log
    log_event event("admin_refused");
    event.add("reason", to_word(why)).add("path", request.path).add("address", request.address);
    log_.write(log_level::warning, event);
}

AUTHMOD_DECL outgoing_reply admin_handlers::sign_in(incoming_request const& request) {
    std::string token, return_to;
    if (auto form = read_form(request.body))
        for (auto& pair : *form) {
            if (pair.name == "token") token = std::move(pair.value);
            if (pair.name == "return_to" && admin_detail::is_admin_path(pair.value)) return_to = std::move(pair.value);
        }
    result<std::string> cookie = errc::csrf_refused;
    if (proves_same_site(request, {}, {}, engine_.options().base_url)) cookie = gate_.sign_in(token, request.address);
    bool const json = admin_detail::asks_for_json(request);
    if (!cookie) {
        log_refusal(request, cookie.error());
        if (!json && cookie.error() == errc::too_many_requests)
            return asked_too_often("You are not signed in", wrong_token_rate.interval);
        if (json || cookie.error() != errc::not_signed_in) return admin_detail::refused(cookie.error());
        sign_in_page page;
        page.refused = true;
        page.return_to = return_to;
        return render(page);
    }
    log_.write(log_level::info, log_event("admin_signed_in").add("address", request.address));
    outgoing_reply answer(204);
    if (!json) answer = redirect_to(return_to.empty() ? std::string_view("/admin/") : return_to);
    answer.set("Set-Cookie", *cookie);
    return answer;
}

AUTHMOD_DECL outgoing_reply admin_handlers::sign_out(incoming_request const& request) {
    auto const who = gate_.signed_in(request);
    std::string_view const csrf = who ? std::string_view(who->csrf) : std::string_view();
    if (!proves_same_site(request, request.header("X-CSRF-Token"), csrf, engine_.options().base_url))
        return error_reply(403, errc::csrf_refused);
    outgoing_reply answer(204);
    if (!admin_detail::asks_for_json(request)) answer = redirect_to("/admin/");
    answer.set("Set-Cookie", gate_.sign_out());
    return answer;
}

} // namespace AUTHMOD_ABI

} // namespace authmod

#include "authmod/server/detail/admin_accounts.ipp"
#include "authmod/server/detail/admin_audit.ipp"
#include "authmod/server/detail/admin_groups.ipp"
#include "authmod/server/detail/admin_mapping.ipp"
#include "authmod/server/detail/admin_modules.ipp"
#include "authmod/server/detail/admin_providers.ipp"
#include "authmod/server/detail/admin_scim.ipp"
#include "authmod/server/detail/admin_services.ipp"
