// SPDX-License-Identifier: BSL-1.0
// Layer 0. A code together with what helps to mend it.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/system_error.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/** Details beside an error code.

    `step` and `field` are our own words. `provider_said` is what the provider wrote: untrusted, cut to 256 bytes, not
    escaped; escape it for the place where it is shown.
*/
struct diagnostics {
    std::string step;          ///< part of the login: `authorization`, `token`, `profile`, `email`, `groups`, `mapping`, `account`
    std::string field;         ///< the setting or parameter at fault, if one is
    std::string provider_said; ///< `error`, `error_description` or the start of the body
    int status = 0;            ///< HTTP status of the provider's answer, 0 for none

    diagnostics() = default;
    explicit diagnostics(std::string in_step) : step(std::move(in_step)) {}

    /// Keeps at most 256 bytes of `text`, control characters replaced by spaces.
    void quote(std::string_view text) {
        provider_said.assign(text.substr(0, 256));
        for (char& c : provider_said)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
};

/// Why an operation with an outside party failed: compare `code` with an `errc` or a `condition`.
struct failure {
    error_code code;
    diagnostics details;

    failure() = default;
    failure(error_code in_code) : code(in_code) {}
    failure(errc in_code) : code(in_code) {}
    failure(error_code in_code, diagnostics in_details) : code(in_code), details(std::move(in_details)) {}

    /// The code's sentence, with step, status and the provider's words where there are any. Untrusted as those are.
    [[nodiscard]] std::string message() const {
        std::string text = code.message();
        if (!details.step.empty()) text += " (step: " + details.step + ")";
        if (!details.field.empty()) text += " (field: " + details.field + ")";
        if (details.status != 0) text += " (HTTP status " + std::to_string(details.status) + ")";
        if (!details.provider_said.empty()) text += " (the provider said: " + details.provider_said + ")";
        return text;
    }
};

/// Lets `result<T, failure>::value()` throw `boost::system::system_error` with the whole message.
[[noreturn]] inline void throw_exception_from_error(failure const& f, boost::source_location const&) {
    throw boost::system::system_error(f.code, f.message());
}

} // namespace authmod
