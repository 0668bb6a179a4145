// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of scim_handlers.hpp: the table of routes, the bearer token, and what each route does.
#pragma once

#include "authmod/core/percent.hpp"
#include "authmod/crypto/new_id.hpp"
#include "authmod/crypto/token.hpp"
#include "authmod/scim/discovery.hpp"
#include "authmod/server/scim_handlers.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace authmod {

namespace detail {

[[nodiscard]] inline outgoing_reply scim_refused(scim::error const& why) {
    outgoing_reply answer(why.status, scim::media_type, scim::to_json(why));
    if (why.status == 401) answer.set("WWW-Authenticate", "Bearer realm=\"scim\"");
    if (why.status == 503) answer.set("Retry-After", "5");
    return answer;
}

[[nodiscard]] inline outgoing_reply scim_refused(int status, std::string detail) {
    return scim_refused(scim::error(status, scim::error_type::none, std::move(detail)));
}

/// What a client is told when the store cannot do what it asks.
[[nodiscard]] inline outgoing_reply scim_refused(error_code const& why) {
    if (why == errc::not_found) return scim_refused(404, "there is no such resource");
    if (why == errc::name_taken)
        return scim_refused(scim::error(409, scim::error_type::uniqueness, "the name is taken"));
    if (why == errc::store_unavailable || why == errc::store_conflict || why == errc::random_failed)
        return scim_refused(503, "the service cannot do this at the moment");
    return scim_refused(500, "something went wrong inside this service");
}

/// `application/scim+json` or `application/json`, in UTF-8.
[[nodiscard]] inline bool is_scim_body(std::string_view type) {
    auto const semicolon = type.find(';');
    auto const essence = trim_blanks(type.substr(0, semicolon));
    if (!ascii::equal_ignoring_case(essence, scim::media_type) &&
        !ascii::equal_ignoring_case(essence, "application/json"))
        return false;
    while (semicolon != type.npos && !type.empty()) {
        auto const at = type.find(';');
        if (at == type.npos) break;
        type.remove_prefix(at + 1);
        auto const parameter = trim_blanks(type.substr(0, type.find(';')));
        auto const equals = parameter.find('=');
        if (equals == parameter.npos ||
            !ascii::equal_ignoring_case(trim_blanks(parameter.substr(0, equals)), "charset"))
            continue;
        auto value = trim_blanks(parameter.substr(equals + 1));
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        if (!ascii::equal_ignoring_case(value, "utf-8") && !ascii::equal_ignoring_case(value, "utf8")) return false;
    }
    return true;
}

/// The token of `Authorization: Bearer`; empty: there is none.
[[nodiscard]] inline std::string_view scim_bearer(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer ";
    if (authorization.size() <= scheme.size() ||
        !ascii::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme))
        return {};
    return trim_blanks(authorization.substr(scheme.size()));
}

} // namespace detail

