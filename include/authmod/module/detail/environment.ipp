// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of environment.
#pragma once

#include "authmod/module/environment.hpp"
#include "authmod/provider/settings_json.hpp"

#include <cstdlib>
#include <stdexcept>
#include <type_traits>

namespace authmod {

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL settings environment::over(settings text) const {
    for_each_setting(text, [&](std::string_view name, auto& member) {
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(member)>, std::string>) {
            if (char const* const given = find(name)) member = given;
        }
    });
    return text;
}

AUTHMOD_DECL std::string environment::variable(std::string_view setting) const {
    std::string name = prefix_;
    for (char const c : setting) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

AUTHMOD_DECL char const* environment::find(std::string_view setting) const { return std::getenv(variable(setting).c_str()); }

AUTHMOD_DECL std::string environment::demanded(std::string_view setting) const {
    if (char const* const given = find(setting)) return given;
    throw std::invalid_argument("the environment variable " + variable(setting) + " is not set");
}

} // namespace AUTHMOD_ABI

} // namespace authmod
