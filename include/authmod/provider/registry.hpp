// SPDX-License-Identifier: BSL-1.0
// Layer 2. The providers a program offers, as a type: known to the compiler, so two with one id do not compile.
#pragma once

#include "authmod/provider/provider_info.hpp"

#include <initializer_list>
#include <string_view>

namespace authmod {

namespace detail {

[[nodiscard]] consteval bool have_different_ids(std::initializer_list<std::string_view> ids) {
    for (auto a = ids.begin(); a != ids.end(); ++a)
        for (auto b = ids.begin(); b != a; ++b)
            if (*a == *b) return false;
    return true;
}

} // namespace detail

/** `registry<bitbucket_cloud, github, my_provider>`: an object of it is the @ref provider_list that a service is made
    with, in the order given.

    @par Example
    @code
    login_engine engine(ports, registry<bitbucket_cloud, my_provider>(), options);
    @endcode
*/
template <provider... P>
struct registry : provider_list {
    static_assert(detail::have_different_ids({std::string_view(P::id)...}), "registry: two providers have the same id");

    registry() : provider_list({&info_of<P>()...}) {}

    /// Calls `visit.template operator()<P>()` for each provider.
    template <class Visitor>
    static constexpr void for_each(Visitor&& visit) {
        (visit.template operator()<P>(), ...);
    }
};

} // namespace authmod
