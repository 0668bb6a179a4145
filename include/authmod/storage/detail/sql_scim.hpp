// SPDX-License-Identifier: BSL-1.0
// Layer 5. What the stores with tables share of SCIM: columns, what is made of a row, a filter as SQL.
#pragma once

#include "authmod/storage/detail/sql_rows.hpp"
#include "authmod/storage/scim_store.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace authmod::detail {

#define AUTHMOD_SCIM_CLIENT_COLUMNS "c.id, c.name, c.module_id, c.created_at"
#define AUTHMOD_SCIM_USER_COLUMNS                                                                                      \
    "u.id, u.client_id, u.external_id, u.user_name, u.display_name, u.active, u.created_at, u.updated_at, u.version, " \
    "u.resource"
#define AUTHMOD_SCIM_GROUP_COLUMNS                                                                                     \
    "u.id, u.client_id, u.external_id, u.display_name, u.created_at, u.updated_at, u.version, u.resource, "            \
    "(SELECT name FROM groups WHERE groups.id = u.id)"

/// Columns of a client and a user.
inline constexpr int scim_client_columns = 4, scim_user_columns = 10;

template <class Row>
[[nodiscard]] scim_client read_scim_client(Row& row) {
    scim_client c;
    c.id = row.text(0);
    c.name = row.text(1);
    c.module_id = row.text(2);
    c.created_at = row.time(3);
    return c;
}

/// Without the emails, which stand in a form of each store's own; the resource has them all.
template <class Row>
[[nodiscard]] scim::user read_scim_user(Row& row) {
    scim::user u;
    u.id = row.text(0);
    u.client_id = row.text(1);
    u.external_id = row.text(2);
    u.user_name = row.text(3);
    u.display_name = row.text(4);
    u.active = row.flag(5);
    u.created_at = row.time(6);
    u.updated_at = row.time(7);
    u.version = row.number(8);
    u.resource = row.text(9);
    return u;
}

template <class Row>
[[nodiscard]] scim::group read_scim_group(Row& row) {
    scim::group g;
    g.id = row.text(0);
    g.client_id = row.text(1);
    g.external_id = row.text(2);
    g.display_name = row.text(3);
    g.created_at = row.time(4);
    g.updated_at = row.time(5);
    g.version = row.number(6);
    g.resource = row.text(7);
    g.name = row.text(8);
    return g;
}

/// What differs between the databases in the text of a question.
struct sql_dialect {
    char mark;            ///< begins a parameter: `?` or `$`
    std::string_view own; ///< a row's client, so that no index of clients is thought of
    std::string (*after_prefix)(
        std::string prefix); ///< above all texts that begin with it; empty: there is no such text
};

/// The question whom SCIM made for a login: parameter 1 what the person is found by in `what`, 2 the module, in which
/// nobody is linked to them yet. Gives an account, and whether it is active.
[[nodiscard]] inline std::string provisioned_sql(scim::column what, char mark) {
    std::string sql = "SELECT " AUTHMOD_ACCOUNT_COLUMNS ", s.active FROM scim_users s JOIN accounts a ON a.id = s.id ";
    if (what == scim::column::email) sql += "JOIN scim_emails e ON e.user_id = s.id ";
    std::string_view column = "s.user_name";
    if (what == scim::column::external_id) column = "s.external_id";
    if (what == scim::column::email) column = "e.email";
    (sql.append("WHERE ").append(column).append(" = ") += mark) += '1';
    auto const module_id = std::string(1, mark) + '2';
    sql += " AND EXISTS (SELECT 1 FROM scim_clients c WHERE c.id = s.client_id AND c.module_id = " + module_id + ')';
    sql += " AND NOT EXISTS (SELECT 1 FROM links l WHERE l.account_id = a.id AND l.module_id = " + module_id + ')';
    return sql + " ORDER BY s.id LIMIT 1";
}

/** The questions of a list. Only the shape of a filter is in their texts, its values are parameters.

    Texts of any shape must not be kept by whoever runs them; the few that everybody asks for (`is_usual`) may be.
*/
class scim_question {
public:
    using value = std::variant<std::string, long long>;

