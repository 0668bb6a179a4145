// SPDX-License-Identifier: BSL-1.0
// Layer 6. Bodies of installed_module.
#pragma once

#include "authmod/module/detail/installed_module.hpp"
#include "authmod/module/login_engine.hpp"
#include "authmod/module/logout_engine.hpp"
#include "authmod/module/token_keeper.hpp"

#include <utility>

namespace authmod::detail {

inline namespace AUTHMOD_ABI {

struct installed_module::parts {
    std::string id, redirect_uri;
    secret client_secret;
    login_engine engine;
    token_keeper keeper{engine};
    logout_engine logout{engine};

    parts(ports with, provider_info const& provider, service_options options, secret in_client_secret,
          std::string in_redirect_uri)
        : id(provider.id), redirect_uri(std::move(in_redirect_uri)), client_secret(std::move(in_client_secret)),
          engine(with, provider_list({&provider}), std::move(options)) {}
};

AUTHMOD_DECL installed_module::installed_module(ports with, provider_info const& provider, service_options options,
                                                secret client_secret, std::string redirect_uri)
    : parts_(std::make_unique<parts>(with, provider, std::move(options), std::move(client_secret),
                                     std::move(redirect_uri))) {}

AUTHMOD_DECL installed_module::~installed_module() = default;
AUTHMOD_DECL installed_module::installed_module(installed_module&&) noexcept = default;
AUTHMOD_DECL installed_module& installed_module::operator=(installed_module&&) noexcept = default;

AUTHMOD_DECL result<void, failure> installed_module::change(settings changed) {
    return parts_->engine.catalog().install(parts_->id, std::move(changed), parts_->client_secret,
                                            parts_->redirect_uri);
}

AUTHMOD_DECL settings installed_module::current() const { return parts_->engine.modules()->find(parts_->id)->text; }

AUTHMOD_DECL asio::awaitable<result<login_start, failure>> installed_module::begin_login(std::string return_to) {
    return parts_->engine.begin_login(parts_->id, std::move(return_to));
}

AUTHMOD_DECL asio::awaitable<result<login_finish, failure>> installed_module::finish_login(std::string callback,
                                                                                          std::string attempt) {
    login_callback in(std::move(callback), std::move(attempt));
    return parts_->engine.finish_login(parts_->id, std::move(in));
}

AUTHMOD_DECL asio::awaitable<result<known_session>> installed_module::check_session(std::string session_id) {
    return parts_->engine.check_session(std::move(session_id));
}

AUTHMOD_DECL asio::awaitable<result<kept_tokens, failure>> installed_module::provider_tokens(std::string session_id) {
    return parts_->keeper.tokens_of(std::move(session_id));
}

AUTHMOD_DECL asio::awaitable<result<std::string>> installed_module::log_out(std::string session_id) {
    return parts_->logout.log_out(std::move(session_id), std::string());
}

AUTHMOD_DECL asio::awaitable<result<void>> installed_module::end_session(std::string session_id) {
    return parts_->engine.end_session(std::move(session_id), std::string());
}

AUTHMOD_DECL login_engine& installed_module::engine() noexcept { return parts_->engine; }

} // namespace AUTHMOD_ABI

} // namespace authmod::detail
