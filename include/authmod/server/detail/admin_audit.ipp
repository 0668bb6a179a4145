// SPDX-License-Identifier: BSL-1.0
// Layer 7. The audit, in pages and as a file.
#pragma once

#include "authmod/core/rfc3339.hpp"
#include "authmod/server/detail/admin_routes.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

inline constexpr int max_exported_rows = 10'000;

[[nodiscard]] inline json::object audit_json(audit_row const& row) {
    json::object body;
    body["number"] = row.number;
    body["at"] = format_rfc3339(row.at);
    body["author"] = row.author;
    body["address"] = nullable(row.address);
    body["event"] = row.event;
    body["target"] = nullable(row.target);
    body["module"] = nullable(row.module_id);
    body["field"] = nullable(row.field);
    body["old"] = nullable(row.old_value);
    body["new"] = nullable(row.new_value);
    body["reason"] = nullable(row.reason);
    return body;
}

/// The filter of the query; `fault` is the answer to one that cannot be read.
[[nodiscard]] inline audit_filter audit_filter_of(incoming_request const& request,
                                                  std::optional<outgoing_reply>& fault) {
    audit_filter filter;
    filter.module_id = parameter(request, "module");
    filter.author = parameter(request, "author");
    filter.event = parameter(request, "event");
    filter.target = parameter(request, "target");
    auto const before = number_parameter(request, "before", 0, std::numeric_limits<long long>::max());
    if (!before) fault = bad_field("out_of_range", "before", "this is the number of a row");
    if (before) filter.before = *before;
    for (auto [name, moment] : {std::pair("from", &filter.from), std::pair("until", &filter.until)}) {
        std::string const text = parameter(request, name);
        if (text.empty()) continue;
        auto const parsed = parse_rfc3339(text);
        if (!parsed) fault = bad_field("not_a_time", name, "write the time as in 2026-01-31T12:00:00Z");
        if (parsed) *moment = *parsed;
    }
    return filter;
}

/// Rows of the audit, newest first, as many as the limit allows; read in pages that no store minds.
AUTHMOD_DECL reply audit_reply(call const& c, int limit) {
    constexpr int page = 500;
    std::optional<outgoing_reply> fault;
    audit_filter filter = audit_filter_of(c.request, fault);
    if (fault) co_return std::move(*fault);
    json::array items;
    json::value next;
    for (int left = limit; left > 0; left -= page) {
        filter.limit = std::min(left, page);
        auto rows = co_await c.data().list_audit(filter);
        if (!rows) co_return refused(rows.error());
        for (auto const& row : *rows) items.push_back(audit_json(row));
        bool const more = static_cast<int>(rows->size()) == filter.limit;
        next = more ? json::value(rows->back().number) : json::value(); // for `before`
        if (!more) break;
        filter.before = rows->back().number;
    }
    co_return list_reply(std::move(items), std::move(next));
}

AUTHMOD_DECL reply list_audit(call const& c) {
    auto const limit = page_size(c.request);
    if (!limit) co_return bad_page_size();
    outgoing_reply answer = co_await audit_reply(c, *limit);
    co_return answer;
}

AUTHMOD_DECL reply export_audit(call const& c) {
    outgoing_reply answer = co_await audit_reply(c, max_exported_rows);
    if (answer.status == 200) answer.set("Content-Disposition", "attachment; filename=\"audit.json\"");
    co_return answer;
}

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
