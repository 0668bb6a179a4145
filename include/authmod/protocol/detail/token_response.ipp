// SPDX-License-Identifier: BSL-1.0
// Layer 2. Bodies of read_token_response.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/protocol/token_response.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

inline constexpr std::size_t max_token_body_bytes = 256 * 1024;

/// A member of the answer's object, as far as this header cares.
struct token_member {
    enum class kind : std::uint8_t { absent, null, text, number, other };

    kind is = kind::absent;
    std::string text;
    double number = 0;

    [[nodiscard]] bool given() const noexcept { return is != kind::absent && is != kind::null; }
};

/// Collects the members of a flat JSON object that have a name in `names`; a handler of boost::json::basic_parser.
/// Refuses every repeated member name, also inside values that nobody reads (security rule C6).
class token_members {
public:
    enum name : std::size_t {
        access_token,
        token_type,
        expires_in,
        refresh_token,
        id_token,
        scope,
        scopes,
        error,
        error_description,
        count
    };

    [[nodiscard]] token_member& operator[](name n) noexcept { return members_[n]; }

    /// False: `body` is not one JSON object of UTF-8, is nested deeper than 32, or repeats a name.
    [[nodiscard]] bool read(std::string_view body);

    // What basic_parser asks of a handler.
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    using text_view = boost::json::string_view;

    bool on_document_begin(error_code&) { return true; }

    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code&) {
        is_object_ = is_object_ || open_.empty();
        return open({true, {}});
    }

    bool on_array_begin(error_code&) { return open({false, {}}); }

    bool on_object_end(std::size_t, error_code& ec) {
        auto& names = open_.back().names;
        std::ranges::sort(names);
        if (std::ranges::adjacent_find(names) != names.end()) {
            ec = errc::token_malformed;
            return false;
        }
        open_.pop_back();
        return true;
    }

    bool on_array_end(std::size_t, error_code&) {
        open_.pop_back();
        return true;
    }

    bool on_key_part(text_view s, std::size_t, error_code&) { return append(s); }

    bool on_key(text_view s, std::size_t, error_code&) {
        append(s);
        if (open_.size() == 1) {
            constexpr std::string_view wanted[] = {"access_token",  "token_type", "expires_in",
                                                   "refresh_token", "id_token",   "scope",
                                                   "scopes",        "error",      "error_description"};
            auto const at = static_cast<std::size_t>(std::ranges::find(wanted, text_) - std::ranges::begin(wanted));
            current_ = at == count ? nullptr : &members_[at];
        }
        open_.back().names.push_back(std::exchange(text_, {}));
        return true;
    }

    bool on_string_part(text_view s, std::size_t, error_code&) { return append(s); }

    bool on_string(text_view s, std::size_t, error_code&) {
        append(s);
        if (auto* m = value(token_member::kind::text)) m->text = std::move(text_);
        text_.clear();
        return true;
    }

    bool on_number_part(text_view, error_code&) { return true; }

    bool on_int64(std::int64_t n, text_view, error_code&) { return number(static_cast<double>(n)); }

    bool on_uint64(std::uint64_t n, text_view, error_code&) { return number(static_cast<double>(n)); }

    bool on_double(double n, text_view, error_code&) { return number(n); }

    bool on_bool(bool, error_code&) { return value(token_member::kind::other), true; }

    bool on_null(error_code&) { return value(token_member::kind::null), true; }

    bool on_comment_part(text_view, error_code&) { return true; }

    bool on_comment(text_view, error_code&) { return true; }

private:
    struct container {
        bool object;
        std::vector<std::string> names;
    };

    bool append(text_view s) {
        text_.append(s.data(), s.size());
        return true;
    }

    bool open(container c) {
        value(token_member::kind::other);
        open_.push_back(std::move(c));
        return true;
    }

    bool number(double n) {
        if (auto* m = value(token_member::kind::number)) m->number = n;
        return true;
    }

    /// Marks the member whose value begins; null when it is not a wanted member of the outermost object.
    token_member* value(token_member::kind kind) {
        if (open_.size() != 1 || !open_[0].object || !current_) return nullptr;
        current_->is = kind;
        return current_;
    }

    std::array<token_member, count> members_;
    std::vector<container> open_;
    std::string text_;
    token_member* current_ = nullptr;
    bool is_object_ = false;
};

inline bool token_members::read(std::string_view body) {
    if (body.size() > max_token_body_bytes) return false;
    boost::json::basic_parser<token_members> parser(boost::json::parse_options{});
    error_code ec;
    auto const used = parser.write_some(false, body.data(), body.size(), ec);
    bool const rest_is_blank = body.substr(used).find_first_not_of(" \t\r\n") == body.npos;
    if (ec || !parser.done() || !rest_is_blank) return false;
    *this = std::move(parser.handler());
    current_ = nullptr; // it points into the parser's handler
    return is_object_;
}

