// SPDX-License-Identifier: BSL-1.0
// Layer 6. What a login gives and takes on its way. Values; login_engine.hpp makes them.
#pragma once

#include "authmod/core/secret.hpp"
#include "authmod/mapping/user_profile.hpp"
#include "authmod/model/account.hpp"
#include "authmod/protocol/trace_context.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace authmod {

struct session_view; // policy/store.hpp
struct test_report;  // flow/test_report.hpp

/// A session as it was at most a moment ago. Nobody changes it any more.
using known_session = std::shared_ptr<session_view const>;

/// Where the browser must go next, and the sealed attempt that must come back with it.
struct login_start {
    std::string location; ///< authorization URL
    std::string attempt;  ///< sealed; keep it in a cookie of this browser (or this process), for ten minutes
    std::string state;    ///< what the callback will name; tells attempts of one browser apart

    login_start() = default;

    login_start(std::string in_location, std::string in_attempt, std::string in_state)
        : location(std::move(in_location)), attempt(std::move(in_attempt)), state(std::move(in_state)) {}
};

/// What came back from the provider through the browser.
struct login_callback {
    std::string query;                 ///< raw query of the redirect URI, or the whole callback URL
    std::vector<std::string> attempts; ///< every sealed attempt that the browser still holds
    std::string session;               ///< session id that the browser holds, empty for none
    std::string address;               ///< the client's IP address, for the audit
    trace_context trace;               ///< of the request, goes along to the provider

    login_callback() = default;

    login_callback(std::string in_query, std::string attempt)
        : query(std::move(in_query)), attempts{std::move(attempt)} {}
};

/// A finished login; or, when `restart` is there, the order to begin again; or, when `tested` is there, what a test
/// login found, which leaves everything else empty.
struct login_finish {
    account user; ///< as it is after the login
    std::vector<std::string> groups; ///< names of the local groups, `All Users` first
    user_profile profile; ///< what the provider said, mapped
    secret session_id;                  ///< 43 characters of base64url; goes into the session cookie and nowhere else
    std::string return_to;              ///< path of this site
    std::optional<login_start> restart; ///< the provider dropped the code: send the browser to the provider once more
    std::shared_ptr<test_report const> tested; ///< null: no test

    login_finish() = default;
};

} // namespace authmod
