// SPDX-License-Identifier: BSL-1.0
// Layer 2. A provider as a value: what the program knows about it at run time, and the list of those it offers.
#pragma once

#include "authmod/mapping/path.hpp"
#include "authmod/provider/provider.hpp"
#include "authmod/provider/settings.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace authmod {

/// The traits of a provider without their type. Lifetimes: what it refers to lives as long as the program.
struct provider_info {
    std::string_view id; ///< as in the traits
    std::string_view label;    ///< for people
    std::string_view icon_svg; ///< one inline `<svg>` element of the program's own, safe to put into a page
    settings defaults; ///< what a new module starts with
    std::span<set_up_step const> set_up; ///< what to do at the provider first
    path_view account_type; ///< no steps: every kind of account is accepted
    std::span<std::string_view const> accepted_account_types; ///< compared with what stands at `account_type`
    provider_extras extras; ///< what only some providers have
    /// Settings that this provider has beyond those of every module, in the order of the settings page: of `issuer`,
    /// `jwks_url`, `server_url`, `realm`, `tenant`, `okta_domain` and the limits. Any other of them stays empty.
    std::vector<std::string_view> extra_settings;

    provider_info() = default;

    explicit provider_info(provider_traits const& traits)
        : id(traits.id), label(traits.label), icon_svg(traits.icon_svg), defaults(default_settings(traits)),
          set_up(traits.set_up), account_type(traits.mapping.account_type),
          accepted_account_types(traits.accepted_account_types), extras(traits.extras) {
        // Told by the traits themselves: places of URLs name settings, and so does the limit.
        if (extras.openid) extra_settings.insert(extra_settings.end(), {"issuer", "jwks_url"});
        for (auto name : url_settings)
            if (detail::uses_setting_anywhere(traits, name)) extra_settings.push_back(name);
        if (!extras.limit.setting.empty()) extra_settings.push_back(extras.limit.setting);
    }

    /// Whether its modules have the setting `name`, one of those that not every module has.
    [[nodiscard]] bool has_setting(std::string_view name) const noexcept {
        return std::ranges::find(extra_settings, name) != extra_settings.end();
    }
};

/// The description of `P`. Thread safety: any; it never changes.
template <provider P>
[[nodiscard]] provider_info const& info_of() {
    static provider_info const info(traits_of<P>);
    return info;
}

/// The providers a program offers, in the order given; `registry` makes it. Refers to descriptions, which live as long
/// as the program.
class provider_list {
public:
    provider_list() = default;

    explicit provider_list(std::initializer_list<provider_info const*> all) : all_(all) {}

    /// The provider with this id, or null.
    [[nodiscard]] provider_info const* find(std::string_view id) const noexcept {
        for (auto const* info : all_)
            if (info->id == id) return info;
        return nullptr;
    }

    /// @{
    /// The providers one after the other, as a range.
    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }

    [[nodiscard]] auto end() const noexcept { return all_.end(); }

    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    /// @}

private:
    std::vector<provider_info const*> all_;
};

} // namespace authmod
