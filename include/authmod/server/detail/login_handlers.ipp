// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of login_handlers.hpp.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/flow/profile_json.hpp"
#include "authmod/flow/test_report.hpp"
#include "authmod/protocol/return_to.hpp"
#include "authmod/server/detail/attempt_cookies.hpp"
#include "authmod/server/detail/trace_of.hpp"
#include "authmod/server/json.hpp"
#include "authmod/server/login_handlers.hpp"
#include "authmod/server/pages.hpp"
#include "authmod/server/routes.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <span>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace login_detail {

inline constexpr std::string_view site_icon =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#0172ad"/>)"
    R"(<path d="M8 11V8.5a4 4 0 0 1 8 0V11" fill="none" stroke="#fff" stroke-width="2"/>)"
    R"(<rect x="6.5" y="11" width="11" height="8" rx="1.5" fill="#fff"/></svg>)";

/// `https://host` of `https://host/path`; empty for what is no plain http(s) URL.
[[nodiscard]] inline std::string_view origin_of(std::string_view url) {
    auto const scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    auto const end = std::min(url.find_first_of("/?#", scheme + 3), url.size());
    return detail::is_host(url.substr(scheme + 3, end - scheme - 3)) ? url.substr(0, end) : std::string_view();
}

/// A picture that somebody sent us: shown as a picture of its type and as nothing else.
[[nodiscard]] inline outgoing_reply picture(avatar_image image, std::string_view lifetime) {
    outgoing_reply reply(200, image.media_type, std::move(image.bytes));
    reply.set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
    reply.set("Cache-Control", lifetime);
    return reply;
}

/// A mapped field in words: lists with commas, nothing for null.
[[nodiscard]] inline std::string field_text(boost::json::value const& value) {
    if (value.is_null()) return {};
    if (auto const* text = value.if_string()) return std::string(*text);
    if (auto const* list = value.if_array()) {
        std::string all;
        for (auto const& item : *list) all.append(all.empty() ? "" : ", ").append(field_text(item));
        return all.empty() ? "(empty list)" : all;
    }
    return boost::json::serialize(value);
}

/// The page of the tab that a test login ran in.
[[nodiscard]] inline outgoing_reply report_page(test_report const& report, std::string_view module_id,
                                                std::string_view module_name) {
    constexpr std::pair<std::string_view, std::string_view> labels[] = {{"authorization", "Authorization"},
                                                                        {"token", "Access token"},
                                                                        {"profile", "Profile"},
                                                                        {"email", "Email"},
                                                                        {"groups", "Groups"},
                                                                        {"membership", "Membership"},
                                                                        {"avatar", "Avatar"},
                                                                        {"mapping", "Mapping"},
                                                                        {"account", "Account"}};
    auto const label_of = [&](std::string_view name) {
        auto const found = std::ranges::find(labels, name, &std::pair<std::string_view, std::string_view>::first);
        return found == std::end(labels) ? name : found->second;
    };
    test_report_page page;
    page.module_name = module_name;
    page.module_id = module_id;
    page.ok = report.ok;
    page.outcome = report.outcome;
    std::vector<std::string> messages; // what the steps refer to
    messages.reserve(report.steps.size());
    for (test_step const& step : report.steps) {
        test_report_step& shown = page.steps.emplace_back();
        shown.name = label_of(step.name);
        shown.status = to_word(step.status);
        shown.request = step.request;
        shown.http_status = step.http_status;
        shown.answer = step.answer;
        shown.message = step.detail;
        if (step.status != step_status::failed) continue;
        shown.code = to_word(step.code);
        std::string& message = messages.emplace_back(step.code.message());
        if (!step.detail.empty()) message += ": " + step.detail;
        shown.message = message;
        shown.cure = cure(step.code);
    }
    if (report.fields) {
        for (auto const& field : profile_json(*report.fields)) {
            auto const* attributes = field.value().if_object(); // of one's own, each under its name
            if (!attributes) page.fields.emplace_back(std::string_view(field.key()), field_text(field.value()));
            if (attributes)
                for (auto const& one : *attributes)
                    page.fields.emplace_back(std::string_view(one.key()), field_text(one.value()));
        }
    }
    return render(page);
}

/// Whether a callback was refused for what anybody can make up, without a login that has been at a provider.
[[nodiscard]] inline bool belongs_to_no_login(error_code const& why) noexcept {
    constexpr errc all[] = {errc::state_missing, errc::state_mismatch, errc::state_expired, errc::state_used,
                            errc::callback_malformed};
    return std::ranges::any_of(all, [&](errc one) { return why == one; });
}

