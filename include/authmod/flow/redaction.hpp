// SPDX-License-Identifier: BSL-1.0
// Layer 4. Takes secrets out of a provider's answers before a log or an administrator sees them (security rule N2).
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/utf8.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

inline constexpr std::string_view redacted_text = "(redacted)"; ///< stands where a secret stood

/** Knows the secrets of one login and blots them out.

    In JSON it blots out the texts of members whose names say that they are secret, wherever they stand, and learns
    those texts; in every text it blots out what it knows. What may hold a token and cannot be read is not shown.
*/
class redactor {
public:
    redactor() = default;

    /// Adds a secret to blot out from now on; an empty one is none.
    void know(secret const& text) {
        if (!text.empty()) known_.push_back(text);
    }

    /// An answer as it may be shown: at most `max_bytes`.
    [[nodiscard]] std::string show_answer(std::string_view body, bool may_hold_token, std::size_t max_bytes) {
        boost::json::error_code error;
        auto value = boost::json::parse(boost::json::string_view(body.data(), body.size()), error);
        if (error && may_hold_token)
            return "(" + std::to_string(body.size()) + " bytes that are not JSON; they may hold a token)";
        if (error) return cut(show_text(body), max_bytes);
        blot_members(value);
        return cut(show_text(boost::json::serialize(value)), max_bytes);
    }

    /// A text as it is but for the secrets known, also as JSON may spell them.
    [[nodiscard]] std::string show_text(std::string_view text) const {
        std::string shown(text);
        for (auto const& one : known_) {
            replace_all(shown, one.expose());
            std::string escaped(one.expose());
            replace_all(escaped, "/", "\\/");
            replace_all(shown, escaped);
        }
        return shown;
    }

    /// The same of a text that was cut before: a secret whose end is missing goes too.
    [[nodiscard]] std::string show_quote(std::string_view text) const {
        std::string shown = show_text(text);
        for (auto const& one : known_) {
            std::string_view begin = one.expose();
            while (begin.size() >= least_recognised && !shown.ends_with(begin)) begin.remove_suffix(1);
            if (begin.size() < least_recognised) continue;
            shown.resize(shown.size() - begin.size());
            shown += redacted_text;
        }
        return shown;
    }

    /// The beginning of a text, at most so many bytes, no code point broken.
    [[nodiscard]] static std::string cut(std::string text, std::size_t max_bytes) {
        if (text.size() > max_bytes) {
            text.resize(max_bytes);
            text.resize(valid_utf8_prefix(text));
            text += " (cut)";
        }
        for (char& c : text)
            if (ascii::is_control(c) && c != '\n' && c != '\t') c = ' ';
        return text;
    }

private:
    static constexpr std::size_t least_recognised = 8; // fewer characters of a secret tell nothing of it

    [[nodiscard]] static bool names_a_secret(std::string_view name) noexcept {
        std::string folded(name);
        std::ranges::transform(folded, folded.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        constexpr std::string_view whole[] = {"code", "password", "assertion", "cookie"};
        constexpr std::string_view ends[] = {"token", "secret"};
        return std::ranges::find(whole, folded) != std::end(whole) ||
               std::ranges::any_of(ends, [&](std::string_view end) { return folded.ends_with(end); });
    }

    void blot_members(boost::json::value& value) {
        if (auto* list = value.if_array())
            for (auto& item : *list) blot_members(item);
        auto* object = value.if_object();
        if (!object) return;
        for (auto& member : *object) {
            auto* text = member.value().if_string();
            if (!text || !names_a_secret(member.key())) {
                blot_members(member.value());
                continue;
            }
            know(secret(std::string(*text)));
            member.value() = redacted_text;
        }
    }

    static void replace_all(std::string& text, std::string_view what, std::string_view by = redacted_text) {
        for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
            text.replace(at, what.size(), by);
    }

    std::vector<secret> known_;
};

} // namespace authmod
