// SPDX-License-Identifier: BSL-1.0
// Layer 6. Settings of a module from environment variables, for programs that are set up from outside.
#pragma once

#include "authmod/core/secret.hpp"
#include "authmod/provider/settings.hpp"
#include "authmod/provider/settings_json.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace authmod {

/** Reads settings from variables named by a prefix and the setting in capitals: `BITBUCKET_CLIENT_ID`.

    Every setting that is a text can be given; those that are a list, a number or a choice cannot, and keep what the
    program sets. What is read passes the same checks as an administrator's text.

    Preconditions: nothing changes the environment at the same time, as `getenv` demands. The library reads no variable
    unless a program asks for it here.
*/
class environment {
public:
    /// `prefix` with its last underscore: `BITBUCKET_`.
    explicit environment(std::string prefix) : prefix_(std::move(prefix)) {}

    /// `<prefix>CLIENT_ID`. Exceptions: `std::invalid_argument` naming a variable that is not set, here and below.
    [[nodiscard]] std::string client_id() const { return demanded("client_id"); }

    /// `<prefix>CLIENT_SECRET`.
    [[nodiscard]] secret client_secret() const { return secret(demanded("client_secret")); }

    /// `<prefix>REDIRECT_URI`, as registered at the provider.
    [[nodiscard]] std::string redirect_uri() const { return demanded("redirect_uri"); }

    /// `text` with what the environment gives in its place; an empty variable clears a setting.
    [[nodiscard]] settings over(settings text) const {
        for_each_setting(text, [&](std::string_view name, auto& member) {
            if constexpr (std::is_same_v<std::remove_reference_t<decltype(member)>, std::string>) {
                if (char const* const given = find(name)) member = given;
            }
        });
        return text;
    }

private:
    [[nodiscard]] std::string variable(std::string_view setting) const {
        std::string name = prefix_;
        for (char const c : setting) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        return name;
    }

    [[nodiscard]] char const* find(std::string_view setting) const { return std::getenv(variable(setting).c_str()); }

    [[nodiscard]] std::string demanded(std::string_view setting) const {
        if (char const* const given = find(setting)) return given;
        throw std::invalid_argument("the environment variable " + variable(setting) + " is not set");
    }

    std::string prefix_;
};

} // namespace authmod