/// 401 that tells what would be accepted (RFC 6750 3.1).
[[nodiscard]] inline outgoing_reply unauthorized(incoming_request const& request) {
    outgoing_reply reply = error_reply(401, errc::not_signed_in);
    bool const token = bearer_token(request).has_value();
    reply.set("WWW-Authenticate",
              token ? "Bearer realm=\"authmod\", error=\"invalid_token\"" : "Cookie realm=\"authmod\"");
    return reply;
}

} // namespace login_detail

AUTHMOD_DECL login_handlers::login_handlers(login_engine& engine, service_log& log)
    : engine_(engine), log_(log), cookies_(engine.options().base_url.starts_with("https:")), tokens_(engine),
      logout_(engine) {}

struct login_handlers::table {
    using self = login_handlers;
    using responder = reply (self::*)(incoming_request const&, std::string_view);
    static constexpr route<responder> routes[] = {
        {"GET", "/me", &self::me}, // asked the most, so found first
        {"GET", "/verify", &self::verify},
        {"GET", "/", &self::home},
        {"GET", "/login", &self::choose},
        {"GET", "/login/{}", &self::start, true},
        {"GET", "/callback/{}", &self::callback, true},
        {"POST", "/logout", &self::logout},
        {"POST", "/backchannel-logout/{}", &self::end_by_provider},
        {"GET", "/avatars/{}", &self::avatar},
        {"GET", "/modules/{}/image", &self::image},
        {"GET", "/assets/{}", &self::asset},
        {"GET", "/healthz", &self::healthy},
        {"GET", "/readyz", &self::ready},
    };
};

AUTHMOD_DECL std::vector<route_name> login_handlers::routes() {
    std::vector<route_name> names;
    for (auto const& entry : table::routes) names.push_back({entry.method, entry.pattern});
    return names;
}

AUTHMOD_DECL asio::awaitable<outgoing_reply> login_handlers::handle(incoming_request const& request) {
    auto const found = find_route<table::responder>(table::routes, request.method, request.path);
    outgoing_reply answered;
    if (found.match) {
        answered = co_await (this->*found.match->run)(request, found.parts[0]);
    } else if (!found.allowed.empty()) {
        answered = method_not_allowed(found.allowed);
    } else {
        failure const nothing(errc::not_found);
        answered = failed(nothing, "Page not found", request);
    }
    protect(answered, engine_.options().allow_loopback_http);
    co_return answered;
}

/// Who makes the request. Errors: `not_signed_in`, `store_unavailable`.
AUTHMOD_DECL asio::awaitable<result<known_session>> login_handlers::visitor(incoming_request const& request) {
    std::string id = cookies_.session(request);
    if (id.empty()) co_return errc::not_signed_in;
    result<known_session> found = co_await engine_.check_session(std::move(id));
    co_return found;
}

/// The person of a request that needs no store: nearly every one of a browser. Errors: `not_signed_in` when somebody
/// else has to be asked.
AUTHMOD_DECL result<login_handlers::known_person> login_handlers::recent_person(incoming_request const& request) {
    if (bearer_token(request)) return errc::not_signed_in;
    auto const recent = engine_.recent_session(cookies_.session(request));
    if (!recent) return errc::not_signed_in;
    return known_person(recent);
}

/// Whom a request of a program or a browser is made for. Errors: `not_signed_in`, `store_unavailable`.
AUTHMOD_DECL asio::awaitable<result<login_handlers::known_person>>
login_handlers::bearer_or_visitor(incoming_request const& request) {
    if (auto const shown = bearer_token(request)) { // whatever it is: then it alone counts
        std::string token(*shown);
        auto found = co_await tokens_.check_token(std::move(token));
        if (!found) co_return found.error();
        co_return known_person(*found);
    }
    auto found = co_await visitor(request);
    if (!found) co_return found.error();
    co_return known_person(*found);
}

/// The error page; its id stands in the log beside what is not for everybody's eyes.
AUTHMOD_DECL outgoing_reply login_handlers::failed(failure const& why, std::string_view title,
                                                   incoming_request const& request, trace_context const& trace) {
    constexpr std::string_view letters = "23456789abcdefghjkmnpqrstuvwxyz_"; // 32, hard to confuse
    std::array<std::byte, 8> random{};
    std::string id;
    if (engine_.parts().random->fill(random))
        for (std::byte b : random) id += letters[std::to_integer<std::size_t>(b) % letters.size()];

    int const status = status_of(why);
    log_event event("request_failed");
    event.add("reason", to_word(why.code)).add("id", id).add("status", std::to_string(status));
    event.add("path", request.path).add("address", request.address).add("trace", trace.trace_id());
    event.add("step", why.details.step).add("field", why.details.field);
    if (why.details.status != 0) event.add("provider_status", std::to_string(why.details.status));
    event.add("provider_said", why.details.provider_said);
    log_.write(status >= 500 ? log_level::error : log_level::warning, event);

    bool const ours = why.code.category() == category();
    std::string const happened = ours ? why.code.message() : "something went wrong inside this service";
    error_page page;
    page.title = title;
    page.happened = broken("I4") ? why.details.provider_said : happened;
    page.cure = cure(why.code);
    page.word = to_word(why.code);
    page.id = id;
    outgoing_reply answer = render(page, status);
    if (status == 503) answer.set("Retry-After", why.code == errc::provider_rate_limited ? "30" : "5");
    return answer;
}

