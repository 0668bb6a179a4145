// SPDX-License-Identifier: BSL-1.0
// Layer 0. A code together with what helps to mend it.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/utf8.hpp"

#include <algorithm>
#include <boost/assert/source_location.hpp>
#include <boost/system/system_error.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/** Details beside an error code.

    `step` and `field` are our own words. `provider_said` is what the provider wrote: untrusted, cut to 256 bytes, not
    escaped; escape it for the place where it is shown.
*/
struct diagnostics {
    /// Part of the login: `authorization`, `token`, `profile`, `email`, `groups`, `mapping`, `account`.
    std::string step;
    std::string field;         ///< the setting or parameter at fault, if one is
    std::string provider_said; ///< `error`, `error_description` or the start of the body
    int status = 0;            ///< HTTP status of the provider's answer, 0 for none

    diagnostics() = default;

    explicit diagnostics(std::string in_step) : step(std::move(in_step)) {}

    /// Keeps at most 256 bytes of `text`: control characters become spaces, bytes that are no UTF-8 question marks.
    void quote(std::string_view text) {
        provider_said.clear();
        while (!text.empty() && provider_said.size() < 256) {
            auto const valid = cut_at_bytes(text.substr(0, valid_utf8_prefix(text)), 256 - provider_said.size());
            provider_said += valid;
            text.remove_prefix(valid.size());
            if (text.empty() || valid_utf8_prefix(text) != 0) break; // all of it, or no room for the next code point
            if (provider_said.size() < 256) provider_said += '?';
            text.remove_prefix(1);
        }
        std::ranges::replace_if(provider_said, ascii::is_control, ' ');
    }

    /// All of it as one line, `step: token, HTTP status 400` for example; empty when there is nothing to say.
    [[nodiscard]] std::string text() const {
        std::string line;
        auto add = [&](std::string_view name, std::string_view value) {
            if (value.empty()) return;
            if (!line.empty()) line += ", ";
            line.append(name).append(value);
        };
        add("step: ", step);
        add("field: ", field);
        if (status != 0) add("HTTP status ", std::to_string(status));
        add("the provider said: ", provider_said);
        return line;
    }
};

/// Why an operation with an outside party failed: compare `code` with an `errc` or a `condition`.
struct failure {
    error_code code;     ///< compare it with `errc` or a `condition`
    diagnostics details; ///< what the provider or the settings have to do with it

    failure() = default;

    failure(error_code in_code) : code(in_code) {}

    failure(errc in_code) : code(in_code) {}

    failure(error_code in_code, diagnostics in_details) : code(in_code), details(std::move(in_details)) {}

    /// The code's sentence, with the details where there are any. Untrusted as those are.
    [[nodiscard]] std::string message() const {
        auto const more = details.text();
        return more.empty() ? code.message() : code.message() + " (" + more + ")";
    }
};

/// Lets `result<T, failure>::value()` throw `boost::system::system_error`. Its `what()` reads details, colon, sentence:
/// it appends the code's sentence by itself.
[[noreturn]] inline void throw_exception_from_error(failure const& f, boost::source_location const&) {
    auto const details = f.details.text();
    if (details.empty()) throw boost::system::system_error(f.code);
    throw boost::system::system_error(f.code, details);
}

} // namespace authmod
