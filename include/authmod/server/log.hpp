// SPDX-License-Identifier: BSL-1.0
// Layer 7. What the handlers tell the service's log. The program decides where it goes and in which format.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/char_set.hpp"
#include "authmod/core/enforced.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// How urgent an event is.
enum class log_level : std::uint8_t {
    info,    ///< as it should be, or somebody's own mistake
    warning, ///< an administrator should look at it some day
    error    ///< people cannot log in until somebody does something
};

namespace detail {

/// At most 256 bytes of `text`, everything but printable ASCII as `\xHH`, each backslash of which is written `slash`.
inline void append_log_text(std::string& line, std::string_view text, std::string_view slash) {
    constexpr char digits[] = "0123456789abcdef";
    for (char c : text.substr(0, 256)) {
        if (broken("I3") || (ascii::is_printable(c) && c != '"' && c != '\\')) {
            line += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            line.append(slash) += 'x';
            (line += digits[byte >> 4]) += digits[byte & 15];
        }
    }
}

} // namespace detail

/// Foreign text for a log line: in quotes, at most 256 bytes of it, everything but printable ASCII as `\xHH`.
[[nodiscard]] inline std::string log_text(std::string_view foreign) {
    std::string text = "\"";
    detail::append_log_text(text, foreign, "\\");
    return text += '"';
}

/** One thing that happened: its name and what belongs to it, as pairs of name and value.

    Names are ours: lower-case words with underscores. Values may be foreign: both formats cut and escape them alike, so
    none can end its line or its quotes (security rule I3). A failure's `reason` is the stable word of its `errc`.

    @par Example
    @code
    log.write(log_level::info, log_event("login").add("account", id).add("address", request.address));
    // event=login account=01J... address=192.0.2.7
    // "event":"login","account":"01J...","address":"192.0.2.7"
    @endcode
*/
class log_event {
public:
    explicit log_event(std::string_view name) {
        fields_.reserve(8);
        fields_.emplace_back("event", name);
    }

    /// Leaves an empty value out. Lifetimes: `name` lives in the program.
    log_event& add(std::string_view name, std::string_view value) & {
        if (!value.empty()) fields_.emplace_back(name, value);
        return *this;
    }

    log_event&& add(std::string_view name, std::string_view value) && {
        add(name, value);
        return std::move(*this);
    }

    /// The name and the other pairs, in the order they came.
    [[nodiscard]] std::vector<std::pair<std::string_view, std::string>> const& fields() const noexcept {
        return fields_;
    }

    /// `event=login account=01J...`, values in quotes where they hold more than letters, digits and `.:/@_+-`.
    [[nodiscard]] std::string to_logfmt() const {
        std::string line;
        line.reserve(256);
        for (auto const& [name, value] : fields_) {
            line.append(line.empty() ? "" : " ").append(name) += '=';
            static constexpr ascii::char_set plain([](char c) {
                return ascii::is_letter(c) || ascii::is_digit(c) ||
                       std::string_view(".:/@_+-").find(c) != std::string_view::npos;
            });
            line += value.size() <= 256 && plain.has_all(value) ? value : log_text(value);
        }
        return line;
    }

    /// The members of a JSON object, without its braces, so that a program can add time and level. ASCII only: what is
    /// escaped reads as in the other format.
    [[nodiscard]] std::string to_json_members() const {
        std::string line;
        for (auto const& [name, value] : fields_) {
            line.append(line.empty() ? "\"" : ",\"").append(name).append("\":\"");
            detail::append_log_text(line, value, "\\\\");
            line += '"';
        }
        return line;
    }

private:
    std::vector<std::pair<std::string_view, std::string>> fields_;
};

/** Takes events for the log.

    A model promises that `write` may be called from any thread and does not throw. Events hold no secret, token, code
   or cookie, and no query of a callback (security rule N2).
*/
class service_log {
public:
    virtual ~service_log() = default;
    /// Takes one event; keeps nothing of it when it returns.
    virtual void write(log_level level, log_event const& event) noexcept = 0;
};

} // namespace authmod
