// SPDX-License-Identifier: BSL-1.0
// Layer 1. Reads a person out of a provider's answers: the only evaluator of attribute paths. No document tree is made.
// Bodies in detail/profile_reader.ipp: only there do Boost.JSON and the machinery of paths show up.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/version.hpp"
#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/mapping/user_profile.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace authmod {

inline namespace AUTHMOD_ABI {

/** Reads the documents of one person and gives the profile; then those of the next.

    Each body is read in one pass and checked whole: see `detail::read_strict_json` for what is refused.

    Thread safety: none; one reader per login. Movable. Lifetimes: the owner of the plan outlives the reader; the bodies
    may go as soon as `read` returns.
*/
class profile_reader {
public:
    explicit profile_reader(mapping_view plan);
    profile_reader(profile_reader&&) noexcept;            ///< what is moved from can only go or be assigned to
    profile_reader& operator=(profile_reader&&) noexcept; ///< likewise
    ~profile_reader();

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
    [[nodiscard]] std::string_view next() const noexcept;

    /// Whether further pages of emails cannot change the email and its state any more.
    [[nodiscard]] bool email_found() const noexcept;

    /** What was wrong with the body that was read last, empty if nothing: `too_large`, `too_deep`, `bad_utf8`,
       `bad_json`, `duplicate_member`, `zero_character`, `lone_surrogate`, `number_out_of_range` or `too_many_values`.
    */
    [[nodiscard]] std::string_view reason() const noexcept;

    /// How many bytes of that body were read before this was noticed.
    [[nodiscard]] std::size_t reason_offset() const noexcept;

    /** The profile. The reader is then ready for another person.

        A person without a user id is no error here. Errors: `user_id_refused` when the value at User ID is neither text
        nor a 64-bit integer, or longer than 255 bytes.
    */
    [[nodiscard]] result<user_profile> finish();

private:
    struct state; // in profile_reader.ipp: what reading takes costs nobody else compile time

    std::unique_ptr<state> state_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/mapping/detail/profile_reader.ipp"
#endif