AUTHMOD_DECL login_handlers::reply login_handlers::home(incoming_request const& request, std::string_view) {
    auto found = co_await visitor(request);
    if (!found && found.error() == errc::not_signed_in) co_return render_welcome();
    if (!found) {
        failure const why(found.error());
        co_return failed(why, "Something is wrong", request);
    }
    home_page page;
    page.full_name = (*found)->user.full_name;
    page.username = (*found)->user.username;
    page.email = (*found)->user.email;
    page.email_verified = (*found)->user.email_verified;
    page.avatar = (*found)->user.avatar;
    page.csrf = (*found)->who.csrf;
    page.groups = (*found)->groups;
    outgoing_reply answer = render(page);
    // The log-out form may end in a redirect to the module's log-out URL, which `form-action` covers too.
    std::string module_id = (*found)->who.module_id;
    std::string const target = co_await logout_.logout_url(std::move(module_id));
    bool const loopback = engine_.options().allow_loopback_http;
    answer.set("Content-Security-Policy", content_security_policy(loopback, login_detail::origin_of(target)));
    co_return answer;
}

AUTHMOD_DECL login_handlers::reply login_handlers::choose(incoming_request const& request, std::string_view) {
    auto const return_to = detail::find_parameter(request.query, "return_to");
    auto const choose_one = detail::find_parameter(request.query, "choose");
    if (return_to.malformed || (return_to.value && !safe_return_to(*return_to.value))) {
        failure const why(errc::return_to_refused);
        co_return failed(why, "This link does not work", request);
    }
    std::string query;
    if (return_to.value) query = "?return_to=" + percent_encode(*return_to.value);

    auto found = co_await visitor(request);
    if (!found && found.error() != errc::not_signed_in) {
        failure const why(found.error());
        co_return failed(why, "Something is wrong", request);
    }
    auto const modules = engine_.modules();
    auto const* first = modules->default_module();
    if (!found && first && choose_one.value != "1") co_return redirect_to("/login/" + first->record.id + query);

    struct texts {
        std::string href, label, image;
    };

    std::vector<texts> kept; // what the buttons refer to
    kept.reserve(modules->all.size());
    login_page page;
    if (found)
        page.signed_in_as = (*found)->user.full_name.empty() ? (*found)->user.username : (*found)->user.full_name;
    for (auto const& module : modules->all) {
        if (!module->serves()) continue;
        module_record const& record = module->record;
        texts& own = kept.emplace_back();
        own.href = "/login/" + record.id + query;
        own.label = "Log in with " + record.name;
        if (!record.image_type.empty()) // the revision lets browsers notice another picture
            own.image = "/modules/" + record.id + "/image?revision=" + std::to_string(record.revision);
        auto const icon = module->provider && own.image.empty() ? module->provider->icon_svg : std::string_view();
        page.buttons.push_back({own.href, own.label, icon, own.image});
    }
    co_return render(page);
}

AUTHMOD_DECL void login_handlers::keep_attempt(outgoing_reply& answer, incoming_request const& request,
                                               login_start const& begun) const {
    detail::keep_attempt(answer, cookies_, request, begun, engine_.parts().time->now());
}

AUTHMOD_DECL login_handlers::reply login_handlers::start(incoming_request const& request, std::string_view module_id) {
    milliseconds const wait = starts_.take(request.address, engine_.parts().time->now());
    if (wait > milliseconds(0)) co_return asked_too_often("The login cannot start", wait);
    // Only `return_to` is read: nothing else of this query travels on (security rule A7).
    auto const return_to = detail::find_parameter(request.query, "return_to");
    result<login_start, failure> begun = failure(errc::return_to_refused, diagnostics("authorization"));
    if (!return_to.malformed) {
        std::string id(module_id), path(return_to.value.value_or("/"));
        begun = co_await engine_.begin_login(std::move(id), std::move(path));
    }
    if (!begun) co_return failed(begun.error(), "The login cannot start", request);
    if (broken("A7")) begun->location.append("&").append(request.query);
    outgoing_reply answer = redirect_to(begun->location);
    keep_attempt(answer, request, *begun);
    co_return answer;
}

