// SPDX-License-Identifier: BSL-1.0
// Layer 2. Which email of a login counts, and whether it is verified. Decides; performs nothing.
#pragma once

#include "authmod/account/login_decision.hpp"
#include "authmod/account/text_rules.hpp"

#include <string_view>

namespace authmod {

/// The email of a profile that is there and not too long; empty otherwise. Lifetime: that of the profile.
[[nodiscard]] inline std::string_view usable_email(user_profile const& profile) noexcept {
    if (!profile.email || profile.email->size() > max_email_bytes) return {};
    return *profile.email;
}

/// Whether the provider vouches for the profile's email: only a clear yes counts (security rules F2, E7).
[[nodiscard]] inline bool email_is_proven(user_profile const& profile) noexcept {
    return !usable_email(profile).empty() && profile.email_verified == true;
}

/** The state to store with the candidate's email.

    The provider's word decides. Without one it is the module's `email_auto_verification`; an address that was verified
    before and did not change stays verified, since silence takes nothing back.

    Preconditions: the profile has a usable email; `stored` is the account that gets it, null for a new one.
*/
[[nodiscard]] inline bool decide_email_verified(login_candidate const& candidate, account const* stored) noexcept {
    if (candidate.profile.email_verified) return *candidate.profile.email_verified;
    if (candidate.email_auto_verification) return true;
    return stored && stored->email_verified && same_folded(stored->email, usable_email(candidate.profile));
}

} // namespace authmod
