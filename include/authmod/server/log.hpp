// SPDX-License-Identifier: BSL-1.0
// Layer 7. What the handlers tell the service's log. The program decides where it goes.
#pragma once

#include "authmod/core/ascii.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace authmod {

enum class log_level : std::uint8_t { info, warning, error };

/** Takes lines for the log.

    A model promises that `write` may be called from any thread and does not throw. Lines hold no secret, token, code or
    cookie, and no query of a callback (security rule N2); foreign text in them has passed `log_text`.
*/
class service_log {
public:
    virtual ~service_log() = default;
    virtual void write(log_level level, std::string_view line) noexcept = 0;
};

/// Foreign text for a log line: in quotes, at most 256 bytes of it, everything but printable ASCII as `\xHH`.
[[nodiscard]] inline std::string log_text(std::string_view foreign) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "\"";
    for (char c : foreign.substr(0, 256)) {
        if (ascii::is_printable(c) && c != '"' && c != '\\') {
            text += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            text.append("\\x") += digits[byte >> 4];
            text += digits[byte & 15];
        }
    }
    return text += '"';
}

} // namespace authmod
