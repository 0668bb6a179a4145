// SPDX-License-Identifier: BSL-1.0
#include "answers.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>

namespace simulator {

namespace {

void append_unit(std::string& out, std::uint32_t unit) {
    constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> shift & 15];
}

json::array to_array(std::set<std::string> const& names) {
    json::array out;
    for (auto const& name : names) out.emplace_back(name);
    return out;
}

} // namespace

reply json_reply(unsigned status, json::value const& body) {
    return {status, {{"Content-Type", "application/json; charset=utf-8"}}, json::serialize(body)};
}

reply html_reply(unsigned status, std::string body) {
    return {status, {{"Content-Type", "text/html; charset=utf-8"}}, std::move(body)};
}

reply redirect(std::string location) {
    return {302, {{"Location", std::move(location)}, {"Cache-Control", "no-store"}}, {}};
}

reply api_error(unsigned status, std::string_view message, json::value detail) {
    json::object error{{"message", message}};
    if (!detail.is_null()) error["detail"] = std::move(detail);
    return json_reply(status, json::object{{"type", "error"}, {"error", std::move(error)}});
}

reply token_error(std::string_view error, std::string_view description) {
    reply out = json_reply(400, json::object{{"error_description", description}, {"error", error}});
    out.headers.emplace_back("Cache-Control", "no-store");
    out.headers.emplace_back("Pragma", "no-cache");
    return out;
}

reply removed_endpoint() {
    json::object const data{
        {"announcement_url", "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"}};
    json::object const error{{"message", "CHANGE-2770 - Functionality has been deprecated"},
                             {"detail", "Please read the changelog entry for more details."},
                             {"data", data}};
    return json_reply(410, json::object{{"type", "error"}, {"error", error}, {"data", data}});
}

reply no_such_path() {
    return api_error(404, "Resource not found",
                     "There is no API hosted at this URL.\n\nFor information about our API's, please refer to the "
                     "documentation at: https://developer.atlassian.com/bitbucket/api/2/reference/");
}

reply bad_token() { return api_error(401, "Token is invalid, expired, or not supported for this endpoint."); }

reply scope_missing(std::set<std::string> const& required, std::set<std::string> const& granted) {
    return api_error(403, "Your credentials lack one or more required privilege scopes.",
                     json::object{{"required", to_array(required)}, {"granted", to_array(granted)}});
}

reply trouble(std::string_view endpoint, unsigned status) {
    if (status == 204) return {204, {}, {}};
    if (status == 429) return {429, {{"Content-Type", "text/plain"}}, "Rate limit for this resource has been exceeded"};
    if (status >= 500 || endpoint == "authorize" || endpoint == "avatar")
        return html_reply(status, "<!DOCTYPE html><html><head><title>Bitbucket (simulated)</title></head><body><h1>"
                                  "Something went wrong</h1><p>We are on it.</p></body></html>\n");
    if (endpoint == "token") {
        reply out = token_error("invalid_request", "The simulator was told to refuse.");
        out.status = status;
        return out;
    }
    switch (status) {
    case 401:
        return bad_token();
    case 403:
        return scope_missing({"account"}, {"email"});
    case 404:
        return no_such_path();
    case 410:
        return removed_endpoint();
    default:
        return api_error(status, "The simulator was told to refuse.");
    }
}

std::string with_escapes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) {
            if (first == '/') out += '\\';
            out += text[i];
            continue;
        }
        int const more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        std::uint32_t point = first & (0x3Fu >> more);
        for (int k = 0; k < more && i + 1 < text.size(); ++k)
            point = point << 6 | (static_cast<unsigned char>(text[++i]) & 0x3Fu);
        if (point >= 0x10000) {
            append_unit(out, 0xD800 + ((point - 0x10000) >> 10));
            append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
        } else {
            append_unit(out, point);
        }
    }
    return out;
}

std::string html_escape(std::string_view text) {
    std::string out;
    for (char const c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace simulator
