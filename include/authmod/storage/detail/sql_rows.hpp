// SPDX-License-Identifier: BSL-1.0
// Layer 5. What the stores with tables share: the columns of their questions, and what is made of a row. `Row` has
// `text`, `number`, `flag` and `time`, by the place of a column.
#pragma once

#include "authmod/model/account.hpp"
#include "authmod/model/audit_row.hpp"
#include "authmod/model/issued_token.hpp"
#include "authmod/model/module_record.hpp"
#include "authmod/model/session.hpp"
#include "authmod/policy/store.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod::detail {

using attribute_list = std::vector<std::pair<std::string, std::string>>;

#define AUTHMOD_ACCOUNT_COLUMNS                                                                                        \
    "a.id, a.username, a.full_name, a.email, a.email_verified, a.avatar, a.banned, a.ban_reason, "                     \
    "a.created_by_module, a.custom_attributes, a.created_at, a.updated_at, a.revision"
#define AUTHMOD_SESSION_COLUMNS                                                                                        \
    "s.account_id, s.module_id, s.csrf, s.created_at, s.seen_at, s.subject, s.provider_session"
#define AUTHMOD_TOKEN_COLUMNS "t.account_id, t.module_id, t.service_id, t.scope, t.created_at, t.expires_at"

/// Columns of an account, a session, a token.
inline constexpr int account_columns = 13, session_columns = 7, token_columns = 6;

inline constexpr char const* modules_sql =
    "SELECT id, type, name, enabled, is_default, place, revision, created_at, updated_at, settings, sealed_secret, "
    "coalesce(media_type, '') FROM modules LEFT JOIN module_images ON module_id = id ORDER BY place, created_at, id";

/// The attributes stand in a form of each store's own.
template <class Row>
[[nodiscard]] account read_account(Row& row, int column, attribute_list attributes) {
    account a;
    a.id = row.text(column);
    a.username = row.text(column + 1);
    a.full_name = row.text(column + 2);
    a.email = row.text(column + 3);
    a.email_verified = row.flag(column + 4);
    a.avatar = row.text(column + 5);
    a.banned = row.flag(column + 6);
    a.ban_reason = row.text(column + 7);
    a.created_by_module = row.text(column + 8);
    a.custom_attributes = std::move(attributes);
    a.created_at = row.time(column + 10);
    a.updated_at = row.time(column + 11);
    a.revision = row.number(column + 12);
    return a;
}

template <class Row>
[[nodiscard]] session read_session(Row& row, std::string_view digest) {
    session s;
    s.digest = digest;
    s.account_id = row.text(0);
    s.module_id = row.text(1);
    s.csrf = row.text(2);
    s.created_at = row.time(3);
    s.seen_at = row.time(4);
    s.subject = row.text(5);
    s.provider_session = row.text(6);
    return s;
}

template <class Row>
[[nodiscard]] session_tokens read_session_tokens(Row& row) {
    session_tokens t;
    t.session_digest = row.text(0);
    t.tokens.sealed = row.text(1);
    t.tokens.revision = row.number(2);
    return t;
}

template <class Row>
[[nodiscard]] issued_token read_token(Row& row, std::string_view digest) {
    issued_token t;
    t.digest = digest;
    t.account_id = row.text(0);
    t.module_id = row.text(1);
    t.service_id = row.text(2);
    t.scope = row.text(3);
    t.created_at = row.time(4);
    t.expires_at = row.time(5);
    return t;
}

template <class Row>
[[nodiscard]] module_record read_module(Row& row) {
    module_record m;
    m.id = row.text(0);
    m.type = row.text(1);
    m.name = row.text(2);
    m.enabled = row.flag(3);
    m.is_default = row.flag(4);
    m.order = static_cast<int>(row.number(5));
    m.revision = row.number(6);
    m.created_at = row.time(7);
    m.updated_at = row.time(8);
    m.settings = row.text(9);
    m.sealed_secret = row.text(10);
    m.image_type = row.text(11);
    return m;
}

template <class Row>
[[nodiscard]] audit_row read_audit_row(Row& row) {
    audit_row r;
    r.number = row.number(0);
    r.at = row.time(1);
    r.author = row.text(2);
    r.address = row.text(3);
    r.event = row.text(4);
    r.target = row.text(5);
    r.module_id = row.text(6);
    r.field = row.text(7);
    r.old_value = row.text(8);
    r.new_value = row.text(9);
    r.reason = row.text(10);
    return r;
}

/** The question for one page of the audit: parameter 1 module, 2 author, 3 event, 4 target, 5 and 6 times, 7 number, 8
    limit. `mark` begins a parameter: `?` or `$`.

    The text names only the filters that are set, so that the database can choose an index; the values are parameters.
    Rows of logins are missing in two of the indices, so whoever looks for others has to say so.
*/
[[nodiscard]] inline std::string audit_page_sql(audit_filter const& f, char mark) {
    std::string sql = "SELECT number, at, author, address, event, target, module_id, field, old_value, new_value, "
                      "reason FROM audit WHERE true";
    auto const where = [&](std::string_view condition, char place) {
        (sql.append(" AND ").append(condition) += mark) += place;
    };
    if (!f.module_id.empty()) where("module_id = ", '1');
    if (!f.author.empty()) where(f.author == "login" ? "author = " : "author <> 'login' AND author = ", '2');
    if (!f.event.empty()) where(f.event == "login" ? "event = " : "event <> 'login' AND event = ", '3');
    if (!f.target.empty()) where("target = ", '4');
    if (f.from != time_point()) where("at >= ", '5');
    if (f.until != time_point::max()) where("at < ", '6');
    if (f.before != 0) where("number < ", '7');
    return (sql.append(" ORDER BY number DESC LIMIT ") += mark) += '8';
}

} // namespace authmod::detail
