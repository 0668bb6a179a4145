// SPDX-License-Identifier: BSL-1.0
// The endpoints of the simulated Bitbucket Cloud, and those by which a test steers it.
#pragma once

#include "answers.hpp"
#include "faults.hpp"
#include "http.hpp"
#include "state.hpp"

#include <boost/json/array.hpp>

#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

/// One request under way, and what was found wrong with it.
struct exchange {
    request const& asked;
    std::vector<name_value> query;
    std::vector<name_value> form;
    std::string endpoint;
    std::vector<std::string> segments; ///< of the path behind `/2.0/`, decoded
    std::vector<std::string> violations;

    explicit exchange(request const& in_asked);
    [[nodiscard]] std::string const* find(std::string_view name) const;      ///< in the query
    [[nodiscard]] std::string const* find_form(std::string_view name) const; ///< in the form
};

/// An authorization request that passed the checks which end on an error page.
struct authorization {
    consumer const* client = nullptr;
    std::string sent_redirect_uri; ///< empty when it was left out
    std::string redirect_uri;      ///< where the answer goes
    std::string const* state = nullptr;
    std::set<std::string> scopes;
    std::string challenge;
};

/// Thread safety: `answer` may be called from any thread.
class bitbucket {
public:
    /// `callback`: the registered Callback URL of `simulator-key`; empty: every loopback address.
    explicit bitbucket(std::string_view callback);
    delivery answer(request const& asked);

private:
    // the browser
    reply authorize(exchange& x);
    reply approve(account const& who, authorization const& a);
    reply deny(authorization const& a);

    // the client
    reply token(exchange& x);
    reply redeem_code(exchange& x, consumer const& client);
    reply refresh(exchange& x, consumer const& client);
    reply issue(std::string_view grant, token_grant const& as, bool with_refresh, std::string_view old_refresh = {});

    // the API
    reply api(exchange& x);
    reply user_resource(exchange& x, account const& who);
    reply workspace_resource(exchange& x, account const& who);
    reply avatar(exchange& x);
    [[nodiscard]] json::object user_json(exchange const& x, account const& who, bool own) const;
    [[nodiscard]] json::object workspace_json(exchange const& x, std::string const& slug) const;
    [[nodiscard]] json::object membership_json(exchange const& x, account const& who, membership const& in) const;
    [[nodiscard]] json::object email_json(exchange const& x, email_address const& email) const;
    reply list(exchange const& x, json::array const& items, std::int64_t default_length) const;

    // the test
    reply control(request const& asked);
    reply post_accounts(json::value const& orders);
    void note(exchange const& x, unsigned status, std::string_view fault_kind);

    [[nodiscard]] time_point now() const;

    std::mutex mutex_;
    state world_;
    fault_box faults_;
    std::deque<json::object> log_;
    std::int64_t log_number_ = 0;
    std::size_t next_approval_ = 0;
    std::int64_t request_count_ = 0;
};

} // namespace simulator
