// SPDX-License-Identifier: BSL-1.0
// Layer 2. Who a login is: the account behind it, a new one, or nobody. Decides; performs nothing.
#pragma once

#include "authmod/account/email_verification.hpp"
#include "authmod/account/group_mapping.hpp"
#include "authmod/account/login_decision.hpp"
#include "authmod/account/text_rules.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

namespace detail {

/// What a user name is made from: the provider's, or the email's local part; empty when there is neither.
[[nodiscard]] inline std::string_view username_base(user_profile const& profile) noexcept {
    if (profile.username && !profile.username->empty())
        return first_code_points(*profile.username, max_name_code_points);
    auto const email = usable_email(profile);
    return first_code_points(email.substr(0, email.rfind('@')), max_name_code_points);
}

} // namespace detail

/// `base` with the number `n`, cut so that both fit.
[[nodiscard]] inline std::string numbered_username(std::string_view base, std::uint64_t n) {
    auto const number = "-" + std::to_string(n);
    return std::string(first_code_points(base, max_name_code_points - number.size())) + number;
}

/// The user name that a login asks for: the provider's, else the email's local part, else `user-1`.
[[nodiscard]] inline std::string wished_username(login_candidate const& candidate) {
    auto const base = detail::username_base(candidate.profile);
    return base.empty() ? numbered_username("user", 1) : std::string(base);
}

/** The first user name for `candidate` that nobody else has: the wish, then the wish with 2, 3, ... 9, then with
   numbers scattered by the new account's random id, so that the millionth `john` asks the store about a dozen times at
   most.

    `taken(name)` tells whether another account than the one linked has `name`, compared as `fold_case` does.
*/
template <class Taken>
[[nodiscard]] std::string find_free_username(login_candidate const& candidate, Taken&& taken) {
    std::string name = wished_username(candidate);
    auto base = detail::username_base(candidate.profile);
    if (base.empty()) base = "user";
    std::uint64_t scatter = 14695981039346656037u; // FNV-1a
    for (char c : candidate.new_account_id) scatter = (scatter ^ static_cast<unsigned char>(c)) * 1099511628211u;
    for (std::uint64_t n = 2; taken(std::as_const(name)); ++n) {
        std::uint64_t number = n;
        if (n > 9) {
            scatter = scatter * 6364136223846793005u + 1442695040888963407u;
            number = 10'000 + (scatter >> 33) % 1'000'000'000;
        }
        name = numbered_username(base, number);
    }
    return name;
}

namespace detail {

/// Builds one decision. The account's fields change through `set` only, so no change escapes the audit.
class login_judge {
public:
    login_judge(login_candidate const& candidate, login_facts const& facts) : in_(candidate), facts_(facts) {}

    [[nodiscard]] login_decision judge() {
        auto const& user_id = in_.profile.user_id;
        if (!user_id || user_id->empty()) return refuse(errc::user_id_missing, {});
        if (user_id->size() > max_user_id_bytes) return refuse(errc::user_id_refused, {});

        if (!enforced("F8", facts_.module_serves)) return refuse(errc::module_disabled, {});

        auto const* known = target();
        std::string_view const id = known ? known->id : std::string_view{};
        if (!enforced("B10", in_.current_account_id.empty() || in_.current_account_id == id))
            return refuse(errc::signed_in_as_another, id);
        if (known && !enforced("F5", !known->banned)) return refuse(errc::account_banned, id);
        if (known && std::ranges::find(facts_.inactive, id) != facts_.inactive.end())
            return refuse(errc::account_inactive, id);
        if (!enforced("F5b", known || in_.user_creation)) return refuse(errc::creation_off, {});

        out_.result = known ? *known : account();
        if (!known) out_.result.id = in_.new_account_id;
        note("login", {}, {}, {}); // the outcome is the first row
        if (!known) {
            create();
        } else {
            out_.what = facts_.linked ? login_decision::kind::refresh : login_decision::kind::link;
            refresh();
        }
        if (out_.what != login_decision::kind::refresh) note("account_linked", "user_id", {}, *user_id);
        if (in_.new_token) note("token_issued", "service_id", {}, in_.new_token->service_id);
        change_groups();
        return std::move(out_);
    }

private:
    /// The account that the login means: the one linked, the one provisioned for it, or the one that its proven email
    /// may be linked to.
    [[nodiscard]] account const* target() const {
        if (facts_.linked && !(broken("F4") && facts_.email_holder)) return &*facts_.linked;
        if (facts_.provisioned) return &*facts_.provisioned;
        bool const may_link = in_.linking == account_linking::verified_email &&
                              enforced("F2", email_is_proven(in_.profile)) && facts_.email_holder &&
                              enforced("F3", facts_.email_holder->email_verified) &&
                              same_folded(facts_.email_holder->email, usable_email(in_.profile));
        return may_link ? &*facts_.email_holder : nullptr;
    }

    login_decision refuse(errc reason, std::string_view account_id) {
        out_ = login_decision();
        out_.reason = reason;
        out_.result.id = account_id;
        note("login_refused", "user_id", {}, in_.profile.user_id.value_or(std::string()));
        out_.audit.back().reason = to_word(reason);
        return std::move(out_);
    }

