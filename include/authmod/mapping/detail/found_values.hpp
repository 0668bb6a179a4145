// SPDX-License-Identifier: BSL-1.0
// Layer 1. Keeps what paths found in one body: decides which value counts for a field, performs nothing.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/rfc3339.hpp"
#include "authmod/mapping/detail/json_scalar.hpp"
#include "authmod/mapping/detail/table_builder.hpp"
#include "authmod/mapping/detail/work_stack.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace authmod::detail {

inline constexpr std::uint8_t no_rank = 0xff; ///< behind every alternative

/// A value that counts. The text of a `real` is as sent.
struct found_value {
    enum class kind : std::uint8_t { text, real, refused, given, yes, no, unclear };
    kind what = kind::text;
    std::string_view text;
};

/// The value found by the earliest alternative; of several by the same one, the first in the document.
struct best_value {
    std::uint8_t rank = no_rank;
    found_value value;

    void offer(std::uint8_t other_rank, found_value const& other) noexcept {
        if (!enforced("E5", other_rank < rank)) return;
        rank = other_rank;
        value = other;
    }
};

/// A selector's verdict on one object. Guards of an object are decided when it ends.
struct guard {
    std::uint32_t parent = 0; ///< number of the guard around it; as everywhere here number = place + 1, and 0 is none
    std::uint16_t selector = 0;
    bool watched = false; ///< its member's value comes next
    bool yes = false;
};

/// An array element, or a member that the email's `*` goes through: email and state are paired inside it.
struct element {
    std::uint32_t parent = 0;
    std::uint32_t container = 0;
    bool is_member = false;
};

/// The truth word of the email's state.
[[nodiscard]] inline found_value::kind read_state(json_scalar const& value) noexcept {
    using enum found_value::kind;
    switch (value.type) {
    case json_type::boolean_true:
        return yes;
    case json_type::boolean_false:
        return no;
    case json_type::integer:
        return value.text == "1" ? yes : value.text == "0" ? no : unclear;
    case json_type::string:
        if (ascii::equal_ignoring_case(value.text, "true") || parse_rfc3339(value.text)) return yes;
        return ascii::equal_ignoring_case(value.text, "false") ? no : unclear;
    default:
        return unclear;
    }
}

[[nodiscard]] constexpr bool is_blank_text(std::string_view text) noexcept {
    for (char c : text)
        if (!is_blank(c)) return false;
    return true;
}

/// What a scalar is to a field; nothing if it counts as no value there.
[[nodiscard]] inline std::optional<found_value> value_for(std::uint8_t what, json_scalar const& value) noexcept {
    if (value.type == json_type::null) return {};
    if (value.type == json_type::string && is_blank_text(value.text)) return {};
    if (what == field::email_verified) return found_value{read_state(value), {}};
    if (value.type == json_type::string || (value.type == json_type::integer && what != field::next))
        return found_value{found_value::kind::text, value.text};
    switch (what) {
    case field::user_id:
        if (broken("E4")) return found_value{found_value::kind::text, value.text};
        return found_value{found_value::kind::refused, {}};
    case field::username:
    case field::email:
    case field::groups:
    case field::next:
        return {};
    default:
        break;
    }
    return found_value{value.type == json_type::real ? found_value::kind::real : found_value::kind::text, value.text};
}

/** The values found so far in a body.

    A value behind a selector waits in a log until the selected object has ended, as `is_primary` may stand after
    `email`. Email and state wait until the body has ended, as either may come first. Nothing of a body that makes more
    than `max_waiting` values wait may be used (about 10 MiB; a list of 1 MiB has some 10,000).
*/
class found_values {
public:
    static constexpr std::size_t max_waiting = std::size_t{1} << 18;

    /// The best email with its state, and the best state wherever it stands.
    struct pair {
        best_value email, state, any_state;
        bool in_array = false; ///< the email lies in an array
    };

    void clear(std::size_t fields) {
        if (best_.size() != fields) best_.resize(fields);
        for (auto& best : best_) best.rank = no_rank;
        next_.rank = no_rank;
        groups_.clear();
        groups_rank_ = no_rank;
        groups_given_ = false;
        log_.clear();
        elements_.clear();
        last_logged_element_ = 0;
        overflowed_ = false;
    }

