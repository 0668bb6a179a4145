// SPDX-License-Identifier: BSL-1.0
// Layer 1. One line of the audit log.
#pragma once

#include "authmod/core/time.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/** Who did what to what, when, from where. Never holds a secret, a token, a code or a cookie (security rule N2).

    Rows are written in the transaction of the change they describe.
*/
struct audit_row {
    long long number = 0;  ///< given by the store, growing
    time_point at{};       ///< UTC, in milliseconds
    std::string author;    ///< account id, `admin-token`, `login`, `scim:<client>` or `system`
    std::string address;   ///< the client's IP address, empty when there is none
    std::string event;     ///< stable word: `login`, `login_refused`, `module_changed`, `account_created`, ...
    std::string target;    ///< id of what changed: account, module, group, ...
    std::string module_id; ///< the module concerned, empty for none
    std::string field;     ///< the setting or member that changed; empty: all of the target
    std::string old_value; ///< secrets read "changed"
    std::string new_value; ///< as it is from then on; secrets read "changed"
    std::string reason;    ///< stable word of an `errc`, empty for success

    audit_row() = default;
    audit_row(std::string_view in_event, std::string_view in_target) : event(in_event), target(in_target) {}
    friend bool operator==(audit_row const&, audit_row const&) = default;
};

/** The rows that tell of one change: one per field that differs, or one in all.

    Lifetimes: refers to rows of others, a single one included. An array or a vector of rows, a span and one row convert
    to it.
*/
class audit_rows : public std::span<audit_row const> {
public:
    using std::span<audit_row const>::span;

    constexpr audit_rows(std::span<audit_row const> rows) noexcept : span(rows) {}

    constexpr audit_rows(audit_row const& row) noexcept : span(&row, 1) {}
};

} // namespace authmod
