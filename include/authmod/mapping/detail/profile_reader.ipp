// SPDX-License-Identifier: BSL-1.0
// Layer 1. Bodies of profile_reader.
#pragma once

#include "authmod/core/utf8.hpp"
#include "authmod/mapping/detail/member_names.hpp"
#include "authmod/mapping/detail/path_matcher.hpp"
#include "authmod/mapping/detail/strict_json.hpp"
#include "authmod/mapping/detail/unique_texts.hpp"
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/mapping/url_pattern.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
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
[[nodiscard, gnu::noinline]] inline std::string number_text(std::string_view as_sent) {
    double value = 0; // stays so for what is too small to tell from 0
    std::from_chars(as_sent.data(), as_sent.data() + as_sent.size(), value);
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

} // namespace detail

inline namespace AUTHMOD_ABI {

/// What a reader works with.
struct profile_reader::state {
    explicit state(mapping_view in_plan)
        : plan_(in_plan), matcher_(in_plan), fields_(detail::field::custom + in_plan.custom_attributes()) {}

    [[nodiscard]] result<void> read(document_kind kind, std::string_view bytes);
    void forget(document_kind kind);
    [[nodiscard]] bool email_found() const noexcept;
    [[nodiscard]] result<user_profile> finish();

    /// The value of a single field so far; its text is part of `texts_`.
    struct kept_value {
        std::uint32_t offset = 0, size = 0;
        std::uint8_t rank = detail::no_rank;
        bool refused = false;
    };

    struct email_state {
        std::uint8_t rank = detail::no_rank;
        detail::found_value::kind truth = detail::found_value::kind::unclear;

        void offer(std::uint8_t other_rank, detail::found_value::kind other) noexcept {
            if (other_rank < rank) *this = {other_rank, other};
        }

        void offer(detail::best_value const& other) noexcept { offer(other.rank, other.value.what); }
    };

    /// What a document gave besides single fields, all its pages together.
    struct kept_document {
        bool changed = false; ///< anything below is not as it is here
        bool forgotten = false;
        bool in_array = false; ///< the email lies in one
        bool groups_given = false;
        std::uint8_t email_rank = detail::no_rank;
        std::uint8_t groups_rank = detail::no_rank;
        email_state state;
        email_state any_state; ///< wherever it stands
        std::string email;
        std::vector<std::string> groups;
    };

    [[nodiscard]] static constexpr std::size_t place(document_kind kind) noexcept {
        return static_cast<std::size_t>(kind);
    }

    static void keep_email(kept_document& old, detail::found_values::pair const& page);
    static void keep_groups(kept_document& old, detail::found_values const& found);
    void keep_fields(detail::found_values const& found);
    void keep(document_kind kind);
    void take_fields(user_profile& person) const;
    void take_email(user_profile& person);
    void take_groups(user_profile& person);
    [[nodiscard]] result<user_profile> take_person();
    void forget_fields();
    void forget_person();
    [[nodiscard]] std::string_view text_of(kept_value const& value) const noexcept;
    [[nodiscard]] kept_document& deciding(document_kind list, bool list_gives);

    mapping_view plan_;
    detail::path_matcher matcher_;
    detail::json_scratch scratch_;
    std::vector<kept_value> fields_; ///< of the profile, by detail::field, those before `email`
    std::string texts_;
    std::array<kept_document, 3> documents_;
    std::vector<std::uint32_t> places_; ///< memory for comparing groups
    std::string next_;
    std::string_view reason_;
};

AUTHMOD_DECL profile_reader::profile_reader(mapping_view plan) : state_(std::make_unique<state>(plan)) {}
AUTHMOD_DECL profile_reader::profile_reader(profile_reader&&) noexcept = default;
AUTHMOD_DECL profile_reader& profile_reader::operator=(profile_reader&&) noexcept = default;
AUTHMOD_DECL profile_reader::~profile_reader() = default;

AUTHMOD_DECL result<void> profile_reader::read(document_kind kind, std::string_view bytes) { return state_->read(kind, bytes); }
AUTHMOD_DECL void profile_reader::forget(document_kind kind) { state_->forget(kind); }
AUTHMOD_DECL std::string_view profile_reader::next() const noexcept { return state_->next_; }
AUTHMOD_DECL bool profile_reader::email_found() const noexcept { return state_->email_found(); }
AUTHMOD_DECL std::string_view profile_reader::reason() const noexcept { return state_->reason_; }
AUTHMOD_DECL std::size_t profile_reader::reason_offset() const noexcept { return state_->scratch_.stopped_at; }
AUTHMOD_DECL result<user_profile> profile_reader::finish() { return state_->finish(); }

// What a page gave: copied, as far as it is better than what earlier pages gave.

inline void profile_reader::state::keep_fields(detail::found_values const& found) {
    using enum detail::found_value::kind;
    for (std::size_t i = 0; i != fields_.size(); ++i) {
        auto const& [rank, value] = found.best(i);
        if (rank >= fields_[i].rank) continue;
        auto const offset = texts_.size();
        if (value.what == real)
            texts_ += detail::number_text(value.text);
        else
            texts_ += value.text;
        fields_[i] = {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(texts_.size() - offset), rank,
                      value.what == refused};
    }
}

inline void profile_reader::state::keep_email(kept_document& old, detail::found_values::pair const& page) {
    old.changed = true;
    if (page.email.rank < old.email_rank) {
        old.email_rank = page.email.rank;
        old.email = page.email.value.text;
        old.in_array = page.in_array;
        old.state = old.in_array ? email_state() : old.any_state;
        old.state.offer(page.state);
    } else if (!old.in_array) {
        old.state.offer(page.any_state);
    }
    old.any_state.offer(page.any_state);
}

inline void profile_reader::state::keep_groups(kept_document& old, detail::found_values const& found) {
    old.changed = old.groups_given = true;
    if (found.groups_rank() > old.groups_rank || found.groups().empty()) return;
    if (found.groups_rank() < old.groups_rank) old.groups.clear();
    old.groups_rank = found.groups_rank();
    old.groups.insert(old.groups.end(), found.groups().begin(), found.groups().end());
}

inline void profile_reader::state::keep(document_kind kind) {
    auto& document = documents_[place(kind)];
    if (document.forgotten) return;
    auto const& found = matcher_.found();
    if (found.next().rank != detail::no_rank) next_ = found.next().value.text;
    if (kind == document_kind::profile) keep_fields(found);
    if (found.has_pairs()) keep_email(document, found.best_pair());
    if (found.groups_given()) keep_groups(document, found);
}

inline result<void> profile_reader::state::read(document_kind kind, std::string_view bytes) {
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

inline void profile_reader::state::forget_fields() {
    for (auto& field : fields_) field = {};
    texts_.clear();
}

inline void profile_reader::state::forget(document_kind kind) {
    next_.clear();
    documents_[place(kind)] = {};
    documents_[place(kind)].forgotten = documents_[place(kind)].changed = true;
    if (kind == document_kind::profile) forget_fields();
}

inline bool profile_reader::state::email_found() const noexcept {
    auto const& list = documents_[place(document_kind::emails)];
    bool const no_state_path = (plan_.node(place(document_kind::emails)).flags & detail::table_node::paired) == 0;
    return list.email_rank == 0 && (list.in_array || no_state_path || list.state.rank == 0);
}

// The profile of what was kept.

inline std::string_view profile_reader::state::text_of(kept_value const& value) const noexcept {
    return {texts_.data() + value.offset, value.size};
}

inline void profile_reader::state::take_fields(user_profile& person) const {
    namespace field = detail::field;
    auto const take = [&](std::optional<std::string>& to, kept_value const& value) {
        if (value.rank != detail::no_rank) to.emplace(text_of(value));
    };
    auto const take_name = [&](std::optional<std::string>& to, kept_value const& value) {
        if (value.size <= detail::longest_name) return take(to, value);
        to.emplace(first_code_points(text_of(value), detail::longest_name));
    };
    take(person.user_id, fields_[field::user_id]);
    take_name(person.username, fields_[field::username]);
    take_name(person.full_name, fields_[field::full_name]);
    take(person.account_type, fields_[field::account_type]);
    if (auto const& avatar = fields_[field::avatar]; avatar.rank != detail::no_rank)
        person.avatar = image_url(plan_.image_url_pattern(), text_of(avatar));
    if (person.avatar && person.avatar->size() > detail::longest_avatar) person.avatar.reset();
    person.custom_attributes.reserve(plan_.custom_attributes());
    for (std::size_t i = 0; i != plan_.custom_attributes(); ++i)
        if (auto const& value = fields_[field::custom + i]; value.rank != detail::no_rank)
            person.custom_attributes.emplace_back(plan_.custom_name(i), text_of(value));
}

/// The document that decides: the list, or the profile where the list was not read or gives nothing.
inline auto profile_reader::state::deciding(document_kind list, bool list_gives) -> kept_document& {
    auto const from_list = list_gives || documents_[place(list)].forgotten;
    return documents_[place(from_list ? list : document_kind::profile)];
}

inline void profile_reader::state::take_email(user_profile& person) {
    using enum detail::found_value::kind;
    auto const list = document_kind::emails;
    auto& from = deciding(list, documents_[place(list)].email_rank != detail::no_rank);
    if (from.email_rank == detail::no_rank || from.email.size() > detail::longest_email) return;
    person.email = std::move(from.email);
    if (from.state.truth != unclear) person.email_verified = from.state.truth == yes;
}

inline void profile_reader::state::take_groups(user_profile& person) {
    auto const list = document_kind::groups;
    auto& from = deciding(list, documents_[place(list)].groups_given);
    if (!from.groups_given) return;
    std::erase_if(from.groups, [](std::string const& name) { return name.size() > detail::longest_group; });
    detail::drop_repeated(from.groups, places_);
    person.groups = std::move(from.groups);
}

inline void profile_reader::state::forget_person() {
    forget_fields();
    for (auto& document : documents_)
        if (document.changed) document = {};
    next_.clear();
}

/// A function of its own, so that the person is made where the caller of `finish` wants it and never moves.
inline result<user_profile> profile_reader::state::take_person() {
    result<user_profile> person(boost::system::in_place_value);
    take_fields(*person);
    take_email(*person);
    take_groups(*person);
    forget_person();
    return person;
}

inline result<user_profile> profile_reader::state::finish() {
    auto const& id = fields_[detail::field::user_id];
    if (id.rank == detail::no_rank || (!id.refused && id.size <= detail::longest_user_id)) return take_person();
    forget_person();
    return errc::user_id_refused;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
