// SPDX-License-Identifier: BSL-1.0
// Layer 7. JSON in and out of the handlers: strict reading, one form of errors.
#pragma once

#include "authmod/core/append_all.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/json_text.hpp"
#include "authmod/core/result.hpp"
#include "authmod/server/request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

namespace detail {

[[nodiscard]] inline std::size_t count_members(boost::json::value const& value) {
    std::size_t n = 0;
    if (auto const* object = value.if_object())
        for (auto const& member : *object) n += 1 + count_members(member.value());
    if (auto const* array = value.if_array())
        for (auto const& element : *array) n += count_members(element);
    return n;
}

/// In valid JSON each member has one colon outside strings.
[[nodiscard]] inline std::size_t count_colons(std::string_view json) noexcept {
    std::size_t n = 0;
    bool quoted = false;
    for (std::size_t i = 0; i != json.size(); ++i) {
        if (json[i] == '"') quoted = !quoted;
        if (quoted && json[i] == '\\') ++i; // what follows is no quote
        if (!quoted && json[i] == ':') ++n;
    }
    return n;
}

} // namespace detail

/// A JSON object as the admin API takes it: RFC 8259, at most 512 KiB and 32 levels, no member name twice. No value
/// for any other text.
[[nodiscard]] inline std::optional<boost::json::object> parse_object(std::string_view text) {
    if (text.size() > 512 * 1024) return std::nullopt;
    error_code error;
    boost::json::value value = boost::json::parse(text, error);
    if (error || !value.is_object()) return std::nullopt;
    if (detail::count_members(value) != detail::count_colons(text)) return std::nullopt; // one hid another
    return std::move(value.get_object());
}

/// The answer with a JSON document as its body.
[[nodiscard]] inline outgoing_reply json_reply(int status, boost::json::value const& body) {
    return outgoing_reply(status, "application/json", boost::json::serialize(body));
}

/** Writes a flat JSON object as text: a tree of Boost.JSON takes a dozen allocations and 11,000 instructions, and every
    page of a service may ask who is there.

    Preconditions: names are our own; texts are valid UTF-8.
*/
class flat_json {
public:
    flat_json() {
        text_.reserve(512);
        text_ = '{';
    }

    /// A member that is text.
    void add(std::string_view name, std::string_view value) {
        begin(name);
        append_json(text_, value);
    }

    /// Null where an empty text means that there is none.
    void add_nullable(std::string_view name, std::string_view value) {
        begin(name);
        value.empty() ? void(text_ += "null") : append_json(text_, value);
    }

    /// A member that is true or false.
    void add_bool(std::string_view name, bool value) {
        begin(name);
        text_ += value ? "true" : "false";
    }

    /// A member that is a list of texts.
    void add_list(std::string_view name, std::span<std::string const> values) {
        begin(name);
        text_ += '[';
        for (auto const& value : values) {
            if (&value != values.data()) text_ += ',';
            append_json(text_, value);
        }
        text_ += ']';
    }

    /// The whole object.
    [[nodiscard]] std::string take() && { return std::move(text_ += '}'); }

private:
    void begin(std::string_view name) {
        append_all(text_, std::string_view(text_.size() == 1 ? "\"" : ",\""), name, "\":");
    }

    std::string text_;
};

/// What is at fault, for the one form of errors.
struct json_error {
    std::string_view code;    ///< stable word
    std::string_view field;   ///< empty: none
    std::size_t offset = 0;   ///< in the field's text
    std::string_view message; ///< one sentence
};

/// `{"error":{"code","field","offset","message"}}`
[[nodiscard]] inline outgoing_reply error_reply(int status, json_error const& what) {
    boost::json::object error;
    error["code"] = what.code;
    error["field"] = nullptr;
    error["offset"] = nullptr;
    if (!what.field.empty()) {
        error["field"] = what.field;
        error["offset"] = what.offset;
    }
    error["message"] = what.message;
    boost::json::object body;
    body["error"] = std::move(error);
    outgoing_reply reply = json_reply(status, body);
    if (status == 503) reply.set("Retry-After", "5");
    return reply;
}

[[nodiscard]] inline outgoing_reply error_reply(int status, error_code const& code) {
    bool const ours = code.category() == category();
    std::string const message = ours ? code.message() : "something went wrong inside this service";
    json_error what;
    what.code = to_word(code);
    what.message = message;
    return error_reply(status, what);
}

/// Text, or null where an empty text means that there is none.
[[nodiscard]] inline boost::json::value nullable(std::string_view text) {
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

} // namespace authmod