[[nodiscard]] inline bool is_token_text(std::string_view text) noexcept {
    return text.size() <= max_token_bytes &&
           std::ranges::all_of(text, [](char c) { return ascii::is_printable(c) && c != ' '; });
}

/// Seconds from a JSON number or a string of digits. Fractions are dropped, negative ones are 0, what is too large is
/// the largest; anything else says nothing.
[[nodiscard]] inline std::optional<std::chrono::seconds> lifetime_of(token_member const& m) noexcept {
    double seconds = m.number;
    if (m.is == token_member::kind::text) {
        std::int64_t whole = 0;
        auto const* const end = m.text.data() + m.text.size();
        auto const read = std::from_chars(m.text.data(), end, whole);
        if (m.text.empty() || read.ptr != end) return std::nullopt;
        if (read.ec != std::errc()) whole = m.text[0] == '-' ? 0 : max_token_lifetime.count();
        seconds = static_cast<double>(whole);
    } else if (m.is != token_member::kind::number) {
        return std::nullopt;
    }
    // Clamped while still a double: converting a value out of range would be undefined (security rule C5).
    if (!broken("C5")) seconds = std::clamp(seconds, 0.0, static_cast<double>(max_token_lifetime.count()));
    return std::chrono::seconds(static_cast<std::int64_t>(seconds));
}

/// RFC 6749 5.2: what an error code means for us.
[[nodiscard]] inline errc token_error(std::string_view word, int status) noexcept {
    if (word == "invalid_grant") return errc::code_refused;
    if (word == "invalid_client" || word == "unauthorized_client") return errc::client_refused;
    if (word == "temporarily_unavailable" || word == "server_error") return errc::provider_failed;
    return status == 401 ? errc::client_refused : errc::token_exchange_refused;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL result<token_response, failure>
read_token_response(http_response const& response, token_grant grant,
                    token_scheme scheme) {
    using detail::token_member;
    using names = detail::token_members;
    int const status = response.status;
    diagnostics details("token");
    details.status = status;

    names members;
    bool const readable = members.read(response.body);
    auto& error = members[names::error];
    if (error.is == token_member::kind::text) {
        auto const& description = members[names::error_description].text;
        details.quote(description.empty() ? error.text : error.text + ": " + description);
    } else if ((status != 200 || error.given()) && !members[names::access_token].given()) {
        details.quote(response.body);
    }
    if (status == 429) return failure(errc::provider_rate_limited, std::move(details));
    if (status == 408 || status >= 500) return failure(errc::provider_failed, std::move(details));
    if (!enforced("C3", status < 300 || status >= 400)) return failure(errc::redirect_refused, std::move(details));
    if (readable && error.given()) return failure(detail::token_error(error.text, status), std::move(details));
    if (status >= 400) return failure(detail::token_error({}, status), std::move(details));
    if (!enforced("C3", status == 200) || !readable) return failure(errc::token_malformed, std::move(details));

    auto malformed = [&](char const* field) {
        details.field = field;
        return failure(errc::token_malformed, std::move(details));
    };
    token_response out;
    auto take = [&](names::name name, secret& target) {
        auto& m = members[name];
        if (!m.given()) return true;
        if (m.is != token_member::kind::text || !detail::is_token_text(m.text)) return false;
        target = secret(std::move(m.text));
        return true;
    };
    if (!take(names::access_token, out.access_token) || out.access_token.empty()) return malformed("access_token");
    if (!take(names::refresh_token, out.refresh_token)) return malformed("refresh_token");
    if (!take(names::id_token, out.id_token)) return malformed("id_token");

    auto const& type = members[names::token_type];
    bool const may_lack_type = grant == token_grant::refresh_token && !type.given();
    if (!may_lack_type && !broken("C4") &&
        !ascii::equal_ignoring_case(type.text, scheme == token_scheme::bearer ? "bearer" : "DPoP")) {
        details.quote(type.text);
        return failure(errc::token_type_refused, std::move(details));
    }
    out.expires_in = detail::lifetime_of(members[names::expires_in]);
    for (auto name : {names::scopes, names::scope}) // `scope` wins; Bitbucket called it `scopes` until May 2026
        if (auto& m = members[name]; m.is == token_member::kind::text && m.text.size() <= max_token_bytes)
            out.scope = std::move(m.text);
    return out;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