    void create() {
        auto& a = out_.result;
        out_.what = login_decision::kind::create;
        out_.account_changed = true;
        a.created_by_module = in_.module_id;
        a.created_at = a.updated_at = in_.now;
        a.username = facts_.free_username;
        a.full_name = username_base(in_.profile);
        if (a.full_name.empty()) a.full_name = a.username;
        if (in_.profile.full_name && !in_.profile.full_name->empty())
            a.full_name = first_code_points(*in_.profile.full_name, max_name_code_points);
        if (auto const email = usable_email(in_.profile); !email.empty() && !facts_.email_holder) {
            a.email = email;
            a.email_verified = decide_email_verified(in_, nullptr);
        }
        a.avatar = avatar_address();
        for (auto const& [name, value] : in_.profile.custom_attributes)
            a.custom_attributes.emplace_back(name, first_code_points(value, max_attribute_code_points));

        note("account_created", "username", {}, a.username);
        if (auto const wish = wished_username(in_); wish != a.username) {
            note("username_taken", "username", wish, a.username);
            out_.audit.back().reason = to_word(errc::name_taken);
        }
        if (facts_.email_holder) withhold_email();
    }

    /// A picture that was fetched is served by this service; else the mapped URL stands as it is.
    [[nodiscard]] std::string avatar_address() const {
        if (in_.avatar) return "/avatars/" + out_.result.id;
        auto const& mapped = in_.profile.avatar;
        return mapped && mapped->size() <= max_avatar_bytes ? *mapped : std::string();
    }

    /// Fields that the provider does not give keep their values: its silence is no order to forget.
    void refresh() {
        auto& a = out_.result;
        auto const& profile = in_.profile;
        if (profile.username && !profile.username->empty() && facts_.free_username == wished_username(in_))
            set("username", a.username, facts_.free_username);
        if (profile.full_name && !profile.full_name->empty())
            set("full_name", a.full_name, first_code_points(*profile.full_name, max_name_code_points));
        if (auto const address = avatar_address(); !address.empty()) set("avatar", a.avatar, address);
        refresh_email();
        for (auto const& [name, value] : profile.custom_attributes) {
            auto& all = a.custom_attributes;
            auto at = std::ranges::find(all, name, &std::pair<std::string, std::string>::first);
            if (at == all.end()) at = all.emplace(all.end(), name, std::string());
            set("custom_attributes/" + name, at->second, first_code_points(value, max_attribute_code_points));
        }
        if (!out_.account_changed) return;
        a.updated_at = in_.now;
        ++a.revision;
    }

    void refresh_email() {
        auto& a = out_.result;
        auto const email = usable_email(in_.profile);
        if (email.empty()) return;
        auto const& holder = facts_.email_holder;
        if (holder && holder->id != a.id && holder->email_verified) { // one verified holder at a time
            if (!same_folded(a.email, email)) withhold_email();
            return;
        }
        bool const verified = decide_email_verified(in_, &a);
        set("email", a.email, email);
        if (a.email_verified == verified) return;
        note("account_changed", "email_verified", verified ? "false" : "true", verified ? "true" : "false");
        a.email_verified = verified;
        out_.account_changed = true;
    }

    void withhold_email() {
        note("email_withheld", "email", out_.result.email, usable_email(in_.profile));
        out_.audit.back().reason = to_word(errc::name_taken);
    }

    void change_groups() {
        auto changes = decide_groups(in_, facts_);
        if (changes.missing) note("groups_missing", "groups", {}, {});
        for (auto const& id : changes.join) note("group_joined", "groups", {}, id);
        for (auto const& id : changes.leave) note("group_left", "groups", id, {});
        out_.join = std::move(changes.join);
        out_.leave = std::move(changes.leave);
    }

    void set(std::string_view field, std::string& value, std::string_view now) {
        if (value == now) return;
        note("account_changed", field, value, now);
        value = now;
        out_.account_changed = true;
    }

    void note(std::string_view event, std::string_view field, std::string_view before, std::string_view after) {
        auto& row = out_.audit.emplace_back(event, out_.result.id);
        row.at = in_.now;
        row.author = "login";
        row.address = in_.address;
        row.module_id = in_.module_id;
        row.field = field;
        row.old_value = first_code_points(before, max_name_code_points);
        row.new_value = first_code_points(after, max_name_code_points);
    }

    login_candidate const& in_;
    login_facts const& facts_;
    login_decision out_;
};

} // namespace detail

/** Decides what a login does, by the rules of the module that it came through.

    1. The account linked to (module, user id) is the one. Nothing else moves it: no email, no user name (security rules
       F1, F4).
    2. A first login is linked to the account that SCIM made for this person and module, else to the one that holds its
       email if the module allows that, the provider says the email is verified, and it is verified here (F2, F3).
    3. Otherwise a new account is made, if the module makes any (F5). Full name falls back to the user name, that to the
       email's local part, that to `user-<n>`. An email that another account holds is left out.
    4. Banned accounts and those that SCIM has switched off are refused, and so are a login that would swap the account
       signed in in this browser (B10) and one whose module was disabled or removed on the way (F8).

    Later logins (and the linking one) refresh user name where it is free, full name, avatar, email and custom
    attributes; an email that another account holds verified is not taken.

    The audit's first row is the outcome: `login` or `login_refused`. Then `account_created`, `account_linked`,
    `account_changed` (a row per field), `token_issued`, `username_taken`, `email_withheld`, `group_joined`,
    `group_left`, `groups_missing`.

    @par Preconditions
    `facts` were read for this `candidate`, in the transaction that applies the decision.
*/
[[nodiscard]] inline login_decision decide_login(login_candidate const& candidate, login_facts const& facts) {
    return detail::login_judge(candidate, facts).judge();
}

} // namespace authmod
