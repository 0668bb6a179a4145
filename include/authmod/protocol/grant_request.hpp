// SPDX-License-Identifier: BSL-1.0
// Layer 2. What services ask of our own token endpoint: reads the forms, names the errors. module/token_engine.hpp
// answers.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/base64.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/core/result.hpp"
#include "authmod/core/secret.hpp"

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// RFC 8693 2.1
inline constexpr std::string_view token_exchange_grant = "urn:ietf:params:oauth:grant-type:token-exchange";
inline constexpr std::string_view access_token_type = "urn:ietf:params:oauth:token-type:access_token"; ///< RFC 8693 3

/// An error of the token endpoint (RFC 6749 5.2, RFC 8693 2.2.2).
struct grant_error {
    std::string_view error;  ///< `invalid_request`, `invalid_client`, ...: a literal
    std::string description; ///< for the developer of the service; printable ASCII without quotes and backslashes
    int status = 400;        ///< of the HTTP answer

    grant_error() = default;

    grant_error(std::string_view in_error, std::string in_description, int in_status = 400)
        : error(in_error), description(std::move(in_description)), status(in_status) {}
};

/// Lets `result<T, grant_error>::value()` throw `std::runtime_error`.
[[noreturn]] inline void throw_exception_from_error(grant_error const& why, boost::source_location const&) {
    throw std::runtime_error(std::string(why.error) + ": " + why.description);
}

/// Who a service says it is.
struct service_credentials {
    std::string id;  ///< of a service client
    secret password; ///< compared by its digest

    service_credentials() = default;
};

/// A request for one of our tokens against one of the provider's.
struct grant_request {
    std::string grant_type; ///< a module's word, or `token_exchange_grant`
    secret token;           ///< the provider's access token
    std::string scope;      ///< space-separated; empty: whatever the module's is
    std::string audience;   ///< module id; of a token exchange only

    grant_request() = default;

    /// RFC 8693, as opposed to the extension grant of a module.
    [[nodiscard]] bool is_exchange() const noexcept { return grant_type == token_exchange_grant; }
};

namespace detail {

inline constexpr std::size_t max_grant_body_bytes = 64 * 1024;
inline constexpr std::size_t max_brought_token_bytes = 16 * 1024;

/// The fields of a form, each name once (RFC 6749 3.2); an empty value counts as no field.
class grant_form {
public:
    [[nodiscard]] static result<grant_form, grant_error> read(std::string_view body) {
        auto fields = read_form(body, {max_grant_body_bytes, 64});
        if (!fields) return grant_error("invalid_request", "the body is not a form");
        grant_form form;
        for (auto& field : *fields) {
            if (field.value.empty()) continue;
            if (form.has(field.name)) {
                // RFC 8693 2.1 lets these two repeat; a token of ours has one target.
                if (field.name == "audience" || field.name == "resource")
                    return grant_error("invalid_target", "only one audience can be asked for");
                return grant_error("invalid_request", "a parameter is there twice");
            }
            form.fields_.push_back(std::move(field));
        }
        return form;
    }

    [[nodiscard]] bool has(std::string_view name) const noexcept {
        return std::ranges::find(fields_, name, &form_field::name) != fields_.end();
    }

    /// Empty when it is not there.
    [[nodiscard]] std::string take(std::string_view name) {
        auto const at = std::ranges::find(fields_, name, &form_field::name);
        return at == fields_.end() ? std::string() : std::move(at->value);
    }

private:
    std::vector<form_field> fields_;
};

/// A token that may stand in a header and in a JSON text.
[[nodiscard]] inline bool is_brought_token(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_brought_token_bytes && std::ranges::all_of(text, [](char c) {
        return ascii::is_printable(c) && c != ' ' && c != '"' && c != '\\';
    });
}

} // namespace detail

/** Reads `Authorization: Basic ...` of a service: id and secret are form-encoded inside (RFC 6749 2.3.1). Empty for
   every other value.
*/
[[nodiscard]] inline std::optional<service_credentials> read_basic_authorization(std::string_view header) {
    constexpr std::string_view scheme = "Basic ";
    if (!ascii::equal_ignoring_case(header.substr(0, scheme.size()), scheme)) return std::nullopt;
    auto const pair = base64_decode(header.substr(scheme.size()));
    if (!pair) return std::nullopt;
    auto const colon = pair->find(':');
    if (colon == pair->npos) return std::nullopt;
    auto id = form_decode(std::string_view(*pair).substr(0, colon));
    auto password = form_decode(std::string_view(*pair).substr(colon + 1));
    if (!id || !password) return std::nullopt;
    service_credentials who;
    who.id = std::move(*id);
    who.password = secret(std::move(*password));
    return who;
}

/** Reads the form of a token request.

    Of a token exchange (RFC 8693 2.1) an access token is taken as subject and given; nobody can act for somebody else.

    Errors: `invalid_request`, `invalid_target` (an audience twice, a resource), `unsupported_grant_type` is for the
   caller to find out: it knows the modules.
*/
[[nodiscard]] inline result<grant_request, grant_error> read_grant_request(std::string_view body) {
    auto const refuse = [](std::string description) { return grant_error("invalid_request", std::move(description)); };
    auto form = detail::grant_form::read(body);
    if (!form) return form.error();
    for (auto const* name : {"client_secret", "client_assertion", "client_assertion_type"})
        if (!enforced("L4", !form->has(name))) return refuse("services authenticate with HTTP Basic alone");
    grant_request request;
    request.grant_type = form->take("grant_type");
    if (request.grant_type.empty()) return refuse("grant_type is missing");
    request.scope = form->take("scope");
    std::string token = form->take(request.is_exchange() ? "subject_token" : "token");
    if (request.is_exchange()) {
        if (form->has("resource")) return grant_error("invalid_target", "name the module in audience");
        if (form->has("actor_token") || form->has("actor_token_type")) return refuse("delegation is not supported");
        if (form->take("subject_token_type") != access_token_type)
            return refuse("subject_token_type must be that of an access token");
        auto const wanted = form->take("requested_token_type");
        if (!wanted.empty() && wanted != access_token_type) return refuse("only access tokens are issued");
        request.audience = form->take("audience");
        if (request.audience.empty()) return refuse("audience is missing: the id of the module");
    }
    if (!detail::is_brought_token(token))
        return refuse(token.empty() ? "the token is missing" : "the token is malformed");
    request.token = secret(std::move(token));
    return request;
}

/// Reads the form of a revocation (RFC 7009 2.1): the token. Errors: `invalid_request`.
[[nodiscard]] inline result<secret, grant_error> read_revocation_request(std::string_view body) {
    auto form = detail::grant_form::read(body);
    if (!form) return form.error();
    std::string token = form->take("token");
    if (token.empty()) return grant_error("invalid_request", "the token is missing");
    return secret(std::move(token));
}

} // namespace authmod