    [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

    /// The member `next` of a list.
    [[nodiscard]] best_value const& next() const noexcept { return next_; }

    /// Result for a field before `field::email`.
    [[nodiscard]] best_value const& best(std::size_t what) const noexcept { return best_[what]; }

    /// False: there is neither an email nor a state of one.
    [[nodiscard]] bool has_pairs() const noexcept { return !log_.empty(); }

    [[nodiscard]] std::uint8_t groups_rank() const noexcept { return groups_rank_; }

    [[nodiscard]] bool groups_given() const noexcept { return groups_given_; }

    [[nodiscard]] std::vector<std::string_view> const& groups() const noexcept { return groups_; }

    /// Notes an element of `container`. Elements that no value lies in are forgotten.
    [[nodiscard]] std::uint32_t add_element(std::uint32_t parent, std::uint32_t container, bool is_member) {
        elements_.resize(std::max(parent, last_logged_element_));
        elements_.push_back({parent, container, is_member});
        return static_cast<std::uint32_t>(elements_.size());
    }

    /// A string that no guard is around, for a field with a single value that nothing is paired with.
    void offer_text(table_accept accept, std::string_view text) noexcept {
        auto& best = best_[accept.field];
        if (accept.rank >= best.rank || is_blank_text(text)) return;
        best.rank = accept.rank;
        best.value.what = found_value::kind::text;
        best.value.text = text;
    }

    [[gnu::noinline]] void offer(table_accept accept, std::uint32_t in_guard, std::uint32_t in_element,
                                 json_scalar const& value) {
        bool const is_single = accept.field < field::email;
        if (is_single && in_guard == 0 && accept.rank >= best_[accept.field].rank) return;
        if (auto const found = value_for(accept.field, value))
            add({accept.field, accept.rank, in_guard, in_element, *found});
        else if (accept.field == field::groups && value.type == json_type::string)
            give_groups(in_guard); // a blank one
    }

    /// A groups path reached something that says "these are the groups", even if there are none.
    void give_groups(std::uint32_t in_guard) {
        if (!groups_given_) add({field::groups, 0, in_guard, 0, {found_value::kind::given, {}}});
    }

    /// A user id path ends at an object or an array that is not empty.
    void refuse_user_id(std::uint8_t rank, std::uint32_t in_guard) {
        add({field::user_id, rank, in_guard, 0, {found_value::kind::refused, {}}});
    }

    [[nodiscard]] std::size_t log_size() const noexcept { return log_.size(); }

    /// An object ends, and with it its guards, those from number `first` on. `log_mark`: size of the log at its start.
    [[gnu::noinline]] void decide(work_stack<guard> const& guards, std::uint32_t first, std::size_t log_mark) {
        std::size_t kept = log_mark;
        for (std::size_t i = log_mark; i != log_.size(); ++i) {
            auto entry = log_[i];
            bool yes = true;
            for (; yes && entry.in_guard >= first; entry.in_guard = guards[entry.in_guard - 1].parent)
                yes = guards[entry.in_guard - 1].yes;
            if (!yes) continue;
            if (entry.in_guard == 0 && !waits_for_end(entry))
                commit(entry);
            else
                log_[kept++] = entry;
        }
        log_.resize(kept);
    }

    /** The body ended: the best email in the log, paired with its state.

        In an array, a state counts only inside the same elements; anywhere else the first state counts.
    */
    [[nodiscard]] pair best_pair() const noexcept {
        pair best;
        std::uint32_t place = 0;
        for (auto const& entry : log_) {
            if (entry.field != field::email || entry.rank >= best.email.rank) continue;
            best.email.offer(entry.rank, entry.value);
            place = entry.in_element;
        }
        for (auto const& entry : log_) {
            if (entry.field != field::email_verified) continue;
            best.any_state.offer(entry.rank, entry.value);
            if (entry.rank < best.state.rank && same_place(place, entry.in_element))
                best.state.offer(entry.rank, entry.value);
        }
        for (; place != 0; place = elements_[place - 1].parent) best.in_array |= !elements_[place - 1].is_member;
        return best;
    }

private:
    struct waiting_value {
        std::uint8_t field;
        std::uint8_t rank;
        std::uint32_t in_guard;
        std::uint32_t in_element;
        found_value value;
    };

    [[nodiscard]] static bool waits_for_end(waiting_value const& e) noexcept {
        return e.field == field::email || e.field == field::email_verified;
    }

    void add(waiting_value const& e) {
        if (e.in_guard == 0 && !waits_for_end(e)) return commit(e);
        if (log_.size() == max_waiting) {
            overflowed_ = true;
            return;
        }
        log_.push_back(e);
        last_logged_element_ = std::max(last_logged_element_, e.in_element);
    }

    void commit(waiting_value const& e) {
        if (e.field == field::next) return next_.offer(e.rank, e.value);
        if (e.field != field::groups) return best_[e.field].offer(e.rank, e.value);
        groups_given_ = true;
        if (e.value.what == found_value::kind::given || e.rank > groups_rank_) return;
        if (e.rank < groups_rank_) groups_.clear();
        groups_rank_ = e.rank;
        groups_.push_back(e.value.text);
    }

    /// Whether a state at `state` is one for an email at `email`: no element of the email's may be another one there.
    [[nodiscard]] bool same_place(std::uint32_t email, std::uint32_t state) const noexcept {
        for (; email != 0; email = elements_[email - 1].parent) {
            auto const& around = elements_[email - 1];
            for (auto i = state; i != 0; i = elements_[i - 1].parent) {
                if (i == email) return true;
                if (elements_[i - 1].container == around.container) return false;
            }
            if (!around.is_member) return false;
        }
        return true;
    }

    std::vector<best_value> best_; ///< of the fields before `field::email`
    best_value next_;
    std::vector<std::string_view> groups_;
    std::uint8_t groups_rank_ = no_rank;
    bool groups_given_ = false;
    std::vector<waiting_value> log_;
    std::vector<element> elements_;
    std::uint32_t last_logged_element_ = 0;
    bool overflowed_ = false;
};

} // namespace authmod::detail