    scim_question(scim::search const& plan, std::string const& client_id, bool users, sql_dialect const& dialect)
        : dialect_(dialect), granted_by_(scim::grant_of(client_id)), users_(users), filtered_(!plan.any_of.empty()),
          usual_(plan.any_of.empty() || (plan.any_of.size() == 1 && plan.any_of[0].size() == 1)),
          one_at_most_(plan.any_of.size() == 1 && std::ranges::any_of(plan.any_of[0], is_unique)) {
        bool const narrow = filtered_ && std::ranges::all_of(plan.any_of, [](auto const& row) {
                                return std::ranges::any_of(row, is_narrow);
                            });
        from_ = users ? " FROM scim_users u WHERE " : " FROM scim_groups u WHERE ";
        // A database that walks all of the client's where a better index serves would be slow.
        from_.append(narrow ? dialect.own : "u.client_id").append(" = ").append(place(client_id));
        if (!filtered_) return;
        from_ += " AND (";
        for (auto const& row : plan.any_of) {
            if (&row != &plan.any_of.front()) from_ += " OR ";
            from_ += '(';
            for (auto const& c : row) {
                if (&c != &row.front()) from_ += " AND ";
                from_ += text_of(c);
            }
            from_ += row.empty() ? "true)" : ")";
        }
        from_ += ')';
    }

    /// How many there are.
    [[nodiscard]] std::string count() const {
        if (filtered_) return "SELECT count(*)" + from_;
        return std::string(users_ ? "SELECT user_count" : "SELECT group_count") +
               " FROM scim_clients WHERE id = " + mark(1);
    }

    /// All of them, in order; more may follow the text.
    [[nodiscard]] std::string all(std::string_view more = {}) const {
        auto sql = std::string("SELECT ") + (users_ ? AUTHMOD_SCIM_USER_COLUMNS : AUTHMOD_SCIM_GROUP_COLUMNS) + from_;
        return sql.append(more).append(one_at_most_ ? " LIMIT " : " ORDER BY u.created_at, u.id LIMIT ");
    }

    /// Adds a parameter; gives its place in the text.
    [[nodiscard]] std::string place(value v) {
        values_.push_back(std::move(v));
        return mark(values_.size());
    }

    [[nodiscard]] std::vector<value> const& values() const noexcept { return values_; }

    [[nodiscard]] bool is_usual() const noexcept { return usual_; }

private:
    /// Whether there can be no two that satisfy it.
    [[nodiscard]] static bool is_unique(scim::condition const& c) noexcept {
        using scim::column;
        return c.how == scim::relation::equal && (c.what == column::id || c.what == column::user_name);
    }

    /// Whether an index finds few rows by this condition alone.
    [[nodiscard]] static bool is_narrow(scim::condition const& c) noexcept {
        using scim::column;
        return c.what != column::active && c.what != column::created && c.what != column::last_modified;
    }

    [[nodiscard]] std::string mark(std::size_t number) const { return dialect_.mark + std::to_string(number); }

    /// A comparison of a column with a parameter.
    [[nodiscard]] std::string compare(std::string const& column, scim::condition const& c, value with) {
        if (c.how == scim::relation::starts_with) {
            auto const end = dialect_.after_prefix(c.text);
            auto text = column + " >= " + place(std::move(with));
            return end.empty() ? text : text + " AND " + column + " < " + place(end);
        }
        constexpr std::string_view signs[] = {" = ", "", " > ", " >= ", " < ", " <= "};
        return column + std::string(signs[static_cast<std::size_t>(c.how)]) + place(std::move(with));
    }

    /// Those that this client put together with what a condition names.
    [[nodiscard]] std::string joined(std::string const& own, std::string const& other, scim::condition const& c) {
        auto text = "u.id IN (SELECT " + own + " FROM memberships WHERE " + compare(other, c, c.text);
        return text + " AND granted_by = " + place(granted_by_) + ')';
    }

    [[nodiscard]] std::string text_of(scim::condition const& c) {
        using scim::column;
        bool const of_users = c.what == column::user_name || c.what == column::email || c.what == column::active ||
                              c.what == column::group;
        if (of_users != users_ && (of_users || c.what == column::member)) return "false";
        switch (c.what) {
        case column::id:
            return compare("u.id", c, c.text);
        case column::external_id:
            return compare("u.external_id", c, c.text);
        case column::user_name:
            return compare("u.user_name", c, c.text);
        case column::display_name:
            return compare("u.display_name", c, c.text);
        case column::email:
            return "u.id IN (SELECT user_id FROM scim_emails WHERE " + compare("email", c, c.text) + ')';
        case column::active:
            return c.truth ? "u.active" : "NOT u.active";
        case column::created:
            return compare("u.created_at", c, to_milliseconds(c.when));
        case column::last_modified:
            return compare("u.updated_at", c, to_milliseconds(c.when));
        case column::member:
            return joined("group_id", "account_id", c);
        case column::group:
            return joined("account_id", "group_id", c);
        }
        return "false";
    }

    sql_dialect const& dialect_;
    std::string granted_by_;
    bool users_, filtered_, usual_, one_at_most_;
    std::string from_;
    std::vector<value> values_;
};

} // namespace authmod::detail
