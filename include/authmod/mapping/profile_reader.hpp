// SPDX-License-Identifier: BSL-1.0
// Layer 1. Reads a person out of a provider's answers: the only evaluator of attribute paths. No document tree is made.
// Bodies in detail/profile_reader.ipp: only there does Boost.JSON show up.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/version.hpp"
#include "authmod/mapping/detail/member_names.hpp"
#include "authmod/mapping/detail/path_matcher.hpp"
#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/mapping/user_profile.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Reads the documents of one person and gives the profile; then those of the next.

    Each body is read in one pass and checked whole: see `detail::read_strict_json` for what is refused.

    Thread safety: none; one reader per login. Movable. Lifetimes: the owner of the plan outlives the reader; the bodies
    may go as soon as `read` returns.
*/
class profile_reader {
public:
    explicit profile_reader(mapping_view plan)
        : plan_(plan), matcher_(plan), fields_(detail::field::custom + plan.custom_attributes()) {}

    /** Reads a document, or one page of it: pages of a list are read in order, one call each, and behave as one
       document whose elements are all different.

        Errors: `response_too_large`; `profile_malformed` for the profile and `response_malformed` for a list.
       `reason()` then says more, and the whole document is forgotten.
    */
    [[nodiscard]] result<void> read(document_kind kind, std::string_view bytes);

    /// Drops what a document gives, pages read later included, as its call failed. What it should have given is then
    /// missing; the profile is not asked instead.
    void forget(document_kind kind);

    /// The member `next` of the page of a list that was read last, empty if there is none. Untrusted.
    /// Lifetimes: valid until `read`, `forget` or `finish`.
    [[nodiscard]] std::string_view next() const noexcept { return next_; }

    /// Whether further pages of emails cannot change the email and its state any more.
    [[nodiscard]] bool email_found() const noexcept {
        auto const& list = documents_[place(document_kind::emails)];
        bool const no_state_path = (plan_.node(place(document_kind::emails)).flags & detail::table_node::paired) == 0;
        return list.email_rank == 0 && (list.in_array || no_state_path || list.state.rank == 0);
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
    [[nodiscard]] result<user_profile> finish();

private:
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

    // Inline: only the bodies of `read` and `finish` call them.
    inline static void keep_email(kept_document& old, detail::found_values::pair const& page);
    inline static void keep_groups(kept_document& old, detail::found_values const& found);
    inline void keep_fields(detail::found_values const& found);
    inline void keep(document_kind kind);
    inline void take_fields(user_profile& person) const;
    inline void take_email(user_profile& person);
    inline void take_groups(user_profile& person);
    [[nodiscard]] inline result<user_profile> take_person();
    inline void forget_fields();
    inline void forget_person();
    [[nodiscard]] inline std::string_view text_of(kept_value const& value) const noexcept;
    [[nodiscard]] inline kept_document& deciding(document_kind list, bool list_gives);

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

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/mapping/detail/profile_reader.ipp"
#endif
