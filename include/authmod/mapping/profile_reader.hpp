// SPDX-License-Identifier: BSL-1.0
// Layer 1. Reads a person out of a provider's answers: the only evaluator of attribute paths. No document tree is made.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/mapping/detail/path_matcher.hpp"
#include "authmod/mapping/detail/strict_json.hpp"
#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/mapping/url_pattern.hpp"
#include "authmod/mapping/user_profile.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

inline constexpr std::size_t longest_user_id = 255; // bytes
inline constexpr std::size_t longest_email = 254;   // bytes
inline constexpr std::size_t longest_group = 255;   // bytes
inline constexpr std::size_t longest_avatar = 2048; // bytes
inline constexpr std::size_t longest_name = 255;    // code points

/// The shortest text that reads back as the same number.
[[nodiscard]] inline std::string number_text(std::string_view as_sent) {
    double value = 0; // stays so for what is too small to tell from 0
    std::from_chars(as_sent.data(), as_sent.data() + as_sent.size(), value);
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// Keeps the first of equal texts. Sorted by a cheap key, then by text: no choice of texts makes it slow.
inline void drop_repeated(std::vector<std::string>& texts) {
    struct place {
        std::size_t key, index;
    };

    std::vector<place> order;
    order.reserve(texts.size());
    for (auto const& text : texts) order.push_back({std::hash<std::string_view>()(text), order.size()});
    std::ranges::sort(order, [&](place a, place b) {
        if (a.key != b.key) return a.key < b.key;
        auto const words = texts[a.index].compare(texts[b.index]);
        return words != 0 ? words < 0 : a.index < b.index;
    });
    std::vector<bool> repeated(texts.size());
    for (std::size_t i = 1; i < order.size(); ++i)
        repeated[order[i].index] =
            order[i].key == order[i - 1].key && texts[order[i].index] == texts[order[i - 1].index];
    std::size_t i = 0;
    std::erase_if(texts, [&](std::string const&) { return repeated[i++]; });
}

} // namespace detail

/** Reads the documents of one person and gives the profile; then those of the next.

    Each body is read in one pass and checked whole: see `detail::read_strict_json` for what is refused.

    Thread safety: none; one reader per login. Movable. Lifetimes: the owner of the plan outlives the reader; the bodies
    may go as soon as `read` returns.
*/
class profile_reader {
public:
    explicit profile_reader(mapping_view plan) : plan_(plan), matcher_(plan), fields_(single_fields()) {}

    /** Reads a document, or one page of it: pages of a list are read in order, one call each, and behave as one
       document whose elements are all different.

        Errors: `response_too_large`; `profile_malformed` for the profile and `response_malformed` for a list.
       `reason()` then says more, and the whole document is forgotten.
    */
    [[nodiscard]] result<void> read(document_kind kind, std::string_view bytes) {
        matcher_.begin(kind);
        next_.clear();
        reason_ = detail::read_strict_json(bytes, scratch_, matcher_);
        if (reason_.empty() && matcher_.found().overflowed()) reason_ = "too_many_values";
        if (reason_.empty()) {
            keep(kind);
            return {};
        }
        forget(kind);
        if (bytes.size() > detail::max_json_bytes) return errc::response_too_large;
        return kind == document_kind::profile ? errc::profile_malformed : errc::response_malformed;
    }

    /// Drops what a document gives, pages read later included, as its call failed. What it should have given is then
    /// missing; the profile is not asked instead.
    void forget(document_kind kind) {
        next_.clear();
        emails_[place(kind)] = {};
        groups_[place(kind)] = {};
        forgotten_[place(kind)] = true;
        if (kind == document_kind::profile) fields_.assign(single_fields(), {});
    }

    /// The member `next` of the page of a list that was read last, empty if there is none. Untrusted.
    /// Lifetimes: valid until `read`, `forget` or `finish`.
    [[nodiscard]] std::string_view next() const noexcept { return next_; }

    /// Whether further pages of emails cannot change the email and its state any more.
    [[nodiscard]] bool email_found() const noexcept {
        auto const& list = emails_[place(document_kind::emails)];
        bool const no_state_path = (plan_.node(place(document_kind::emails)).flags & detail::table_node::paired) == 0;
        return list.email.rank == 0 && (list.in_array || no_state_path || list.state.rank == 0);
    }

    /** What was wrong with the body that was read last, empty if nothing: `too_large`, `too_deep`, `bad_utf8`,
       `bad_json`, `duplicate_member`, `zero_character`, `lone_surrogate`, `number_out_of_range` or `too_many_values`.
    */
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

    /// How many bytes of that body were read before this was noticed.
    [[nodiscard]] std::size_t reason_offset() const noexcept { return scratch_.stopped_at; }

    /** The profile. The reader is then ready for another person.

        A person without a user id is no error here. Errors: `user_id_refused` when the value at User ID is neither text
        nor a 64-bit integer, or longer than 255 bytes.
    */
    [[nodiscard]] result<user_profile> finish() {
        user_profile person;
        auto const refused = !take_fields(person);
        take_email(person);
        take_groups(person);
        emails_ = {};
        groups_ = {};
        forgotten_ = {};
        next_.clear();
        fields_.assign(single_fields(), {});
        if (refused) return errc::user_id_refused;
        return person;
    }

private:
    using kind_of = detail::found_value::kind;

    struct single_value {
        std::uint8_t rank = detail::no_rank;
        bool refused = false;
        std::string text;
    };

