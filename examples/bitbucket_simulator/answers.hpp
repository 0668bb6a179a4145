// SPDX-License-Identifier: BSL-1.0
// The bodies that Bitbucket Cloud answers with when it refuses, and the ways to write a body.
#pragma once

#include "http.hpp"

#include <boost/json/value.hpp>

#include <set>
#include <string>
#include <string_view>

namespace simulator {

namespace json = boost::json;

[[nodiscard]] reply json_reply(unsigned status, json::value const& body);
[[nodiscard]] reply html_reply(unsigned status, std::string body);
/// 302 with an empty body.
[[nodiscard]] reply redirect(std::string location);

/// `{"type":"error","error":{"message":...}}`; a null `detail` is left out.
[[nodiscard]] reply api_error(unsigned status, std::string_view message, json::value detail = nullptr);
/// 400 in the manner of RFC 6749, as the token endpoint gives it for everything, bad credentials included.
[[nodiscard]] reply token_error(std::string_view error, std::string_view description);
/// 410, CHANGE-2770.
[[nodiscard]] reply removed_endpoint();
[[nodiscard]] reply no_such_path();
[[nodiscard]] reply bad_token();
[[nodiscard]] reply scope_missing(std::set<std::string> const& required, std::set<std::string> const& granted);
/// The answer of an endpoint in trouble: what the fault `status` sends.
[[nodiscard]] reply trouble(std::string_view endpoint, unsigned status);

/// The same JSON text with `/` written as `\/` and non-ASCII letters as `\uXXXX`.
[[nodiscard]] std::string with_escapes(std::string_view text);
/// For HTML text and attribute values.
[[nodiscard]] std::string html_escape(std::string_view text);

} // namespace simulator
