// SPDX-License-Identifier: BSL-1.0
// Layer 6. Settings of a module from environment variables, for programs that are set up from outside.
#pragma once

#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/provider/settings.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

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
    [[nodiscard]] settings over(settings text) const;

private:
    [[nodiscard]] std::string variable(std::string_view setting) const;

    [[nodiscard]] char const* find(std::string_view setting) const;

    [[nodiscard]] std::string demanded(std::string_view setting) const;

    std::string prefix_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/environment.ipp"
#endif
