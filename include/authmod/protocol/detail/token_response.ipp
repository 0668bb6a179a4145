// SPDX-License-Identifier: BSL-1.0
// Layer 2. Bodies of read_token_response.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/mapping/detail/strict_json.hpp"
#include "authmod/protocol/token_response.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

namespace detail {

inline constexpr std::size_t max_token_body_bytes = 256 * 1024;

/// A member of the answer's object, as far as this header cares.
struct token_member {
    enum class kind : std::uint8_t { absent, null, text, number, other };

    kind is = kind::absent;
    std::string_view text; ///< of the body, or of `token_members` where it had escapes
    double number = 0;

    [[nodiscard]] bool given() const noexcept { return is != kind::absent && is != kind::null; }
};

/// Finds the members of a JSON object that have a name in `names`. The body outlives it.
class token_members final : json_sink {
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

    token_members() = default;

    /// A token may have had escapes.
    ~token_members() { wipe(scratch_.unescaped.data(), scratch_.unescaped.size()); }

    [[nodiscard]] token_member const& operator[](name n) const noexcept { return members_[n]; }

    /// False: `body` is too long, is no object or refused by `read_strict_json` (security rule C6). Has no members
    /// then.
    [[nodiscard]] bool read(std::string_view body) {
        bool const fits = body.size() <= max_token_body_bytes && read_strict_json(body, scratch_, *this).empty();
        if (!fits) members_ = {};
        return fits && is_object_;
    }

private:
    void open_object() override {
        is_object_ = is_object_ || depth_ == 0;
        open();
    }

    void open_array() override { open(); }

    void close_object(bool) override { --depth_; }

    void close_array(bool) override { --depth_; }

    void take_name(std::string_view spelled, std::uint32_t) override {
        if (depth_ != 1) return;
        constexpr std::string_view wanted[count] = {"access_token",  "token_type", "expires_in",
                                                    "refresh_token", "id_token",   "scope",
                                                    "scopes",        "error",      "error_description"};
        current_ = nullptr;
        for (std::size_t i = 0; i != count; ++i)
            if (wanted[i] == spelled) current_ = &members_[i];
    }

    void take_value(json_scalar const& value) override {
        using enum token_member::kind;
        constexpr token_member::kind kinds[] = {null, other, other, number, number, token_member::kind::text};
        auto* const m = begin_value(kinds[static_cast<std::size_t>(value.type)]);
        if (!m) return;
        if (m->is == token_member::kind::text) m->text = value.text;
        if (m->is == number) // one too small for a double stays 0
            std::from_chars(value.text.data(), value.text.data() + value.text.size(), m->number);
    }

    bool take_huge_number(std::string_view text) override {
        if (auto* m = begin_value(token_member::kind::number))
            m->number = text[0] == '-' ? std::numeric_limits<double>::lowest() : std::numeric_limits<double>::max();
        return true;
    }

    void open() {
        begin_value(token_member::kind::other);
        ++depth_;
    }

    /// Null when it is not the value of a wanted member of the outermost object.
    token_member* begin_value(token_member::kind kind) noexcept {
        if (depth_ != 1 || !current_) return nullptr;
        current_->is = kind;
        return current_;
    }

    json_scratch scratch_;
    std::array<token_member, count> members_;
    token_member* current_ = nullptr;
    std::size_t depth_ = 0;
    bool is_object_ = false;
};

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
    auto const& error = members[names::error];
    if (error.is == token_member::kind::text) {
        auto const& description = members[names::error_description].text;
        details.quote(description.empty() ? std::string(error.text)
                                          : std::string(error.text) + ": " + std::string(description));
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
        auto const& m = members[name];
        if (!m.given()) return true;
        if (m.is != token_member::kind::text || !detail::is_token_text(m.text)) return false;
        target = secret(std::string(m.text));
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
        if (auto const& m = members[name]; m.is == token_member::kind::text && m.text.size() <= max_token_bytes)
            out.scope.emplace(m.text);
    return out;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