AUTHMOD_DECL login_handlers::reply login_handlers::callback(incoming_request const& request,
                                                            std::string_view module_id) {
    milliseconds const wait = strangers_.wait(request.address, engine_.parts().time->now());
    if (wait > milliseconds(0)) co_return asked_too_often("The login did not work", wait);
    // The cookie of this very login goes first: the engine looks at a bounded number.
    auto const state = detail::find_parameter(request.query, "state").value.value_or("");
    std::string const mark = detail::mark_of(state);
    auto held = cookies_.attempts(request);
    auto const others = std::partition(held.begin(), held.end(), [&](auto const& a) { return a.mark() == mark; });

    login_callback back;
    back.query = request.query;
    for (auto const& attempt : held) back.attempts.push_back(attempt.value);
    back.session = cookies_.session(request);
    back.address = request.address;
    trace_context const trace = back.trace = detail::trace_of(request, *engine_.parts().random);
    std::string id(module_id);
    auto finish = co_await engine_.finish_login(std::move(id), std::move(back));

    outgoing_reply answer;
    if (!finish && login_detail::belongs_to_no_login(finish.error().code))
        strangers_.take(request.address, engine_.parts().time->now());
    if (!finish) {
        answer = failed(finish.error(), "The login did not work", request, trace);
    } else if (finish->restart) {
        answer = redirect_to(finish->restart->location);
        keep_attempt(answer, request, *finish->restart);
    } else if (finish->tested) {
        auto const modules = engine_.modules();
        auto const* module = modules->find(module_id);
        answer = login_detail::report_page(*finish->tested, module_id, module ? module->record.name : std::string());
    } else {
        if (broken("B8")) finish->return_to.append("?").append(request.query);
        answer = redirect_to(finish->return_to);
        answer.set("Set-Cookie", cookies_.keep_session(finish->session_id.expose()));
        log_event event("login");
        event.add("account", finish->user.id).add("module", module_id);
        log_.write(log_level::info, event.add("address", request.address).add("trace", trace.trace_id()));
    }
    // Its state is used up whatever came of it.
    for (auto used = held.begin(); used != others; ++used) answer.set("Set-Cookie", cookies_.drop_attempt(*used));
    co_return answer;
}

AUTHMOD_DECL login_handlers::reply login_handlers::me(incoming_request const& request, std::string_view) {
    auto found = recent_person(request);
    if (!found) found = co_await bearer_or_visitor(request);
    if (!found && found.error() == errc::not_signed_in) co_return login_detail::unauthorized(request);
    if (!found) co_return error_reply(503, found.error());
    account const& user = *found->user;
    flat_json body;
    body.add("id", user.id);
    body.add("username", user.username);
    body.add("full_name", user.full_name);
    body.add_nullable("email", user.email);
    body.add_bool("email_verified", user.email_verified);
    body.add_nullable("avatar", user.avatar);
    body.add_list("groups", *found->groups);
    body.add_nullable("csrf", found->csrf);
    co_return outgoing_reply(200, "application/json", std::move(body).take());
}

AUTHMOD_DECL login_handlers::reply login_handlers::verify(incoming_request const& request, std::string_view) {
    auto found = recent_person(request);
    if (!found) found = co_await bearer_or_visitor(request);
    if (!found && found.error() == errc::not_signed_in) co_return login_detail::unauthorized(request);
    if (!found) co_return error_reply(503, found.error());
    std::string groups;
    for (auto const& name : *found->groups) {
        if (!groups.empty()) groups += ',';
        groups += header_text(name, ",");
    }
    outgoing_reply answer(200);
    answer.set("X-Auth-User", header_text(found->user->username));
    answer.set("X-Auth-Email", header_text(found->user->email));
    answer.set("X-Auth-Email-Verified", found->user->email_verified ? "true" : "false");
    answer.set("X-Auth-Groups", groups);
    co_return answer;
}