inline namespace AUTHMOD_ABI {

/// One request of a known client. Lifetimes: it lives in the frame of `answer`, which outlives what it calls.
struct scim_handlers::call {
    incoming_request const& request;
    path_parts part;
    scim_port& data;
    scim::caller by;
    std::vector<std::pair<std::string, std::string>> query; ///< decoded

    call(incoming_request const& in_request, path_parts in_part, scim_port& in_data)
        : request(in_request), part(in_part), data(in_data) {}

    /// A parameter, its name compared without case; empty when it is not there.
    [[nodiscard]] std::string_view parameter(std::string_view name) const {
        for (auto const& [key, value] : query)
            if (ascii::equal_ignoring_case(key, name)) return value;
        return {};
    }

    [[nodiscard]] result<scim::projection, scim::error> shown(scim::resource_type const& type) const {
        return scim::projection::parse(parameter("attributes"), parameter("excludedAttributes"), type);
    }

    [[nodiscard]] std::optional<std::string> if_match() const {
        auto const header = request.header("If-Match");
        return header.empty() ? std::nullopt : std::optional(std::string(header));
    }

    [[nodiscard]] scim::change_kind kind() const {
        if (request.method == "PUT") return scim::change_kind::replace;
        if (request.method == "PATCH") return scim::change_kind::patch;
        return request.method == "DELETE" ? scim::change_kind::remove : scim::change_kind::create;
    }
};

struct scim_handlers::table {
    using responder = reply (scim_handlers::*)(call const&);
    static constexpr route<responder> routes[] = {
        {"GET", "/scim/v2/Users", &scim_handlers::list_users},
        {"POST", "/scim/v2/Users", &scim_handlers::create_user},
        {"POST", "/scim/v2/Users/.search", &scim_handlers::list_users},
        {"GET", "/scim/v2/Users/{}", &scim_handlers::show_user},
        {"PUT", "/scim/v2/Users/{}", &scim_handlers::change_user},
        {"PATCH", "/scim/v2/Users/{}", &scim_handlers::change_user},
        {"DELETE", "/scim/v2/Users/{}", &scim_handlers::change_user},
        {"GET", "/scim/v2/Groups", &scim_handlers::list_groups},
        {"POST", "/scim/v2/Groups", &scim_handlers::create_group},
        {"POST", "/scim/v2/Groups/.search", &scim_handlers::list_groups},
        {"GET", "/scim/v2/Groups/{}", &scim_handlers::show_group},
        {"PUT", "/scim/v2/Groups/{}", &scim_handlers::change_group},
        {"PATCH", "/scim/v2/Groups/{}", &scim_handlers::change_group},
        {"DELETE", "/scim/v2/Groups/{}", &scim_handlers::change_group},
        {"POST", "/scim/v2/.search", &scim_handlers::search_all},
        {"POST", "/scim/v2/Bulk", &scim_handlers::refuse_bulk},
        {"GET", "/scim/v2/ServiceProviderConfig", &scim_handlers::discover},
        {"GET", "/scim/v2/serviceConfiguration", &scim_handlers::discover}, // as Microsoft's collection calls it
        {"GET", "/scim/v2/ResourceTypes", &scim_handlers::discover},
        {"GET", "/scim/v2/ResourceTypes/{}", &scim_handlers::discover},
        {"GET", "/scim/v2/Schemas", &scim_handlers::discover},
        {"GET", "/scim/v2/Schemas/{}", &scim_handlers::discover},
    };
};

AUTHMOD_DECL scim_handlers::scim_handlers(login_engine& engine, service_log& log)
    : engine_(engine), log_(log), base_(engine.options().base_url + "/scim/v2") {}

AUTHMOD_DECL std::vector<route_name> scim_handlers::routes() {
    std::vector<route_name> names;
    for (auto const& entry : table::routes) names.push_back({entry.method, entry.pattern});
    return names;
}

AUTHMOD_DECL asio::awaitable<outgoing_reply> scim_handlers::handle(incoming_request const& request) {
    outgoing_reply answered = co_await answer(request);
    if (answered.status >= 400) {
        log_event event("scim_refused");
        event.add("status", std::to_string(answered.status)).add("method", request.method).add("path", request.path);
        event.add("address", request.address);
        log_.write(answered.status >= 500 ? log_level::error : log_level::warning, event);
    }
    protect(answered, engine_.options().allow_loopback_http);
    co_return answered;
}

/// Nobody without a token learns which paths there are.
AUTHMOD_DECL scim_handlers::reply scim_handlers::answer(incoming_request const& request) {
    auto* data = engine_.parts().scim;
    if (!data) co_return detail::scim_refused(404, "this service does not offer SCIM");
    auto const token = detail::scim_bearer(request.header("Authorization"));
    auto const digest = digest_of(token);
    auto const known = co_await data->find_scim_access(digest);
    if (!known && known.error() != errc::not_found) co_return detail::scim_refused(known.error());
    if (token.empty() || !known) co_return detail::scim_refused(401, "this needs the bearer token of a SCIM client");

    std::string_view path = request.path;
    if (path.ends_with('/')) path.remove_suffix(1); // some clients write `/Users/?filter=...`
    auto const found = find_route<table::responder>(table::routes, request.method, path);
    if (!found.match && found.allowed.empty()) co_return detail::scim_refused(404, "there is no such address");
    if (!found.match) {
        auto refused = detail::scim_refused(405, "this address does not take that method");
        refused.set("Allow", found.allowed);
        co_return refused;
    }
    bool const has_body = !request.reads() && request.method != "DELETE";
    if (has_body && !detail::is_scim_body(request.header("Content-Type")))
        co_return detail::scim_refused(415, "the body must be application/scim+json or application/json in UTF-8");
    call c(request, found.parts, *data);
    auto pairs = read_form(request.query);
    if (!pairs) co_return detail::scim_refused(scim::error(scim::error_type::invalid_syntax, "the query is malformed"));
    for (auto& pair : *pairs) c.query.emplace_back(std::move(pair.name), std::move(pair.value));
    c.by.client_id = known->client.id;
    c.by.module_id = known->client.module_id;
    c.by.address = request.address;
    c.by.request_id = first_code_points(request.header("X-Request-Id"), 64);
    c.by.now = engine_.parts().time->now();
    co_return co_await (this->*found.match->run)(c);
}

// users

AUTHMOD_DECL scim_handlers::reply scim_handlers::send_user(call const& c, int status, scim::user who) {
    auto const shown = c.shown(scim::user_type);
    if (!shown) co_return detail::scim_refused(shown.error());
    scim::user_view view;
    if (status != 201 && shown->shows("groups")) {
        auto found = co_await c.data.find_scim_user(c.by.client_id, who.id, true);
        if (found) view = std::move(*found);
    }
    outgoing_reply made(status, scim::media_type, scim::show(who, view.groups, base_, *shown));
    made.set("ETag", scim::etag(who.version));
    if (status == 201) made.set("Location", scim::location(scim::user_type, who.id, base_));
    co_return made;
}

AUTHMOD_DECL scim_handlers::reply scim_handlers::create_user(call const& c) {
    std::array<std::byte, id_random_bytes> random;
    if (!engine_.parts().random->fill(random)) co_return detail::scim_refused(make_error_code(errc::random_failed));
    auto const shown = c.shown(scim::user_type);
    if (!shown) co_return detail::scim_refused(shown.error());
    auto const body = scim::read_json(c.request.body);
    if (!body) co_return detail::scim_refused(body.error());
    auto read = scim::read_resource(*body, scim::user_type);
    if (!read) co_return detail::scim_refused(read.error());
    scim::user_change change;
    change.by = c.by;
    change.id = new_id(c.by.now, random);
    change.body = std::move(*read);
    auto done = co_await c.data.change_scim_user(change);
    if (!done) co_return detail::scim_refused(done.error());
    if (!*done) co_return detail::scim_refused(done->error());
    co_return co_await send_user(c, 201, std::move((*done)->result));
}

AUTHMOD_DECL scim_handlers::reply scim_handlers::show_user(call const& c) {
    auto const shown = c.shown(scim::user_type);
    if (!shown) co_return detail::scim_refused(shown.error());
    auto found = co_await c.data.find_scim_user(c.by.client_id, c.part[0], shown->shows("groups"));
    if (!found) co_return detail::scim_refused(found.error());
    auto const tag = scim::etag(found->who.version);
    auto const known = c.request.header("If-None-Match");
    outgoing_reply made(304);
    if (known.empty() || !scim::etag_matches(known, found->who.version))
        made = outgoing_reply(200, scim::media_type, scim::show(found->who, found->groups, base_, *shown));
    made.set("ETag", tag);
    co_return made;
}

AUTHMOD_DECL scim_handlers::reply scim_handlers::change_user(call const& c) {
    auto const shown = c.shown(scim::user_type);
    if (!shown) co_return detail::scim_refused(shown.error());
    scim::user_change change;
    change.what = c.kind();
    change.by = c.by;
    change.id = c.part[0];
    change.if_match = c.if_match();
    if (change.what != scim::change_kind::remove) {
        auto const body = scim::read_json(c.request.body);
        if (!body) co_return detail::scim_refused(body.error());
        if (change.what == scim::change_kind::patch) {
            auto read = scim::patch::parse(*body, scim::user_type);
            if (!read) co_return detail::scim_refused(read.error());
            change.operations = std::move(*read);
        } else {
            auto read = scim::read_resource(*body, scim::user_type);
            if (!read) co_return detail::scim_refused(read.error());
            change.body = std::move(*read);
        }
    }
    auto done = co_await c.data.change_scim_user(change);
    engine_.data().forget(change.id);
    if (!done) co_return detail::scim_refused(done.error());
    if (!*done) co_return detail::scim_refused(done->error());
    if (change.what == scim::change_kind::remove) co_return outgoing_reply(204);
    co_return co_await send_user(c, 200, std::move((*done)->result));
}

// groups

AUTHMOD_DECL scim_handlers::reply scim_handlers::send_group(call const& c, int status, scim::group what) {
    auto const shown = c.shown(scim::group_type);
    if (!shown) co_return detail::scim_refused(shown.error());
    scim::group_view view;
    if (shown->shows("members")) {
        auto found = co_await c.data.find_scim_group(c.by.client_id, what.id, true);
        if (found) view = std::move(*found);
    }
    outgoing_reply made(status, scim::media_type, scim::show(what, view.members, base_, *shown));
    made.set("ETag", scim::etag(what.version));
    if (status == 201) made.set("Location", scim::location(scim::group_type, what.id, base_));
    co_return made;
}

AUTHMOD_DECL scim_handlers::reply scim_handlers::create_group(call const& c) {
    std::array<std::byte, id_random_bytes> random;
    if (!engine_.parts().random->fill(random)) co_return detail::scim_refused(make_error_code(errc::random_failed));
    auto const shown = c.shown(scim::group_type);
    if (!shown) co_return detail::scim_refused(shown.error());
    auto const body = scim::read_json(c.request.body);
    if (!body) co_return detail::scim_refused(body.error());
    auto read = scim::read_resource(*body, scim::group_type);
    if (!read) co_return detail::scim_refused(read.error());
    scim::group_change change;
    change.by = c.by;
    change.id = new_id(c.by.now, random);
    change.members = scim::take_members(*read);
    change.body = std::move(*read);
    auto done = co_await c.data.change_scim_group(change);
    if (!done) co_return detail::scim_refused(done.error());
    if (!*done) co_return detail::scim_refused(done->error());
    co_return co_await send_group(c, 201, std::move((*done)->result));
}

AUTHMOD_DECL scim_handlers::reply scim_handlers::show_group(call const& c) {
    auto const shown = c.shown(scim::group_type);
    if (!shown) co_return detail::scim_refused(shown.error());
    auto found = co_await c.data.find_scim_group(c.by.client_id, c.part[0], shown->shows("members"));
    if (!found) co_return detail::scim_refused(found.error());
    auto const tag = scim::etag(found->what.version);
    auto const known = c.request.header("If-None-Match");
    outgoing_reply made(304);
    if (known.empty() || !scim::etag_matches(known, found->what.version))
        made = outgoing_reply(200, scim::media_type, scim::show(found->what, found->members, base_, *shown));
    made.set("ETag", tag);
    co_return made;
}

AUTHMOD_DECL scim_handlers::reply scim_handlers::change_group(call const& c) {
    auto const shown = c.shown(scim::group_type);
    if (!shown) co_return detail::scim_refused(shown.error());
    scim::group_change change;
    change.what = c.kind();
    change.by = c.by;
    change.id = c.part[0];
    change.if_match = c.if_match();
    if (change.what != scim::change_kind::remove) {
        auto const body = scim::read_json(c.request.body);
        if (!body) co_return detail::scim_refused(body.error());
        if (change.what == scim::change_kind::patch) {
            auto read = scim::patch::parse(*body, scim::group_type);
            if (!read) co_return detail::scim_refused(read.error());
            change.operations = std::move(*read);
        } else {
            auto read = scim::read_resource(*body, scim::group_type);
            if (!read) co_return detail::scim_refused(read.error());
            change.members = scim::take_members(*read);
            change.body = std::move(*read);
        }
    }
    auto done = co_await c.data.change_scim_group(change);
    engine_.data().forget({}); // whose groups these were is not known here
    if (!done) co_return detail::scim_refused(done.error());
    if (!*done) co_return detail::scim_refused(done->error());
    bool const silent = change.what == scim::change_kind::patch && c.parameter("attributes").empty();
    if (change.what == scim::change_kind::remove || silent) {
        outgoing_reply made(204);
        if (silent) made.set("ETag", scim::etag((*done)->result.version));
        co_return made;
    }
    co_return co_await send_group(c, 200, std::move((*done)->result));
}

// lists

namespace scim_detail {

/// The question of a list: the query of a GET, the body of a `.search`.
[[nodiscard]] inline result<scim::list_request, scim::error>
read_list(incoming_request const& request, std::vector<std::pair<std::string, std::string>> const& query,
          scim::resource_type const& type) {
    if (request.reads()) return scim::list_request::parse(query, type);
    auto const body = scim::read_json(request.body);
    if (!body) return body.error();
    return scim::list_request::parse(*body, type);
}

} // namespace scim_detail

AUTHMOD_DECL scim_handlers::reply scim_handlers::list_users(call const& c) {
    auto read = scim_detail::read_list(c.request, c.query, scim::user_type);
    if (!read) co_return detail::scim_refused(read.error());
    scim::list_query query;
    query.client_id = c.by.client_id;
    query.what = std::move(*read);
    query.base = base_;
    auto found = co_await c.data.list_scim_users(query);
    if (!found) co_return detail::scim_refused(found.error());
    if (!*found) co_return detail::scim_refused(found->error());
    std::vector<std::string> texts;
    for (auto const& view : (*found)->items)
        texts.push_back(scim::show(view.who, view.groups, base_, query.what.shown));
    co_return outgoing_reply(200, scim::media_type,
                             scim::list_response((*found)->total, query.what.start_index, texts));
}

AUTHMOD_DECL scim_handlers::reply scim_handlers::list_groups(call const& c) {
    auto read = scim_detail::read_list(c.request, c.query, scim::group_type);
    if (!read) co_return detail::scim_refused(read.error());
    scim::list_query query;
    query.client_id = c.by.client_id;
    query.what = std::move(*read);
    query.base = base_;
    auto found = co_await c.data.list_scim_groups(query);
    if (!found) co_return detail::scim_refused(found.error());
    if (!*found) co_return detail::scim_refused(found->error());
    std::vector<std::string> texts;
    for (auto const& view : (*found)->items)
        texts.push_back(scim::show(view.what, view.members, base_, query.what.shown));
    co_return outgoing_reply(200, scim::media_type,
                             scim::list_response((*found)->total, query.what.start_index, texts));
}

/// Users first, then groups, as one list.
AUTHMOD_DECL scim_handlers::reply scim_handlers::search_all(call const& c) {
    scim::list_query query;
    query.client_id = c.by.client_id;
    query.base = base_;
    auto read = scim_detail::read_list(c.request, c.query, scim::user_type);
    if (!read) co_return detail::scim_refused(read.error());
    query.what = std::move(*read);
    auto const start = query.what.start_index;
    auto users = co_await c.data.list_scim_users(query);
    if (!users) co_return detail::scim_refused(users.error());
    if (!*users) co_return detail::scim_refused(users->error());
    std::vector<std::string> texts;
    for (auto const& view : (*users)->items)
        texts.push_back(scim::show(view.who, view.groups, base_, query.what.shown));

    auto again = scim_detail::read_list(c.request, c.query, scim::group_type);
    if (!again) co_return detail::scim_refused(again.error());
    query.what = std::move(*again);
    query.what.start_index = std::max(1LL, start - (*users)->total);
    query.what.count -= static_cast<int>(texts.size());
    auto groups = co_await c.data.list_scim_groups(query);
    if (!groups) co_return detail::scim_refused(groups.error());
    if (!*groups) co_return detail::scim_refused(groups->error());
    for (auto const& view : (*groups)->items)
        texts.push_back(scim::show(view.what, view.members, base_, query.what.shown));
    co_return outgoing_reply(200, scim::media_type,
                             scim::list_response((*users)->total + (*groups)->total, start, texts));
}

// discovery

AUTHMOD_DECL scim_handlers::reply scim_handlers::discover(call const& c) {
    // RFC 7644 4: the same for everybody, so there is nothing to filter.
    if (!c.parameter("filter").empty()) co_return detail::scim_refused(403, "this list cannot be filtered");
    std::optional<std::string> body;
    if (c.request.path.starts_with("/scim/v2/ServiceProviderConfig") ||
        c.request.path.starts_with("/scim/v2/serviceConfiguration"))
        body = scim::service_provider_config(base_);
    else if (c.part[0].empty() && c.request.path.starts_with("/scim/v2/ResourceTypes"))
        body = scim::resource_types(base_);
    else if (c.part[0].empty())
        body = scim::schemas(base_);
    else if (c.request.path.starts_with("/scim/v2/Schemas/"))
        body = scim::schema_with(c.part[0], base_);
    else
        body = scim::resource_type_named(c.part[0], base_);
    if (!body) co_return detail::scim_refused(404, "there is no such resource");
    co_return outgoing_reply(200, scim::media_type, std::move(*body));
}

AUTHMOD_DECL scim_handlers::reply scim_handlers::refuse_bulk(call const&) {
    co_return detail::scim_refused(501, "bulk requests are not offered");
}

} // namespace AUTHMOD_ABI

} // namespace authmod
