// SPDX-License-Identifier: BSL-1.0
// Layer 6. What auth_module does, without its types: engines are seen by the .ipp alone, so a file that logs people in
// does not compile them.
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/core/version.hpp"
#include "authmod/module/login_steps.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/module/service_options.hpp"
#include "authmod/protocol/kept_tokens.hpp"
#include "authmod/provider/provider_info.hpp"
#include "authmod/provider/settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

namespace authmod {

inline namespace AUTHMOD_ABI {

class login_engine;

} // namespace AUTHMOD_ABI

namespace detail {

inline namespace AUTHMOD_ABI {

/// One module that the program itself sets up, and an engine for it alone. The functions are those of @ref auth_module.
class installed_module {
public:
    installed_module(ports with, provider_info const& provider, service_options options, secret client_secret,
                     std::string redirect_uri);
    ~installed_module();
    installed_module(installed_module&&) noexcept;
    installed_module& operator=(installed_module&&) noexcept;

    [[nodiscard]] result<void, failure> change(settings changed);
    [[nodiscard]] settings current() const;
    asio::awaitable<result<login_start, failure>> begin_login(std::string return_to);
    asio::awaitable<result<login_finish, failure>> finish_login(std::string callback, std::string attempt);
    asio::awaitable<result<known_session>> check_session(std::string session_id);
    asio::awaitable<result<kept_tokens, failure>> provider_tokens(std::string session_id);
    asio::awaitable<result<std::string>> log_out(std::string session_id);
    asio::awaitable<result<void>> end_session(std::string session_id);
    [[nodiscard]] login_engine& engine() noexcept;

private:
    struct parts;

    std::unique_ptr<parts> parts_;
};

} // namespace AUTHMOD_ABI

} // namespace detail

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/installed_module.ipp"
#endif
