// SPDX-License-Identifier: BSL-1.0
// Logins as tests hand them to a store, without a flow before them.
#pragma once

#include <authmod/account/login_decision.hpp>

#include <string>

namespace authmod_test {

/// A text in the place of a SHA-256.
inline std::string digest(std::string text) {
    text.resize(32, '\0');
    return text;
}

/// A first login of `name`, with a session.
inline authmod::login_candidate candidate(std::string const& name) {
    authmod::login_candidate c;
    c.module_id = "module";
    c.profile.user_id = name;
    c.profile.username = name;
    c.new_account_id = name;
    c.new_session.digest = digest(name);
    c.new_session.module_id = "module";
    c.now = c.new_session.created_at = c.new_session.seen_at = authmod::from_milliseconds(1'790'000'000'000);
    return c;
}

} // namespace authmod_test
