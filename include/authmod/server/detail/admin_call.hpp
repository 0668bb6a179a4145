// SPDX-License-Identifier: BSL-1.0
// Layer 7. What the functions behind `/api/` share: the permitted request, its parameters, the forms of answers.
#pragma once

#include "authmod/core/percent.hpp"
#include "authmod/core/version.hpp"
#include "authmod/crypto/new_id.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/server/admin_gate.hpp"
#include "authmod/server/json.hpp"
#include "authmod/server/rate_limit.hpp"
#include "authmod/server/routes.hpp"
#include "authmod/server/scim_requests.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

namespace json = boost::json;

using reply = asio::awaitable<outgoing_reply>;

/// One permitted request. Lifetimes: it lives in the frame of the handler, which outlives what it calls.
struct call {
    login_engine& engine;
    incoming_request const& request;
    path_parts part; ///< what stands at the holes of the route
    administrator who;
    scim_requests* seen; ///< nullptr: nobody takes note of them

    call(login_engine& in_engine, incoming_request const& in_request, path_parts in_part, administrator in_who,
         scim_requests* in_seen)
        : engine(in_engine), request(in_request), part(in_part), who(std::move(in_who)), seen(in_seen) {}

    [[nodiscard]] store_port& data() const noexcept { return *engine.parts().data; }

    /// What stands at the first hole.
    [[nodiscard]] std::string id() const { return std::string(part[0]); }

    [[nodiscard]] change_author by() const { return change_author(who.author, request.address); }

    [[nodiscard]] time_point now() const noexcept { return engine.parts().time->now(); }

    /// A row of the audit that says who asks, when and from where.
    [[nodiscard]] audit_row row(std::string_view event, std::string_view target) const {
        audit_row made(event, target);
        made.at = now();
        made.author = who.author;
        made.address = request.address;
        return made;
    }

    [[nodiscard]] result<std::string> fresh_id() const {
        std::array<std::byte, id_random_bytes> random;
        if (auto filled = engine.parts().random->fill(random); !filled) return filled.error();
        return new_id(now(), random);
    }
};

[[nodiscard]] inline int status_of(error_code const& code) noexcept {
    if (code.category() != category()) return 500;
    switch (static_cast<errc>(code.value())) {
    case errc::setting_refused:
    case errc::module_incomplete:
        return 422;
    case errc::revision_missing:
        return 400;
    case errc::revision_stale:
    case errc::name_taken:
    case errc::last_way_in:
    case errc::store_conflict:
        return 409;
    case errc::not_found:
        return 404;
    case errc::not_signed_in:
        return 401;
    case errc::not_permitted:
    case errc::csrf_refused:
        return 403;
    case errc::too_many_requests:
        return 429;
    case errc::store_unavailable:
    case errc::random_failed:
        return 503;
    default:
        return 500;
    }
}

[[nodiscard]] inline outgoing_reply refused(error_code const& code) {
    outgoing_reply answer = error_reply(status_of(code), code);
    if (answer.status == 429) answer.set("Retry-After", retry_after(wrong_token_rate.interval)); // the longest wait
    return answer;
}

[[nodiscard]] inline outgoing_reply refused(errc code) { return refused(make_error_code(code)); }

/// The first field at fault, or the code alone.
[[nodiscard]] inline outgoing_reply refused(settings_refusal const& why) {
    if (why.errors.empty()) return refused(why.code);
    setting_error const& first = why.errors.front();
    return error_reply(422, json_error{first.reason, first.field, first.offset, first.message});
}

[[nodiscard]] inline outgoing_reply bad_json() {
    return error_reply(400,
                       json_error{"malformed_json", {}, 0, "the body is not one JSON object without repeated names"});
}

[[nodiscard]] inline outgoing_reply bad_field(std::string_view code, std::string_view field, std::string_view message) {
    return error_reply(422, json_error{code, field, 0, message});
}

[[nodiscard]] inline outgoing_reply list_reply(json::array items, json::value next = nullptr) {
    json::object body;
    body["items"] = std::move(items);
    body["next"] = std::move(next);
    return json_reply(200, body);
}

/// A query parameter; empty when it is not there.
[[nodiscard]] inline std::string parameter(incoming_request const& request, std::string_view name) {
    if (auto pairs = read_form(request.query))
        for (auto& pair : *pairs)
            if (pair.name == name) return std::move(pair.value);
    return {};
}

inline constexpr long long max_page_size = 500;

/// A whole number from 1 to `most` in the query; `otherwise` when it is not there, nothing when it is anything else.
[[nodiscard]] inline std::optional<long long> number_parameter(incoming_request const& request, std::string_view name,
                                                               long long otherwise, long long most) {
    std::string const text = parameter(request, name);
    if (text.empty()) return otherwise;
    long long value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = error == std::errc() && end == text.data() + text.size();
    return whole && value > 0 && value <= most ? std::optional(value) : std::nullopt;
}

/// Rows of one page: `limit` of the query.
[[nodiscard]] inline std::optional<int> page_size(incoming_request const& request) {
    auto const limit = number_parameter(request, "limit", 100, max_page_size);
    return limit ? std::optional(static_cast<int>(*limit)) : std::nullopt;
}

[[nodiscard]] inline outgoing_reply bad_page_size() {
    return bad_field("out_of_range", "limit", "a page has 1 to 500 rows");
}

/// A text member of a body: `fault` names the rule it fails. Missing is empty.
[[nodiscard]] inline std::string text_member(json::object const& body, std::string_view name, std::size_t max_bytes,
                                             std::string_view& fault) {
    auto const* value = body.if_contains(name);
    if (!value || value->is_null()) return {};
    if (!value->is_string()) {
        fault = "wrong_type";
        return {};
    }
    std::string text(value->get_string());
    if (text.size() > max_bytes) fault = "too_long";
    if (std::ranges::any_of(text, ascii::is_control)) fault = "bad_character";
    return text;
}

/// The name of a member that is not in `known`; empty: there is none.
[[nodiscard]] inline std::string_view unknown_member(json::object const& body,
                                                     std::span<std::string_view const> known) {
    for (auto const& member : body)
        if (std::ranges::find(known, std::string_view(member.key())) == known.end()) return member.key();
    return {};
}

[[nodiscard]] inline char const* truth_word(bool value) noexcept { return value ? "true" : "false"; }

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