AUTHMOD_DECL login_handlers::reply login_handlers::logout(incoming_request const& request, std::string_view) {
    std::string next = "/login?choose=1";
    auto found = co_await visitor(request);
    if (!found && found.error() != errc::not_signed_in) {
        failure const why(found.error());
        co_return failed(why, "You are still signed in", request);
    }
    if (found) {
        std::string token(request.header("X-CSRF-Token"));
        if (token.empty()) token = detail::find_parameter(request.body, "csrf").value.value_or("");
        if (!proves_same_site(request, token, (*found)->who.csrf, engine_.options().base_url)) {
            failure const why(errc::csrf_refused);
            co_return failed(why, "You are still signed in", request);
        }
        std::string id = cookies_.session(request);
        std::string address = request.address;
        auto ended = co_await logout_.log_out(std::move(id), std::move(address));
        if (!ended) {
            failure const why(ended.error());
            co_return failed(why, "You are still signed in", request);
        }
        if (!ended->empty()) next = std::move(*ended);
    }
    outgoing_reply answer = redirect_to(next);
    answer.set("Set-Cookie", cookies_.drop_session());
    co_return answer;
}

/// 200 or 400 and nothing else, as OpenID Connect Back-Channel Logout 1.0, 2.8 has it. Who asks is proven by the token.
AUTHMOD_DECL login_handlers::reply login_handlers::end_by_provider(incoming_request const& request,
                                                                   std::string_view module_id) {
    milliseconds const wait = strangers_.wait(request.address, engine_.parts().time->now());
    if (wait > milliseconds(0)) {
        outgoing_reply later = error_reply(429, errc::too_many_requests);
        later.set("Retry-After", retry_after(wait));
        co_return later;
    }
    auto const token = detail::find_parameter(request.body, "logout_token");
    result<void, failure> ended = failure(errc::logout_token_refused, diagnostics("logout"));
    if (!token.malformed && token.value) {
        std::string id(module_id), text(*token.value), address = request.address;
        ended = co_await logout_.end_by_provider(std::move(id), std::move(text), std::move(address));
    }
    log_event event("backchannel_logout");
    event.add("module", module_id).add("address", request.address);
    if (ended) {
        log_.write(log_level::info, event);
        co_return outgoing_reply(200);
    }
    strangers_.take(request.address, engine_.parts().time->now());
    failure const& why = ended.error();
    log_.write(log_level::warning, event.add("reason", to_word(why.code)).add("field", why.details.field));
    boost::json::object body;
    body["error"] = "invalid_request";
    body["error_description"] = to_word(why.code);
    co_return json_reply(400, body);
}

AUTHMOD_DECL login_handlers::reply login_handlers::avatar(incoming_request const& request,
                                                          std::string_view account_id) {
    auto image = co_await engine_.parts().data->load_avatar(account_id);
    if (!image) {
        failure const why(image.error());
        co_return failed(why, "No picture", request);
    }
    co_return login_detail::picture(std::move(*image), "private, max-age=300");
}

/// The module's own picture, else the mark of its provider.
AUTHMOD_DECL login_handlers::reply login_handlers::image(incoming_request const& request, std::string_view module_id) {
    auto const modules = engine_.modules();
    auto const* module = modules->find(module_id);
    result<avatar_image> image = errc::not_found;
    if (module && !module->record.image_type.empty()) {
        image = co_await engine_.parts().data->load_module_image(module_id);
    } else if (module && module->provider && !module->provider->icon_svg.empty()) {
        image = avatar_image();
        image->media_type = "image/svg+xml";
        image->bytes = module->provider->icon_svg;
    }
    if (!image) {
        failure const why(image.error());
        co_return failed(why, "No picture", request);
    }
    co_return login_detail::picture(std::move(*image), "public, max-age=300");
}

AUTHMOD_DECL login_handlers::reply login_handlers::asset(incoming_request const& request, std::string_view) {
    auto const& style = style_sheet::of_pages();
    outgoing_reply answer;
    if (request.path == style.path) {
        answer = outgoing_reply(200, "text/css; charset=utf-8", style.text);
    } else if (request.path == "/assets/icon.svg") {
        answer = outgoing_reply(200, "image/svg+xml", std::string(login_detail::site_icon));
    } else {
        failure const why(errc::not_found);
        co_return failed(why, "Page not found", request);
    }
    bool const named_by_content = request.path == style.path;
    answer.set("Cache-Control", named_by_content ? "public, max-age=31536000, immutable" : "public, max-age=86400");
    co_return answer;
}

AUTHMOD_DECL login_handlers::reply login_handlers::healthy(incoming_request const&, std::string_view) {
    co_return outgoing_reply(200, "text/plain; charset=utf-8", "ok\n");
}

AUTHMOD_DECL login_handlers::reply login_handlers::ready(incoming_request const&, std::string_view) {
    if (leaving_) co_return outgoing_reply(503, "text/plain; charset=utf-8", "leaving\n");
    auto pong = co_await engine_.parts().data->ping();
    if (pong) co_return outgoing_reply(200, "text/plain; charset=utf-8", "ready\n");
    outgoing_reply answer = error_reply(503, pong.error());
    co_return answer;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