    struct email_state {
        std::uint8_t rank = detail::no_rank;
        kind_of truth = kind_of::unclear;

        void offer(std::uint8_t other_rank, kind_of other) noexcept {
            if (other_rank < rank) *this = {other_rank, other};
        }

        void offer(detail::best_value const& other) noexcept { offer(other.rank, other.value.what); }
    };

    struct email_of_document {
        single_value email;
        email_state state;
        email_state any_state; ///< of all pages, wherever it stands
        bool in_array = false;
    };

    struct groups_of_document {
        std::uint8_t rank = detail::no_rank;
        bool given = false;
        std::vector<std::string> values;
    };

    [[nodiscard]] static constexpr std::size_t place(document_kind kind) noexcept {
        return static_cast<std::size_t>(kind);
    }

    [[nodiscard]] std::size_t single_fields() const noexcept {
        return detail::field::custom + plan_.custom_attributes();
    }

    static void keep(single_value& old, detail::best_value const& found) {
        if (found.rank >= old.rank) return;
        old.rank = found.rank;
        old.refused = found.value.what == kind_of::refused;
        if (found.value.what == kind_of::real)
            old.text = detail::number_text(found.value.text);
        else
            old.text = found.value.text;
    }

    /// Copies what was found in the body that was just read, as far as it is better than what earlier pages gave.
    void keep(document_kind kind) {
        if (forgotten_[place(kind)]) return;
        auto const& found = matcher_.found();
        next_ = found.best(detail::field::next).value.text;
        if (kind == document_kind::profile)
            for (std::size_t i = 0; i != fields_.size(); ++i) keep(fields_[i], found.best(i));
        keep_email(emails_[place(kind)], found.best_pair());
        keep_groups(groups_[place(kind)], found);
    }

    static void keep_email(email_of_document& old, detail::found_values::pair const& page) {
        if (page.email.rank < old.email.rank) {
            keep(old.email, page.email);
            old.in_array = page.in_array;
            old.state = old.in_array ? email_state() : old.any_state;
            old.state.offer(page.state);
        } else if (!old.in_array) {
            old.state.offer(page.any_state);
        }
        old.any_state.offer(page.any_state);
    }

    static void keep_groups(groups_of_document& old, detail::found_values const& found) {
        old.given = old.given || found.groups_given();
        if (found.groups_rank() > old.rank || found.groups().empty()) return;
        if (found.groups_rank() < old.rank) old.values.clear();
        old.rank = found.groups_rank();
        old.values.insert(old.values.end(), found.groups().begin(), found.groups().end());
    }

    static void take(std::optional<std::string>& to, single_value& from) {
        if (from.rank != detail::no_rank) to = std::move(from.text);
    }

    static void cut_name(std::optional<std::string>& name) {
        if (name) name->resize(first_code_points(*name, detail::longest_name).size());
    }

    /// False: the user id is refused.
    [[nodiscard]] bool take_fields(user_profile& person) {
        namespace field = detail::field;
        if (fields_[field::user_id].refused || fields_[field::user_id].text.size() > detail::longest_user_id)
            return false;
        take(person.user_id, fields_[field::user_id]);
        take(person.username, fields_[field::username]);
        take(person.full_name, fields_[field::full_name]);
        take(person.account_type, fields_[field::account_type]);
        cut_name(person.username);
        cut_name(person.full_name);
        if (fields_[field::avatar].rank != detail::no_rank)
            person.avatar = image_url(plan_.image_url_pattern(), fields_[field::avatar].text);
        if (person.avatar && person.avatar->size() > detail::longest_avatar) person.avatar.reset();
        person.custom_attributes.reserve(plan_.custom_attributes());
        for (std::size_t i = 0; i != plan_.custom_attributes(); ++i)
            if (auto& value = fields_[field::custom + i]; value.rank != detail::no_rank)
                person.custom_attributes.emplace_back(plan_.custom_name(i), std::move(value.text));
        return true;
    }

    /// The document that decides: the list, or the profile where the list was not read or gives nothing.
    template <class Document>
    [[nodiscard]] Document& deciding(std::array<Document, 3>& documents, document_kind list, bool list_gives) const {
        return documents[place(list_gives || forgotten_[place(list)] ? list : document_kind::profile)];
    }

    void take_email(user_profile& person) {
        auto const list = document_kind::emails;
        auto& from = deciding(emails_, list, emails_[place(list)].email.rank != detail::no_rank);
        if (from.email.text.size() > detail::longest_email) return;
        take(person.email, from.email);
        if (person.email && from.state.truth != kind_of::unclear)
            person.email_verified = from.state.truth == kind_of::yes;
    }

    void take_groups(user_profile& person) {
        auto const list = document_kind::groups;
        auto& from = deciding(groups_, list, groups_[place(list)].given);
        if (!from.given) return;
        std::erase_if(from.values, [](std::string const& name) { return name.size() > detail::longest_group; });
        detail::drop_repeated(from.values);
        person.groups = std::move(from.values);
    }

    mapping_view plan_;
    detail::path_matcher matcher_;
    detail::json_scratch scratch_;
    std::vector<single_value> fields_; ///< of the profile, by detail::field
    std::array<email_of_document, 3> emails_;
    std::array<groups_of_document, 3> groups_;
    std::array<bool, 3> forgotten_{};
    std::string next_;
    std::string_view reason_;
};

} // namespace authmod
