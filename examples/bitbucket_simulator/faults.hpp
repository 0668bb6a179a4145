// SPDX-License-Identifier: BSL-1.0
// What the simulator does differently from Bitbucket Cloud on a good day: switches that change answers for good, and
// faults that spoil a chosen number of answers of one endpoint. Both are set by `POST /_faults`.
#pragma once

#include "answers.hpp"
#include "http.hpp"

#include <boost/json/object.hpp>

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

/// Variants that occur in the field. The defaults are Bitbucket Cloud of November 2026.
struct switches {
    std::vector<std::string> auto_approve; ///< handles; authorize redirects at once, as each of them in turn
    std::string consent = "remember";      ///< `remember`, `always` (asks each time), `denied`
    std::string scope_member = "scope";    ///< `scope`, `scopes`, `none`
    json::value expires_in = 7200;         ///< number or string as sent; null: the member is absent
    bool rotation = true;                  ///< a refresh gives a new refresh token
    std::int64_t rotated_lifetime_s = 600; ///< so long an old refresh token goes on working
    std::string pkce = "checked";          ///< `checked`, `ignored`
    std::int64_t token_length = 2600;      ///< characters of an access token
    bool escapes = false;                  ///< `\/` and `\uXXXX` in JSON
    std::string loopback_port = "any"; ///< `any`: the port of a registered loopback callback does not count; `exact`
    std::int64_t clock_offset_s = 0;   ///< added to the clock by which codes and tokens expire
};

/// One entry of `{"endpoint":"token","fault":"cut","times":1}`.
struct fault {
    std::string endpoint; ///< `any`, `api`, or the name of one endpoint
    std::string kind;
    std::int64_t times = 1; ///< so many requests are hit; 0: all of them
    std::int64_t after = 0; ///< so many requests are let through first
    std::int64_t seen = 0;
    json::object options; ///< the members that only some kinds have

    [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t otherwise) const;
    [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise = {}) const;
    /// The endpoint does not even see the request: no code is used up, no token is made.
    [[nodiscard]] bool before_the_endpoint() const;
};

/// Guarded by one mutex outside.
class fault_box {
public:
    /// Takes one object or an array of them; gives a sentence when something in it is wrong, and then changes nothing.
    std::string post(json::value const& orders);
    [[nodiscard]] json::object show() const;
    void reset();
    /// The fault that hits this request, if any.
    std::optional<fault> take(std::string_view endpoint);

    switches now;

private:
    std::list<fault> faults_;
};

/// What is sent in place of `answer`.
[[nodiscard]] delivery damage(fault const& with, std::string_view endpoint, request const& asked, reply answer);

struct help_row {
    std::string_view name;
    std::string_view text;
};

[[nodiscard]] std::vector<help_row> const& fault_help();
[[nodiscard]] std::vector<help_row> const& switch_help();
/// The names that a fault's `endpoint` can have.
[[nodiscard]] std::vector<std::string_view> const& endpoint_names();

} // namespace simulator
