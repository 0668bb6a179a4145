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
#include <chrono>
#include <cstddef>
#include <new>
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
    auto const essence = ascii::trim_blanks(type.substr(0, semicolon));
    if (!ascii::equal_ignoring_case(essence, scim::media_type) &&
        !ascii::equal_ignoring_case(essence, "application/json"))
        return false;
    while (semicolon != type.npos && !type.empty()) {
        auto const at = type.find(';');
        if (at == type.npos) break;
        type.remove_prefix(at + 1);
        auto const parameter = ascii::trim_blanks(type.substr(0, type.find(';')));
        auto const equals = parameter.find('=');
        if (equals == parameter.npos ||
            !ascii::equal_ignoring_case(ascii::trim_blanks(parameter.substr(0, equals)), "charset"))
            continue;
        auto value = ascii::trim_blanks(parameter.substr(equals + 1));
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        if (!ascii::equal_ignoring_case(value, "utf-8") && !ascii::equal_ignoring_case(value, "utf8")) return false;
    }
    return true;
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

namespace scim_detail {

// What tells users from groups; the routes of both do the same with them.

struct users {
    using resource = scim::user;
    using change = scim::user_change;
    using view = scim::user_view;
    static constexpr scim::resource_type const& type = scim::user_type;
    static constexpr std::string_view ends = "groups";
    static constexpr auto find = &scim_port::find_scim_user;
    static constexpr auto list = &scim_port::list_scim_users;
    static constexpr auto write = &scim_port::change_scim_user;
    static constexpr bool patches_silently = false;

    [[nodiscard]] static bool may_have_ends(int status) noexcept { return status != 201; }

    [[nodiscard]] static auto& resource_of(view const& found) noexcept { return found.who; }

    [[nodiscard]] static auto& ends_of(view const& found) noexcept { return found.groups; }

    static void give(change& to, boost::json::object body) { to.body = std::move(body); }

    /// The account whose sessions tell something else now; empty: it is not known whose.
    [[nodiscard]] static std::string_view concerns(change const& made) noexcept { return made.id; }
};

struct groups {
    using resource = scim::group;
    using change = scim::group_change;
    using view = scim::group_view;
    static constexpr scim::resource_type const& type = scim::group_type;
    static constexpr std::string_view ends = "members";
    static constexpr auto find = &scim_port::find_scim_group;
    static constexpr auto list = &scim_port::list_scim_groups;
    static constexpr auto write = &scim_port::change_scim_group;
    static constexpr bool patches_silently = true;

    [[nodiscard]] static bool may_have_ends(int /*status*/) noexcept { return true; }

    [[nodiscard]] static auto& resource_of(view const& found) noexcept { return found.what; }

    [[nodiscard]] static auto& ends_of(view const& found) noexcept { return found.members; }

    static void give(change& to, boost::json::object body) {
        to.members = scim::take_members(body);
        to.body = std::move(body);
    }

