// SPDX-License-Identifier: BSL-1.0
// Layer 1. The body of read_strict_json: the only file that instantiates a `basic_parser`.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/mapping/detail/strict_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace authmod::detail {

/// Handler of `boost::json::basic_parser`: joins what comes in parts, checks, and hands on to `sink`.
class strict_handler {
public:
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

    strict_handler(json_sink& sink, json_scratch& scratch, std::string_view body) noexcept
        : sink_(sink), scratch_(scratch), body_(body) {}

    /// Why an event was refused, empty if none was.
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

    /// The byte of the body at which the reason shows, where `by_parser` is the one that Boost.JSON names.
    [[nodiscard]] std::size_t stopped_at(std::size_t by_parser) const noexcept {
        auto const repeated = scratch_.names.repeated();
        if (!repeated.data() || !is_of_body(repeated)) return by_parser;
        return static_cast<std::size_t>(repeated.data() + repeated.size() - body_.data());
    }

    bool on_document_begin(error_code&) { return true; }

    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code&) {
        sink_.object_begin();
        return true;
    }

    [[gnu::always_inline]] bool on_object_end(std::size_t size, error_code& ec) {
        if (!enforced("C6", scratch_.names.end(size))) [[unlikely]]
            return refuse("duplicate_member", ec);
        sink_.object_end(size == 0);
        return true;
    }

    bool on_array_begin(error_code&) {
        sink_.array_begin();
        return true;
    }

    bool on_array_end(std::size_t size, error_code&) {
        sink_.array_end(size == 0);
        return true;
    }

    bool on_key_part(boost::json::string_view part, std::size_t, error_code& ec) { return keep_part(part, ec); }

    [[gnu::always_inline]] bool on_key(boost::json::string_view part, std::size_t, error_code& ec) {
        if (!is_of_body(part)) [[unlikely]]
            return joined_key(part, ec);
        return key(part);
    }

    bool on_string_part(boost::json::string_view part, std::size_t, error_code& ec) { return keep_part(part, ec); }

    [[gnu::always_inline]] bool on_string(boost::json::string_view part, std::size_t, error_code& ec) {
        if (!is_of_body(part)) [[unlikely]]
            return joined_string(part, ec);
        return string(part);
    }

    bool on_number_part(boost::json::string_view, error_code&) { return true; } // only where the body ends too early

    bool on_int64(std::int64_t value, boost::json::string_view text, error_code&) {
        return scalar(json_type::integer, value == 0 ? std::string_view("0") : std::string_view(text));
    }

    bool on_uint64(std::uint64_t, boost::json::string_view text, error_code&) {
        return scalar(json_type::integer, text);
    }

    bool on_double(double value, boost::json::string_view text, error_code& ec) {
        // Boost.JSON rounds roughly and makes a NaN of 0e400, so the standard library decides near the edge.
        if (!(std::abs(value) < 1e308) &&
            std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc())
            return sink_.take_huge_number(text) || refuse("number_out_of_range", ec);
        return scalar(json_type::real, text);
    }

    bool on_bool(bool value, error_code&) {
        return scalar(value ? json_type::boolean_true : json_type::boolean_false, value ? "true" : "false");
    }

    bool on_null(error_code&) { return scalar(json_type::null, {}); }

    bool on_comment_part(boost::json::string_view, error_code&) { return false; }

    bool on_comment(boost::json::string_view, error_code&) { return false; }

private:
    [[gnu::always_inline]] bool key(std::string_view name) {
        auto const hash = hash_name(name);
        scratch_.names.add(name, hash);
        sink_.member(name, hash);
        return true;
    }

    [[gnu::always_inline]] bool string(std::string_view text) {
        if (sink_.wanted()) sink_.text(text);
        return true;
    }

    bool scalar(json_type type, std::string_view text) {
        if (sink_.wanted()) sink_.scalar({type, text});
        return true;
    }

    /// Whether this is a whole text: what has escapes ends in a buffer of Boost.JSON.
    [[nodiscard]] bool is_of_body(std::string_view part) const noexcept {
        return reinterpret_cast<std::uintptr_t>(part.data()) - reinterpret_cast<std::uintptr_t>(body_.data()) <
               body_.size();
    }

    [[gnu::noinline]] bool keep_part(std::string_view part, error_code& ec) {
        auto& store = scratch_.unescaped;
        // Texts never take more bytes than their spelling in the body, so the views stay where they are.
        if (store.capacity() < body_.size()) store.reserve(body_.size());
        if (part.find('\0') != part.npos) return refuse("zero_character", ec);
        if (!in_parts_) first_part_ = store.size();
        in_parts_ = true;
        store.append(part);
        return true;
    }

    /// Makes the text whole whose last part is `text`.
    bool join(std::string_view& text, error_code& ec) {
        if (!keep_part(text, ec)) return false;
        in_parts_ = false;
        text = std::string_view(scratch_.unescaped).substr(first_part_);
        return true;
    }

    // What is rare stays out of the quick functions, which then need no place on the stack.

    [[gnu::noinline]] bool joined_key(std::string_view text, error_code& ec) { return join(text, ec) && key(text); }

    [[gnu::noinline]] bool joined_string(std::string_view text, error_code& ec) {
        return join(text, ec) && string(text);
    }

    [[gnu::noinline]] bool refuse(std::string_view reason, error_code& ec) {
        reason_ = reason;
        ec = errc::profile_malformed;
        return false;
    }

    json_sink& sink_;
    json_scratch& scratch_;
    std::string_view body_;
    std::string_view reason_;
    std::size_t first_part_ = 0;
    bool in_parts_ = false;
};

/// Why Boost.JSON refused a text that is no JSON, as exactly as an administrator can use it.
[[nodiscard]] inline std::string_view explain_bad_json(std::string_view body, error_code const& code) noexcept {
    using boost::json::error;
    if (code == error::too_deep) return "too_deep";
    if (code == error::exponent_overflow) return "number_out_of_range";
    if (code == error::illegal_leading_surrogate || code == error::illegal_trailing_surrogate) return "lone_surrogate";
    // A leading surrogate before anything but an escape is "syntax" to Boost.JSON.
    for (std::size_t at = 0; (at = body.find('\\', at)) < body.size();) {
        bool const surrogate = body.substr(at + 1, 1) == "u" && hex_quad(body, at + 2) >> 11 == 0xd800 >> 11;
        auto const length = read_escape(body, at).length;
        if (surrogate && length == 0) return "lone_surrogate";
        at += length == 0 ? 2 : length;
    }
    return "bad_json";
}

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL std::string_view read_strict_json(std::string_view body, json_scratch& scratch, json_sink& sink) {
    scratch.stopped_at = max_json_bytes;
    if (body.size() > max_json_bytes) return "too_large";
    scratch.stopped_at = valid_utf8_prefix(body);
    if (!enforced("E6", scratch.stopped_at == body.size())) return "bad_utf8";
    scratch.names.clear();
    scratch.unescaped.clear();
    boost::json::parse_options options;
    options.max_depth = max_json_depth;
    options.allow_invalid_utf8 = true; // there is none any more
    boost::json::basic_parser<strict_handler> parser(options, sink, scratch, body);
    error_code code;
    auto const size = parser.write_some(false, body.data(), body.size(), code);
    scratch.stopped_at = parser.handler().stopped_at(size);
    if (code) return parser.handler().reason().empty() ? explain_bad_json(body, code) : parser.handler().reason();
    return size == body.size() ? std::string_view() : std::string_view("bad_json");
}

} // namespace AUTHMOD_ABI

} // namespace authmod::detail