    [[nodiscard]] static std::string_view concerns(change const&) noexcept { return {}; }
};

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

/// What a list has found so far, as the texts of its resources.
struct scim_handlers::gathered {
    long long start = 1; ///< what was asked for
    long long total = 0; ///< of all pages
    std::vector<std::string> texts;
};

struct scim_handlers::table {
    using responder = reply (scim_handlers::*)(call const&);
    static constexpr route<responder> routes[] = {
        {"GET", "/scim/v2/Users", &scim_handlers::list<scim_detail::users>},
        {"POST", "/scim/v2/Users", &scim_handlers::create<scim_detail::users>},
        {"POST", "/scim/v2/Users/.search", &scim_handlers::list<scim_detail::users>},
        {"GET", "/scim/v2/Users/{}", &scim_handlers::show<scim_detail::users>},
        {"PUT", "/scim/v2/Users/{}", &scim_handlers::change<scim_detail::users>},
        {"PATCH", "/scim/v2/Users/{}", &scim_handlers::change<scim_detail::users>},
        {"DELETE", "/scim/v2/Users/{}", &scim_handlers::change<scim_detail::users>},
        {"GET", "/scim/v2/Groups", &scim_handlers::list<scim_detail::groups>},
        {"POST", "/scim/v2/Groups", &scim_handlers::create<scim_detail::groups>},
        {"POST", "/scim/v2/Groups/.search", &scim_handlers::list<scim_detail::groups>},
        {"GET", "/scim/v2/Groups/{}", &scim_handlers::show<scim_detail::groups>},
        {"PUT", "/scim/v2/Groups/{}", &scim_handlers::change<scim_detail::groups>},
        {"PATCH", "/scim/v2/Groups/{}", &scim_handlers::change<scim_detail::groups>},
        {"DELETE", "/scim/v2/Groups/{}", &scim_handlers::change<scim_detail::groups>},
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

AUTHMOD_DECL scim_handlers::scim_handlers(login_engine& engine, service_log& log, scim_requests* seen)
    : engine_(engine), log_(log), seen_(seen), base_(engine.options().base_url + "/scim/v2") {}

AUTHMOD_DECL std::vector<route_name> scim_handlers::routes() {
    std::vector<route_name> names;
    for (auto const& entry : table::routes) names.push_back({entry.method, entry.pattern});
    return names;
}

AUTHMOD_DECL asio::awaitable<outgoing_reply> scim_handlers::handle(incoming_request const& request) {
    auto const begun = std::chrono::steady_clock::now();
    std::string client_id;
    outgoing_reply answered = co_await answer(request, client_id);
    auto const took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
    if (seen_ && !client_id.empty()) note(request, client_id, answered, took);
    if (answered.status >= 400) {
        log_event event("scim_refused");
        event.add("status", std::to_string(answered.status)).add("method", request.method).add("path", request.path);
        event.add("address", request.address);
        log_.write(answered.status >= 500 ? log_level::error : log_level::warning, event);
    }
    protect(answered, engine_.options().allow_loopback_http);
    co_return answered;
}

AUTHMOD_DECL void scim_handlers::note(incoming_request const& request, std::string_view client_id,
                                      outgoing_reply const& answered, milliseconds duration) noexcept {
    try {
        scim_request one;
        one.at = engine_.parts().time->now() - duration;
        one.method = request.method;
        one.path = request.path;
        one.status = answered.status;
        one.duration = duration;
        if (answered.status >= 400)
            if (auto const body = scim::read_json(answered.body); body && body->is_object())
                if (auto const* type = body->get_object().if_contains("scimType"); type && type->is_string())
                    one.error = std::string(type->get_string());
        seen_->add(client_id, std::move(one));
    } catch (std::bad_alloc const&) { // the answer matters more
    }
}

/// Nobody without a token learns which paths there are. `client_id` tells whose request it was; empty: nobody's.
AUTHMOD_DECL scim_handlers::reply scim_handlers::answer(incoming_request const& request, std::string& client_id) {
    auto* data = engine_.parts().scim;
    if (!data) co_return detail::scim_refused(404, "this service does not offer SCIM");
    auto const token = ascii::trim_blanks(bearer_token(request).value_or(std::string_view()));
    auto const digest = digest_of(token);
    auto const known = co_await data->find_scim_access(digest);
    if (!known && known.error() != errc::not_found) co_return detail::scim_refused(known.error());
    if (token.empty() || !known) co_return detail::scim_refused(401, "this needs the bearer token of a SCIM client");
    client_id = known->client.id;

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
    auto const id = request.header("X-Request-Id"); // the client's own word, for the audit
    if (valid_utf8(id)) c.by.request_id = first_code_points(id, 64);
    c.by.now = engine_.parts().time->now();
    co_return co_await (this->*found.match->run)(c);
}

// users and groups

/// Answers with a user or group; its other ends of memberships are looked up where they are shown.
template <class Kind>
scim_handlers::reply scim_handlers::send(call const& c, int status, typename Kind::resource what,
                                         scim::projection const& shown) {
    typename Kind::view view;
    if (Kind::may_have_ends(status) && shown.shows(Kind::ends)) {
        auto found = co_await (c.data.*Kind::find)(c.by.client_id, what.id, true);
        if (found) view = std::move(*found);
    }
    outgoing_reply made(status, scim::media_type, scim::show(what, Kind::ends_of(view), base_, shown));
    made.set("ETag", scim::etag(what.version));
    if (status == 201) made.set("Location", scim::location(Kind::type, what.id, base_));
    co_return made;
}

template <class Kind>
scim_handlers::reply scim_handlers::create(call const& c) {
    std::array<std::byte, id_random_bytes> random;
    if (!engine_.parts().random->fill(random)) co_return detail::scim_refused(make_error_code(errc::random_failed));
    auto const shown = c.shown(Kind::type);
    if (!shown) co_return detail::scim_refused(shown.error());
    auto const body = scim::read_json(c.request.body);
    if (!body) co_return detail::scim_refused(body.error());
    auto read = scim::read_resource(*body, Kind::type);
    if (!read) co_return detail::scim_refused(read.error());
    typename Kind::change change;
    change.by = c.by;
    change.id = new_id(c.by.now, random);
    Kind::give(change, std::move(*read));
    auto done = co_await (c.data.*Kind::write)(change);
    if (!done) co_return detail::scim_refused(done.error());
    if (!*done) co_return detail::scim_refused(done->error());
    co_return co_await send<Kind>(c, 201, std::move((*done)->result), *shown);
}

template <class Kind>
scim_handlers::reply scim_handlers::show(call const& c) {
    auto const shown = c.shown(Kind::type);
    if (!shown) co_return detail::scim_refused(shown.error());
    auto found = co_await (c.data.*Kind::find)(c.by.client_id, c.part[0], shown->shows(Kind::ends));
    if (!found) co_return detail::scim_refused(found.error());
    auto const& what = Kind::resource_of(*found);
    auto const known = c.request.header("If-None-Match");
    outgoing_reply made(304);
    if (known.empty() || !scim::etag_matches(known, what.version))
        made = outgoing_reply(200, scim::media_type, scim::show(what, Kind::ends_of(*found), base_, *shown));
    made.set("ETag", scim::etag(what.version));
    co_return made;
}

template <class Kind>
scim_handlers::reply scim_handlers::change(call const& c) {
    auto const shown = c.shown(Kind::type);
    if (!shown) co_return detail::scim_refused(shown.error());
    typename Kind::change change;
    change.what = c.kind();
    change.by = c.by;
    change.id = c.part[0];
    change.if_match = c.if_match();
    bool const removes = change.what == scim::change_kind::remove;
    bool const patches = change.what == scim::change_kind::patch;
    if (!removes) {
        auto const body = scim::read_json(c.request.body);
        if (!body) co_return detail::scim_refused(body.error());
        if (patches) {
            auto read = scim::patch::parse(*body, Kind::type);
            if (!read) co_return detail::scim_refused(read.error());
            change.operations = std::move(*read);
        } else {
            auto read = scim::read_resource(*body, Kind::type);
            if (!read) co_return detail::scim_refused(read.error());
            Kind::give(change, std::move(*read));
        }
    }
    auto done = co_await (c.data.*Kind::write)(change);
    engine_.data().forget(Kind::concerns(change));
    if (!done) co_return detail::scim_refused(done.error());
    if (!*done) co_return detail::scim_refused(done->error());
    bool const silent = Kind::patches_silently && patches && c.parameter("attributes").empty();
    if (!removes && !silent) co_return co_await send<Kind>(c, 200, std::move((*done)->result), *shown);
    outgoing_reply made(204);
    if (silent) made.set("ETag", scim::etag((*done)->result.version));
    co_return made;
}

// lists

/// Adds what the request asks for behind what is there. Gives the refusal, if it is one.
template <class Kind>
asio::awaitable<std::optional<outgoing_reply>> scim_handlers::gather(call const& c, gathered& list) {
    auto read = scim_detail::read_list(c.request, c.query, Kind::type);
    if (!read) co_return detail::scim_refused(read.error());
    scim::list_query query;
    query.client_id = c.by.client_id;
    query.what = std::move(*read);
    query.base = base_;
    list.start = query.what.start_index;
    query.what.start_index = std::max(1LL, list.start - list.total);
    query.what.count -= static_cast<int>(list.texts.size());
    auto found = co_await (c.data.*Kind::list)(query);
    if (!found) co_return detail::scim_refused(found.error());
    if (!*found) co_return detail::scim_refused(found->error());
    list.total += (*found)->total;
    for (auto const& view : (*found)->items)
        list.texts.push_back(scim::show(Kind::resource_of(view), Kind::ends_of(view), base_, query.what.shown));
    co_return std::nullopt;
}

template <class Kind>
scim_handlers::reply scim_handlers::list(call const& c) {
    gathered list;
    auto refused = co_await gather<Kind>(c, list);
    if (refused) co_return std::move(*refused);
    co_return outgoing_reply(200, scim::media_type, scim::list_response(list.total, list.start, list.texts));
}

/// Users first, then groups, as one list.
AUTHMOD_DECL scim_handlers::reply scim_handlers::search_all(call const& c) {
    gathered list;
    auto refused = co_await gather<scim_detail::users>(c, list);
    if (!refused) refused = co_await gather<scim_detail::groups>(c, list);
    if (refused) co_return std::move(*refused);
    co_return outgoing_reply(200, scim::media_type, scim::list_response(list.total, list.start, list.texts));
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
